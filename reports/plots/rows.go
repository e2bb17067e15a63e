package plots

import (
	"image/color"
	"math"

	"gonum.org/v1/plot/font"
)

// rowChart is the frame that three figures share: sections of labelled rows
// over one horizontal scale, a text column on the right, reference lines.
type rowChart struct {
	title, note string
	xLabel      string
	x           scale
	tick        func(float64) string
	ref         float64    // a vertical line at this value; 0 for none
	band        [2]float64 // a shaded range around it; zero for none
	sections    []section
	legend      []key
	valueAt     float64 // right side of the value column, in points; set by paint
}

// section is a group of rows under one heading, with a limit of its own.
type section struct {
	title string
	limit float64 // a dashed line across the section's rows; 0 for none
	about string  // what the limit is
	rows  []row
}

// row is one line: its label, its mark, and what stands on the right.
type row struct {
	label string
	value string
	share string  // stands right of the value, in a column of its own
	size  float64 // what the scale must hold
	faint bool
	mark  func(p pen, x scale, y float64) // nil where there is nothing to draw
}

// key explains one mark of the legend.
type key struct {
	name   string
	ink    color.Color
	hollow bool
}

// Measures of the frame in points.
const (
	wide       = 640.0
	margin     = 14.0
	rowHigh    = 16.0
	headHigh   = 22.0
	maxLabel   = 190.0
	maxRows    = 90 // a figure taller than two screens is cut into several
	axisHigh   = 40.0
	titleHigh  = 22.0
	legendHigh = 18.0
	tickGap    = 32.0
)

// high is the height the chart needs.
func (c rowChart) high() float64 {
	h := c.top() + axisHigh
	for _, s := range c.sections {
		h += headHigh + rowHigh*float64(len(s.rows))
	}
	return h
}

func (c rowChart) top() float64 {
	h := margin + titleHigh
	if c.note != "" {
		h += 16
	}
	if len(c.legend) > 0 {
		h += legendHigh
	}
	return h + 4
}

// paint draws the chart from top to bottom.
func (c rowChart) paint(p pen) {
	labels, values, shares := c.columns(p.fonts)
	c.x.from, c.x.to = margin+labels+14, wide-margin-values-shares-10
	c.valueAt = wide - margin - shares
	top, bottom := c.top(), c.high()-axisHigh
	c.header(p)
	c.grid(p, top, bottom)
	y := top
	for _, s := range c.sections {
		c.section(p, s, y)
		y += headHigh + rowHigh*float64(len(s.rows))
	}
	c.axis(p, bottom)
}

func (c rowChart) columns(fonts *font.Cache) (labels, values, shares float64) {
	for _, s := range c.sections {
		labels = math.Max(labels, headStyle.width(fonts, s.title)-6)
		for _, r := range s.rows {
			labels = math.Max(labels, labelStyle.width(fonts, r.label))
			values = math.Max(values, labelStyle.width(fonts, r.value))
			if r.share != "" {
				shares = math.Max(shares, labelStyle.width(fonts, r.share)+8)
			}
		}
	}
	return math.Min(widerFont*labels, maxLabel), math.Min(widerFont*values, maxLabel), shares
}

// widerFont is the room that a reader's own sans takes, such as DejaVu, where the
// fonts that a document names are missing: columns end at their right, and what
// needs more of it than was measured is cut off at the left.
const widerFont = 1.17

func (c rowChart) header(p pen) {
	header(p, c.title, c.note)
	if len(c.legend) == 0 {
		return
	}
	x, y := margin+4.0, c.top()-legendHigh/2-6
	for _, k := range c.legend {
		p.dot(k.ink, x, y, 3.6, 0, k.hollow)
		p.text(tickStyle, x+8, y, left, k.name)
		x += 22 + tickStyle.width(p.fonts, k.name)
	}
}

// header writes a figure's title and the line below it.
func header(p pen, title, note string) {
	p.text(titleStyle, margin, margin+6, left, cut(p.fonts, titleStyle, title, wide-2*margin))
	if note != "" {
		p.text(noteStyle, margin, margin+23, left, cut(p.fonts, noteStyle, note, wide-2*margin))
	}
}

func (c rowChart) grid(p pen, top, bottom float64) {
	if c.band[1] > c.band[0] {
		a, b := c.x.at(c.band[0]), c.x.at(c.band[1])
		p.rect(wash, a, top, b-a, bottom-top)
	}
	for _, v := range c.x.marks(tickGap) {
		x := c.x.at(v)
		p.line(rule, 0.6, nil, x, top, x, bottom)
	}
	if c.ref > 0 && c.x.holds(c.ref) {
		x := c.x.at(c.ref)
		p.line(muted, 1, nil, x, top, x, bottom)
	}
}

func (c rowChart) section(p pen, s section, y float64) {
	p.text(headStyle, margin, y+headHigh/2+2, left, cut(p.fonts, headStyle, s.title, c.x.from-margin-8))
	high := rowHigh * float64(len(s.rows))
	for i, r := range s.rows {
		at := y + headHigh + rowHigh*(float64(i)+0.5)
		st := labelStyle
		if r.faint {
			st = style{10, muted, false}
		}
		p.text(st, c.x.from-14, at, right, cut(p.fonts, st, r.label, maxLabel))
		p.text(st, c.valueAt, at, right, cut(p.fonts, st, r.value, maxLabel))
		p.text(style{10, muted, false}, wide-margin, at, right, r.share)
		if r.mark != nil {
			r.mark(p, c.x, at)
		}
	}
	if s.limit > 0 && c.x.holds(s.limit) {
		x := c.x.at(s.limit)
		p.line(ink, 1.1, dashed(), x, y+headHigh-14, x, y+headHigh+high)
		at, side := x-4, right
		if x-c.x.from < tickStyle.width(p.fonts, s.about)+8 { // it would run into the section's title
			at, side = x+4, left
		}
		p.text(tickStyle, at, y+headHigh/2+2, side, s.about)
	}
}

func (c rowChart) axis(p pen, y float64) {
	p.line(muted, 0.8, nil, c.x.from, y, c.x.to, y)
	for _, v := range c.x.marks(tickGap) {
		x := c.x.at(v)
		p.line(muted, 0.8, nil, x, y, x, y+3)
		p.text(tickStyle, x, y+11, middle, c.tick(v))
	}
	p.text(tickStyle, (c.x.from+c.x.to)/2, y+27, middle, c.xLabel)
}

// pages cuts sections into charts of at most maxRows rows, and a section longer
// than that into several of its name.
func pages(all []section) [][]section {
	out, n := [][]section{}, 0
	for _, s := range all {
		for len(s.rows) > 0 {
			part := s
			part.rows = s.rows[:min(len(s.rows), maxRows)]
			s.rows = s.rows[len(part.rows):]
			if len(out) == 0 || n+len(part.rows) > maxRows {
				out, n = append(out, nil), 0
			}
			out[len(out)-1] = append(out[len(out)-1], part)
			n += len(part.rows)
		}
	}
	return out
}

// figure closes a chart into a picture.
func (c rowChart) figure(kind Kind, name, alt string) Figure {
	return Figure{Name: name, Kind: kind, Title: c.title, Alt: alt, Wide: wide, High: c.high(), draw: c.paint}
}
