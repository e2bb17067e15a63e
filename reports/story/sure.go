package story

import (
	"fmt"
	"slices"
	"strings"

	"assay/reports/digest"
	"assay/reports/words"
	"assay/runner/result"
)

// Sure says in one line what the times of some groups rest on: "8 to 24
// restarts over 8 layouts, CPU clock; spread 0.4% slices, 0.2% restarts, 0.9%
// layouts." The spreads are the middle ones of the rows. It returns "" where
// nothing was compared by time, or nothing is known of it.
func Sure(groups ...digest.Group) string {
	cs := []result.Comparison{}
	for _, g := range groups {
		for _, r := range g.Rows {
			if c, ok := r.Versus[digest.Time]; ok && !r.Null && !r.Loud() {
				cs = append(cs, c)
			}
		}
	}
	if len(cs) == 0 {
		return ""
	}
	s := between(cs, func(c result.Comparison) int { return c.Restarts }, "restart", "restarts")
	if layouts := between(cs, func(c result.Comparison) int { return c.Layouts }, "layout", "layouts"); layouts != "" {
		s += " over " + layouts
	}
	if s += clocks(cs) + spreads(cs); s == "" {
		return ""
	}
	return strings.TrimLeft(s, ",; ") + "."
}

// between prints the range of a count; empty where it is unknown.
func between(cs []result.Comparison, of func(result.Comparison) int, one, many string) string {
	lo, hi := of(cs[0]), of(cs[0])
	for _, c := range cs {
		lo, hi = min(lo, of(c)), max(hi, of(c))
	}
	switch {
	case hi == 0:
		return ""
	case lo == hi:
		return plural(hi, one, many)
	}
	return fmt.Sprintf("%d to %d %s", lo, hi, many)
}

func clocks(cs []result.Comparison) string {
	names := []string{}
	for _, c := range cs {
		if n := ClockName(c.Clock); n != "" && !slices.Contains(names, n) {
			names = append(names, n)
		}
	}
	switch len(names) {
	case 0:
		return ""
	case 1:
		return ", " + names[0] + " clock"
	}
	return ", " + join(names) + " clocks"
}

// ClockName is the deciding clock as prose spells it: "CPU", "process CPU", "wall".
func ClockName(clock string) string {
	switch clock {
	case "cpu":
		return "CPU"
	case "process":
		return "process CPU"
	}
	return words.Clean(clock)
}

// spreads lists the levels of the experiment that were repeated. One layout
// cannot vary, and one restart per layout cannot be told from its layout.
func spreads(cs []result.Comparison) string {
	sds, order := map[string][]float64{}, []string{"slices", "restarts", "layouts", "layouts with their restarts"}
	for _, c := range cs {
		k := c.Components
		if k == nil {
			continue
		}
		sds["slices"] = append(sds["slices"], k.Slice)
		switch {
		case c.Layouts <= 1:
			sds["restarts"] = append(sds["restarts"], k.Restart)
		case c.Restarts <= c.Layouts:
			sds["layouts with their restarts"] = append(sds["layouts with their restarts"], k.Layout)
		default:
			sds["restarts"], sds["layouts"] = append(sds["restarts"], k.Restart), append(sds["layouts"], k.Layout)
		}
	}
	if len(sds["layouts"]) > 0 {
		delete(sds, "layouts with their restarts") // rows that stopped early; the others tell more
	}
	parts := []string{}
	for _, level := range order {
		if all := sds[level]; len(all) > 0 {
			slices.Sort(all)
			parts = append(parts, words.Spread(all[len(all)/2])+" "+level)
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return "; spread " + strings.Join(parts, ", ")
}
