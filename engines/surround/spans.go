package surround

import (
	"math"

	"assay/runner/lab"
)

// spanning is the histories of all validators, each a table.
type spanning struct{ memory[spans] }

func newSpans(*lab.Env) (History, error) { return &spanning{}, nil }

// Check finds the validator's latest history and asks it.
func (h *spanning) Check(validator uint32, v Vote) (Verdict, int, error) {
	if v.Source > v.Target || v.Target > MaxEpoch || validator >= MaxValidators {
		return Safe, 0, Record{validator, v}.check()
	}
	s := h.of(validator)
	if s == nil {
		return Safe, 0, nil
	}
	found, visited := s.check(v)
	return found, visited, nil
}

const (
	// widest is how many epochs lie between the first source and the last, 200
	// years of them: the table has an entry for each, voted or not.
	widest = 1 << 24
	// farthest is how far a target may lie from the first source.
	farthest = math.MaxUint32
)

// span is what an epoch e needs to know of the votes around it, relative to the
// first source of the history: the least target of those with a source above e,
// and the highest of those with a source below it.
type span struct{ min, max uint32 }

// spans is a table of such, for every epoch from the first source up to the
// last one. Beyond it, all votes have a lower source, and three numbers say the
// rest. Because votes come in order, an entry is complete when the last source
// has passed its epoch, and never changes again: a vote costs as many entries
// as epochs have passed since the one before.
//
// The idea is that of the slasher's min-max surround by Protolambda, without
// its limited window, and with the update that an ordered history allows.
type spans struct {
	table  []span
	base   uint64 // first source
	first  uint64 // first target
	latest Vote
	below  uint64 // highest target of a source below latest.Source; 0 = none
	some   bool
}

func (s spans) last() (Vote, bool) { return s.latest, s.some }

func (s spans) append(votes []Vote) (spans, error) {
	for _, v := range votes {
		if !s.some {
			s.base, s.first, s.latest, s.some = v.Source, v.Target, Vote{v.Source, 0}, true
		}
		if v.Source-s.base > widest {
			return s, wide("a history", v.Source-s.base, widest)
		}
		if v.Target-s.base > farthest {
			return s, wide("a target at a distance", v.Target-s.base, farthest)
		}
		if v.Source > s.latest.Source {
			target, below := uint32(v.Target-s.base), uint32(0)
			if s.below > 0 {
				below = uint32(s.below - s.base)
			}
			for e := s.latest.Source; e < v.Source; e++ {
				s.table = append(s.table, span{target, below})
				below = uint32(s.latest.Target - s.base)
			}
			s.below = s.latest.Target
		}
		s.latest = v
	}
	return s, nil
}

// check looks at one entry.
func (s *spans) check(v Vote) (Verdict, int) {
	e := v.Source - s.base
	if e < uint64(len(s.table)) { // below base the difference wraps round, and is not
		at, y := s.table[e], v.Target-s.base
		found := Safe
		if y > uint64(at.min) { // at most one of the two holds: the compiler makes moves of them, not branches to guess
			found = Surrounds
		}
		if y < uint64(at.max) {
			found = Surrounded
		}
		return found, 1
	}
	switch {
	case v.Source < s.base:
		if v.Target > s.first {
			return Surrounds, 1
		}
	case v.Source > s.latest.Source:
		if v.Target < s.latest.Target {
			return Surrounded, 1
		}
	case v.Target < s.below:
		return Surrounded, 1
	}
	return Safe, 1
}

func (s spans) bytes() int64 { return int64(cap(s.table)) * 8 }
