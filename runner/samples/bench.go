package samples

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"math"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"assay/runner/plan"
	"assay/runner/samples/whole"
)

// bench writes samples.bench as the run goes: exact units are known from the
// untimed pass and repeated on every line of their case, as the format wants it.
type bench struct {
	w      io.Writer
	plan   plan.Plan
	cpus   int
	exact  map[string]string // case name -> its exact units, rendered
	header map[string]bool   // unit lines written
}

// newBench writes the configuration. Layout and restart are told once, for the
// file: as lines of their own before each restart they would be configurations
// to benchstat, which then sets every restart apart in a table of one sample.
// slices.jsonl.gz has them per restart.
func newBench(w io.Writer, p plan.Plan, h Head) (*bench, error) {
	b := &bench{w: w, plan: p, cpus: h.Host.CPUs, exact: map[string]string{}, header: map[string]bool{}}
	_, err := fmt.Fprintf(w, "goos: %s\ngoarch: %s\ncpu: %s\ngo: %s\nkernel: %s\ncommit: %s\nseed: %d\nrun: %s\nlayout: %d, drawn per restart\nrestart: one line each\n"+
		"Unit ns/op better=lower\nUnit wall-ns/op better=lower\n",
		h.Host.OS, h.Host.Arch, oneLine(h.Host.CPU), h.Host.GoVersion, oneLine(h.Host.Kernel), h.Commit, p.Seed, oneLine(p.Name), max(1, p.Layouts))
	return b, err
}

// RestoreBench writes samples.bench anew where it is missing. The journal has
// what it is made of, in the same order: what is counted comes before what is timed.
func (run *Run) RestoreBench() error {
	path := filepath.Join(run.Dir, benchFile)
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	var text bytes.Buffer
	b, err := newBench(&text, run.Plan, run.Head)
	if err != nil {
		return err
	}
	for _, c := range run.Checks {
		if err := b.check(c); err != nil {
			return err
		}
	}
	for _, r := range run.Restarts {
		if err := b.restart(r); err != nil {
			return err
		}
	}
	return whole.Write(path, text.Bytes())
}

// check remembers the exact units of a group's cases.
func (b *bench) check(c Checked) error {
	g := b.plan.Groups[c.Group]
	for _, x := range c.Checks {
		if x.Failed != "" {
			continue
		}
		text := fmt.Sprintf("\t%s B/op\t%s allocs/op", thousandths(x.Bytes), thousandths(x.Allocs))
		if err := b.unit("B/op", "lower"); err != nil {
			return err
		}
		if err := b.unit("allocs/op", "lower"); err != nil {
			return err
		}
		names := slices.Sorted(maps.Keys(x.Units))
		for _, name := range names {
			text += fmt.Sprintf("\t%s %s", full(x.Units[name].Mean), name)
			if err := b.unit(name, x.Units[name].Better); err != nil {
				return err
			}
		}
		b.exact[BenchName(g, x.Variant, b.cpus)] = text
	}
	return nil
}

func (b *bench) unit(name, better string) error {
	if b.header[name] {
		return nil
	}
	b.header[name] = true
	_, err := fmt.Fprintf(b.w, "Unit %s better=%s assume=exact\n", name, better)
	return err
}

// restart writes one line per arm: CPU time per operation over all its slices
// (the whole process's where arms are isolated), wall time beside it.
func (b *bench) restart(r Restart) error {
	g := b.plan.Groups[r.Group]
	if g.Control {
		return nil // the control's lines would look like a contender's
	}
	var out strings.Builder
	for i, a := range r.Arms {
		var ops, wall, cpu int64
		for j, arm := range r.Order {
			if arm != i {
				continue
			}
			ops, wall, cpu = ops+r.Ops[j], wall+r.Wall[j], cpu+r.Thread[j]
			if g.Isolated {
				cpu += r.Process[j] - r.Thread[j]
			}
		}
		if ops > 0 {
			alone := g
			alone.Scenario = "" // exact units are counted once, without a neighbour
			fmt.Fprintf(&out, "Benchmark%s\t%d\t%s ns/op\t%s wall-ns/op%s\n", BenchName(g, a.Name, b.cpus), ops,
				significant(float64(cpu)/float64(ops)), significant(float64(wall)/float64(ops)), b.exact[BenchName(alone, a.Name, b.cpus)])
		}
	}
	_, err := io.WriteString(b.w, out.String())
	return err
}

// BenchName is Family/op=…/variant=…/workload=…[/scenario=…]-CPUS. What would
// end a name part, the slash of an import path too, is percent-encoded; the
// trailing number keeps readers from taking the end of a workload for GOMAXPROCS.
// The two sides of a comparison of revisions, base and head, are side=… and no
// variant, so that `benchstat -col /side` sets them beside each other.
func BenchName(g plan.Group, variant string, cpus int) string {
	key := "/variant="
	if len(g.Arms) == 2 && g.Arms[0].Name == "base" && g.Arms[1].Name == "head" {
		key = "/side="
	}
	s := title(part(g.Family)) + "/op=" + part(g.Op) + key + part(variant) + "/workload=" + part(g.Workload)
	if g.Scenario != "" {
		s += "/scenario=" + part(g.Scenario)
	}
	return s + "-" + strconv.Itoa(cpus)
}

func part(s string) string {
	return strings.NewReplacer("%2C", ",", "%23", "#").Replace(url.PathEscape(s))
}

// title makes the first letter a capital; after part it is one byte.
func title(s string) string { return strings.ToUpper(s[:min(1, len(s))]) + s[min(1, len(s)):] }

// full renders an exact unit: a false-positive rate has its digits far behind the point.
func full(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

// thousandths drops what a stray allocation of the runtime adds to thousands of operations.
func thousandths(x float64) string { return full(math.Round(x*1000) / 1000) }

// significant renders a time with six digits: three decimals would round an
// operation of 0.3 ns by more than the differences that matter.
func significant(x float64) string {
	short, err := strconv.ParseFloat(strconv.FormatFloat(x, 'e', 5, 64), 64)
	if err != nil {
		short = x
	}
	return full(short)
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
