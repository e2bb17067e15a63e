package outline

import (
	"fmt"

	"assay/reports/table"
	"assay/reports/words"
	"assay/runner/result"
	"assay/runner/sketch"
)

// sketches sets what operations should cost on this machine beside what they
// did, and says how to calibrate a machine that has no prices.
func (b *builder) sketches() {
	told := b.view.Result.Sketches
	if len(told) == 0 {
		return
	}
	var rows []sketch.Told
	for _, t := range told {
		if t.Estimate > 0 {
			rows = append(rows, t)
		}
	}
	b.heading(2, "Sketches")
	if len(rows) == 0 {
		b.para(table.Dim, "What these operations should cost here is unknown: assay doctor --calibrate measures this machine's constants, and assay report then sets each time beside its sketch.")
		return
	}
	b.para(table.Plain, "A sketch counts what one operation needs of the machine and adds up what that costs here, as if nothing overlapped and arithmetic were free. "+
		"Far above 1 the time goes elsewhere than the sketch thinks; below 1 the CPU did several things at once.")
	for len(rows) > 0 {
		n := 1
		for n < len(rows) && rows[n].Family == rows[0].Family {
			n++
		}
		if n < len(told) {
			b.heading(3, rows[0].Family+" beside its sketches")
		}
		b.table("measured times beside the sketches", b.sketchTable(rows[:n]), nil)
		rows = rows[n:]
	}
}

// sketchTable is the table of one family.
func (b *builder) sketchTable(rows []sketch.Told) table.Table {
	t := table.Table{Columns: []table.Column{
		{Title: "variant"},
		{Title: "measured", Right: true},
		{Title: "sketch", Right: true},
		{Title: "ratio", Right: true},
		{Title: "bound by"},
		{Title: "of sketch", Right: true},
	}}
	for _, s := range rows {
		clock := ""
		if s.Clock == "wall" {
			clock = " (wall)"
		}
		name := b.subject(result.Key{Family: s.Family, Op: s.Op, Workload: s.Workload, Scenario: s.Scenario}, s.Variant)
		t.Rows = append(t.Rows, []table.Cell{
			{Text: name},
			{Text: duration(s.Measured) + clock},
			{Text: duration(s.Estimate)},
			{Text: fmt.Sprintf("%.3g", s.Ratio)},
			{Text: words.Clean(s.Binds)},
			{Text: fmt.Sprintf("%.0f%%", 100*s.Share)},
		})
	}
	return t
}

// duration is a time per operation in the unit that suits it.
func duration(ns float64) string {
	for _, u := range []struct {
		name string
		ns   float64
	}{{"s", 1e9}, {"ms", 1e6}, {"µs", 1e3}} {
		if ns >= u.ns {
			return fmt.Sprintf("%.3g %s", ns/u.ns, u.name)
		}
	}
	return fmt.Sprintf("%.3g ns", ns)
}
