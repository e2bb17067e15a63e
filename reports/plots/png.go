package plots

import (
	"cmp"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
)

// PNG writes the figure as a bitmap of 2 pixels per point, with a palette: a
// figure has a dozen inks and their blends with paper, and true colour takes
// five times as long to write and twice the room.
func (f Figure) PNG(w io.Writer) error {
	c := vgimg.NewWith(vgimg.UseWH(vg.Length(f.Wide), vg.Length(f.High)), vgimg.UseDPI(pngDPI), vgimg.UseBackgroundColor(paper))
	f.paint(draw.New(c), nil)
	drawn, ok := c.Image().(*image.RGBA)
	if !ok {
		return fmt.Errorf("figure %s: the canvas is a %T, not an RGBA image", f.Name, c.Image())
	}
	fast := png.Encoder{CompressionLevel: png.BestSpeed} // a report has hundreds of figures: the best level took a quarter of their time
	if err := fast.Encode(w, indexed(drawn)); err != nil {
		return fmt.Errorf("figure %s: %w", f.Name, err)
	}
	return nil
}

// pngDPI makes a bitmap sharp on screens with two device pixels per CSS pixel.
const pngDPI = 144

// indexed gives a picture a palette of at most 256 colours. Where it has more,
// colours that differ in their lowest bits only become the most frequent of
// them, so that inks keep their exact colour and blends lose what nobody sees.
func indexed(img *image.RGBA) *image.Paletted {
	counts := map[uint32]int{}
	eachRun(img, func(c uint32, _, n int) { counts[c] += n })
	byCount := make([]uint32, 0, len(counts))
	for c := range counts {
		byCount = append(byCount, c)
	}
	slices.SortFunc(byCount, func(a, b uint32) int { return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b)) })
	entries, index := palette(byCount)
	out := image.NewPaletted(img.Rect, entries)
	eachRun(img, func(c uint32, at, n int) {
		k := index[c]
		for i := at; i < at+n; i++ {
			out.Pix[i] = k
		}
	})
	return out
}

// palette chooses entries for colours, the most frequent first.
func palette(byCount []uint32) (color.Palette, map[uint32]uint8) {
	for bits := 0; ; bits++ {
		low := uint32(1)<<bits - 1
		mask := ^(low<<24 | low<<16 | low<<8 | low)
		entries, bucket, index := color.Palette{}, map[uint32]uint8{}, make(map[uint32]uint8, len(byCount))
		for _, c := range byCount {
			k, seen := bucket[c&mask]
			if !seen {
				if len(entries) == 256 {
					break
				}
				k = uint8(len(entries)) //nolint:gosec // below 256
				bucket[c&mask] = k
				entries = append(entries, color.RGBA{uint8(c >> 24), uint8(c >> 16), uint8(c >> 8), uint8(c)}) //nolint:gosec // its bytes
			}
			index[c] = k
		}
		if len(index) == len(byCount) {
			return entries, index
		}
	}
}

// eachRun visits runs of pixels of one colour, row by row; at counts pixels.
func eachRun(img *image.RGBA, visit func(c uint32, at, n int)) {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	for y := range h {
		row := img.Pix[y*img.Stride : y*img.Stride+4*w]
		start, last := 0, uint32(0)
		for x := range w {
			c := uint32(row[4*x])<<24 | uint32(row[4*x+1])<<16 | uint32(row[4*x+2])<<8 | uint32(row[4*x+3])
			if x > 0 && c != last {
				visit(last, y*w+start, x-start)
				start = x
			}
			last = c
		}
		if w > 0 {
			visit(last, y*w+start, w-start)
		}
	}
}
