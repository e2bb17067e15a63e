// Package ladder holds stories told in steps: what somebody changed in a system,
// one thing after another, and what he says each change bought in each phase of
// the work. [Ladder] is the story as published, which a family declares; [Told]
// is the story beside what a run measured.
package ladder

import "fmt"

// Ladder is a published story.
type Ladder struct {
	Source   string // who tells it, and from how many runs
	Workload string // the spec of what he ran
	Phases   []Phase
	Rungs    []Rung // from the bottom up, each with all changes before it
	Splits   []Split
	Slips    []string // where the published words and the published figures disagree, a sentence each
}

// Phase is one part of the work, measured by one operation of the family.
type Phase struct {
	Op   string // of the family
	Doc  string // as the author's table names it
	Note string // how to read it, where that needs words
	// PerEntry is how often the phase runs the operation for each entry loaded:
	// 1 for a put, .25 for a read of a quarter as many. 0 is once: a compaction.
	PerEntry float64
}

// Rung is one step: a variant, what it changed, and the published seconds of
// every phase, 0 where none were published.
type Rung struct {
	Variant, Changed string
	Seconds          []float64
}

// Split parts the step from one variant to another in two by a third between
// them, and names what each part is.
type Split struct {
	From, Via, To string
	First, Second string // what changes from From to Via, and from Via to To
}

// Variants lists the rungs and what stands between them, from the bottom up.
func (l Ladder) Variants() []string {
	var all []string
	for _, r := range l.Rungs {
		for _, s := range l.Splits {
			if s.To == r.Variant {
				all = append(all, s.Via)
			}
		}
		all = append(all, r.Variant)
	}
	return all
}

// Check says what of the story contradicts itself or the family: op and variant
// report what that has.
func (l Ladder) Check(op, variant func(name string) bool) error {
	if len(l.Rungs) < 2 || len(l.Phases) == 0 {
		return fmt.Errorf("a ladder of %d rungs and %d phases is none", len(l.Rungs), len(l.Phases))
	}
	for _, p := range l.Phases {
		if !op(p.Op) || !(p.PerEntry >= 0) {
			return fmt.Errorf("the ladder's phase %q: no such operation, or run less often than never", p.Op)
		}
	}
	for _, name := range l.Variants() {
		if !variant(name) {
			return fmt.Errorf("the ladder's variant %q is not listed", name)
		}
	}
	for _, r := range l.Rungs {
		if len(r.Seconds) != len(l.Phases) {
			return fmt.Errorf("the ladder's rung %q has %d figures for %d phases", r.Variant, len(r.Seconds), len(l.Phases))
		}
	}
	for _, s := range l.Splits {
		if l.rung(s.From) < 0 || l.rung(s.To) != l.rung(s.From)+1 {
			return fmt.Errorf("the ladder's split from %q to %q is no step of it", s.From, s.To)
		}
	}
	return nil
}

func (l Ladder) rung(variant string) int {
	for i, r := range l.Rungs {
		if r.Variant == variant {
			return i
		}
	}
	return -1
}
