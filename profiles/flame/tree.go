package flame

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/google/pprof/profile"
)

// tree is one side.
type tree struct {
	name string
	ops  float64
	one  float64 // what a single sample adds per operation; 0 when unknown
	root *frame
}

// frame is a function under one chain of callers.
type frame struct {
	name string
	self float64 // per operation, without callees
	kids []*frame
	by   map[string]*frame // the kids by name
}

// rootName stands for the whole of one side.
const rootName = "all samples"

// smallName stands for the frames that were pruned below one parent.
const smallName = "(smaller frames)"

// grow makes the tree of one side, per operation.
func grow(s Side, unit string) (tree, error) {
	if s.Profile == nil {
		return tree{}, errors.New("no profile")
	}
	if !(s.Ops > 0) || math.IsInf(s.Ops, 0) {
		return tree{}, fmt.Errorf("%g operations: values per operation need some", s.Ops)
	}
	value, err := valueIndex(s.Profile, unit)
	if err != nil {
		return tree{}, err
	}
	t := tree{name: s.Name, ops: s.Ops, root: &frame{name: rootName}}
	if p := s.Profile; p.PeriodType != nil && p.PeriodType.Unit == p.SampleType[value].Unit && p.Period > 0 {
		t.one = float64(p.Period) / s.Ops
	}
	for _, sample := range s.Profile.Sample {
		if len(sample.Value) <= value {
			return tree{}, errors.New("a sample lacks its value: the profile is damaged")
		}
		v := sample.Value[value]
		if v < 0 {
			return tree{}, errors.New("negative values: give both profiles instead of their difference")
		}
		t.root.add(sample, float64(v)/s.Ops)
	}
	t.root.sort()
	return t, nil
}

// add charges a sample to the frame its stack ends in. A stack is stored leaf
// first, and so are the inlined calls of one location.
func (f *frame) add(s *profile.Sample, v float64) {
	at := f
	for _, loc := range slices.Backward(s.Location) {
		if len(loc.Line) == 0 {
			at = at.child(fmt.Sprintf("0x%x", loc.Address))
		}
		for _, line := range slices.Backward(loc.Line) {
			if line.Function != nil && line.Function.Name != "" {
				at = at.child(line.Function.Name)
			}
		}
	}
	at.self += v
}

func (f *frame) child(name string) *frame {
	if k := f.by[name]; k != nil {
		return k
	}
	if f.by == nil {
		f.by = map[string]*frame{}
	}
	k := &frame{name: name}
	f.by[name], f.kids = k, append(f.kids, k)
	return k
}

// sort orders frames by name, so that equal profiles give equal bytes.
func (f *frame) sort() {
	slices.SortFunc(f.kids, func(a, b *frame) int { return cmp.Compare(a.name, b.name) })
	for _, k := range f.kids {
		k.sort()
	}
}

func (f *frame) total() float64 {
	sum := f.self
	for _, k := range f.kids {
		sum += k.total()
	}
	return sum
}

// pruned is the tree without frames below a value; their sum stays, in one
// frame per parent, so that what a parent spends itself keeps its meaning.
func (f *frame) pruned(below float64) *frame {
	out, small := &frame{name: f.name, self: f.self}, 0.0
	for _, k := range f.kids {
		switch total := k.total(); {
		case total >= below:
			out.kids = append(out.kids, k.pruned(below))
		default:
			small += total
		}
	}
	if small > 0 {
		out.kids = append(out.kids, &frame{name: smallName, self: small})
	}
	return out
}

// function is what one function costs itself on each side, per operation.
type function struct {
	Name          string
	Variant, Base float64
}

// functions ranks the functions of two sides by how much their own cost
// differs; of one side by their own cost.
func (g *Graph) functions() []function {
	by := map[string]*function{}
	for i, t := range g.trees {
		t.root.each(func(f *frame) {
			if f.self == 0 {
				return
			}
			if by[f.name] == nil {
				by[f.name] = &function{Name: f.name}
			}
			if i == len(g.trees)-1 {
				by[f.name].Variant += f.self
			} else if i == 0 {
				by[f.name].Base += f.self
			}
		})
	}
	out := []function{}
	for _, f := range by {
		out = append(out, *f)
	}
	slices.SortFunc(out, func(a, b function) int {
		if c := cmp.Compare(math.Abs(b.Variant-b.Base), math.Abs(a.Variant-a.Base)); c != 0 {
			return c
		}
		return cmp.Compare(a.Name, b.Name)
	})
	return out
}

func (f *frame) each(visit func(*frame)) {
	visit(f)
	for _, k := range f.kids {
		k.each(visit)
	}
}
