package plots

import (
	"math"
	"slices"

	"assay/reports/view"
	"assay/reports/words"
)

// Measures of a figure of slices in points.
const (
	laneHigh = 58.0
	laneGap  = 12.0
)

// slicesOverTime draws the timed slices of a group in the order measured, a lane
// per variant, each over its own median: a slope is a drift of the machine, a
// cloud its noise, a second cloud a slow mode. All lanes have one scale, so what
// disturbs all variants alike shows at the same place in all lanes.
func slicesOverTime(v view.View) []Figure {
	out := []Figure{}
	for _, t := range v.Timelines {
		lanes, ok := newLanes(t)
		if !ok {
			continue
		}
		lanes.title = words.Clean("Slices of " + words.Clean(t.Family+"/"+t.Op+" "+t.Workload+" "+t.Scenario) + " over time")
		out = append(out, Figure{
			Kind: Slices, Name: slug("slices", t.Family, t.Op, t.Workload, t.Scenario), Title: lanes.title, Wide: wide, High: lanes.high(),
			Alt:  "A lane per variant with a mark for each slice over the median of its variant, from the start of the run to its end.",
			draw: lanes.paint,
		})
	}
	return out
}

// lanes is one figure of slices.
type lanes struct {
	title, clock string
	x, y         scale
	names        []string
	medians      []float64      // of all slices, in ns
	points       [][][2]float64 // by variant: seconds since the run began, time over the median
}

// bodyOfSlices bounds the scale: what lies beyond it stands on the border.
const bodyOfSlices = 0.005

func newLanes(t view.Timeline) (lanes, bool) {
	l := lanes{clock: t.Clock, points: make([][][2]float64, len(t.Arms))}
	for _, a := range t.Arms {
		l.names, l.medians = append(l.names, words.Clean(a.Name)), append(l.medians, a.Median)
	}
	at, over := []float64{}, []float64{}
	for _, r := range t.Restarts {
		for i, arm := range r.Arm {
			if arm >= len(t.Arms) || !loggable(l.medians[arm]) || !loggable(r.Ns[i]) || !good(r.At+r.Off[i]) {
				continue
			}
			p := [2]float64{r.At + r.Off[i], r.Ns[i] / l.medians[arm]}
			l.points[arm] = append(l.points[arm], p)
			at, over = append(at, p[0]), append(over, p[1])
		}
	}
	slices.Sort(over)
	edge := int(bodyOfSlices * float64(len(over)))
	var okX, okY bool
	l.x, okX = fit(false, 0.01, at...)
	if len(over) > 0 {
		l.y, okY = fit(true, 0.1, over[edge], over[len(over)-1-edge], 1)
	}
	return l, okX && okY
}

func (l lanes) top() float64 { return margin + titleHigh + 16 + 8 }

func (l lanes) high() float64 {
	return l.top() + float64(len(l.names))*(laneHigh+laneGap) + axisHigh - laneGap
}

func (l lanes) paint(p pen) {
	header(p, l.title, clockName(l.clock)+" per operation over the variant's median (logarithmic). Each restart keeps its fastest and slowest slices.")
	gutter := math.Min(widest(p.fonts, labelStyle, l.names), maxLabel)
	l.x.from, l.x.to = margin+gutter+44, wide-margin
	y := l.top()
	for i := range l.names {
		l.lane(p, i, y)
		y += laneHigh + laneGap
	}
	y -= laneGap
	for _, s := range l.x.marks(46) {
		p.text(tickStyle, l.x.at(s), y+11, middle, plain(s)+" s")
	}
	p.text(tickStyle, (l.x.from+l.x.to)/2, y+27, middle, "since the run began")
}

// lane draws one variant's slices between y and y+laneHigh.
func (l lanes) lane(p pen, i int, y float64) {
	l.y.from, l.y.to = y+laneHigh, y
	p.rect(wash, l.x.from, y, l.x.to-l.x.from, laneHigh)
	for _, v := range l.y.marks(17) {
		at := l.y.at(v)
		p.line(rule, 0.6, nil, l.x.from, at, l.x.to, at)
		p.text(tickStyle, l.x.from-6, at, right, plain(v))
	}
	marks := make([][3]float64, 0, len(l.points[i]))
	for _, pt := range l.points[i] {
		at := l.y.at(pt[1])
		marks = append(marks, [3]float64{l.x.at(pt[0]), at - 0.9, at + 0.9})
	}
	p.ticks(hue(i), 1.5, marks)
	one := l.y.at(1)
	p.line(ink, 0.7, nil, l.x.from, one, l.x.to, one)
	p.text(labelStyle, margin, y+laneHigh/2-7, left, cut(p.fonts, labelStyle, l.names[i], maxLabel))
	if loggable(l.medians[i]) {
		p.text(tickStyle, margin, y+laneHigh/2+7, left, nanos(l.medians[i]))
	}
}

// clockName says in words what a timeline was taken on.
func clockName(clock string) string {
	switch clock {
	case "wall":
		return "Wall time"
	case "process":
		return "Processor time of the process"
	}
	return "Processor time"
}
