package lab

import (
	"fmt"

	"assay/workloads"
)

// Room is a [Family] with its contract erased: plain data plus runnable cases.
type Room struct {
	Name, Doc, Lesson, Base string

	Units     []Unit
	Workloads []string
	Standard  []Row
	Claims    []Claim
	Isolated  bool
	Text      bool   // takes string keys
	Hidden    bool   // known to workers, absent from lists, globs and the catalog's digest
	Cases     []Case // operation-major, variants in the family's order
	Models    []Case // one per operation, where the family has a model
}

// Case is one operation of one variant.
type Case struct {
	Family, Op, Variant string
	OpDoc, Doc          string // one line on the operation, one on the variant
	Peer, Null          bool
	Draws               workloads.Population
	Shape               Shape // Length filled in
	Count, Census       int   // entries loaded and operations counted, filled in
	Run                 func(*T) error
}

// Erase flattens the family. It panics on a family that contradicts itself
// (a duplicate name, a base that is not listed): that is a bug, and a test of
// the catalog meets it before a user can.
func (f Family[C]) Erase() Room {
	f.mustHold()
	r := Room{
		Name: f.Name, Doc: f.Doc, Lesson: f.Lesson, Base: f.Base,
		Units: f.Units, Workloads: f.Workloads, Standard: f.Standard, Claims: f.Claims, Isolated: f.Isolated, Text: f.Text,
	}
	for _, op := range f.Ops {
		for _, v := range f.Variants {
			r.Cases = append(r.Cases, f.erase(op, v))
		}
		if f.Model != nil {
			r.Models = append(r.Models, f.erase(op, Variant[C]{Name: "model", Doc: "the reference answers", New: f.Model}))
		}
	}
	return r
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
	return Case{
		Family: f.Name, Op: op.Name, Variant: v.Name, OpDoc: op.Doc, Doc: v.Doc, Peer: v.Peer, Null: v.Null,
		Draws: op.Draws, Shape: op.Shape, Count: op.Count, Census: op.Census,
		Run: func(t *T) error {
			c, err := v.New(&t.Env)
			if err != nil {
				return fmt.Errorf("%s/%s: %w", f.Name, v.Name, err)
			}
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
	for _, u := range f.Units {
		once("unit ", u.Name)
	}
	if !seen["variant "+f.Base] {
		panic(fmt.Sprintf("family %q: base %q is not a variant", f.Name, f.Base))
	}
	for _, r := range f.Standard {
		if !seen["operation "+r.Op] {
			panic(fmt.Sprintf("family %q: headline row names operation %q, which it does not have", f.Name, r.Op))
		}
	}
}
