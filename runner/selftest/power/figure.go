package main

import (
	"bytes"
	"fmt"
	"image/color"
	"math"
	"os"
	"path/filepath"

	xfont "golang.org/x/image/font"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgsvg"
)

// The size of the figure in points, and the dots per inch of its bitmap: two
// per point, for screens with as many pixels.
const (
	panelWide = 430
	high      = 400
	headHigh  = 104
	dpi       = 144
)

var (
	ink    = color.RGBA{0x1f, 0x23, 0x28, 0xff}
	muted  = color.RGBA{0x59, 0x63, 0x6e, 0xff}
	rule   = color.RGBA{0xe1, 0xe6, 0xeb, 0xff}
	wash   = color.RGBA{0xf4, 0xf6, 0xf8, 0xff}
	blue   = color.RGBA{0x00, 0x72, 0xb2, 0xff}
	orange = color.RGBA{0xd5, 0x5e, 0x00, 0xff}
	green  = color.RGBA{0x00, 0x9e, 0x73, 0xff}
)

// nothing is where "nothing planted" stands on the logarithmic axis of
// effects, which has no zero.
const nothing = 0.0021

func place(effect float64) float64 {
	if effect == 0 {
		return nothing
	}
	return effect
}

// drawFigure writes the power curves as power.svg and power.png.
func drawFigure(dir string, sums []summary, note string) error {
	panels := panelsOf(sums)
	wide := vg.Length(len(panels)) * panelWide
	svg := vgsvg.New(wide, high)
	png := vgimg.NewWith(vgimg.UseWH(wide, high), vgimg.UseDPI(dpi), vgimg.UseBackgroundColor(color.White))
	var doc, bits bytes.Buffer
	for _, c := range []vg.CanvasSizer{svg, png} {
		if err := paint(draw.New(c), panels, note); err != nil {
			return err
		}
	}
	if _, err := svg.WriteTo(&doc); err != nil {
		return err
	}
	if _, err := (vgimg.PngCanvas{Canvas: png}).WriteTo(&bits); err != nil {
		return err
	}
	// The document names a font it does not carry; Arial and Helvetica have the same widths.
	vector := bytes.ReplaceAll(doc.Bytes(), []byte("font-family:Liberation Sans;"), []byte("font-family:Liberation Sans,Arial,Helvetica,sans-serif;"))
	if err := os.WriteFile(filepath.Join(dir, "power.svg"), vector, 0o644); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "power.png"), bits.Bytes(), 0o644)
}

// panelsOf parts the sums by time per comparison.
func panelsOf(sums []summary) [][]summary {
	var panels [][]summary
	for _, seconds := range []float64{shortest, longest} {
		if of := only(sums, seconds); len(of) > 0 {
			panels = append(panels, of)
		}
	}
	return panels
}

func paint(c draw.Canvas, panels [][]summary, note string) error {
	c.SetColor(color.White)
	c.Fill(c.Rectangle.Path())
	put := func(s text.Style, x, fromTop float64, txt string) {
		c.FillText(s, vg.Point{X: c.Min.X + vg.Length(x), Y: c.Max.Y - vg.Length(fromTop)}, txt)
	}
	put(style(14, ink, true), 16, 12, "Which slowdowns are found, and which alarms are false")
	put(style(9.5, muted, false), 16, 32, "Same loops, same wall time, one machine. Bars: 95 % intervals (Clopper and Pearson).")
	put(style(9.5, muted, false), 16, 45, note)
	if len(panels) > 0 {
		legend(c, panels[0])
	}
	body := draw.Crop(c, 10, -12, 10, -headHigh)
	for i, of := range panels {
		p, err := panel(of)
		if err != nil {
			return err
		}
		step := (body.Max.X - body.Min.X) / vg.Length(len(panels))
		p.Draw(draw.Crop(body, vg.Length(i)*step+4, -vg.Length(len(panels)-1-i)*step-4, 0, 0))
	}
	return nil
}

func style(size float64, c color.Color, bold bool) text.Style {
	f := font.Font{Typeface: "Liberation", Variant: "Sans", Size: vg.Length(size)}
	if bold {
		f.Weight = xfont.WeightBold
	}
	return text.Style{Color: c, Font: f, YAlign: text.YTop, Handler: plot.DefaultTextHandler}
}

// look is how a reading is drawn.
type look struct {
	line  draw.LineStyle
	glyph draw.GlyphStyle
	shift float64 // along the axis, so that intervals stand beside each other
}

func (r reading) look() look {
	hue, shape, shift := blue, draw.GlyphDrawer(draw.CircleGlyph{}), 0.0
	switch r.method {
	case "go test":
		hue, shape, shift = orange, draw.BoxGlyph{}, 1
	case "alternating":
		hue, shape, shift = green, draw.PyramidGlyph{}, -1
	}
	l := look{
		line:  draw.LineStyle{Color: hue, Width: 1.8},
		glyph: draw.GlyphStyle{Color: hue, Radius: 3.2, Shape: shape}, shift: shift,
	}
	if r.method != "assay" && r.alpha < 0.05 { // the stricter reading of the same trials
		l.line.Width, l.line.Dashes = 1.1, []vg.Length{3, 2.5}
		l.glyph.Radius = 2.2
	}
	return l
}

// legend writes the readings in two lines below the title.
func legend(c draw.Canvas, of []summary) {
	s := style(9.5, ink, false)
	s.YAlign = text.YCenter
	x, y := c.Min.X+16, c.Max.Y-70
	for i, sum := range of {
		if i == 3 { // the two of alternating start a line of their own
			x, y = c.Min.X+16, y-16
		}
		l := sum.look()
		c.StrokeLine2(l.line, x, y, x+24, y)
		c.DrawGlyph(l.glyph, vg.Point{X: x + 12, Y: y})
		c.FillText(s, vg.Point{X: x + 30, Y: y}, sum.label())
		x += 30 + s.Width(sum.label()) + 22
	}
}

// panel plots the readings of one time per comparison.
func panel(of []summary) (*plot.Plot, error) {
	p := plot.New()
	p.BackgroundColor = nil
	p.Title.Text = fmt.Sprintf("%g s per comparison", of[0].seconds)
	p.Title.TextStyle = style(11, ink, true)
	p.Title.Padding = 6
	p.Title.TextStyle.XAlign = text.XCenter
	p.X.Label.Text, p.Y.Label.Text = "planted slowdown", "called a change, share of trials"
	for _, a := range []*plot.Axis{&p.X, &p.Y} {
		a.Label.TextStyle.Font, a.Label.TextStyle.Color = style(10, ink, false).Font, muted
		a.Tick.Label.Font, a.Tick.Label.Color = style(9.5, ink, false).Font, ink
		a.LineStyle = draw.LineStyle{Color: muted, Width: 0.8}
		a.Tick.LineStyle = a.LineStyle
		a.Tick.Length = 3
		a.Padding = 0
	}
	p.X.Scale = plot.LogScale{}
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = 0.0016, 0.125, 0, 1.1
	p.X.Tick.Marker, p.Y.Tick.Marker = effectTicks(), shareTicks()
	p.Add(ground{})
	for i := range of {
		if err := curve(p, of[len(of)-1-i]); err != nil { // the first on top
			return nil, err
		}
	}
	return p, nil
}

func effectTicks() plot.ConstantTicks {
	var ticks plot.ConstantTicks
	for _, e := range effects() {
		label := percent(e)
		if e == 0 {
			label = "nothing"
		}
		ticks = append(ticks, plot.Tick{Value: place(e), Label: label})
	}
	return ticks
}

func shareTicks() plot.ConstantTicks {
	var ticks plot.ConstantTicks
	for _, y := range []float64{0, 0.2, 0.4, 0.6, 0.8, 1} {
		ticks = append(ticks, plot.Tick{Value: y, Label: percent(y)})
	}
	return ticks
}

// curve adds the points of a reading with their intervals; a line joins those
// of planted slowdowns only, since false alarms are another question.
func curve(p *plot.Plot, s summary) error {
	l := s.look()
	var points plotter.XYs
	var bars plotter.YErrors
	for _, c := range s.cells {
		if c.n == 0 {
			continue
		}
		i := c.share()
		points = append(points, plotter.XY{X: place(c.effect) * math.Pow(1.055, l.shift), Y: i.Est})
		bars = append(bars, struct{ Low, High float64 }{i.Est - i.Lo, i.Hi - i.Est})
	}
	if len(points) == 0 {
		return nil
	}
	intervals, err := plotter.NewYErrorBars(struct {
		plotter.XYs
		plotter.YErrors
	}{points, bars})
	if err != nil {
		return err
	}
	intervals.LineStyle, intervals.CapWidth = draw.LineStyle{Color: l.line.Color, Width: 0.9}, 0
	joined := points
	if s.cells[0].n > 0 {
		joined = points[1:]
	}
	line, err := plotter.NewLine(joined)
	if err != nil {
		return err
	}
	line.LineStyle = l.line
	dots, err := plotter.NewScatter(points)
	if err != nil {
		return err
	}
	dots.GlyphStyle = l.glyph
	if s.method == "assay" || s.alpha >= 0.05 { // twice the bars would hide the curves
		p.Add(intervals)
	}
	p.Add(line, dots)
	return nil
}

// ground draws what lies behind the curves: the grid, and a band for the
// trials in which nothing was planted.
type ground struct{}

// Plot draws on the panel's canvas.
func (ground) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	edge := x(0.0031)
	c.FillPolygon(wash, []vg.Point{{X: c.Min.X, Y: c.Min.Y}, {X: edge, Y: c.Min.Y}, {X: edge, Y: c.Max.Y}, {X: c.Min.X, Y: c.Max.Y}})
	for _, t := range shareTicks() {
		c.StrokeLine2(draw.LineStyle{Color: rule, Width: 0.7}, c.Min.X, y(t.Value), c.Max.X, y(t.Value))
	}
	s := style(9, muted, false)
	s.XAlign, s.YAlign = text.XCenter, text.YCenter
	c.FillText(s, vg.Point{X: (c.Min.X + edge) / 2, Y: y(1.05)}, "false alarms")
	c.FillText(s, vg.Point{X: (edge + c.Max.X) / 2, Y: y(1.05)}, "slowdowns found")
}
