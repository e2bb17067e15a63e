package main

import (
	"fmt"
	"math"
	"strings"
	"text/tabwriter"

	"assay/runner/stats"
)

// report words the sums as tables, then says where assay did worse.
func report(sums []summary, trials []trial, about string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Planted slowdowns found by assay and by what Go users have.\n%s %s\n", about, loads(trials))
	for _, seconds := range []float64{shortest, longest} {
		of := only(sums, seconds)
		if len(of) == 0 {
			continue
		}
		fmt.Fprintf(&b, "\n%g s of wall time per comparison, both sides together\n\n", seconds)
		table(&b, foundRows(of))
		b.WriteString("\n")
		table(&b, errorRows(of))
	}
	b.WriteString("\nFound: called slower, with the 95 % interval of Clopper and Pearson. False alarms: called slower or faster though nothing was planted.\n" +
		"A share found means something only beside the false alarms of its row: a test that raises many finds many by chance.\n" +
		"Wrong way: called faster although slowed. Error: of the estimated ratio, over all trials; assay's include those it ended early.\n\n")
	if missed := unequal(sums); len(missed) > 0 {
		b.WriteString(strings.Join(missed, "\n") + "\n\n")
	}
	if worse := losses(sums); len(worse) > 0 {
		b.WriteString("Where assay did worse, chance included:\n")
		for _, w := range worse {
			b.WriteString("- " + w + "\n")
		}
	} else {
		b.WriteString("In none of these figures did assay do worse.\n")
	}
	return b.String()
}

func only(sums []summary, seconds float64) []summary {
	var of []summary
	for _, s := range sums {
		if s.seconds == seconds {
			of = append(of, s)
		}
	}
	return of
}

// loads words the load of the machine over the trials.
func loads(trials []trial) string {
	var xs []float64
	for _, t := range trials {
		xs = append(xs, t.load)
	}
	return fmt.Sprintf("Load %.1f (%.1f to %.1f) over %d trials.", stats.Median(xs), stats.Quantile(xs, 0), stats.Quantile(xs, 1), len(xs))
}

// label names a reading in tables and legends.
func (r reading) label() string {
	level := strings.TrimPrefix(fmt.Sprintf("%.2f", r.alpha), "0")
	if r.method == "assay" {
		return "assay, alpha " + level + " per run"
	}
	return r.name() + ", p < " + level
}

// name is the method in words.
func (r reading) name() string {
	return map[string]string{"assay": "assay", "go test": "go test, old then new", "alternating": "go test, alternating"}[r.method]
}

func foundRows(sums []summary) [][]string {
	head := []string{"", "false alarms"}
	for _, e := range effects()[1:] {
		head = append(head, "found "+percent(e))
	}
	rows := [][]string{head}
	for _, s := range sums {
		row := []string{s.label()}
		for _, c := range s.cells {
			if c.n == 0 {
				row = append(row, "-")
				continue
			}
			i := c.share()
			row = append(row, fmt.Sprintf("%d/%d [%.0f %.0f]", c.found, c.n, 100*i.Lo, 100*i.Hi))
		}
		rows = append(rows, row)
	}
	return rows
}

func errorRows(sums []summary) [][]string {
	rows := [][]string{{"", "trials", "wrong way", "error median", "error p90", "seconds median", "seconds unless early"}}
	for _, s := range sums {
		full := "-"
		if !math.IsNaN(s.tookMost) {
			full = fmt.Sprintf("%.2f", s.tookMost)
		}
		rows = append(rows, []string{
			s.label(), fmt.Sprint(s.n), fmt.Sprint(s.wrong()), fmt.Sprintf("%.2f %%", 100*s.median), fmt.Sprintf("%.2f %%", 100*s.p90),
			fmt.Sprintf("%.2f", s.took), full,
		})
	}
	return rows
}

func (s summary) wrong() (n int) {
	for _, c := range s.cells {
		n += c.wrong
	}
	return n
}

// table writes rows with the first column to the left and the others to the right.
func table(b *strings.Builder, rows [][]string) {
	widest := 0
	for _, r := range rows {
		widest = max(widest, len(r[0]))
	}
	w := tabwriter.NewWriter(b, 0, 0, 3, ' ', tabwriter.AlignRight)
	for _, r := range rows {
		fmt.Fprintf(w, "%-*s\t%s\t\n", widest, r[0], strings.Join(r[1:], "\t"))
	}
	w.Flush() // a strings.Builder takes everything
}

func percent(x float64) string { return fmt.Sprintf("%g %%", math.Round(1e4*x)/100) }

// tolerance is how far, relatively, a method may miss its time before the
// summary says so.
const tolerance = 0.1

// unequal names the methods that did not keep to their time: on a loaded machine
// the processes of the alternating runs alone may take longer.
func unequal(sums []summary) []string {
	var all []string
	for _, s := range sums {
		if s.method != "assay" && s.alpha < 0.05 {
			continue // the same trials
		}
		if math.Abs(s.tookMost/s.seconds-1) > tolerance {
			all = append(all, fmt.Sprintf("Unequal: %s took %.2f s (median) instead of %g s.", s.name(), s.tookMost, s.seconds))
		}
	}
	return all
}

// losses lists every figure in which assay stands behind another reading.
func losses(sums []summary) []string {
	var all []string
	for _, seconds := range []float64{shortest, longest} {
		of := only(sums, seconds)
		if len(of) == 0 || of[0].method != "assay" {
			continue
		}
		for _, other := range of[1:] {
			for _, what := range of[0].behind(other) {
				all = append(all, fmt.Sprintf("in %g s, than %s: %s", seconds, other.label(), what))
			}
		}
	}
	return all
}

func (s summary) behind(o summary) []string {
	var all []string
	for i, c := range s.cells {
		d := o.cells[i]
		if c.n == 0 || d.n == 0 {
			continue
		}
		mine, theirs := float64(c.found)/float64(c.n), float64(d.found)/float64(d.n)
		switch {
		case c.effect == 0 && mine > theirs:
			all = append(all, fmt.Sprintf("false alarms %d of %d, against %d of %d", c.found, c.n, d.found, d.n))
		case c.effect > 0 && mine < theirs:
			all = append(all, fmt.Sprintf("%s found %d of %d, against %d of %d", percent(c.effect), c.found, c.n, d.found, d.n))
		}
	}
	figure := func(name string, mine, theirs, scale float64, unit string) {
		if mine > theirs {
			all = append(all, fmt.Sprintf("%s %.2f%s, against %.2f%s", name, scale*mine, unit, scale*theirs, unit))
		}
	}
	figure("wrong way", float64(s.wrong())/float64(s.n), float64(o.wrong())/float64(o.n), 100, " %")
	if o.alpha < 0.05 { // its estimates and its time stand under the other level
		return all
	}
	figure("error, median", s.median, o.median, 100, " %")
	figure("error, p90", s.p90, o.p90, 100, " %")
	figure("time, median", s.took, o.took, 1, " s")
	return all
}
