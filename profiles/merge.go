// Package profiles works on pprof profiles: it merges the passes of a variant
// into one file, keeps the samples taken inside timed slices, and ranks
// functions.
package profiles

import (
	"fmt"
	"sort"

	"github.com/google/pprof/profile"
)

// Merge joins profiles of one kind into one gzipped file. Without any it fails.
func Merge(parts []*profile.Profile) ([]byte, error) {
	if len(parts) == 0 {
		return nil, fmt.Errorf("no profiles to merge")
	}
	merged, err := profile.Merge(parts)
	if err != nil {
		return nil, fmt.Errorf("merging %d profiles: %w", len(parts), err)
	}
	merged.DefaultSampleType = parts[0].DefaultSampleType
	return encode(merged)
}

// Function is one line of a ranking: the share of all samples taken in the
// function itself (Flat) and in it or what it called (Cum), 0 to 1.
type Function struct {
	Name      string
	Flat, Cum float64
}

// Top ranks the functions of a profile by their own share, at most n of them,
// and names the unit they are ranked in. Samples of timed slices alone count
// where the profile labels them; heap profiles carry no labels, so there
// everything counts.
func Top(data []byte, n int) (functions []Function, unit string, err error) {
	p, err := profile.ParseData(data)
	if err != nil {
		return nil, "", fmt.Errorf("profile: %w", err)
	}
	if len(p.SampleType) == 0 {
		return nil, "", fmt.Errorf("the profile holds no samples of any kind")
	}
	value := len(p.SampleType) - 1 // the last is the one pprof shows: cpu/nanoseconds, inuse or alloc bytes
	for i, t := range p.SampleType {
		if t.Type == "alloc_space" {
			value = i
		}
	}
	timed := hasTimed(p)
	flat, cum, total := map[string]int64{}, map[string]int64{}, int64(0)
	for _, s := range p.Sample {
		if timed && !isTimed(s) {
			continue
		}
		total += s.Value[value]
		count(s, s.Value[value], flat, cum)
	}
	for name := range cum {
		functions = append(functions, Function{name, share(flat[name], total), share(cum[name], total)})
	}
	sort.Slice(functions, func(i, j int) bool {
		a, b := functions[i], functions[j]
		if a.Flat != b.Flat {
			return a.Flat > b.Flat
		}
		if a.Cum != b.Cum {
			return a.Cum > b.Cum
		}
		return a.Name < b.Name
	})
	return functions[:max(0, min(n, len(functions)))], p.SampleType[value].Type + "/" + p.SampleType[value].Unit, nil
}

// count charges one sample to its functions, each once however often it recurs.
func count(s *profile.Sample, v int64, flat, cum map[string]int64) {
	seen := map[string]bool{}
	for i, loc := range s.Location {
		for k, line := range loc.Line {
			if line.Function == nil {
				continue
			}
			name := line.Function.Name
			if i == 0 && k == 0 {
				flat[name] += v
			}
			if !seen[name] {
				seen[name] = true
				cum[name] += v
			}
		}
	}
}

func hasTimed(p *profile.Profile) bool {
	for _, s := range p.Sample {
		if isTimed(s) {
			return true
		}
	}
	return false
}

func isTimed(s *profile.Sample) bool {
	phase := s.Label["phase"]
	return len(phase) == 1 && phase[0] == "timed"
}

func share(v, total int64) float64 {
	if total == 0 {
		return 0
	}
	return float64(v) / float64(total)
}
