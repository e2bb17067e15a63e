package gate

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"assay/runner/lab"
)

// Budgets are the rules of a budgets file, in its order.
type Budgets struct {
	File  string
	rules []rule
}

// rule is one line: PATTERN: UNIT +N%.
type rule struct {
	pattern, unit string
	budget
	text string // the line, for messages
}

// budget is how far a unit may go in its bad direction: up where lower is
// better, down where higher is. The sign only says so once more; a budget for
// the other direction would be a promise of a gain, which this is not.
type budget struct {
	sign  byte    // '+' or '-'
	share float64 // 0.02 for 2 %
	place Place   // zero: the default
}

const form = "the form is PATTERN: UNIT +N%, such as page/*: ns/op +2%"

// ParseBudgets reads a budgets file: one rule per line, `PATTERN: UNIT +N%`,
// with blank lines and # comments. Of the rules that match a row the last one
// counts. An error names the file, the line and the rule.
func ParseBudgets(file string, data []byte) (Budgets, error) {
	b := Budgets{File: file}
	if !utf8.Valid(data) {
		return b, fmt.Errorf("%s is not UTF-8 text: a budgets file has lines such as page/*: ns/op +2%%", file)
	}
	type key struct{ pattern, unit string }
	seen := map[key]int{}
	for i, line := range strings.Split(string(data), "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		r, err := parseRule(line)
		if err != nil {
			return b, fmt.Errorf("%s:%d: %q: %w", file, i+1, line, err)
		}
		r.place = Place{file, i + 1}
		k := key{r.pattern, r.unit}
		if before := seen[k]; before > 0 {
			return b, fmt.Errorf("%s:%d: %q: line %d has the same pattern and unit: keep one of them", file, i+1, line, before)
		}
		seen[k] = i + 1
		b.rules = append(b.rules, r)
	}
	if len(b.rules) == 0 {
		return b, fmt.Errorf("%s holds no rule: write one such as page/*: ns/op +2%%, or leave out --budgets", file)
	}
	return b, nil
}

// parseRule reads one line. The pattern ends at the last colon before a space:
// the names of sub-benchmarks may hold colons, and never spaces.
func parseRule(line string) (rule, error) {
	at := strings.LastIndex(line, ": ")
	if hash := strings.Index(line, " #"); hash >= 0 {
		line = strings.TrimSpace(line[:hash])
		at = strings.LastIndex(line, ": ")
	}
	if at <= 0 {
		return rule{}, fmt.Errorf("no colon and space after the pattern: %s", form)
	}
	words := strings.Fields(line[at+2:])
	if len(words) != 2 {
		return rule{}, fmt.Errorf("%d words after the pattern, want a unit and a budget: %s", len(words), form)
	}
	r := rule{pattern: strings.TrimSpace(line[:at]), unit: words[0], text: line}
	if strings.ContainsAny(r.pattern, " \t") {
		return rule{}, fmt.Errorf("the pattern holds a space, which no name does: %s", form)
	}
	var err error
	r.budget, err = parseBudget(words[1])
	return r, err
}

// parseBudget reads +2% or -0.5%.
func parseBudget(text string) (budget, error) {
	number, percent := strings.CutSuffix(text, "%")
	if !percent || len(number) < 2 || number[0] != '+' && number[0] != '-' || strings.Trim(number[1:], "0123456789.") != "" {
		return budget{}, fmt.Errorf("the budget %q is not a signed percentage such as +2%% or -0.5%%", text)
	}
	x, err := strconv.ParseFloat(number[1:], 64)
	if err != nil {
		return budget{}, fmt.Errorf("the budget %q is not a signed percentage such as +2%% or -0.5%%", text)
	}
	if most := map[byte]float64{'+': 1000, '-': 100}[number[0]]; x > most {
		return budget{}, fmt.Errorf("the budget %q is above %g%%, which allows everything: leave the rule out, or mean less", text, most)
	}
	return budget{sign: number[0], share: x / 100}, nil
}

func (b budget) String() string {
	return string(b.sign) + strconv.FormatFloat(100*b.share, 'g', 6, 64) + "%"
}

// source is file:line, or "" for the default.
func (b budget) source() string {
	if b.place.Line == 0 {
		return ""
	}
	return b.place.String()
}

func (p Place) String() string { return fmt.Sprintf("%s:%d", p.File, p.Line) }

// fits says whether the sign goes in the bad direction of the unit. Nothing has
// no direction, and a unit without a declared one may move in neither.
func (b budget) fits(better string) bool {
	return b.share == 0 || better != lab.Lower && better != lab.Higher || b.sign == bad(better)
}

// bad is the sign of a change for the worse.
func bad(better string) byte {
	if better == lab.Higher {
		return '-'
	}
	return '+'
}
