// Package digest arranges a result for reading: the flat lists of cases,
// comparisons, wrong answers and failures become groups of rows, one group per
// family, operation, workload and scenario. It decides nothing; every verdict
// is the result's own.
package digest

import (
	"slices"
	"sort"

	"assay/runner/result"
)

// Time is the unit every timed operation has.
const Time = "ns/op"

// Group is everything measured under one key.
type Group struct {
	result.Key
	Base  string // the variant the others are compared with; empty when nothing was compared
	Units []Unit // columns: time first, then other noisy units, percentiles by rank, then exact ones
	Work  []Unit // units of counted work (instructions, system calls), which have tables of their own
	Rows  []Row  // base first, contenders and peers in the order of the catalog, the floor last
}

// Unit is one column of a group.
type Unit struct {
	Name   string
	Better string // "higher" or "lower"
	Exact  bool
	How    string // by what it was counted; empty for most
}

// Row is one variant of a group.
type Row struct {
	Variant string
	Base    bool
	Null    bool
	Peer    bool
	Wrong   []result.Wrong // answers that differ: the row's numbers mean nothing
	Failed  []string       // reasons why it could not be measured
	Stats   map[string]result.Stat
	Versus  map[string]result.Comparison // against the base, by unit
}

// Groups arranges a result. Groups come in the order in which the result first
// names them, wrong and failed rows included, so nothing is silently absent.
func Groups(r result.Result) []Group {
	b := builder{index: map[result.Key]int{}, rows: map[rowKey]int{}}
	for _, c := range r.Cases {
		row := b.row(c.Key, c.Variant)
		row.Null, row.Peer = c.Null, c.Peer
		for name, s := range c.Units {
			row.Stats[name] = s
		}
	}
	for _, c := range r.Comparisons {
		b.row(c.Key, c.Variant).Versus[c.Unit] = c
		if g := b.group(c.Key); g.Base == "" {
			g.Base = c.Base
		}
	}
	for _, w := range r.Wrong {
		row := b.row(w.Key, w.Variant)
		row.Wrong = append(row.Wrong, w)
	}
	for _, f := range r.Failed {
		row := b.row(f.Key, f.Variant)
		row.Failed = append(row.Failed, f.Reason)
	}
	for i := range b.groups {
		b.groups[i].finish()
	}
	return b.groups
}

type rowKey struct {
	result.Key
	variant string
}

// builder finds or makes groups and rows; the order of first mention is kept.
type builder struct {
	groups []Group
	index  map[result.Key]int
	rows   map[rowKey]int
}

func (b *builder) group(k result.Key) *Group {
	i, ok := b.index[k]
	if !ok {
		i = len(b.groups)
		b.index[k] = i
		b.groups = append(b.groups, Group{Key: k})
	}
	return &b.groups[i]
}

func (b *builder) row(k result.Key, variant string) *Row {
	g := b.group(k)
	i, ok := b.rows[rowKey{k, variant}]
	if !ok {
		i = len(g.Rows)
		b.rows[rowKey{k, variant}] = i
		g.Rows = append(g.Rows, Row{Variant: variant, Stats: map[string]result.Stat{}, Versus: map[string]result.Comparison{}})
	}
	return &g.Rows[i]
}

func (g *Group) finish() {
	units := map[string]Unit{}
	for i := range g.Rows {
		r := &g.Rows[i]
		r.Base = g.Base != "" && r.Variant == g.Base
		for name, s := range r.Stats {
			units[name] = Unit{Name: name, Better: s.Better, Exact: s.Exact, How: s.How}
		}
	}
	for _, u := range units {
		if u.How != "" {
			g.Work = append(g.Work, u)
		} else {
			g.Units = append(g.Units, u)
		}
	}
	sort.Slice(g.Work, func(i, j int) bool { return workLess(g.Work[i], g.Work[j]) })
	sort.Slice(g.Units, func(i, j int) bool { return unitLess(g.Units[i], g.Units[j]) })
	sort.SliceStable(g.Rows, func(i, j int) bool { return rank(g.Rows[i]) < rank(g.Rows[j]) })
}

// unitLess puts time first, then noisy units, then the percentiles in their
// order, then the family's own exact units, and last the two the harness counts
// for every case.
func unitLess(a, b Unit) bool {
	if x, y := unitRank(a), unitRank(b); x != y {
		return x < y
	}
	return a.Name < b.Name
}

func unitRank(u Unit) int {
	_, place, percentile := Percentile(u.Name)
	switch {
	case u.Name == Time:
		return 0
	case percentile:
		return 2 + place
	case !u.Exact:
		return 1
	case u.Name == "allocs/op":
		return 20
	case u.Name == "B/op":
		return 21
	}
	return 10
}

// workLess puts instructions first, then what they are made of and what they
// wait for, then system calls, all of them before each kind.
func workLess(a, b Unit) bool {
	order := []string{"instructions/op", "branches/op", "mispredictions/op", "cache-references/op", "cache-misses/op", "syscalls/op"}
	place := func(u Unit) int {
		if i := slices.Index(order, u.Name); i >= 0 {
			return i
		}
		return len(order)
	}
	if x, y := place(a), place(b); x != y {
		return x < y
	}
	return a.Name < b.Name
}

func rank(r Row) int {
	switch {
	case r.Base:
		return 0
	case r.Null:
		return 3
	case r.Peer:
		return 2
	}
	return 1
}

// Loud says whether the row must not be read as a measurement.
func (r Row) Loud() bool { return len(r.Wrong) > 0 || len(r.Failed) > 0 }

// BaseLoud says whether the base itself answers wrongly or failed, so that no
// ratio of the group means anything.
func (g Group) BaseLoud() bool {
	return slices.ContainsFunc(g.Rows, func(r Row) bool { return r.Base && r.Loud() })
}

// Has says whether the group has a unit.
func (g Group) Has(unit string) bool {
	return slices.ContainsFunc(g.Units, func(u Unit) bool { return u.Name == unit })
}

// Name is the group's name in one line: "page/get-hit realistic, contended".
func (g Group) Name() string {
	s := g.Family + "/" + g.Op + " " + g.Workload
	if g.Scenario != "" {
		s += ", " + g.Scenario
	}
	return s
}

// Compared says whether any row is compared with the base in the unit.
func (g Group) Compared(unit string) bool {
	return slices.ContainsFunc(g.Rows, func(r Row) bool {
		_, ok := r.Versus[unit]
		return ok && !r.Null
	})
}

// Differs says whether any row is compared in the unit and not equal to the base.
func (g Group) Differs(unit string) bool {
	return slices.ContainsFunc(g.Rows, func(r Row) bool {
		c, ok := r.Versus[unit]
		return ok && !r.Null && c.Verdict != "equal"
	})
}

// Constant returns the one value that every measured row has in an exact unit,
// floors aside, and whether there is such a value: a column of it tells nothing.
func (g Group) Constant(unit string) (float64, bool) {
	first, seen := 0.0, false
	for _, r := range g.Rows {
		s, ok := r.Stats[unit]
		switch v := s.Value(); {
		case r.Null && !ok, len(r.Stats) == 0:
		case !ok, !s.Exact, s.Min != nil && *s.Min != v, s.Max != nil && *s.Max != v, seen && v != first:
			return 0, false
		default:
			first, seen = v, true
		}
	}
	return first, seen && len(g.Rows) > 1
}
