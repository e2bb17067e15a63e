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

func TestErasePanicsOnAFamilyThatContradictsItself(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*lab.Family[adder]){
		`family "adding": base "fast" is not a variant`:                              func(f *lab.Family[adder]) { f.Base = "fast" },
		`family "adding": base "" is not a variant`:                                  func(f *lab.Family[adder]) { f.Base = "" },
		`family "adding": variant  "plain" is empty or listed twice`:                 func(f *lab.Family[adder]) { f.Variants = append(f.Variants, f.Variants[1]) },
		`family "adding": variant  "" is empty or listed twice`:                      func(f *lab.Family[adder]) { f.Variants[0].Name = "" },
		`family "adding": operation  "add" is empty or listed twice`:                 func(f *lab.Family[adder]) { f.Ops = append(f.Ops, f.Ops[0]) },
		`family "adding": unit  "bits/key" is empty or listed twice`:                 func(f *lab.Family[adder]) { f.Units = append(f.Units, f.Units[0]) },
		`family "": family  "" is empty or listed twice`:                             func(f *lab.Family[adder]) { f.Name = "" },
		`family "adding": headline row names operation "ad", which it does not have`: func(f *lab.Family[adder]) { f.Standard[0].Op = "ad" },
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
