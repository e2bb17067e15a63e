package plots

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"testing"

	"assay/reports/internal/fixture"
)

func TestAPaletteKeepsFewColoursExactly(t *testing.T) {
	t.Parallel()
	img := image.NewRGBA(image.Rect(0, 0, 50, 5))
	for i := range 250 {
		img.SetRGBA(i%50, i/50, color.RGBA{uint8(i), 7, 9, 255})
	}
	out := new(workshop).indexed(img)
	for i := range 250 {
		if got := out.At(i%50, i/50); got != (color.RGBA{uint8(i), 7, 9, 255}) {
			t.Fatalf("pixel %d is %v", i, got)
		}
	}
}

func TestAPaletteOfManyColoursKeepsInksAndIsCloseElsewhere(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(5, 6)) //nolint:gosec // a test
	img := image.NewRGBA(image.Rect(0, 0, 200, 100))
	for i := range 20_000 {
		c := blue
		if i%4 == 0 { // a blend of two inks, as at the edge of a letter
			a := rng.IntN(256)
			c = color.RGBA{uint8((255*a + int(ink.R)*(255-a)) / 255), uint8((255*a + int(ink.G)*(255-a)) / 255), uint8((255*a + int(orange.B)*(255-a)) / 255), 255}
		}
		img.SetRGBA(i%200, i/200, c)
	}
	out := new(workshop).indexed(img)
	if len(out.Palette) > 256 {
		t.Fatalf("%d colours", len(out.Palette))
	}
	for i := range 20_000 {
		want, got := img.RGBAAt(i%200, i/200), out.At(i%200, i/200).(color.RGBA)
		if want == blue && got != blue {
			t.Fatalf("an ink became %v", got)
		}
		if d := max(apart(want.R, got.R), apart(want.G, got.G), apart(want.B, got.B)); d > 8 {
			t.Fatalf("%v became %v", want, got)
		}
	}
}

func apart(a, b uint8) int { return max(int(a)-int(b), int(b)-int(a)) }

func TestABitmapReadsBackInTheFiguresSize(t *testing.T) {
	t.Parallel()
	f := Figures(fixture.Page())[0]
	var out bytes.Buffer
	if err := f.PNG(&out); err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(&out)
	if err != nil {
		t.Fatal(err)
	}
	if got := img.Bounds().Dx(); got != int(2*f.Wide) {
		t.Errorf("%d pixels wide, want 2 per point", got)
	}
	if r, g, b, a := img.At(1, 1).RGBA(); r != 0xffff || g != 0xffff || b != 0xffff || a != 0xffff {
		t.Error("the paper is not white")
	}
}
