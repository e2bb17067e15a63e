package lab_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"assay/runner/lab"
)

// adder is the contract of the families under test.
type adder interface{ Add(x uint64) }

type sum struct{ total uint64 }

func (s *sum) Add(x uint64) { s.total += x }

func newSum(*lab.Env) (adder, error) { return &sum{}, nil }

func family() lab.Family[adder] {
	return lab.Family[adder]{
		Name: "adding", Base: "plain", Workloads: []string{"realistic"},
		Units: []lab.Unit{{Name: "bits/key", Better: lab.Lower, Exact: true}},
		Ops: []lab.Op[adder]{
			{Name: "add", Run: func(*lab.T, adder) error { return nil }},
			{Name: "flush", Shape: lab.Shape{Length: 64, Batches: 1}, Count: 10, Census: 5, Run: func(*lab.T, adder) error { return nil }},
		},
		Variants: []lab.Variant[adder]{{Name: "null", Null: true, New: newSum}, {Name: "plain", New: newSum, Peer: true}},
		Standard: []lab.Row{{Op: "add", Workload: "realistic"}},
	}
}

func TestEraseListsEveryCaseOperationMajorWithItsDefaults(t *testing.T) {
	t.Parallel()
	f := family()
	f.Model = newSum
	room := f.Erase()
	var got []string
	for _, c := range append(slices.Clone(room.Cases), room.Models...) {
		got = append(got, fmt.Sprintf("%s/%s/%s length %d batches %d count %d census %d null %v peer %v",
			c.Family, c.Op, c.Variant, c.Shape.Length, c.Shape.Batches, c.Count, c.Census, c.Null, c.Peer))
	}
	want := []string{
		"adding/add/null length 256 batches 0 count 1024 census 4096 null true peer false",
		"adding/add/plain length 256 batches 0 count 1024 census 4096 null false peer true",
		"adding/flush/null length 64 batches 1 count 10 census 5 null true peer false",
		"adding/flush/plain length 64 batches 1 count 10 census 5 null false peer true",
		"adding/add/model length 256 batches 0 count 1024 census 4096 null false peer false",
		"adding/flush/model length 64 batches 1 count 10 census 5 null false peer false",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestAnOperationMayBeAboutSomeVariants(t *testing.T) {
	t.Parallel()
	f := family()
	f.Model = newSum
	f.Ops[1].Variants = []string{"plain"}
	f.Ops[1].Rate = 50
	f.Base = "null"
	room := f.Erase()
	var got []string
	for _, c := range append(slices.Clone(room.Cases), room.Models...) {
		got = append(got, fmt.Sprintf("%s/%s %g beside %s", c.Op, c.Variant, c.Rate, c.Base))
	}
	if want := []string{"add/null 0 beside null", "add/plain 0 beside null", "flush/plain 50 beside plain", "add/model 0 beside null", "flush/model 50 beside plain"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestErasePanicsOnAFamilyThatContradictsItself(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*lab.Family[adder]){
		`family "adding": base "fast" is not a variant`:                                 func(f *lab.Family[adder]) { f.Base = "fast" },
		`family "adding": base "" is not a variant`:                                     func(f *lab.Family[adder]) { f.Base = "" },
		`family "adding": variant  "plain" is empty or listed twice`:                    func(f *lab.Family[adder]) { f.Variants = append(f.Variants, f.Variants[1]) },
		`family "adding": variant  "" is empty or listed twice`:                         func(f *lab.Family[adder]) { f.Variants[0].Name = "" },
		`family "adding": operation  "add" is empty or listed twice`:                    func(f *lab.Family[adder]) { f.Ops = append(f.Ops, f.Ops[0]) },
		`family "adding": unit  "bits/key" is empty or listed twice`:                    func(f *lab.Family[adder]) { f.Units = append(f.Units, f.Units[0]) },
		`family "adding": neighbour  "sink" is empty or listed twice`:                   func(f *lab.Family[adder]) { f.Beside = []lab.Op[adder]{{Name: "sink"}, {Name: "sink"}} },
		`family "": family  "" is empty or listed twice`:                                func(f *lab.Family[adder]) { f.Name = "" },
		`family "adding": operation "add" is about variant "fast", which is not listed`: func(f *lab.Family[adder]) { f.Ops[0].Variants = []string{"fast"} },
		`family "adding": unit "bits/key" is none that the harness derives`:             func(f *lab.Family[adder]) { f.Units[0].Derived = true },
		`family "adding": headline row names operation "ad", which it does not have`:    func(f *lab.Family[adder]) { f.Standard[0].Op = "ad" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			defer func() {
				if p := recover(); p == nil || strings.ReplaceAll(fmt.Sprint(p), "  ", " ") != strings.ReplaceAll(name, "  ", " ") {
					t.Errorf("panic %v", p)
				}
			}()
			f := family()
			spoil(&f)
			f.Erase()
		})
	}
}

func TestANewThatFailsNamesFamilyAndVariant(t *testing.T) {
	t.Parallel()
	f := family()
	f.Variants[1].New = func(*lab.Env) (adder, error) { return nil, fmt.Errorf("too many keys") }
	err := f.Erase().Cases[1].Run(lab.NewT(lab.Env{}, lab.Case{}, nil, 0, nil))
	if err == nil || err.Error() != "adding/plain: too many keys" {
		t.Errorf("error %v", err)
	}
}

// TestANeighbourRunsOnTheContractOfTheOperationItStandsBeside: the operation's
// own, not one made anew.
func TestANeighbourRunsOnTheContractOfTheOperationItStandsBeside(t *testing.T) {
	t.Parallel()
	f := family()
	made := 0
	f.Variants[1].New = func(*lab.Env) (adder, error) { made++; return &sum{}, nil }
	f.Ops[0].Run = func(x *lab.T, a adder) error { a.Add(5); x.Fold(a.(*sum).total); return nil }
	f.Beside = []lab.Op[adder]{{Name: "sink", Shape: lab.Shape{Length: 32}, Every: 7, Run: func(x *lab.T, a adder) error {
		a.Add(1000)
		x.Fold(uint64(x.Length()))
		return f.Ops[0].Run(x, a)
	}}}
	room := f.Erase()
	n := room.Beside[0]
	if n.Op != "sink" || n.Shape.Length != 32 || n.Every != 7 || n.Family != "adding" {
		t.Errorf("the neighbour is %+v", n)
	}
	x := lab.NewT(load(t, "realistic", 10), room.Cases[1], nil, 0, &endless{})
	if err := room.Cases[1].Run(x); err != nil {
		t.Fatal(err)
	}
	digest := x.Digest()
	beside := x.Beside(n, &endless{})
	if err := n.Run(beside); err != nil {
		t.Fatal(err)
	}
	want := lab.NewT(lab.Env{}, n, nil, 0, &endless{})
	want.Fold(32)
	want.Fold(5 + 1000 + 5)
	if beside.Digest() != want.Digest() || x.Digest() != digest || made != 1 {
		t.Errorf("digest %x, want %x; the operation's %x was %x; %d contracts", beside.Digest(), want.Digest(), x.Digest(), digest, made)
	}
}
