package code

import (
	"slices"
	"strings"

	"github.com/google/pprof/profile"
)

// Hot is a function that has a part of the samples of a profile.
type Hot struct {
	Name  string
	Share float64 // of all samples, 0 to 1, taken in its own code; what was inlined into it belongs to it
}

// HotFunctions ranks the functions of a CPU profile by the samples taken in
// their own code, those with at least the given share. Inlined functions count
// as the function that holds them: they have no machine code of their own.
func HotFunctions(p *profile.Profile, least float64) []Hot {
	shares, total := map[string]float64{}, 0.0
	for _, s := range p.Sample {
		if len(s.Value) == 0 {
			continue
		}
		v := float64(s.Value[len(s.Value)-1])
		total += v
		if len(s.Location) == 0 || len(s.Location[0].Line) == 0 {
			continue
		}
		lines := s.Location[0].Line
		if f := lines[len(lines)-1].Function; f != nil { // the last line holds the others
			shares[f.Name] += v
		}
	}
	var all []Hot
	for name, v := range shares {
		if v >= least*total && v > 0 && !strings.HasPrefix(name, "runtime.asyncPreempt") { // where a sample's signal landed, not work
			all = append(all, Hot{name, v / total})
		}
	}
	slices.SortFunc(all, func(a, b Hot) int {
		switch {
		case a.Share > b.Share || a.Share == b.Share && a.Name < b.Name:
			return -1
		}
		return 1
	})
	return all
}
