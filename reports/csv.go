package reports

import (
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"assay/reports/words"
	"assay/runner/result"
)

// csvColumns is the heading of the CSV format. It is one tidy table in the long
// form: a line per figure, a column never means two things. The column "row"
// says what a line is: case (a statistic), comparison, control, claim, wrong or
// failed; cells that do not apply are empty. One file and not two, so that it
// fits a pipe; filter on the first column.
//
// Names lose control characters and nothing else. A name that opens with "="
// stays as it is: spreadsheets may take it for a formula, every other reader
// wants the name.
func csvColumns() []string {
	return []string{
		"row", "family", "op", "workload", "scenario", "variant", "role", "unit", "better", "exact", "how", "within", "slack", "n",
		"mean", "sd", "min", "max", "median", "lo", "hi",
		"base", "ratio", "ratio_lo", "ratio_hi", "verdict", "mde", "restarts", "layouts", "clock", "threshold", "evidence", "stopped",
		"cpu_ratio", "cpu_lo", "cpu_hi", "wall_ratio", "wall_lo", "wall_hi", "p50_ratio", "p50_lo", "p50_hi", "p99_ratio", "p99_lo", "p99_hi",
		"components_slice", "components_restart", "components_layout", "why",
		"published", "measured", "claim_lo", "claim_hi", "bound", "reproduced", "note",
	}
}

// line is one row by column name.
type line map[string]string

func writeCSV(v View, w io.Writer) error {
	out, columns := csv.NewWriter(w), csvColumns()
	if err := out.Write(columns); err != nil {
		return fmt.Errorf("csv report: %w", err)
	}
	for _, l := range csvLines(v.Result) {
		record := make([]string, len(columns))
		for i, c := range columns {
			record[i] = words.Clean(l[c])
		}
		if err := out.Write(record); err != nil {
			return fmt.Errorf("csv report: %w", err)
		}
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return fmt.Errorf("csv report: %w", err)
	}
	return nil
}

func csvLines(r result.Result) []line {
	lines := []line{}
	for _, c := range r.Cases {
		lines = append(lines, caseLines(c)...)
	}
	for _, c := range r.Comparisons {
		lines = append(lines, comparisonLine(c))
	}
	if c := r.Control; c.Verdict != "" && c.Verdict != "none" {
		l := keyed("control", c.Key, c.Variant)
		l["base"], l["ratio"], l["ratio_lo"], l["ratio_hi"] = c.Variant, num(c.Ratio), num(c.Lo), num(c.Hi)
		l["verdict"], l["restarts"] = c.Verdict, count(c.Restarts)
		lines = append(lines, l)
	}
	for _, c := range r.Claims {
		l := keyed("claim", c.Key, c.Variant)
		l["unit"], l["base"], l["published"], l["measured"] = c.Unit, c.Base, num(c.Published), num(c.Measured)
		if c.BaseWorkload != "" {
			l["base"] = strings.TrimSpace(c.Base + " under " + c.BaseWorkload)
		}
		l["claim_lo"], l["claim_hi"], l["reproduced"], l["note"] = num(c.Lo), num(c.Hi), strconv.FormatBool(c.Reproduced), c.Note
		if c.Bound > 0 {
			l["bound"] = num(c.Bound)
		}
		lines = append(lines, l)
	}
	for _, f := range r.Wrong {
		l := keyed("wrong", f.Key, f.Variant)
		l["note"] = f.At + ": " + f.Detail
		lines = append(lines, l)
	}
	for _, f := range r.Failed {
		l := keyed("failed", f.Key, f.Variant)
		l["note"] = f.Reason
		lines = append(lines, l)
	}
	return lines
}

func keyed(row string, k result.Key, variant string) line {
	return line{"row": row, "family": k.Family, "op": k.Op, "workload": k.Workload, "scenario": k.Scenario, "variant": variant}
}

func caseLines(c result.Case) []line {
	lines := []line{}
	for _, name := range sortedUnits(c.Units) {
		s := c.Units[name]
		l := keyed("case", c.Key, c.Variant)
		switch {
		case c.Null:
			l["role"] = "null"
		case c.Peer:
			l["role"] = "peer"
		}
		l["unit"], l["better"], l["exact"], l["n"] = name, s.Better, strconv.FormatBool(s.Exact), strconv.Itoa(s.N)
		l["how"] = s.How
		for column, x := range map[string]float64{"within": s.Within, "slack": s.Slack} {
			if x > 0 {
				l[column] = num(x)
			}
		}
		l["mean"], l["sd"], l["min"], l["max"] = opt(s.Mean), opt(s.SD), opt(s.Min), opt(s.Max)
		l["median"], l["lo"], l["hi"] = opt(s.Median), opt(s.Lo), opt(s.Hi)
		lines = append(lines, l)
	}
	return lines
}

func comparisonLine(c result.Comparison) line {
	l := keyed("comparison", c.Key, c.Variant)
	l["unit"], l["base"], l["verdict"], l["clock"] = c.Unit, c.Base, c.Verdict, c.Clock
	l["ratio"], l["ratio_lo"], l["ratio_hi"] = num(c.Ratio), num(c.Lo), num(c.Hi)
	l["restarts"], l["layouts"] = count(c.Restarts), count(c.Layouts)
	if !slices.Contains([]string{"better", "worse", "equal"}, c.Verdict) {
		l["mde"], l["threshold"] = mde(c.MDE), num(c.Threshold)
		l["evidence"], l["stopped"] = num(c.Evidence), c.Stopped
	}
	for name, e := range map[string]*result.Estimate{"cpu": c.CPU, "wall": c.Wall, "p50": c.P50, "p99": c.P99} {
		if e != nil {
			l[name+"_ratio"], l[name+"_lo"], l[name+"_hi"] = num(e.Ratio), num(e.Lo), num(e.Hi)
		}
	}
	if p := c.Components; p != nil {
		l["components_slice"], l["components_restart"], l["components_layout"] = num(p.Slice), num(p.Restart), num(p.Layout)
	}
	l["why"] = c.Why
	for i, w := range c.Warnings {
		if i > 0 {
			l["note"] += "; "
		}
		l["note"] += w
	}
	return l
}

// num prints the shortest decimal that reads back as the same number; empty when not finite.
func num(x float64) string {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return ""
	}
	return strconv.FormatFloat(x, 'g', -1, 64)
}

func opt(x *float64) string {
	if x == nil {
		return ""
	}
	return num(*x)
}

func count(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// mde is empty where it is unknown; result.json, which knows no infinity, has
// the largest number there.
func mde(x float64) string {
	if x > 1e300 {
		return ""
	}
	return num(x)
}
