package flame

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// Box is one frame of a side as a picture places it, in the graph's unit.
type Box struct {
	Name   string  // of the function, see [ShortName]
	Depth  int     // 0 for the last caller that all samples have in common
	At     float64 // where it begins, from the left
	Wide   float64 // what it costs with all that it called
	Change float64 // against the base over the sum of both, -1 to 1; 0 where chance could explain it, and on the base
}

// Boxes are the frames of every side, in the order of the sides, callers before
// what they called. A function under the same callers has its place in the same
// order on every side: the one that costs all sides together most comes first.
// Frames below a share of their side's total are left out.
func (g *Graph) Boxes(share float64) [][]Box {
	top := g.joined().start()
	sides := make([][]Box, len(g.trees))
	for i := range g.trees {
		total := top.cost[i]
		var walk func(f *joint, depth int, at float64)
		walk = func(f *joint, depth int, at float64) {
			if f.cost[i] <= 0 || f.cost[i] < share*total {
				return
			}
			sides[i] = append(sides[i], Box{ShortName(f.name), depth, at, f.cost[i], g.change(f, i, total+top.cost[0])})
			for _, k := range f.kids {
				walk(k, depth+1, at)
				at += k.cost[i]
			}
		}
		walk(top, 0, 0)
	}
	return sides
}

// joint is a frame of all sides together.
type joint struct {
	name string
	cost []float64 // with callees, by side
	kids []*joint
	by   map[string]*joint
}

// joined lays the trees of all sides over each other.
func (g *Graph) joined() *joint {
	root := newJoint(rootName, len(g.trees))
	for i, t := range g.trees {
		root.lay(t.root, i)
	}
	root.order()
	return root
}

func newJoint(name string, sides int) *joint {
	return &joint{name: name, cost: make([]float64, sides), by: map[string]*joint{}}
}

func (j *joint) lay(f *frame, side int) {
	j.cost[side] += f.self
	for _, k := range f.kids {
		under := j.by[k.name]
		if under == nil {
			under = newJoint(k.name, len(j.cost))
			j.by[k.name], j.kids = under, append(j.kids, under)
		}
		under.lay(k, side)
		j.cost[side] += under.cost[side]
	}
}

func (j *joint) order() {
	slices.SortFunc(j.kids, func(a, b *joint) int { return cmp.Or(cmp.Compare(b.sum(), a.sum()), cmp.Compare(a.name, b.name)) })
	for _, k := range j.kids {
		k.order()
	}
}

func (j *joint) sum() float64 {
	sum := 0.0
	for _, c := range j.cost {
		sum += c
	}
	return sum
}

// common is the share of every side that a frame must hold for a picture to
// begin below its caller, as on the page.
const common = 0.97

// start is where the callers part.
func (j *joint) start() *joint {
	for len(j.kids) > 0 && len(j.kids[0].kids) > 0 {
		next := j.kids[0]
		for i := range j.cost {
			if next.cost[i] < common*j.cost[i] {
				return j
			}
		}
		j = next
	}
	return j
}

// change is how much more or less a frame costs on a side than on the base, if
// that is more than twice what counting samples leaves to chance.
func (g *Graph) change(f *joint, side int, whole float64) float64 {
	v, b := f.cost[side], f.cost[0]
	chance := math.Sqrt(v*g.trees[side].one + b*g.trees[0].one)
	if d := math.Abs(v - b); side == 0 || d <= 2*chance || d <= 1e-6*whole {
		return 0
	}
	return (v - b) / (v + b)
}

// ShortName is a function's name without the path of its package and the types a
// generic one was made for, which can be a screen wide: "lab.spin[…]".
func ShortName(symbol string) string {
	from, to := strings.Index(symbol, "["), strings.LastIndex(symbol, "]")
	if from > 0 && to > from {
		symbol = symbol[:from] + "[…]" + symbol[to+1:]
	}
	end := strings.IndexAny(symbol, "([")
	if end < 0 {
		end = len(symbol)
	}
	return clean(symbol[strings.LastIndex(symbol[:end], "/")+1:])
}
