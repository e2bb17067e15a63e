package flame

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"unicode"
)

// The compact form: names once, and per side one array of three numbers per
// frame in depth-first order: name, own value in grains, number of callees.
// Everything else (totals, shares, the join of two sides) follows from these
// and is left to the script. json.Marshal escapes "<", so no symbol can close
// the script element that holds the text.
type (
	bundle struct {
		Names []string `json:"names"`
		Sets  []set    `json:"sets"`
	}
	set struct {
		Title string `json:"title"`
		Unit  string `json:"unit"`
		Sides []side `json:"sides"`
	}
	side struct {
		Name  string  `json:"name"`
		Ops   float64 `json:"ops"`
		One   float64 `json:"one,omitempty"` // what a single sample adds
		Grain float64 `json:"grain"`         // of the numbers in Tree, in the set's unit
		Tree  []int   `json:"tree"`
	}
)

// grains is how finely a tree's values are stored: a millionth of its total.
const grains = 1e6

// Frames below leastShare of their side's total are pruned: at 1,000 pixels
// they would be one pixel wide.
const leastShare = 0.001

// JSON is the graph in its compact form, for the script and style sheet of this
// package: about 30 bytes per frame.
func (g *Graph) JSON() ([]byte, error) { return Bundle(math.MaxInt, g) }

// Bundle is several graphs in one compact text of at most limit bytes, which
// share their names. Where they do not fit, ever larger frames are pruned. The
// result is nil when not even frames of a tenth of the total fit.
func Bundle(limit int, graphs ...*Graph) ([]byte, error) {
	for share := leastShare; share <= 0.1; share *= 2 {
		data, err := json.Marshal(compact(graphs, share))
		if err != nil {
			return nil, fmt.Errorf("flame graph: %w", err)
		}
		if len(data) <= limit {
			return data, nil
		}
	}
	return nil, nil
}

func compact(graphs []*Graph, share float64) bundle {
	b, index := bundle{Names: []string{}, Sets: []set{}}, map[string]int{}
	number := func(name string) int {
		n, ok := index[name]
		if !ok {
			n = len(b.Names)
			index[name], b.Names = n, append(b.Names, clean(name))
		}
		return n
	}
	for _, g := range graphs {
		s := set{Title: clean(g.Title), Unit: g.Unit, Sides: []side{}}
		for _, t := range g.trees {
			total := t.root.total()
			out := side{Name: clean(t.name), Ops: t.ops, One: t.one, Grain: total / grains, Tree: []int{}}
			t.root.pruned(share*total).flatten(out.Grain, number, &out.Tree)
			s.Sides = append(s.Sides, out)
		}
		b.Sets = append(b.Sets, s)
	}
	return b
}

// clean takes from a name what could not be seen and still act: control
// characters, and those that turn the direction of the text after them.
func clean(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return unicode.ReplacementChar
		}
		return r
	}, name)
}

func (f *frame) flatten(grain float64, number func(string) int, out *[]int) {
	own := 0
	if grain > 0 {
		own = int(math.Round(f.self / grain))
	}
	*out = append(*out, number(f.name), own, len(f.kids))
	for _, k := range f.kids {
		k.flatten(grain, number, out)
	}
}
