package surround

import (
	"math"

	"assay/runner/lab"
)

// spanning is the histories of all validators, each a table.
type spanning struct{ memory[spans] }

func newSpans(*lab.Env) (History, error) { return &spanning{}, nil }

// Check looks at one entry of the validator's latest table. Where it has none, it
// calls for the rest, so that the way to an entry is without a call.
func (h *spanning) Check(validator uint32, v Vote) (Verdict, int, error) {
	if v.Source > v.Target || v.Target > MaxEpoch || validator >= MaxValidators {
		return Safe, 0, Record{validator, v}.check()
	}
	s := h.of(validator)
	if s == nil {
		return Safe, 0, nil
	}
	if e := v.Source - s.base; e < uint64(len(s.near)) { // below base the difference wraps round, and is not
		return s.near[e].judge(v.Target - v.Source), 1, nil
	}
	return s.beyond(v), 1, nil
}

const (
	// widest is how many epochs lie between the first source and the last, 200
	// years of them: the table has an entry for each, voted or not.
	widest = 1 << 24
	// farthest is how far a target may lie from the first source.
	farthest = math.MaxUint32
)

// span is what an epoch e needs to know of the votes around it, as distances from
// e: the least target of those with a source above e, and the highest of those
// with a source below it, 0 where that is not above e.
type span[D uint16 | uint32] struct{ min, max D }

// judge says what a vote is that reaches so far from its source. At most one of
// the two holds: ones and noughts, where a choice would be a branch to guess.
func (s span[D]) judge(reach uint64) Verdict {
	var inner, outer Verdict
	if reach > uint64(s.min) {
		inner = 1
	}
	if reach < uint64(s.max) {
		outer = 1
	}
	return inner*Surrounds | outer*Surrounded
}

// spans is a table of such, for every epoch from the first source up to the
// last one. Beyond it, all votes have a lower source, and three numbers say the
// rest. Because votes come in order, an entry is complete when the last source
// has passed its epoch, and never changes again: a vote costs as many entries
// as epochs have passed since the one before.
//
// The idea is that of the slasher's min-max surround by Protolambda, without
// its limited window, and with the update that an ordered history allows. Its
// distances of 16 bits keep the table in the second cache. Where one does not
// fit, because finality stood still for as long or votes are as far apart, the
// table is made again with twice the width, once.
type spans struct {
	near   []span[uint16] // the table, unless far is
	base   uint64         // first source
	latest Vote
	below  uint64 // highest target of a source below latest.Source; 0 = none
	first  uint64 // first target
	far    []span[uint32]
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
			// No distance is longer: of the targets this one is the highest,
			// and of the epochs that are passed the latest source is the first.
			if s.far == nil && v.Target-s.latest.Source > math.MaxUint16 {
				s.widen()
			}
			if s.far == nil {
				s.near = pass(s.near, s.latest, s.below, v)
			} else {
				s.far = pass(s.far, s.latest, s.below, v)
			}
			s.below = s.latest.Target
		}
		s.latest = v
	}
	return s, nil
}

// pass appends the entries of the epochs from the latest source up to the one of
// the vote that follows. Below the latest source the highest target is below.
func pass[D uint16 | uint32](table []span[D], latest Vote, below uint64, v Vote) []span[D] {
	for e := latest.Source; e < v.Source; e++ {
		table = append(table, span[D]{D(v.Target - e), D(max(below, e) - e)})
		below = latest.Target
	}
	return table
}

// widen makes the table again. Readers of earlier values keep the one they have.
func (s *spans) widen() {
	s.far = make([]span[uint32], len(s.near), 2*len(s.near)+1)
	for i, at := range s.near {
		s.far[i] = span[uint32]{uint32(at.min), uint32(at.max)}
	}
	s.near = nil
}

// beyond judges a vote that starts where there is no near entry.
func (s *spans) beyond(v Vote) Verdict {
	if v.Source > s.latest.Source {
		if v.Target < s.latest.Target {
			return Surrounded
		}
		return Safe
	}
	if e := v.Source - s.base; e < uint64(len(s.far)) {
		return s.far[e].judge(v.Target - v.Source)
	}
	switch {
	case v.Source < s.base:
		if v.Target > s.first {
			return Surrounds
		}
	case v.Target < s.below:
		return Surrounded
	}
	return Safe
}

func (s spans) bytes() int64 { return int64(cap(s.near))*4 + int64(cap(s.far))*8 }
