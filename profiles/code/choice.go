package code

import (
	"slices"

	"github.com/google/pprof/profile"
)

// HotShare is the part of the samples, 0 to 1, below which a function does not
// make a variant what it is.
const HotShare = 0.08

// Choose names the functions by whose code a variant is to be judged, at most
// so many and the hottest first: those that a CPU profile finds hot, else those
// declared. A nil profile finds none, and functions that the program does not
// have, since they are inlined everywhere, are passed over.
func Choose(sampled *profile.Profile, declared []string, p *Program, most int) (hot []Hot, fromProfile bool) {
	var all []Hot
	if sampled != nil {
		all = p.known(HotFunctions(sampled, HotShare))
	}
	fromProfile = len(all) > 0
	if !fromProfile {
		for _, name := range declared {
			all = append(all, Hot{Name: name})
		}
		all = p.known(all)
	}
	return all[:min(most, len(all))], fromProfile
}

func (p *Program) known(all []Hot) []Hot {
	return slices.DeleteFunc(all, func(h Hot) bool { return !p.Has(h.Name) })
}

// Part is a function of a variant with its share of the variant's samples.
type Part struct {
	Function
	Share float64 `json:"share,omitempty"` // 0 to 1
}

// Alike says that two variants have the same functions, by their bytes. Of
// functions that were found by sampling those with a good part of the samples
// count: which of the others are found is chance. Without any that counts
// nothing is alike.
func Alike(a, b []Part, aSampled, bSampled bool) bool {
	x, y := counting(a, aSampled), counting(b, bSampled)
	return len(x) > 0 && len(y) > 0 && within(x, b) && within(y, a)
}

func counting(parts []Part, sampled bool) []Part {
	const goodPart = 0.25
	return slices.DeleteFunc(slices.Clone(parts), func(p Part) bool { return sampled && p.Share < goodPart })
}

func within(parts, others []Part) bool {
	return !slices.ContainsFunc(parts, func(p Part) bool {
		return !slices.ContainsFunc(others, func(o Part) bool { return Same(p.Function, o.Function) })
	})
}
