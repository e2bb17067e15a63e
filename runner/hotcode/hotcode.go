// Package hotcode holds the machine code of a run's hot functions in figures, as
// the journal and the result keep it. A stored run has them without the program
// that was measured, which the next build replaces.
package hotcode

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
)

// Code is the machine code of the functions in which operations spent their time.
type Code struct {
	Functions []Function `json:"functions"` // each once, in the order of their names
	Variants  []Variant  `json:"variants"`
	Inlining  bool       `json:"inlining"`           // whether Function.Into is known: programs without debugging information do not say
	Left      int        `json:"left_off,omitempty"` // functions of variants that were left off for size
}

// Function is one function in figures. What the compiler inlined into it belongs
// to it. Most functions have none of most things: those are left out.
type Function struct {
	Name         string `json:"name"`
	Size         int    `json:"bytes"`
	Instructions int    `json:"instructions"`
	Branches     int    `json:"conditional_branches"`
	Guards       int    `json:"guards,omitempty"` // of the branches: those to a panic or to the growth of the stack
	Indirect     int    `json:"indirect_branches,omitempty"`
	Calls        int    `json:"calls,omitempty"`
	Checks       int    `json:"bounds_checks,omitempty"`
	Into         int    `json:"inlined_into,omitempty"` // so many other functions hold a copy of the body
	Opaque       int    `json:"opaque,omitempty"`       // instructions that the disassembler does not know
}

// Variant names the hot functions of one variant of one operation, under all
// its workloads together.
type Variant struct {
	Family    string             `json:"family"`
	Op        string             `json:"op"`
	Variant   string             `json:"variant"`
	Declared  bool               `json:"declared,omitempty"`          // by the variant; else a CPU profile found them
	Functions map[string]float64 `json:"functions"`                   // name -> share of the CPU samples, 0 to 1; 0 where declared
	Same      []string           `json:"same_machine_code,omitempty"` // variants before it whose functions are the same code
}

// Hottest lists the names of a variant's functions, the largest share first.
func (v Variant) Hottest() []string {
	names := slices.Sorted(maps.Keys(v.Functions))
	slices.SortStableFunc(names, func(a, b string) int { return cmp.Compare(v.Functions[b], v.Functions[a]) })
	return names
}

// Fit leaves off the least functions of every variant, and then the last
// variants, until the JSON of the rest, without spaces, is no longer than so many bytes.
func (c Code) Fit(limit int) Code {
	most := 0
	for _, v := range c.Variants {
		most = max(most, len(v.Functions))
	}
	for ; most > 1 && c.bytes() > limit; most-- {
		c = c.atMost(most-1, len(c.Variants))
	}
	for n := len(c.Variants); n > 0 && c.bytes() > limit; n-- {
		c = c.atMost(most, n-1)
	}
	return c
}

func (c Code) bytes() int {
	data, err := json.Marshal(c)
	if err != nil {
		return 0 // a share that is no number: the journal says so
	}
	return len(data)
}

// atMost keeps so many functions of so many variants.
func (c Code) atMost(functions, variants int) Code {
	out, used := Code{Inlining: c.Inlining, Left: c.Left}, map[string]bool{}
	for i, v := range c.Variants {
		names := v.Hottest()
		keep := min(functions, len(names))
		if i >= variants {
			keep = 0
		}
		out.Left += len(names) - keep
		if keep == 0 {
			continue
		}
		kept := map[string]float64{}
		for _, name := range names[:keep] {
			kept[name], used[name] = v.Functions[name], true
		}
		v.Functions = kept
		out.Variants = append(out.Variants, v)
	}
	for _, f := range c.Functions {
		if used[f.Name] {
			out.Functions = append(out.Functions, f)
		}
	}
	return out
}
