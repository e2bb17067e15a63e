package plots

import (
	"math"

	"gonum.org/v1/plot/font"
)

// panel is the frame of the scatter and line figures: two scales in a box.
type panel struct {
	title          string
	x, y           scale // y.from is the bottom
	tickX, tickY   func(float64) string
	labelX, labelY string
	atX            []float64 // the ticks; chosen by the scale when nil
}

// place gives the panel its box, in points from the top left of the figure.
func (f *panel) place(x, y, w, h float64) {
	f.x.from, f.x.to = x, x+w
	f.y.from, f.y.to = y+h, y
}

// frame draws the grid, the axes and their labels.
func (f panel) frame(p pen) {
	atX := f.atX
	if atX == nil {
		atX = f.x.marks(46)
	}
	for _, v := range atX {
		x := f.x.at(v)
		p.line(rule, 0.6, nil, x, f.y.from, x, f.y.to)
		p.text(tickStyle, x, f.y.from+10, middle, f.tickX(v))
	}
	for _, v := range f.y.marks(26) {
		y := f.y.at(v)
		p.line(rule, 0.6, nil, f.x.from, y, f.x.to, y)
		p.text(tickStyle, f.x.from-6, y, right, f.tickY(v))
	}
	p.line(muted, 0.8, nil, f.x.from, f.y.to, f.x.from, f.y.from, f.x.to, f.y.from)
	p.text(headStyle, f.x.from, f.y.to-22, left, cut(p.fonts, headStyle, f.title, f.x.to-f.x.from))
	p.text(tickStyle, f.x.from, f.y.to-9, left, f.labelY)
	p.text(tickStyle, (f.x.from+f.x.to)/2, f.y.from+25, middle, f.labelX)
}

// box is a rectangle that labels must not share.
type box struct{ x0, y0, x1, y1 float64 }

func (b box) meets(o box) bool { return b.x0 < o.x1 && o.x0 < b.x1 && b.y0 < o.y1 && o.y0 < b.y1 }

// labels places one text per point so that no two texts meet, none covers a
// point and none leaves the panel: each point in turn takes the first free of a
// fixed list of places around it, nearest first. Places where a text would be
// taken for another point's are used only when nothing else is free. A text far
// from its point gets a thin line to it; one that finds no place is left out
// (its point stays). Taken holds what else no text may cover. It returns the
// rooms of the texts.
func (f panel) labels(p pen, points [][2]float64, texts []string, styles []style, taken []box) (placed []box) {
	for _, pt := range points {
		taken = append(taken, box{pt[0] - 4, pt[1] - 4, pt[0] + 4, pt[1] + 4})
	}
	for i, pt := range points {
		b, ok := f.room(pt, points, styles[i].width(p.fonts, texts[i]), styles[i].size, taken)
		if !ok {
			continue
		}
		taken, placed = append(taken, b), append(placed, b)
		if x, y := nearest(pt, b); math.Hypot(x-pt[0], y-pt[1]) > 10 {
			p.line(muted, 0.5, nil, pt[0], pt[1], x, y)
		}
		p.text(styles[i], b.x0, (b.y0+b.y1)/2, left, texts[i])
	}
	return placed
}

// room finds the place of one text.
func (f panel) room(pt [2]float64, points [][2]float64, w, size float64, taken []box) (found box, ok bool) {
	for _, at := range places() {
		b := around(pt, at, w, size)
		if b.x0 < f.x.from+1 || b.x1 > f.x.to+40 || b.y0 < f.y.to+1 || b.y1 > f.y.from-1 || hits(b, taken) {
			continue
		}
		if !misleads(pt, b, points) {
			return b, true
		}
		if !ok {
			found, ok = b, true
		}
	}
	return found, ok
}

func hits(b box, taken []box) bool {
	for _, o := range taken {
		if b.meets(o) {
			return true
		}
	}
	return false
}

// nearest is the point of a box that is closest to pt.
func nearest(pt [2]float64, b box) (x, y float64) {
	return math.Max(b.x0, math.Min(b.x1, pt[0])), math.Max(b.y0, math.Min(b.y1, pt[1]))
}

// misleads says whether a text there would be taken for another point's: because
// it stands nearer to that one, or because the line to it runs over that one.
func misleads(pt [2]float64, b box, points [][2]float64) bool {
	x, y := nearest(pt, b)
	own := math.Hypot(x-pt[0], y-pt[1])
	for _, o := range points {
		if math.Hypot(o[0]-pt[0], o[1]-pt[1]) < 6 {
			continue // itself, or so near that nothing can tell them apart
		}
		if ox, oy := nearest(o, b); math.Hypot(ox-o[0], oy-o[1]) < own {
			return true
		}
		for f := 0.0; f <= 1; f += 0.1 {
			if math.Hypot(pt[0]+f*(x-pt[0])-o[0], pt[1]+f*(y-pt[1])-o[1]) < 6 {
				return true
			}
		}
	}
	return false
}

// places lists directions and distances: right, left, above, below and the
// corners, then the same farther out.
func places() [][3]float64 {
	out := [][3]float64{}
	for _, d := range []float64{6, 14, 24, 36, 50, 66} {
		for _, a := range [][2]float64{{1, 0}, {-1, 0}, {0, -1}, {0, 1}, {1, -1}, {-1, -1}, {1, 1}, {-1, 1}, {1, -0.5}, {-1, -0.5}, {1, 0.5}, {-1, 0.5}} {
			out = append(out, [3]float64{a[0], a[1], d})
		}
	}
	return out
}

// around is the box of a text of width w beside a point.
func around(pt [2]float64, at [3]float64, w, size float64) box {
	x, y := pt[0]+at[0]*at[2], pt[1]+at[1]*at[2]
	switch {
	case at[0] < 0:
		x -= w
	case at[0] == 0:
		x -= w / 2
	}
	half := size * 0.55
	return box{x, y - half, x + w, y + half}
}

// spreadOut moves heights that are closer than gap apart, keeping their order,
// so that texts beside line ends do not overlap; the block stays within lo and hi
// where it fits.
func spreadOut(ys []float64, gap, lo, hi float64) []float64 {
	order := make([]int, len(ys))
	for i := range order {
		order[i] = i
	}
	sortBy(order, func(i int) float64 { return ys[i] })
	out := make([]float64, len(ys))
	last := math.Inf(-1)
	for _, i := range order {
		out[i] = math.Max(math.Max(ys[i], lo), last+gap)
		last = out[i]
	}
	over := last - hi
	for n := len(order) - 1; n >= 0 && over > 0; n-- {
		limit := hi - gap*float64(len(order)-1-n)
		out[order[n]] = math.Min(out[order[n]], limit)
	}
	return out
}

// ends names the lines of a panel beside their right ends, each with its mark.
func (f panel) ends(p pen, heights []float64, texts []string) {
	for i, y := range spreadOut(heights, 13, f.y.to, f.y.from) {
		p.line(muted, 0.5, nil, f.x.to-2, heights[i], f.x.to+6, y)
		p.dot(hue(i), f.x.to+11, y, 2.6, i/6, false)
		p.text(labelStyle, f.x.to+18, y, left, cut(p.fonts, labelStyle, texts[i], maxLabel))
	}
}

// widest measures the longest of some texts.
func widest(fonts *font.Cache, s style, texts []string) float64 {
	w := 0.0
	for _, t := range texts {
		w = math.Max(w, s.width(fonts, t))
	}
	return w
}
