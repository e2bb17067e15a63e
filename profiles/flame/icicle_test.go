package flame

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestBoxesStandBelowTheirCallersInOneOrderOnAllSides(t *testing.T) {
	t.Parallel()
	got := pair(t).Boxes(0)
	want := [][]Box{
		{{"get", 0, 0, 100, 0}, {"find", 1, 0, 60, 0}},
		{
			{"get", 0, 0, 240, 140. / 340},
			{"decode", 1, 0, 180, 1},
			{"find", 1, 180, 60, 0},
			{"load", 2, 180, 60, 1},
		},
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateApprox(1e-9, 0)); diff != "" {
		t.Error(diff)
	}
}

func TestBoxesBelowTheShareAreLeftOutAndKeepTheirRoom(t *testing.T) {
	t.Parallel()
	for _, b := range pair(t).Boxes(0.3)[1] {
		if b.Wide < 0.3*240 {
			t.Errorf("%s is %g wide", b.Name, b.Wide)
		}
	}
}

func TestADifferenceOfFewSamplesIsNoChange(t *testing.T) {
	t.Parallel()
	base := Side{"raw", cpu(stack{"get>find", 30e6}, stack{"get>load", 70e6}), 1}
	g, err := Build(Side{"twin", cpu(stack{"get>find", 50e6}, stack{"get>load", 70e6}), 1}, &base, "ns/op")
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range g.Boxes(0)[1] {
		if b.Change != 0 {
			t.Errorf("two samples more make a change of %g in %s", b.Change, b.Name)
		}
	}
}

func TestShortNameDropsPathsAndTypes(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"example.org/mod/pkg.(*T).F[go.shape.int]": "pkg.(*T).F[…]",
		"main.main":                        "main.main",
		"a/b/lab.spin[x/y.Z[q/r.S]].func1": "lab.spin[…].func1",
		"[":                                "[",
		"assay/encodings/page.(*Buf[a/b]).Set\u202egnp.": "page.(*Buf[…]).Set\ufffdgnp.",
	} {
		if got := ShortName(name); got != want {
			t.Errorf("%q is %q, want %q", name, got, want)
		}
	}
}
