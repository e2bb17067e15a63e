package sequential

import "math"

// Decision is what the evidence says about a variant against its base.
type Decision int

// The decisions. Undecided is never to be read as equal.
const (
	Undecided Decision = iota
	Faster             // below zero, and by at least the threshold
	Slower             // above zero, and by at least the threshold
	Same               // within the threshold on both sides
)

// String is the word printed in every report.
func (d Decision) String() string {
	switch d {
	case Faster:
		return "faster"
	case Slower:
		return "slower"
	case Same:
		return "same"
	}
	return "undecided"
}

// Verdict is a decision with what it rests on, in the unit of the observations.
type Verdict struct {
	Decision Decision
	Estimate float64
	Lo, Hi   float64 // the confidence sequence at the rule's alpha
	Evidence float64 // log E against a centre of zero, at this look
	N        int     // observations
	Moved    bool    // only from a Watch: the effect was not constant
}

// Rule says when evidence is enough.
//
// Faster and Slower need the confidence sequence to exclude zero and the
// estimate to reach the threshold; Same needs both +threshold and -threshold
// rejected, with the estimate between. All of it rests on one confidence
// sequence, so the chance of ever giving a verdict the true centre contradicts
// (a direction where there is none, the wrong direction, Same at or beyond the
// threshold) is at most alpha in total. What alpha does not bound is the size:
// a true effect just under the threshold is often called Slower once its
// estimate wanders over the threshold, which is right about the direction.
type Rule struct {
	Alpha     float64 // of this row: that of the run divided by its rows
	Threshold float64 // least effect worth a word, such as log(1.01); 0 asks for a direction only
	MinN      int     // no verdict on fewer observations; they bound what odd data can do
}

// Decide judges a process as it stands now. It looks at present evidence only;
// that is always valid, and the choice for a single look or one that stops at
// the first decision. To keep looking at rows already decided, use a [Watch].
func (r Rule) Decide(p Process) Verdict {
	lo, hi := p.Interval(r.Alpha)
	v := Verdict{Estimate: p.Estimate(), Lo: lo, Hi: hi, Evidence: p.LogE(0), N: p.N()}
	v.Decision = r.judge(v)
	return v
}

// judge applies the rule to an estimate and its bounds. Comparisons with NaN
// are false, so a poisoned process and a senseless rule leave it Undecided.
func (r Rule) judge(v Verdict) Decision {
	switch {
	case v.N < r.MinN || !(r.Threshold >= 0):
		return Undecided
	case v.Hi < 0 && v.Estimate <= -r.Threshold:
		return Faster
	case v.Lo > 0 && v.Estimate >= r.Threshold:
		return Slower
	case v.Lo > -r.Threshold && v.Hi < r.Threshold && math.Abs(v.Estimate) < r.Threshold:
		return Same
	}
	return Undecided
}

// Watch follows one process through a run and may be looked at after every
// observation, also past its first decision, as happens when other rows of the
// same run are still open.
//
// Evidence can cross early and sink again. Ville's inequality lets a centre
// once rejected stay rejected, so a Watch keeps the intersection of all
// intervals it saw. A bare running maximum of the evidence would do as well
// for "not zero", but not for a verdict: it forgets on which side it crossed,
// and an estimate that has since moved to the other side would borrow it. The
// intersection remembers the side. A verdict therefore stands as long as the
// present estimate supports it. An estimate outside the intersection, or an
// intersection that has become empty, says that the centre moved during the
// run: the verdict is then Undecided with Moved set, and the host deserves a
// look. The process must be the same at every look.
type Watch struct {
	Rule Rule

	looked bool
	lo, hi float64
}

// Look judges the process by everything this Watch has seen of it.
func (w *Watch) Look(p Process) Verdict {
	v := w.Rule.Decide(p)
	if v.N < w.Rule.MinN {
		return v
	}
	if !w.looked {
		w.looked, w.lo, w.hi = true, v.Lo, v.Hi
	}
	w.lo, w.hi = max(w.lo, v.Lo), min(w.hi, v.Hi)
	v.Lo, v.Hi = w.lo, w.hi
	v.Moved = v.Lo > v.Hi || v.Estimate < v.Lo || v.Estimate > v.Hi
	v.Decision = Undecided
	if !v.Moved {
		v.Decision = w.Rule.judge(v)
	}
	return v
}
