package plots

import (
	"bytes"
	"encoding/xml"
	"errors"
	"image/png"
	"io"
	"math"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"assay/reports/internal/fixture"
	"assay/reports/view"
	"assay/runner/result"

	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"pgregory.net/rapid"
)

func TestEachKindIsDrawnWhenItsDataIsThere(t *testing.T) {
	t.Parallel()
	got := map[Kind]int{}
	for _, f := range Figures(fixture.Page()) {
		got[f.Kind]++
	}
	want := map[Kind]int{Counts: 1, Ratios: 5, Latency: 2, Tradeoff: 5, Growth: 1, Spread: 4, Flames: 1, Slices: 1}
	for k, n := range want {
		if got[k] != n {
			t.Errorf("%d figures of kind %s, want %d", got[k], k, n)
		}
	}
	if n := len(Figures(view.View{})); n != 0 {
		t.Errorf("%d figures of nothing", n)
	}
}

func TestAnyFamilyGetsItsFigures(t *testing.T) {
	t.Parallel()
	v := fixture.Page()
	for i := range v.Result.Cases {
		c := &v.Result.Cases[i]
		c.Family = "bloom"
		if s, ok := c.Units["entries/page"]; ok {
			s.Better = "lower"
			c.Units = map[string]result.Stat{"ns/op": c.Units["ns/op"], "false-positive-rate": s}
		}
	}
	found := false
	for _, f := range Figures(v) {
		found = found || strings.Contains(f.Name, "false-positive-rate")
	}
	if !found {
		t.Error("no density figure for a unit of another family")
	}
}

func TestTwoRevisionsMakeOneFigureAndNotOnePerBenchmark(t *testing.T) {
	t.Parallel()
	names := []string{}
	for _, f := range Figures(fixture.Revisions()) {
		names = append(names, f.Name)
	}
	if len(names) != 1 || names[0] != "ratio-example-org-kv-store" {
		t.Errorf("figures %v of 20 benchmarks, want one", names)
	}
}

func TestPNGHasTheFiguresSize(t *testing.T) {
	t.Parallel()
	for _, f := range Figures(fixture.Page())[:3] {
		var out bytes.Buffer
		if err := f.PNG(&out); err != nil {
			t.Fatal(err)
		}
		img, err := png.Decode(&out)
		if err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
		if b := img.Bounds(); math.Abs(float64(b.Dx())-2*f.Wide) > 1 || math.Abs(float64(b.Dy())-2*f.High) > 1 {
			t.Errorf("%s is %v, want twice %v x %v", f.Name, b, f.Wide, f.High)
		}
	}
}

func TestSVGIsWellFormedEvenWithHostileNames(t *testing.T) {
	t.Parallel()
	safe := regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	seen := map[string]bool{}
	for _, f := range Figures(fixture.Hostile()) {
		if !safe.MatchString(f.Name) || seen[f.Name] {
			t.Errorf("name %q is unsafe or taken", f.Name)
		}
		seen[f.Name] = true
		var out bytes.Buffer
		if err := f.SVG(&out); err != nil {
			t.Fatal(err)
		}
		elements := map[string]bool{}
		for d := xml.NewDecoder(&out); ; {
			tok, err := d.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", f.Name, err)
			}
			if e, ok := tok.(xml.StartElement); ok {
				elements[e.Name.Local] = true
			}
		}
		for e := range elements {
			if e != "svg" && e != "g" && e != "path" && e != "text" {
				t.Errorf("%s holds an element %s", f.Name, e)
			}
		}
	}
}

func TestBrokenNumbersDrawNothingAndDoNotPanic(t *testing.T) {
	t.Parallel()
	broken := []float64{0, -1, math.NaN(), math.Inf(1), math.Inf(-1), math.MaxFloat64, 5e-324}
	for seed := range uint64(30) {
		rng := rand.New(rand.NewPCG(seed, 1))
		odd := func() float64 {
			if rng.Uint64N(2) == 0 {
				return 0.5 + 1000*rng.Float64()
			}
			return broken[rng.IntN(len(broken))]
		}
		v := fixture.Page()
		v.Result.Cases, v.Result.Comparisons, v.Series = v.Result.Cases[:12], v.Result.Comparisons[:12], v.Series[:4]
		for i := range v.Result.Cases {
			for name, s := range v.Result.Cases[i].Units {
				x := odd()
				if s.Exact {
					s.Mean = &x
				} else {
					s.Median = &x
				}
				v.Result.Cases[i].Units[name] = s
			}
		}
		for i := range v.Result.Comparisons {
			c := &v.Result.Comparisons[i]
			c.Ratio, c.Lo, c.Hi = odd(), odd(), odd()
		}
		for _, s := range v.Series {
			s.Points[0].Ratio, s.Points[1].Ns = odd(), odd()
		}
		for _, c := range v.Result.Curves {
			c.Points[0] = result.Point{N: odd(), Ns: odd(), Lo: odd(), Hi: odd()}
		}
		v.Bounds[0].Value = odd()
		for i := range v.Timelines {
			line := &v.Timelines[i]
			line.Arms[0].Median, line.Restarts[0].At, line.Restarts[1].Ns[3], line.Restarts[1].Off[2] = odd(), odd(), odd(), odd()
		}
		for _, f := range Figures(v) {
			var out bytes.Buffer
			if err := f.SVG(&out); err != nil {
				t.Fatal(err)
			}
			if bad := regexp.MustCompile(`.{0,60}(NaN|Inf).{0,20}`).FindString(out.String()); bad != "" {
				t.Fatalf("seed %d: %s holds what is no number: %s", seed, f.Name, bad)
			}
		}
	}
}

func TestTickMarksAreRoundOrderedAndApart(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		log := rapid.Bool().Draw(t, "log")
		lo := math.Pow(10, rapid.Float64Range(-9, 12).Draw(t, "lo"))
		s, ok := fit(log, 0.05, lo, lo*(1+math.Pow(10, rapid.Float64Range(-3, 6).Draw(t, "spread"))))
		if !ok {
			t.Fatal("no scale")
		}
		s.from, s.to = 100, 500
		marks := s.marks(30)
		if len(marks) == 0 || len(marks) > 15 {
			t.Fatalf("%d marks on %+v", len(marks), s)
		}
		for i, m := range marks {
			if !s.holds(m) || i > 0 && s.at(m)-s.at(marks[i-1]) < 29.999 {
				t.Fatalf("marks %v on %+v", marks, s)
			}
		}
	})
}

func TestLabelsNeverMeet(t *testing.T) {
	t.Parallel()
	fonts := newFonts()
	rapid.Check(t, func(t *rapid.T) {
		f := panel{x: scale{lo: 0, hi: 1, from: 50, to: 300}, y: scale{lo: 0, hi: 1, from: 250, to: 50}}
		c := vgimg.New(400, 300)
		p := newPen(draw.New(c), fonts, 300)
		points, texts, styles := [][2]float64{}, []string{}, []style{}
		for range rapid.IntRange(1, 12).Draw(t, "points") {
			points = append(points, [2]float64{rapid.Float64Range(50, 300).Draw(t, "x"), rapid.Float64Range(50, 250).Draw(t, "y")})
			texts, styles = append(texts, "offset-nibble-parity"), append(styles, labelStyle)
		}
		boxes := f.labels(p, points, texts, styles, nil)
		for i, a := range boxes {
			for _, b := range boxes[:i] {
				if a.meets(b) {
					t.Fatalf("labels %v and %v overlap", a, b)
				}
			}
			for _, pt := range points {
				if a.meets(box{pt[0] - 4, pt[1] - 4, pt[0] + 4, pt[1] + 4}) {
					t.Fatalf("label %v covers the point %v", a, pt)
				}
			}
		}
	})
}

func TestLineEndsKeepOrderAndDistance(t *testing.T) {
	t.Parallel()
	got := spreadOut([]float64{100, 101, 99, 290}, 13, 50, 300)
	want := []float64{112, 125, 99, 290}
	for i := range want {
		if math.Abs(got[i]-want[i]) > 1e-9 {
			t.Fatalf("got %v, want %v", got, want)
		}
	}
	crowded := spreadOut([]float64{299, 300, 298}, 13, 50, 300)
	if crowded[2] != 274 || crowded[0] != 287 || crowded[1] != 300 {
		t.Errorf("at the border: %v", crowded)
	}
}

func TestFrontHoldsExactlyTheUndominated(t *testing.T) {
	t.Parallel()
	pts := []trade{{variant: "fast", ns: 1, unit: 5}, {variant: "dense", ns: 3, unit: 9}, {variant: "beaten", ns: 3, unit: 4}, {variant: "twin", ns: 1, unit: 5}}
	for better, want := range map[string]string{"higher": "fast dense twin ", "lower": "fast beaten twin "} {
		got := ""
		for _, a := range pts {
			beaten := false
			for _, b := range pts {
				beaten = beaten || dominates(b, a, better)
			}
			if !beaten {
				got += a.variant + " "
			}
		}
		if got != want {
			t.Errorf("%s is better: front %q, want %q", better, got, want)
		}
	}
}

func TestATallFigureIsCutIntoPages(t *testing.T) {
	t.Parallel()
	all, total := []section{{rows: make([]row, 250)}}, 0
	for range 10 {
		all = append(all, section{rows: make([]row, 20)})
	}
	defer func() {
		if total != 450 {
			t.Errorf("%d rows on all pages, want 450", total)
		}
	}()
	for _, p := range pages(all) {
		n := 0
		for _, s := range p {
			n += len(s.rows)
		}
		total += n
		if n > maxRows || n == 0 {
			t.Errorf("a page of %d rows", n)
		}
	}
}
