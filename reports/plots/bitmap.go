package plots

import (
	"image"
	"image/color"
	"image/draw"
	"math"

	"git.sr.ht/~sbinet/gg"
	xfont "golang.org/x/image/font"
	"golang.org/x/image/math/fixed"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgimg"
)

// pngDPI makes a bitmap sharp on screens with two device pixels per CSS pixel.
const pngDPI = 144

// bitmap is gonum's canvas of pixels, but for its texts and upright rectangles:
// that one resamples every letter, which took a third of a figure's time and
// blurs what stands upright anyway, as all texts of a figure do, and sets the
// pixels of a rectangle one by one.
type bitmap struct {
	*vgimg.Canvas
	img  *image.RGBA
	ctx  *gg.Context // what the canvas draws with: it knows where a point is
	inks []color.Color
}

// newBitmap is a white canvas of so many points.
func newBitmap(wide, high float64, pixels func(int) []uint8) *bitmap {
	w, h := int(math.Ceil(wide*pngDPI/72)), int(math.Ceil(high*pngDPI/72))
	img := &image.RGBA{Pix: pixels(4 * w * h), Stride: 4 * w, Rect: image.Rect(0, 0, w, h)}
	ctx := gg.NewContextForRGBA(img)
	ctx.SetLineCapButt()
	ctx.InvertY()
	return &bitmap{vgimg.NewWith(vgimg.UseImageWithContext(img, ctx), vgimg.UseDPI(pngDPI)), img, ctx, []color.Color{color.Black}}
}

// SetColor, Push and Pop keep the colour that the canvas below has to itself.
func (b *bitmap) SetColor(c color.Color) {
	b.inks[len(b.inks)-1] = c
	b.Canvas.SetColor(c)
}

// Push saves the colour and the canvas's state.
func (b *bitmap) Push() {
	b.inks = append(b.inks, b.inks[len(b.inks)-1])
	b.Canvas.Push()
}

// Pop returns to what Push saved.
func (b *bitmap) Pop() {
	b.inks = b.inks[:len(b.inks)-1]
	b.Canvas.Pop()
}

// FillString writes an upright text from pt on.
func (b *bitmap) FillString(f font.Face, pt vg.Point, txt string) {
	x, y := b.ctx.TransformPoint(pt.X.Dots(pngDPI), pt.Y.Dots(pngDPI))
	face := f.FontFace(pngDPI)
	defer face.Close() //nolint:errcheck // of a font in memory, which has nothing to close
	d := xfont.Drawer{Dst: b.img, Src: image.NewUniform(b.inks[len(b.inks)-1]), Face: face, Dot: fixed.Point26_6{X: fixed.Int26_6(math.Round(64 * x)), Y: fixed.Int26_6(math.Round(64 * y))}}
	d.DrawString(txt)
}

// Fill fills a path; upright rectangles, of which flame graphs and lanes are
// made, row by row.
func (b *bitmap) Fill(p vg.Path) {
	r, ok := b.upright(p)
	if !ok {
		b.Canvas.Fill(p)
		return
	}
	src := image.NewUniform(b.inks[len(b.inks)-1])
	for _, row := range bands(r.y0, r.y1) {
		for _, column := range bands(r.x0, r.x1) {
			at := image.Rect(column.from, row.from, column.to, row.to)
			share := column.share * row.share
			if share > 0.999 {
				draw.Draw(b.img, at, src, image.Point{}, draw.Over)
				continue
			}
			draw.DrawMask(b.img, at, src, image.Point{}, image.NewUniform(color.Alpha16{A: uint16(math.Round(0xffff * share))}), image.Point{}, draw.Over)
		}
	}
}

// area is a rectangle in pixels.
type area struct{ x0, y0, x1, y1 float64 }

// upright reads a path as the closed rectangle that it is, if it is one.
func (b *bitmap) upright(p vg.Path) (area, bool) {
	if len(p) != 5 || p[0].Type != vg.MoveComp || p[4].Type != vg.CloseComp {
		return area{}, false
	}
	var x, y [4]float64
	for i := range x {
		if i > 0 && p[i].Type != vg.LineComp {
			return area{}, false
		}
		x[i], y[i] = b.ctx.TransformPoint(p[i].Pos.X.Dots(pngDPI), p[i].Pos.Y.Dots(pngDPI))
	}
	if x[0] != x[3] || x[1] != x[2] || y[0] != y[1] || y[2] != y[3] {
		return area{}, false
	}
	return area{min(x[0], x[1]), min(y[0], y[2]), max(x[0], x[1]), max(y[0], y[2])}, true
}

// band is a stretch of pixels that a rectangle covers by the same share.
type band struct {
	from, to int
	share    float64
}

// bands are the pixels from lo to hi: one in part, some in whole, one in part.
func bands(lo, hi float64) []band {
	first, last := int(math.Floor(lo)), int(math.Floor(hi))
	if first == last {
		return []band{{first, first + 1, hi - lo}}
	}
	return []band{{first, first + 1, float64(first+1) - lo}, {first + 1, last, 1}, {last, last + 1, hi - float64(last)}}
}
