package verdict

import (
	"math"
	"slices"

	"assay/runner/lab"
	"assay/runner/result"
	"assay/runner/samples/work"
)

// countedUnits adds what the counting passes found.
func (a *analysis) countedUnits(group int, arm string, units map[string]result.Stat) {
	for _, pass := range a.run.Counts {
		for _, w := range pass.Arms {
			if pass.Group != group || w.Arm != arm {
				continue
			}
			for unit := range w.Units {
				units[unit] = countedStat(pass, w, unit)
			}
		}
	}
	a.otherCalls(group, units)
}

func countedStat(pass work.Pass, w work.Arm, unit string) result.Stat {
	x := w.Units[unit]
	if slices.Contains(w.Inexact, unit) { // one look, no interval
		return result.Stat{Median: &x, Lo: &x, Hi: &x, N: 1, Better: lab.Lower, How: pass.How}
	}
	s := constant(x, int(w.Ops))
	s.How, s.Within, s.Slack = pass.How, pass.Promises[unit].Share, pass.Promises[unit].Slack
	return s
}

// otherCalls adds the system calls that other arms of the group make and this
// one does not: none is a count too.
func (a *analysis) otherCalls(group int, units map[string]result.Stat) {
	all, traced := units[systemCalls]
	if !traced {
		return
	}
	for _, pass := range a.run.Counts {
		for _, w := range pass.Arms {
			if _, calls := w.Units[systemCalls]; pass.Group != group || !calls {
				continue
			}
			for unit := range w.Units {
				if _, has := units[unit]; !has {
					none := constant(0, all.N)
					none.How = pass.How
					units[unit] = none
				}
			}
		}
	}
}

const systemCalls = "syscalls/op"

// alike says that two exact values are equal, as far as they repeat.
func alike(a, b result.Stat) bool {
	p := work.Promise{Share: math.Max(a.Within, b.Within), Slack: math.Max(a.Slack, b.Slack)}
	return p.Keeps(a.Value(), b.Value())
}
