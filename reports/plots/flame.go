package plots

import (
	"fmt"
	"image/color"
	"math"
	"strings"

	"assay/profiles/flame"
	"assay/reports/view"
	"assay/reports/words"
)

// Measures of a flame figure in points and frames.
const (
	flameRow    = 13.0
	flameHead   = 20.0
	flameGap    = 8.0
	maxDepth    = 9   // frames further from the operation are left out
	leastFrame  = 0.6 // narrower ones are left out
	flameLegend = 18.0
)

// flames draws each profiled operation: a strip per variant, the operation on
// top and what it called below, all strips on one scale. So a picture shows
// what the page's graph shows one pair at a time. The frames of contenders have
// the page's colours: what costs more than on the base, what less.
func flames(v view.View) []Figure {
	out := []Figure{}
	for _, f := range v.Flames {
		strips := flameStrips(f)
		if len(strips) == 0 {
			continue
		}
		about := f.Family + "/" + f.Op
		if name := strings.TrimSpace(f.Workload + " " + f.Scenario); name != "" {
			about += " " + name
		}
		chart := flameChart{title: words.Clean("Where " + about + " spends " + spent(f.Kind)), strips: strips}
		out = append(out, Figure{
			Kind: Flames, Name: slug("flame", f.Kind, f.Family, f.Op, f.Workload, f.Scenario), Title: chart.title, Wide: wide, High: chart.high(),
			Alt:  "A strip of nested boxes per variant, as wide as what an operation costs in each function and what it called; the functions below say it in numbers.",
			draw: chart.paint,
		})
	}
	return out
}

// spent says in words what a kind of profile shows.
func spent(kind string) string {
	switch kind {
	case "cpu":
		return "processor time"
	case "heap", "allocs":
		return "memory (" + kind + ")"
	}
	return "time (" + kind + ")"
}

// flameChart is one figure: strips over one scale.
type flameChart struct {
	title  string
	strips []flameStrip
}

// flameStrip is one side: its boxes, how deep they go, and how much wider than
// the others it is drawn.
type flameStrip struct {
	name, cost string
	boxes      []flame.Box
	depth      int
	whole      float64 // in the graph's unit
	zoom       float64
}

func flameStrips(f view.Flame) []flameStrip {
	most := 0.0
	strips := []flameStrip{}
	for i, boxes := range f.Graph.Boxes(leastFrame / wide) {
		if len(boxes) == 0 || i >= len(f.Sides) || !good(boxes[0].Wide) {
			continue
		}
		s := flameStrip{name: words.Clean(f.Sides[i]), boxes: boxes, whole: boxes[0].Wide, cost: words.Number(f.Graph.Unit, boxes[0].Wide)}
		for _, b := range boxes {
			s.depth = max(s.depth, min(b.Depth+1, maxDepth))
		}
		most = math.Max(most, s.whole)
		strips = append(strips, s)
	}
	for i := range strips {
		strips[i].zoom = zoom(strips[i].whole / most)
		if z := strips[i].zoom; z > 1 {
			strips[i].cost += fmt.Sprintf(", drawn %s times as wide", plain(z))
		}
	}
	return strips
}

// leastShare is how much of the width the narrowest strip takes.
const leastShare = 0.15

// zoom widens a strip that would be a line beside the widest: by a power of two,
// so that widths stay easy to compare in the head.
func zoom(share float64) float64 {
	z := 1.0
	for share > 0 && share*z < leastShare && z < 1<<40 {
		z *= 2
	}
	return z
}

func (c flameChart) high() float64 {
	h := margin + titleHigh + 16 + flameLegend
	for _, s := range c.strips {
		h += flameHead + flameRow*float64(s.depth) + flameGap
	}
	return h + margin/2
}

func (c flameChart) paint(p pen) {
	header(p, c.title, "Per operation, without the callers that all samples share. Below a box stands what it called. The page zooms and searches.")
	y := margin + titleHigh + 16
	if len(c.strips) > 1 {
		flameKey(p, y+4)
	}
	y += flameLegend
	most := 0.0
	for _, s := range c.strips {
		most = math.Max(most, s.whole)
	}
	for _, s := range c.strips {
		p.text(headStyle, margin, y+flameHead/2, left, cut(p.fonts, headStyle, s.name, 2*maxLabel))
		p.text(noteStyle, wide-margin, y+flameHead/2, right, s.cost)
		y += flameHead
		s.paint(p, y, s.zoom*(wide-2*margin)/most)
		y += flameRow*float64(s.depth) + flameGap
	}
}

// paint draws the boxes of a strip from y down, perUnit points for one unit.
func (s flameStrip) paint(p pen, y, perUnit float64) {
	for _, b := range s.boxes {
		x, w := margin+b.At*perUnit, b.Wide*perUnit
		if b.Depth >= maxDepth || w < leastFrame {
			continue
		}
		top := y + flameRow*float64(b.Depth)
		p.rect(tint(b.Change), x, top, math.Max(w-0.5, 0.4), flameRow-0.8)
		const least, pad = 26.0, 3.0
		if w > least {
			p.text(frameStyle, x+pad, top+flameRow/2-0.3, left, cut(p.fonts, frameStyle, b.Name, w-2*pad))
		}
	}
}

var frameStyle = style{8, ink, false}

// tint is the colour of a change: shades of orange for more and of blue for
// less, grey for none that could be told from chance.
func tint(change float64) color.Color {
	if change == 0 {
		return color.RGBA{0xe9, 0xec, 0xef, 0xff}
	}
	more := []color.Color{color.RGBA{0xfb, 0xe3, 0xd0, 0xff}, color.RGBA{0xf8, 0xc4, 0x9c, 0xff}, color.RGBA{0xf2, 0xa2, 0x67, 0xff}, color.RGBA{0xe8, 0x84, 0x3a, 0xff}}
	less := []color.Color{color.RGBA{0xd8, 0xeb, 0xf7, 0xff}, color.RGBA{0xa9, 0xd3, 0xef, 0xff}, color.RGBA{0x7c, 0xbb, 0xe4, 0xff}, color.RGBA{0x55, 0xa4, 0xd8, 0xff}}
	step := int(math.Max(1, math.Min(4, math.Round(4*math.Sqrt(math.Abs(change)))))) - 1
	if change > 0 {
		return more[step]
	}
	return less[step]
}

// flameKey explains the colours.
func flameKey(p pen, y float64) {
	x := margin + 4.0
	for _, k := range []struct {
		change float64
		name   string
	}{{1, "the base has none of it"}, {0.2, "costs more than on the base"}, {0, "no change beyond chance"}, {-0.2, "costs less"}} {
		p.rect(tint(k.change), x-4, y-4, 9, 8)
		p.text(tickStyle, x+9, y, left, k.name)
		x += 27 + tickStyle.width(p.fonts, k.name)
	}
}
