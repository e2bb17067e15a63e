package plots

import (
	"image/color"
	"math"
	"sort"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/font/liberation"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	xfont "golang.org/x/image/font"
)

// The ink of every figure. The hues are Okabe and Ito's, which readers with
// any common colour blindness can tell apart; the page lightens them on dark
// backgrounds by these exact values (see package html).
var (
	paper  = color.RGBA{0xff, 0xff, 0xff, 0xff}
	ink    = color.RGBA{0x1f, 0x23, 0x28, 0xff}
	muted  = color.RGBA{0x59, 0x63, 0x6e, 0xff}
	rule   = color.RGBA{0xd1, 0xd9, 0xe0, 0xff}
	slate  = color.RGBA{0x8c, 0x98, 0xa4, 0xff}
	wash   = color.RGBA{0xee, 0xf1, 0xf4, 0xff}
	blue   = color.RGBA{0x00, 0x72, 0xb2, 0xff}
	orange = color.RGBA{0xd5, 0x5e, 0x00, 0xff}
	green  = color.RGBA{0x00, 0x9e, 0x73, 0xff}
	purple = color.RGBA{0xcc, 0x79, 0xa7, 0xff}
	amber  = color.RGBA{0xe6, 0x9f, 0x00, 0xff}
	sky    = color.RGBA{0x56, 0xb4, 0xe9, 0xff}
)

// hue gives the i-th series its colour; shapes repeat more slowly than colours,
// so that no two of the first 30 series look alike.
func hue(i int) color.Color { return []color.Color{blue, orange, green, purple, amber, sky}[i%6] }

// pen draws on a canvas in points, with y growing downwards as one lays out a page.
type pen struct {
	draw.Canvas
	fonts *font.Cache
	high  vg.Length
	shift *[]float64 // of each text drawn: from where it begins to where it ends, 0 where it may grow; nil = nobody asks
}

// paint draws the figure. Where shift is not nil it receives what the texts need
// to keep their place in another font: see anchored.
func (f Figure) paint(c draw.Canvas, background color.Color, shift *[]float64) {
	p := newPen(c, newFonts(), f.High)
	p.shift = shift
	if background != nil {
		p.rect(background, 0, 0, f.Wide, f.High)
	}
	f.draw(p)
}

func newPen(c draw.Canvas, fonts *font.Cache, high float64) pen {
	return pen{Canvas: c, fonts: fonts, high: vg.Length(high)}
}

// newFonts makes a cache for one drawing; gonum's default one is a global that
// concurrent drawings would share.
func newFonts() *font.Cache { return font.NewCache(liberation.Collection()) }

// style says how a text looks: its size in points, its colour, its weight.
type style struct {
	size float64
	ink  color.Color
	bold bool
}

var (
	titleStyle = style{13, ink, true}
	noteStyle  = style{9.5, muted, false}
	labelStyle = style{10, ink, false}
	headStyle  = style{10, ink, true}
	tickStyle  = style{9, muted, false}
)

func (s style) font() font.Font {
	f := font.Font{Typeface: "Liberation", Variant: "Sans", Size: vg.Length(s.size)}
	if s.bold {
		f.Weight = xfont.WeightBold
	}
	return f
}

// width measures a text in points.
func (s style) width(fonts *font.Cache, txt string) float64 {
	w, _, _ := text.Plain{Fonts: fonts}.Box(txt, s.font())
	return float64(w)
}

// Sides of a text that stand on its point.
const (
	left   = 0.0
	middle = -0.5
	right  = -1.0
)

// text writes at (x, y): y is the middle of the line, side says which part of
// the text stands at x.
func (p pen) text(s style, x, y, side float64, txt string) {
	if txt == "" {
		return
	}
	if p.shift != nil {
		by := 0.0
		if side == right {
			by = s.width(p.fonts, txt)
		}
		*p.shift = append(*p.shift, by)
	}
	p.FillText(draw.TextStyle{Color: s.ink, Font: s.font(), XAlign: text.XAlignment(side), YAlign: text.YCenter, Handler: text.Plain{Fonts: p.fonts}},
		p.at(x, y-0.09*s.size), txt) // the box of a line reaches below its letters: lift them to the middle
}

func (p pen) at(x, y float64) vg.Point { return vg.Point{X: vg.Length(x), Y: p.high - vg.Length(y)} }

func (p pen) rect(c color.Color, x, y, w, h float64) {
	p.FillPolygon(c, []vg.Point{p.at(x, y), p.at(x+w, y), p.at(x+w, y+h), p.at(x, y+h)})
}

// line joins points given as x, y, x, y, …
func (p pen) line(c color.Color, width float64, dash []vg.Length, xy ...float64) {
	pts := make([]vg.Point, 0, len(xy)/2)
	for i := 0; i+1 < len(xy); i += 2 {
		pts = append(pts, p.at(xy[i], xy[i+1]))
	}
	p.StrokeLines(draw.LineStyle{Color: c, Width: vg.Length(width), Dashes: dash}, pts)
}

func dashed() []vg.Length { return []vg.Length{3, 2} }

// dot draws the marker of a shape; hollow ones are drawn as outlines.
func (p pen) dot(c color.Color, x, y, radius float64, shape int, hollow bool) {
	path := outlineOf(shape, p.at(x, y), vg.Length(radius))
	p.SetColor(c)
	if hollow {
		p.SetLineStyle(draw.LineStyle{Color: c, Width: 1.3})
		p.Stroke(path)
		return
	}
	p.Fill(path)
}

// outlineOf gives a circle, then polygons of 3 to 5 corners, for ever.
func outlineOf(shape int, at vg.Point, r vg.Length) vg.Path {
	var path vg.Path
	corners := []int{0, 4, 3, 5}[shape%4]
	if corners == 0 {
		path.Move(vg.Point{X: at.X + r, Y: at.Y})
		path.Arc(at, r, 0, 2*math.Pi)
		path.Close()
		return path
	}
	for i := range corners {
		a := math.Pi/2 + 2*math.Pi*float64(i)/float64(corners)
		pt := vg.Point{X: at.X + 1.15*r*vg.Length(math.Cos(a)), Y: at.Y + 1.15*r*vg.Length(math.Sin(a))}
		if i == 0 {
			path.Move(pt)
			continue
		}
		path.Line(pt)
	}
	path.Close()
	return path
}

// ticks draws many short vertical marks as one path: 40 restarts of a row are
// one element of the SVG and not 40.
func (p pen) ticks(c color.Color, width float64, marks [][3]float64) {
	var path vg.Path
	for _, m := range marks { // x, top, bottom
		path.Move(p.at(m[0], m[1]))
		path.Line(p.at(m[0], m[2]))
	}
	p.SetLineStyle(draw.LineStyle{Color: c, Width: vg.Length(width)})
	p.Stroke(path)
}

// cut shortens a text to a width in points, with an ellipsis.
func cut(fonts *font.Cache, s style, txt string, width float64) string {
	if s.width(fonts, txt) <= width {
		return txt
	}
	rs := []rune(txt)
	n := sort.Search(len(rs), func(n int) bool { return s.width(fonts, string(rs[:n+1])+"…") > width })
	return string(rs[:n]) + "…"
}
