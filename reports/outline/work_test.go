package outline

import (
	"strings"
	"testing"

	"assay/reports/digest"
	"assay/runner/result"
)

func worked(units map[string][2]float64) digest.Group {
	k := result.Key{Family: "toy", Op: "get", Workload: "w"}
	r := result.Result{}
	for i, variant := range []string{"base", "other"} {
		c := result.Case{Key: k, Variant: variant, Units: map[string]result.Stat{}}
		for unit, x := range units {
			how := map[string]string{"instructions/op": "by a\x1b[31m simulator", "allocs/op": ""}
			if strings.HasSuffix(unit, "calls/op") {
				how[unit] = "by a tracer"
			}
			if _, set := how[unit]; !set {
				how[unit] = how["instructions/op"]
			}
			c.Units[unit] = result.Stat{Mean: &x[i], N: 1, Better: "lower", Exact: true, How: how[unit]}
		}
		r.Cases = append(r.Cases, c)
	}
	r.Comparisons = []result.Comparison{{Key: k, Unit: "instructions/op", Base: "base", Variant: "other", Ratio: 2, Verdict: "worse"}}
	return digest.Groups(r)[0]
}

// shown is all that the blocks say, a table by its titles and first contender.
func shown(b builder) string {
	var out []string
	for _, block := range b.blocks {
		out = append(out, block.Para)
		if block.Table == nil {
			continue
		}
		for i, c := range block.Table.Columns {
			out = append(out, c.Title+"="+block.Table.Rows[1][i].Text)
		}
	}
	return strings.Join(out, "; ")
}

func TestWorkHasATableOfItsOwnForEachWayOfCounting(t *testing.T) {
	t.Parallel()
	b := builder{}
	g := worked(map[string][2]float64{
		"instructions/op": {1000, 2000}, "mispredictions/op": {1, 2}, "syscalls/op": {0, 3}, "write-calls/op": {0, 3}, "allocs/op": {0, 1},
	})
	b.work(g)
	want := "Work per operation: by a simulator.; ; variant=other; instructions=2000; vs base=+100.0% worse; mispredicted=2; " +
		"Work per operation: by a tracer.; ; variant=other; syscalls=3; vs base=; write=3" // allocations are in the main table
	if got := shown(b); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestNoSystemCallIsASentenceAndNoTable(t *testing.T) {
	t.Parallel()
	b := builder{}
	b.work(worked(map[string][2]float64{"syscalls/op": {0, 0}}))
	if got := shown(b); got != "No operation makes a system call." {
		t.Errorf("%q", got)
	}
}
