package verdict

import (
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
					Variant: c.Variant, Base: c.Base, Unit: c.Unit, Source: c.Source, Published: c.Published, Measured: x,
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
	value := map[string]float64{}
	for _, x := range r.Cases {
		if u, ok := x.Units[c.Unit]; ok && x.Key == key {
			value[x.Variant] = u.Value()
		}
	}
	v, ok := value[c.Variant]
	if c.Base == "" || !ok {
		return v, ok
	}
	for _, x := range r.Comparisons { // a paired ratio is better than a ratio of medians
		if x.Key == key && x.Unit == c.Unit && x.Variant == c.Variant && x.Base == c.Base {
			return x.Ratio, true
		}
	}
	b, ok := value[c.Base]
	return v / b, ok && b != 0
}
