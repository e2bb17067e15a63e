package lab

import (
	"fmt"
	"slices"
	"time"

	"assay/runner/ladder"
	"assay/runner/sketch"
	"assay/workloads"
)

// Room is a [Family] with its contract erased: plain data plus runnable cases.
type Room struct {
	Name, Doc, Lesson, Base string

	Units     []Unit
	Workloads []string
	Standard  []Row
	Claims    []Claim
	Ladder    *ladder.Ladder
	Isolated  bool
	Text      bool   // takes string keys
	Hidden    bool   // known to workers, absent from lists, globs and the catalog's digest
	Cases     []Case // operation-major, variants in the family's order
	Models    []Case // one per operation, where the family has a model
	Beside    []Case // the family's own neighbours, without a variant: see T.Beside
}

// Case is one operation of one variant.
type Case struct {
	Family, Op, Variant string
	Base                string // the variant others are compared with in this operation
	OpDoc, Doc          string // one line on the operation, one on the variant
	Peer, Null          bool
	Functions           []string // whose machine code makes the variant what it is; nil = not said
	Told                string   // what was published of it
	Draws               workloads.Population
	Shape               Shape // Length filled in
	Count, Census       int   // entries loaded and operations counted, filled in
	Answers             int   // compared one by one, filled in
	Rate                float64
	Sketch              []sketch.Cost
	Every               time.Duration // of a neighbour
	Run                 func(*T) error
}

// Erase flattens the family. It panics on a family that contradicts itself
// (a duplicate name, a base that is not listed): that is a bug, and a test of
// the catalog meets it before a user can.
func (f Family[C]) Erase() Room {
	f.mustHold()
	r := Room{
		Name: f.Name, Doc: f.Doc, Lesson: f.Lesson, Base: f.Base,
		Units: f.Units, Workloads: f.Workloads, Standard: f.Standard, Claims: f.Claims, Ladder: f.Ladder, Isolated: f.Isolated, Text: f.Text,
	}
	for _, op := range f.Ops {
		for _, v := range f.Variants {
			if f.has(op, v) {
				r.Cases = append(r.Cases, f.erase(op, v))
			}
		}
		if f.Model != nil {
			r.Models = append(r.Models, f.erase(op, Variant[C]{Name: "model", Doc: "the reference answers", New: f.Model}))
		}
	}
	for _, n := range f.Beside {
		c := f.erase(n, Variant[C]{})
		c.Run = func(t *T) error { return n.Run(t, t.contract.(C)) }
		r.Beside = append(r.Beside, c)
	}
	return r
}

// has says that the operation is about the variant.
func (f Family[C]) has(op Op[C], v Variant[C]) bool {
	return op.Variants == nil || slices.Contains(op.Variants, v.Name)
}

// baseOf is the family's base where the operation is about it, else the first
// contender, "" where there is none.
func (f Family[C]) baseOf(op Op[C]) (base string) {
	for _, v := range f.Variants {
		switch {
		case !f.has(op, v):
		case v.Name == f.Base:
			return v.Name
		case base == "" && !v.Null:
			base = v.Name
		}
	}
	return base
}

func (f Family[C]) erase(op Op[C], v Variant[C]) Case {
	if op.Shape.Length == 0 {
		op.Shape.Length = 256
	}
	if op.Count == 0 {
		op.Count = 1024
	}
	if op.Census == 0 {
		op.Census = 16 * op.Shape.Length
	}
	if op.Answers == 0 {
		op.Answers = 4096
	}
	return Case{
		Family: f.Name, Op: op.Name, Variant: v.Name, Base: f.baseOf(op), OpDoc: op.Doc, Doc: v.Doc, Peer: v.Peer, Null: v.Null, Functions: v.Functions, Told: v.Told,
		Draws: op.Draws, Shape: op.Shape, Count: op.Count, Census: op.Census, Answers: op.Answers, Rate: op.Rate, Sketch: op.Sketch, Every: op.Every,
		Run: func(t *T) error {
			c, err := v.New(&t.Env)
			if err != nil {
				return fmt.Errorf("%s/%s: %w", f.Name, v.Name, err)
			}
			t.contract = c
			return op.Run(t, c)
		},
	}
}

func (f Family[C]) mustHold() {
	seen := map[string]bool{}
	once := func(kind, name string) {
		if name == "" || seen[kind+name] {
			panic(fmt.Sprintf("family %q: %s %q is empty or listed twice", f.Name, kind, name))
		}
		seen[kind+name] = true
	}
	once("family ", f.Name)
	for _, op := range f.Ops {
		once("operation ", op.Name)
	}
	for _, v := range f.Variants {
		once("variant ", v.Name)
	}
	for _, n := range f.Beside {
		once("neighbour ", n.Name)
	}
	for _, op := range f.Ops {
		for _, name := range op.Variants {
			if !seen["variant "+name] {
				panic(fmt.Sprintf("family %q: operation %q is about variant %q, which is not listed", f.Name, op.Name, name))
			}
		}
	}
	f.mustPrice()
	for _, u := range f.Units {
		once("unit ", u.Name)
		if u.Derived && !u.knownToHarness() {
			panic(fmt.Sprintf("family %q: unit %q is none that the harness derives", f.Name, u.Name))
		}
	}
	if !seen["variant "+f.Base] {
		panic(fmt.Sprintf("family %q: base %q is not a variant", f.Name, f.Base))
	}
	if f.Ladder != nil {
		listed := func(kind string) func(string) bool {
			return func(name string) bool { return seen[kind+name] }
		}
		if err := f.Ladder.Check(listed("operation "), listed("variant ")); err != nil {
			panic(fmt.Sprintf("family %q: %v", f.Name, err))
		}
	}
	for _, r := range f.Standard {
		if !seen["operation "+r.Op] {
			panic(fmt.Sprintf("family %q: headline row names operation %q, which it does not have", f.Name, r.Op))
		}
	}
}
