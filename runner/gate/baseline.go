package gate

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"assay/runner/result"
)

const baselineSchema = "assay-baseline/1"

// Baseline holds the exact units of the contenders of a run: what a later run
// must reproduce. As a file it is one line of JSON about the run, then one line
// per case, sorted, so that a change of one count is a change of one line in a
// review. Two branches that both changed it conflict where they touch the same
// case and nowhere else.
type Baseline struct {
	File string // as the user named it
	head header
	rows []entry
}

// header is the first line: what the counts depend on.
type header struct {
	Schema string `json:"schema"`
	Go     string `json:"go"`   // major and minor version
	Arch   string `json:"arch"` // GOARCH
	CPU    string `json:"cpu,omitempty"`
	Who    string `json:"counters,omitempty"` // counted instructions, where somebody did
	Seed   uint64 `json:"seed"`
	Sizes  string `json:"sizes"` // standard or smoke
}

// entry is a line: one case.
type entry struct {
	Family   string             `json:"family"`
	Op       string             `json:"op"`
	Variant  string             `json:"variant"`
	Workload string             `json:"workload"`
	Scenario string             `json:"scenario,omitempty"`
	Units    map[string]float64 `json:"units"`
	line     int
}

func (e entry) id() caseID {
	return caseID{result.Key{Family: e.Family, Op: e.Op, Workload: e.Workload, Scenario: e.Scenario}, e.Variant}
}

// caseID names a case.
type caseID struct {
	result.Key
	variant string
}

func (a caseID) compare(b caseID) int {
	return slices.Compare(
		[]string{a.Family, a.Op, a.Workload, a.Scenario, a.variant},
		[]string{b.Family, b.Op, b.Workload, b.Scenario, b.variant})
}

// compiled are the exact units that another compiler or architecture may count
// otherwise without a change of the code: what escapes to the heap, and how
// large it is there. The others are what the code does with the seed's inputs.
var compiled = []string{"allocs/op", "B/op"}

// machine units are counted by a processor or a simulator of one. They depend on
// the CPU too, for which the program may choose other instructions, and on who
// counted. They repeat, but not exactly; their run says how closely
// (result.Stat.Within), and that is their default budget.
var machine = []string{"instructions/op", "branches/op", "mispredictions/op"}

// NewBaseline takes the exact units of a run. A run that was cut short, or in
// which something failed or answered wrongly, makes none.
func NewBaseline(run Run) (Baseline, error) {
	switch {
	case len(run.Wrong) > 0:
		return Baseline{}, fmt.Errorf("%s: %s answers wrongly: mend it before making a baseline", run.Dir, plain(run.Wrong[0].Variant))
	case len(run.Failed) > 0:
		return Baseline{}, fmt.Errorf("%s: %s could not be measured: a baseline needs every row", run.Dir, nameOf(run.Failed[0].Key, run.Failed[0].Variant, revisions(run.Result)))
	case run.Partial:
		return Baseline{}, fmt.Errorf("%s was stopped before its end: a baseline needs every row, measure again", run.Dir)
	}
	b := Baseline{head: headOf(run)}
	for id, units := range exactUnits(run.Result) {
		e := entry{id.Family, id.Op, id.variant, id.Workload, id.Scenario, map[string]float64{}, 0}
		for name, s := range units {
			e.Units[name] = rounded(s.Value())
		}
		b.rows = append(b.rows, e)
	}
	if len(b.rows) == 0 {
		return b, fmt.Errorf("%s holds no exact unit: there is nothing to keep", run.Dir)
	}
	slices.SortFunc(b.rows, func(x, y entry) int { return x.id().compare(y.id()) })
	if !b.holds(func(unit string) bool { return slices.Contains(machine, unit) }) {
		b.head.CPU, b.head.Who = "", ""
	}
	return b, nil
}

func headOf(run Run) header {
	h := header{
		Schema: baselineSchema, Go: minor(run.Host.GoVersion), Arch: run.Host.Arch, CPU: run.Host.CPU,
		Who: counterOf(run), Seed: run.Seed, Sizes: "standard",
	}
	if run.Smoke {
		h.Sizes = "smoke"
	}
	return h
}

// counterOf says who counted the instructions of a run.
func counterOf(run Run) string {
	for _, c := range run.Cases {
		for _, unit := range machine {
			if how := c.Units[unit].How; how != "" {
				return how
			}
		}
	}
	return ""
}

// exactUnits are the units that are judged by value, per contender; of two
// revisions only the head.
func exactUnits(r result.Result) map[caseID]map[string]result.Stat {
	out := map[caseID]map[string]result.Stat{}
	ab := revisions(r)
	for _, c := range r.Cases {
		if c.Null || ab && c.Variant != head {
			continue
		}
		units := map[string]result.Stat{}
		for name, s := range c.Units {
			if s.Exact {
				units[name] = s
			}
		}
		if len(units) > 0 {
			out[caseID{c.Key, c.Variant}] = units
		}
	}
	return out
}

// rounded keeps 12 digits: a mean of many counts differs in the last of its 17
// between processors that fuse multiplication and addition and others.
func rounded(x float64) float64 {
	short, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 12, 64), 64)
	if err != nil {
		return x // not a finite number; the encoder will say so
	}
	return short
}

// minor drops the patch of a Go version: patches do not change what is counted.
func minor(version string) string {
	if m := regexp.MustCompile(`^go\d+\.\d+`).FindString(version); m != "" {
		return m
	}
	return version
}

func (b Baseline) holds(unit func(string) bool) bool {
	return slices.ContainsFunc(b.rows, func(e entry) bool {
		for name := range e.Units {
			if unit(name) {
				return true
			}
		}
		return false
	})
}

// Cases is the number of cases the baseline holds.
func (b Baseline) Cases() int { return len(b.rows) }

// Encode renders the file.
func (b Baseline) Encode() ([]byte, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(b.head); err != nil {
		return nil, err
	}
	for _, e := range b.rows {
		if err := enc.Encode(e); err != nil {
			return nil, fmt.Errorf("%s: %w", nameOf(e.id().Key, e.Variant, false), err)
		}
	}
	return out.Bytes(), nil
}

// ParseBaseline reads a baseline file. A line that is not as Encode writes it,
// out of order or there twice is an error that names it: such a file was
// merged or edited by hand, and what it says nobody has measured.
func ParseBaseline(file string, data []byte) (Baseline, error) {
	b := Baseline{File: file}
	text, ended := strings.CutSuffix(strings.ReplaceAll(string(data), "\r\n", "\n"), "\n") // git may check it out so
	lines := strings.Split(text, "\n")
	if err := strict(lines[0], &b.head); err != nil || b.head.Schema == "" {
		return b, fmt.Errorf("%s:1: no baseline of assay: its first line is not {\"schema\":%q,...}; write one with --write-baseline", file, baselineSchema)
	}
	if b.head.Schema != baselineSchema {
		return b, fmt.Errorf("%s:1: schema %q, this assay reads %q: use the assay that wrote it, or write it again with --write-baseline", file, plain(b.head.Schema), baselineSchema)
	}
	for i, line := range lines[1:] {
		e := entry{}
		err := strict(line, &e)
		if err == nil && len(e.Units) == 0 {
			err = errors.New("it holds no unit")
		}
		if n := len(b.rows); err == nil && n > 0 && b.rows[n-1].id().compare(e.id()) >= 0 {
			err = errors.New("it is out of order or there twice")
		}
		if err != nil {
			return b, fmt.Errorf("%s:%d: not as --write-baseline writes it: %w; write the file again", file, i+2, err)
		}
		e.line = i + 2
		b.rows = append(b.rows, e)
	}
	switch {
	case len(b.rows) == 0:
		return b, fmt.Errorf("%s holds no case: a gate on it would check nothing; write it again with --write-baseline", file)
	case !ended:
		return b, fmt.Errorf("%s:%d: the last line has no end: the file was cut off; write it again with --write-baseline", file, len(lines))
	}
	return b, nil
}

// IsBaseline says whether a file was meant as a baseline, however damaged: only
// such a file may be written over.
func IsBaseline(data []byte) bool {
	return bytes.HasPrefix(data, []byte(`{"schema":"assay-baseline/`))
}

// strict reads a line that must be exactly what Encode would make of it.
func strict[T any](line string, into *T) error {
	dec := json.NewDecoder(strings.NewReader(line))
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); errors.Is(err, io.EOF) {
		return errors.New("an empty line")
	} else if err != nil {
		return errors.New(plain(err.Error()))
	}
	var again bytes.Buffer
	enc := json.NewEncoder(&again)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(into); err != nil {
		return err
	}
	if again.String() != line+"\n" {
		return errors.New("it was changed by hand")
	}
	return nil
}

// suits says whether the counts of a run may be held against the baseline.
func (b Baseline) suits(run Run) error {
	now := headOf(run)
	told := func(what, then, is string) error {
		return fmt.Errorf("%s:1: its counts belong to %s %s, and %s has %s: measure that way, or write the baseline again with --write-baseline",
			b.File, what, plain(then), run.Dir, plain(is))
	}
	needs := func(units ...string) bool {
		return b.holds(func(unit string) bool { return slices.Contains(units, unit) || slices.Contains(machine, unit) })
	}
	switch {
	case b.head.Sizes != now.Sizes:
		return told("sizes", b.head.Sizes, now.Sizes)
	case b.head.Seed != now.Seed && !revisions(run.Result): // somebody's benchmarks know nothing of our seed
		return told("seed", strconv.FormatUint(b.head.Seed, 10), strconv.FormatUint(now.Seed, 10))
	case b.head.Go != now.Go && needs(compiled...):
		return told("Go version", b.head.Go, now.Go)
	case b.head.Arch != now.Arch && needs(compiled...):
		return told("architecture", b.head.Arch, now.Arch)
	case b.head.Who != "" && now.Who != "" && b.head.Who != now.Who:
		return told("counters", b.head.Who, now.Who)
	case b.head.CPU != now.CPU && needs():
		return told("CPU", b.head.CPU, now.CPU)
	}
	return nil
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
