package runner

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/google/pprof/profile"

	"assay/profiles"
	"assay/profiles/code"
	"assay/runner/hotcode"
	"assay/runner/plan"
	"assay/runner/samples"
)

const (
	codeFunctions = 5      // of one variant of an operation, at most
	codeBytes     = 40_000 // of the journal before it is packed, at most; result.json spaces it out
)

// machineCode writes down what the program's machine code holds where the CPU
// profiles found it hot. The journal keeps it, because the program is replaced
// by the next build. One that cannot be read is a warning.
func (r *run) machineCode(files *recordings) error {
	if r.Program == "" || !files.have("cpu") {
		return nil
	}
	program, err := code.Open(r.Program)
	if err != nil {
		return r.journal.Append(samples.Record{Warning: "the machine code of hot functions is not shown: " + err.Error()})
	}
	w := codeWriter{run: r, program: program, known: map[string]hotcode.Function{}}
	if err := w.variants(files); err != nil {
		return err
	}
	if len(w.out.Variants) == 0 {
		return nil
	}
	w.describe()
	fit := w.out.Fit(codeBytes)
	return r.journal.Append(samples.Record{Code: &fit})
}

// have says whether there is a profile of that kind.
func (f *recordings) have(kind string) bool {
	for _, rec := range f.records {
		if rec.Kind == kind {
			return true
		}
	}
	return false
}

// cpu is the CPU profile of an arm over all its operations; nil without one.
func (f *recordings) cpu(family, arm string, groups []*group) (*profile.Profile, error) {
	for _, rec := range f.records {
		if rec.Kind == "cpu" && rec.Arm == arm && groups[rec.Group].Family == family {
			return profile.Merge(f.parts[rec.File])
		}
	}
	return nil, nil
}

// codeWriter gathers the hot functions of a run.
type codeWriter struct {
	*run
	program *code.Program
	out     hotcode.Code
	known   map[string]hotcode.Function // by name, each read once
	merged  map[string]*profile.Profile // by family and arm
}

// seen is a variant of an operation with the code of its functions.
type seen struct {
	name    string
	parts   []code.Part
	sampled bool
}

// variants finds the hot functions of each variant that was profiled, by
// operation: workloads of one run the same code.
func (w *codeWriter) variants(files *recordings) error {
	w.merged = map[string]*profile.Profile{}
	done := map[string][]seen{}
	for _, g := range w.groups {
		if g.Control || g.failed || g.Scenario != "" {
			continue
		}
		op := g.Family + "/" + g.Op
		for _, arm := range g.Arms {
			if hasSeen(done[op], arm.Name) || g.nulls[arm.Name] || g.broken[arm.Name] {
				continue
			}
			s, err := w.look(files, g, arm)
			if err != nil {
				return err
			}
			if len(s.parts) == 0 {
				continue
			}
			w.add(g, s, done[op])
			done[op] = append(done[op], s)
		}
	}
	return nil
}

func hasSeen(all []seen, arm string) bool {
	for _, s := range all {
		if s.name == arm {
			return true
		}
	}
	return false
}

// look reads the functions of one variant of one operation.
func (w *codeWriter) look(files *recordings, g *group, arm plan.Arm) (seen, error) {
	key := g.Family + "/" + arm.Name
	p, known := w.merged[key]
	if !known {
		var err error
		if p, err = files.cpu(g.Family, arm.Name, w.groups); err != nil {
			return seen{}, fmt.Errorf("CPU profile of %s: %w", key, err)
		}
		w.merged[key] = p
	}
	if p != nil {
		p = profiles.Timed(p, g.Op, "")
	}
	s := seen{name: arm.Name}
	var hot []code.Hot
	hot, s.sampled = code.Choose(p, w.declared(g, arm), w.program, codeFunctions)
	for _, h := range hot {
		f, err := w.program.Function(h.Name)
		if err != nil {
			continue // the table of functions and the code disagree: no figure is better than a wrong one
		}
		s.parts = append(s.parts, code.Part{Function: f, Share: h.Share})
	}
	return s, nil
}

// declared are the functions that a variant names as its own.
func (w *codeWriter) declared(g *group, arm plan.Arm) []string {
	room, err := plan.FindRoom(w.Rooms, g.Family)
	if err != nil {
		return nil
	}
	c, err := plan.FindCase(room, g.Op, arm.Variant)
	if err != nil {
		return nil
	}
	return c.Functions
}

// add appends a variant, beside those of its operation that came before it.
func (w *codeWriter) add(g *group, s seen, before []seen) {
	v := hotcode.Variant{Family: g.Family, Op: g.Op, Variant: s.name, Declared: !s.sampled, Functions: map[string]float64{}}
	for _, p := range s.parts {
		const digits = 1000 // a share of some hundred samples has no more
		v.Functions[p.Name] = math.Round(p.Share*digits) / digits
		w.known[p.Name] = hotcode.Function{
			Name: p.Name, Size: p.Size, Instructions: p.Instructions, Branches: p.Branches, Guards: p.Guards,
			Indirect: p.Indirect, Calls: p.Calls, Checks: p.Checks, Opaque: p.Opaque,
		}
	}
	for _, b := range before {
		if code.Alike(b.parts, s.parts, b.sampled, s.sampled) {
			v.Same = append(v.Same, b.name)
		}
	}
	w.out.Variants = append(w.out.Variants, v)
}

// describe lists the functions, with how often they were inlined where the
// program has debugging information.
func (w *codeWriter) describe() {
	inlining, err := w.program.Inlining()
	w.out.Inlining = err == nil
	for _, name := range slices.Sorted(maps.Keys(w.known)) {
		f := w.known[name]
		f.Into = len(inlining.Into(name))
		w.out.Functions = append(w.out.Functions, f)
	}
}
