package why

import (
	"fmt"
	"math"
	"path"
	"regexp"
	"strconv"
	"strings"

	"assay/profiles/perop"
	"assay/runner/plan"
	"assay/runner/stats"
)

const (
	worthTelling = .25 // of the difference: less explains nothing
	worthAdding  = .15 // of the difference: for a second function
	offset       = .25 // of the difference, the other way: then there are two stories
	mostNamed    = 2   // functions on either side of a story
)

// sentence says in which functions a difference lies, or "" when the profiles do
// not carry it. measured is the difference that the run found, in the unit.
func sentence(d perop.Difference, unit string, measured float64) string {
	if measured == 0 || math.IsNaN(measured) || math.IsInf(measured, 0) {
		return ""
	}
	var with, against []perop.Change
	var opposed float64
	for _, c := range d.Culprits(len(d.Changes)) {
		if c.Own.Est*measured > 0 {
			with = append(with, c)
		} else {
			against = append(against, c)
			opposed += math.Abs(c.Own.Est)
		}
	}
	switch {
	case len(with) > 0 && opposed >= offset*math.Abs(measured):
		return bothWays(with, against, unit, measured)
	case len(with) > 0 && with[0].Own.Est/measured >= worthTelling:
		return oneWay(with, unit, measured)
	}
	return within(d, unit, measured)
}

// Sentence says in which functions a difference lies, as profiled.
func Sentence(d perop.Difference) string {
	if text := sentence(d, d.Unit, d.Total.Est); text != "" {
		return text + "."
	}
	return "No function's difference holds when all functions are considered: nothing is named."
}

// oneWay words a difference that lies in one function, or in two.
func oneWay(with []perop.Change, unit string, measured float64) string {
	s := fmt.Sprintf("%s of the %s is in %s", percent(with[0].Own, measured), amount(unit, measured), short(with[0].Function))
	for _, c := range with[1:min(mostNamed, len(with))] {
		if c.Own.Est/measured >= worthAdding {
			s += fmt.Sprintf(", %s in %s", percent(c.Own, measured), short(c.Function))
		}
	}
	return s
}

// bothWays words a difference that is the balance of work that came and work
// that went, as between two variants that do the same in functions of their own.
func bothWays(with, against []perop.Change, unit string, measured float64) string {
	var parts []string
	for _, c := range append(with[:min(mostNamed, len(with))], against[:min(mostNamed, len(against))]...) {
		parts = append(parts, fmt.Sprintf("%s in %s", signed(unit, c.Own), short(c.Function)))
	}
	last := len(parts) - 1
	return fmt.Sprintf("Of the %s, %s and %s", amount(unit, measured), strings.Join(parts[:last], ", "), parts[last])
}

// within names the narrowest function that holds most of a difference together
// with what it calls, where no function does alone.
func within(d perop.Difference, unit string, measured float64) string {
	best := -1
	for i, c := range d.Changes {
		share := c.Cum.Est / measured
		if !c.RealCum || share < 1-2*worthTelling || share > 1+2*worthTelling {
			continue
		}
		if best < 0 || math.Abs(c.Cum.Est-measured) < math.Abs(d.Changes[best].Cum.Est-measured) {
			best = i
		}
	}
	if best < 0 {
		return ""
	}
	c := d.Changes[best]
	return fmt.Sprintf("%s of the %s is in %s and what it calls", percent(c.Cum, measured), amount(unit, measured), short(c.Function))
}

// percent is a function's part of a difference, with its interval.
func percent(i stats.Interval, measured float64) string {
	lo, hi := 100*i.Lo/measured, 100*i.Hi/measured
	if lo > hi {
		lo, hi = hi, lo
	}
	return fmt.Sprintf("%.0f%% [%.0f %.0f]", 100*i.Est/measured, lo, hi)
}

// amount is what a difference saved or added: "38 ns saved".
func amount(unit string, measured float64) string {
	word := "added"
	if measured < 0 {
		word = "saved"
	}
	scale, name := scaleOf(unit, measured)
	return fmt.Sprintf("%s %s %s", number(math.Abs(measured)/scale), name, word)
}

// signed is a difference with its interval: "+60 [51 69] ns".
func signed(unit string, i stats.Interval) string {
	scale, name := scaleOf(unit, i.Est)
	sign := ""
	if i.Est > 0 {
		sign = "+"
	}
	return fmt.Sprintf("%s%s [%s %s] %s", sign, number(i.Est/scale), number(i.Lo/scale), number(i.Hi/scale), name)
}

func scaleOf(unit string, x float64) (float64, string) {
	x = math.Abs(x)
	switch {
	case unit == "allocs/op":
		return 1, "allocations"
	case unit == "B/op" && x >= 1<<20:
		return 1 << 20, "MiB"
	case unit == "B/op" && x >= 1<<12:
		return 1 << 10, "KiB"
	case unit == "B/op":
		return 1, "B"
	case x >= 1e7:
		return 1e6, "ms"
	case x >= 1e4:
		return 1e3, "µs"
	}
	return 1, "ns"
}

// number has two digits, and all of a whole part.
func number(x float64) string {
	if math.Abs(x) >= 10 {
		return strconv.FormatFloat(math.Round(x), 'f', 0, 64)
	}
	short, err := strconv.ParseFloat(strconv.FormatFloat(x, 'e', 1, 64), 64)
	if err != nil {
		return fmt.Sprint(x)
	}
	return strconv.FormatFloat(short, 'f', -1, 64)
}

// versioned is the last element of a module path such as example.com/m/v2.
var versioned = regexp.MustCompile(`^v[0-9]+\.`)

// short leaves the folders out of a function's name: page.findRaw.
func short(function string) string {
	dir, name := path.Split(function)
	if versioned.MatchString(name) {
		return path.Base(dir) + "/" + name
	}
	return name
}

// allocations says how the exact counts of a comparison's sides differ, as the
// end of a sentence.
func (s *Store) allocations(g plan.Group, variant string) string {
	a, b := s.find(g, g.Base), s.find(g, variant)
	if a == nil || b == nil {
		return ""
	}
	var changed []string
	for _, unit := range []string{"allocs/op", "B/op"} {
		x, y := a.Units[unit], b.Units[unit]
		if !x.Exact || !y.Exact {
			return ""
		}
		if x.Value() != y.Value() {
			changed = append(changed, fmt.Sprintf("%s %s instead of %s", unit, number(y.Value()), number(x.Value())))
		}
	}
	if len(changed) == 0 {
		return "; allocations unchanged"
	}
	return "; " + strings.Join(changed, ", ")
}
