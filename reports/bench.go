package reports

import (
	"fmt"
	"io"
	"math"
	"sort"
	"strings"

	"assay/reports/words"
	"assay/runner/plan"
	"assay/runner/result"
	"assay/runner/samples"

	"golang.org/x/perf/benchfmt"
)

// writeBench prints the result in the Go benchmark format: one line per case
// with every unit, medians and means. It is a summary for tools that read the
// format; the samples.bench of a results folder has every restart and is what
// benchstat needs for its own intervals.
func writeBench(v View, w io.Writer) error {
	r := v.Result
	out := benchfmt.NewWriter(w)
	for _, rec := range benchUnits(r.Cases) {
		if err := out.Write(rec); err != nil {
			return fmt.Errorf("bench report: %w", err)
		}
	}
	config := []benchfmt.Config{
		{Key: "goos", Value: []byte(words.Clean(r.Host.OS)), File: true},
		{Key: "goarch", Value: []byte(words.Clean(r.Host.Arch)), File: true},
		{Key: "cpu", Value: []byte(words.Clean(r.Host.CPU)), File: true},
		{Key: "commit", Value: []byte(words.Clean(r.Commit)), File: true},
		{Key: "seed", Value: fmt.Append(nil, r.Seed), File: true},
	}
	for _, c := range r.Cases {
		rec := benchfmt.Result{Config: config, Name: benchfmt.Name(benchName(c, armsOf(c.Key, r.Cases), max(1, r.Host.CPUs))), Iters: 1, Values: benchValues(c)}
		if len(rec.Values) == 0 {
			continue
		}
		if err := out.Write(&rec); err != nil {
			return fmt.Errorf("bench report: %w", err)
		}
	}
	return nil
}

// armsOf are the variants measured side by side under a key.
func armsOf(k result.Key, cases []result.Case) []plan.Arm {
	var arms []plan.Arm
	for _, c := range cases {
		if c.Key == k {
			arms = append(arms, plan.Arm{Name: c.Variant})
		}
	}
	return arms
}

// benchName spells a case as samples.bench does.
func benchName(c result.Case, arms []plan.Arm, cpus int) string {
	family := strings.ReplaceAll(words.Clean(c.Family), " ", "_")
	if family == "" {
		family = "Unnamed"
	}
	return samples.BenchName(plan.Group{Family: family, Op: c.Op, Workload: c.Workload, Scenario: c.Scenario, Arms: arms}, c.Variant, cpus)
}

// benchUnits declares every unit once, in the order of their names.
func benchUnits(cases []result.Case) []benchfmt.Record {
	stats := map[string]result.Stat{}
	for _, c := range cases {
		for name, s := range c.Units {
			stats[name] = s
		}
	}
	out := []benchfmt.Record{}
	for _, name := range sortedUnits(stats) {
		add := func(key, value string) {
			out = append(out, &benchfmt.UnitMetadata{UnitMetadataKey: benchfmt.UnitMetadataKey{Unit: benchUnit(name), Key: key}, OrigUnit: benchUnit(name), Value: value})
		}
		if better := stats[name].Better; better == "higher" || better == "lower" {
			add("better", better)
		}
		if stats[name].Exact {
			add("assume", "exact")
		}
	}
	return out
}

func benchValues(c result.Case) []benchfmt.Value {
	out := []benchfmt.Value{}
	for _, name := range sortedUnits(c.Units) {
		if v := c.Units[name].Value(); !math.IsNaN(v) && !math.IsInf(v, 0) {
			out = append(out, benchfmt.Value{Value: v, Unit: benchUnit(name)})
		}
	}
	return out
}

// benchUnit makes a unit one word, as the format wants it.
func benchUnit(name string) string { return strings.ReplaceAll(words.Clean(name), " ", "_") }

func sortedUnits(units map[string]result.Stat) []string {
	names := make([]string, 0, len(units))
	for name := range units {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}
