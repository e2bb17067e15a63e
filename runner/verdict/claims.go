package verdict

import (
	"cmp"
	"math"

	"assay/runner/lab"
	"assay/runner/result"
)

// claims puts every published figure that this run measured beside its measurement.
func claims(rooms []lab.Room, r result.Result) []result.Claim {
	var out []result.Claim
	for _, room := range rooms {
		for _, c := range room.Claims {
			if x, ok := measured(room.Name, c, r); ok {
				out = append(out, result.Claim{
					Key:     result.Key{Family: room.Name, Op: c.Op, Workload: c.Workload},
					Variant: c.Variant, Base: c.Base, BaseWorkload: c.BaseWorkload, Unit: c.Unit, Source: c.Source, Published: c.Published, Measured: x,
					Lo: c.Lo, Hi: c.Hi, Bound: c.Bound, Note: c.Note, Reproduced: c.Lo <= x && x <= c.Hi,
				})
			}
		}
	}
	return out
}

// measured finds the figure a claim speaks of: a case's unit, or a ratio to a base.
func measured(family string, c lab.Claim, r result.Result) (float64, bool) {
	key := result.Key{Family: family, Op: c.Op, Workload: c.Workload}
	value := valuesOf(r, key, c.Unit)
	v, ok := value[c.Variant]
	if c.BaseWorkload != "" && ok {
		key.Workload = c.BaseWorkload
		b, ok := valuesOf(r, key, c.Unit)[cmp.Or(c.Base, c.Variant)]
		return v / b, ok && b != 0
	}
	if c.Base == "" || !ok {
		return v, ok
	}
	// A paired ratio is better than a ratio of medians, also where two variants
	// were both paired with a third.
	ratio := map[string]float64{}
	for _, x := range r.Comparisons {
		// One without bounds is no estimate, only a place in the table.
		if x.Key == key && x.Unit == c.Unit && x.Hi < math.MaxFloat64 {
			ratio[x.Variant], ratio[x.Base] = x.Ratio, 1
		}
	}
	if of, to := ratio[c.Variant], ratio[c.Base]; of > 0 && to > 0 {
		return of / to, true
	}
	b, ok := value[c.Base]
	return v / b, ok && b != 0
}

// valuesOf is a unit of every variant.
func valuesOf(r result.Result, k result.Key, unit string) map[string]float64 {
	value := map[string]float64{}
	for _, x := range r.Cases {
		if u, ok := x.Units[unit]; ok && x.Key == k {
			value[x.Variant] = u.Value()
		}
	}
	return value
}
