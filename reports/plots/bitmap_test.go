package plots

import (
	"image"
	"image/color"
	"testing"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgimg"
	"pgregory.net/rapid"
)

func TestARectangleCoversWhatTheLibraryCovers(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		const side = 12.0                 // points
		at := rapid.Float64Range(0, side) // the library is wrong in the first pixel of what begins left of it
		x0, y0, x1, y1 := at.Draw(t, "x0"), at.Draw(t, "y0"), at.Draw(t, "x1"), at.Draw(t, "y1")
		alpha := rapid.SampledFrom([]uint8{255, 255, 100}).Draw(t, "alpha")
		fill := color.NRGBA{R: 200, G: 30, B: 90, A: alpha}
		var path vg.Path
		path.Move(vg.Point{X: vg.Length(x0), Y: vg.Length(y0)})
		path.Line(vg.Point{X: vg.Length(x1), Y: vg.Length(y0)})
		path.Line(vg.Point{X: vg.Length(x1), Y: vg.Length(y1)})
		path.Line(vg.Point{X: vg.Length(x0), Y: vg.Length(y1)})
		path.Close()

		ours := newBitmap(side, side, new(workshop).buffer)
		theirs := vgimg.NewWith(vgimg.UseWH(side, side), vgimg.UseDPI(pngDPI))
		for _, c := range []vg.Canvas{ours, theirs} {
			c.SetColor(fill)
			c.Fill(path)
		}
		want := theirs.Image().(*image.RGBA)
		if ours.img.Rect != want.Rect {
			t.Fatalf("%v pixels, want %v", ours.img.Rect, want.Rect)
		}
		for i, got := range ours.img.Pix {
			if apart(got, want.Pix[i]) > 6 { // the library counts 64 shares of a pixel a side
				t.Fatalf("byte %d of the picture is %d, want %d", i, got, want.Pix[i])
			}
		}
	})
}
