package plots

import (
	"fmt"

	"assay/reports/view"
	"assay/reports/words"
	"assay/runner/ladder"
)

// ladders draws where the time of each step of a published story went: a bar
// per step, stacked by phase, once in the author's seconds and once in those of
// the run. They are two figures because they have two scales: another machine,
// and often another size.
func ladders(v view.View) []Figure {
	out := []Figure{}
	for _, l := range v.Result.Ladders {
		for _, side := range []struct {
			name, title, note string
			of                func(ladder.Cell) *float64
		}{
			{"measured", "Where the time of each step went, as measured", "CPU seconds of the phases under " + l.Workload, func(c ladder.Cell) *float64 { return c.Measured }},
			{"told", "Where the time of each step went, as told", "Seconds of the phases by " + l.Source + ", under " + l.Published, func(c ladder.Cell) *float64 { return c.Published }},
		} {
			if f, ok := stack(l, side.of); ok {
				f.title, f.note = words.Clean(l.Family)+": "+side.title, words.Clean(side.note)
				out = append(out, f.figure(Stacked, slug("ladder", l.Family, l.Workload, side.name),
					"Bars of seconds per step of the ladder, stacked by phase; the ladder's tables have the same figures."))
			}
		}
	}
	return out
}

// barHigh leaves a little air between bars.
const barHigh = rowHigh - 5

// stack is the chart of one side of a ladder, without the phases it lacks.
func stack(l ladder.Told, of func(ladder.Cell) *float64) (rowChart, bool) {
	c := rowChart{tick: plain, xLabel: "seconds"}
	longest, rows := 0.0, []row{}
	for _, s := range l.Steps {
		parts, sum := make([]float64, len(s.Cells)), 0.0
		for k, cell := range s.Cells {
			if x := of(cell); x != nil && *x > 0 && good(*x) {
				parts[k] = *x
				sum += *x
			}
		}
		longest = max(longest, sum)
		rows = append(rows, row{label: words.Clean(s.Variant), value: fmt.Sprintf("%s s", words.Plain(sum)), mark: stacked(parts)})
	}
	for k, cell := range l.Steps[0].Cells {
		for _, s := range l.Steps {
			if x := of(s.Cells[k]); x != nil && *x > 0 {
				c.legend = append(c.legend, key{words.Clean(cell.Doc), hue(k), false})
				break
			}
		}
	}
	if longest == 0 {
		return c, false
	}
	c.x = scale{lo: 0, hi: longest}
	c.sections = []section{{rows: rows}}
	return c, true
}

// stacked draws the phases of a step end to end.
func stacked(parts []float64) func(pen, scale, float64) {
	return func(p pen, x scale, y float64) {
		at := 0.0
		for k, part := range parts {
			if part > 0 {
				p.rect(hue(k), x.at(at), y-barHigh/2, x.at(at+part)-x.at(at), barHigh)
			}
			at += part
		}
	}
}
