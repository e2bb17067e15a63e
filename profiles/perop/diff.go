package perop

import (
	"math"
	"slices"
	"strings"

	"assay/runner/stats"
)

// Change is how a function's cost per operation differs between two sides.
type Change struct {
	Function       string
	Base, Variant  float64 // Own, on either side
	Flat, Cum, Own stats.Interval
	Real           bool // the difference in Own holds, all functions considered
	RealCum        bool // so does the one in Cum

	own, cum float64 // chances
}

// Difference is variant minus base, per operation.
type Difference struct {
	Unit          string
	Base, Variant stats.Interval // of the whole operation, as profiled
	Total         stats.Interval
	Changes       []Change // by the size of the difference in Own
}

const (
	// alpha is the chance that any function of a comparison is named by mistake.
	alpha = .01
	// worthNaming is the share of an operation below which a function is not
	// considered: the fewer are, the less each has to prove.
	worthNaming = .01
)

// Diff compares two sides of one operation.
func Diff(base, variant Side, m Measure) (Difference, error) {
	a, err := count(base, m)
	if err != nil {
		return Difference{}, err
	}
	b, err := count(variant, m)
	if err != nil {
		return Difference{}, err
	}
	d := Difference{
		Unit: m.Unit, Base: a.whole.interval(), Variant: b.whole.interval(), Total: b.whole.minus(a.whole).interval(),
	}
	for name := range union(a.cum, b.cum) {
		if ofHarness(name) {
			continue
		}
		own := b.estimate(b.own[name]).minus(a.estimate(a.own[name]))
		cum := b.estimate(b.cum[name]).minus(a.estimate(a.cum[name]))
		d.Changes = append(d.Changes, Change{
			Function: name, Base: a.estimate(a.own[name]).value, Variant: b.estimate(b.own[name]).value,
			Flat: b.estimate(b.flat[name]).minus(a.estimate(a.flat[name])).interval(),
			Cum:  cum.interval(), Own: own.interval(), own: own.chanceOf(), cum: cum.chanceOf(),
		})
	}
	d.prove(a, b)
	slices.SortFunc(d.Changes, func(x, y Change) int {
		return firstOf(descending(math.Abs(x.Own.Est), math.Abs(y.Own.Est)), descending(math.Abs(x.Cum.Est), math.Abs(y.Cum.Est)), x.Function, y.Function)
	})
	return d, nil
}

// prove marks what holds, by Holm's rule over the functions worth naming. Which
// these are is decided by both sides together, so that it says nothing about
// how they differ.
func (d *Difference) prove(a, b *counts) {
	var own, cum []*Change
	for i := range d.Changes {
		c := &d.Changes[i]
		if service(c.Function) && c.Function != Collector {
			continue // its callers are charged
		}
		if share(a.own, a, c.Function)+share(b.own, b, c.Function) >= 2*worthNaming {
			own = append(own, c)
		}
		if x, y := share(a.cum, a, c.Function), share(b.cum, b, c.Function); x+y >= 2*worthNaming && min(x, y) < everywhere {
			cum = append(cum, c)
		}
	}
	holm(own, func(c *Change) float64 { return c.own }, func(c *Change) { c.Real = true })
	holm(cum, func(c *Change) float64 { return c.cum }, func(c *Change) { c.RealCum = true })
}

// everywhere is the share of samples from which a caller says nothing: it is the
// operation itself.
const everywhere = .9

func share(of map[string][]float64, t *counts, name string) float64 {
	if t.sum == 0 {
		return 0
	}
	return sum(of[name]) / t.sum
}

// holm accepts hypotheses from the least probable up, each against what is left
// of alpha, and stops at the first that fails.
func holm(all []*Change, chance func(*Change) float64, accept func(*Change)) {
	slices.SortFunc(all, func(x, y *Change) int { return -descending(chance(x), chance(y)) })
	for i, c := range all {
		if chance(c) > alpha/float64(len(all)-i) {
			return
		}
		accept(c)
	}
}

// ofHarness says that a function belongs to what measures, in this program or in
// package testing: it may differ, but it explains nothing.
func ofHarness(name string) bool {
	for _, prefix := range []string{"assay/runner/lab.", "assay/runner/trial.", "assay/runner/clock.", "iter.", "testing.", "main.main"} {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}

func union(a, b map[string][]float64) map[string]bool {
	all := map[string]bool{}
	for name := range a {
		all[name] = true
	}
	for name := range b {
		all[name] = true
	}
	return all
}

// Culprits are the functions whose own difference holds, the largest first, at
// most n of them. A variant compared with itself has none.
func (d Difference) Culprits(n int) []Change {
	var out []Change
	for _, c := range d.Changes {
		if c.Real && len(out) < n {
			out = append(out, c)
		}
	}
	return out
}
