package surround

import (
	"math/bits"

	"assay/runner/lab"
)

// searching is the histories of all validators, searched in halves.
type searching struct{ memory[sorted] }

func newSearch(*lab.Env) (History, error) { return &searching{}, nil }

// Check finds the validator's latest history and asks it.
func (h *searching) Check(validator uint32, v Vote) (Verdict, int, error) {
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

// sorted is a history in the order of its targets, for binary search. Appending
// writes behind what readers of earlier values can see.
type sorted struct{ votes []Vote }

func (s sorted) append(votes []Vote) (sorted, error) {
	return sorted{append(s.votes, votes...)}, nil
}

func (s sorted) last() (Vote, bool) {
	if len(s.votes) == 0 {
		return Vote{}, false
	}
	return s.votes[len(s.votes)-1], true
}

// check finds the first target that is not below the vote's, and looks at the
// vote before it and the next one after it (see seekTarget).
func (s *sorted) check(v Vote) (Verdict, int) {
	votes := s.votes
	visited := bits.Len(uint(len(votes)))
	at, n := 0, len(votes)
	for n > 0 { // no early exit and no hard branch: the next probe need not wait for a guess to be mended
		half := (n + 1) / 2
		if votes[at+half-1].Target < v.Target {
			at += half
		}
		n -= half
	}
	if at > 0 && votes[at-1].Source > v.Source {
		return Surrounds, visited
	}
	if at < len(votes) && votes[at].Target == v.Target {
		at++
	}
	if at < len(votes) && votes[at].Source < v.Source {
		return Surrounded, visited
	}
	return Safe, visited
}

func (s sorted) bytes() int64 { return int64(cap(s.votes)) * 16 }
