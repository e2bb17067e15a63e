// Package flame draws where the time of an operation goes, and where two
// variants of it differ: a flame graph on one offline page, a fragment of data
// for a larger page, and a file for speedscope.
//
// Values are per operation and not shares, so a frame means the same on both
// sides even when one side ran more operations. A frame is a function with its
// chain of callers; inlined calls are frames of their own.
//
// Limits: one value per sample (time or bytes), no line numbers, no negative
// values. Give both profiles, never their difference: a frame that costs 100
// against 101 and one that costs 0 against 1 differ by the same amount and mean
// different things.
package flame

import (
	"errors"
	"fmt"
	"strings"

	"github.com/google/pprof/profile"
)

// Side is one variant's profile, already filtered to the samples that count.
type Side struct {
	Name    string
	Profile *profile.Profile
	Ops     float64 // operations that the samples cover, above 0
}

// Graph holds the call trees of one operation: of one variant, of a base and a
// variant, or of a base and all its variants.
type Graph struct {
	Title string // what was profiled: "page/get-hit realistic, cpu"
	Unit  string // of every value: "ns/op" or "B/op"
	trees []tree // the base is the first where there is more than one
}

// Build makes the graph of a variant, beside its base unless that is nil. The
// unit says which value of a sample counts: "ns/op" the last one in
// nanoseconds, "B/op" allocated bytes, "allocs/op" allocated objects. It fails
// on a profile without that value, with negative values or without operations.
func Build(variant Side, base *Side, unit string) (*Graph, error) {
	if base == nil {
		return Join("", unit, variant)
	}
	return Join("", unit, *base, variant)
}

// Join makes one graph of many sides, the base first, for a page on which the
// reader picks the two to compare.
func Join(title, unit string, sides ...Side) (*Graph, error) {
	g := &Graph{Title: title, Unit: unit}
	for _, s := range sides {
		t, err := grow(s, unit)
		if err != nil {
			return nil, fmt.Errorf("flame graph of %s: %w", s.Name, err)
		}
		g.trees = append(g.trees, t)
	}
	if len(g.trees) == 0 {
		return nil, errors.New("flame graph: no profile given")
	}
	return g, nil
}

// Total is what one operation of a side costs in the graph's unit, by its
// samples: sides count as given to Join.
func (g *Graph) Total(side int) float64 { return g.trees[side].root.total() }

// Samples is how many samples a side rests on, as far as its period tells;
// 0 when it does not.
func (g *Graph) Samples(side int) float64 {
	if one := g.trees[side].one; one > 0 {
		return g.Total(side) / one
	}
	return 0
}

// valueIndex finds the value of a sample that a unit speaks of.
func valueIndex(p *profile.Profile, unit string) (int, error) {
	found := -1
	for i, t := range p.SampleType {
		switch {
		case unit == "ns/op" && t.Unit == "nanoseconds",
			unit == "allocs/op" && t.Type == "alloc_objects":
			found = i
		case unit == "B/op" && t.Type == "alloc_space":
			return i, nil
		case unit == "B/op" && t.Unit == "bytes" && found < 0:
			found = i
		}
	}
	if found < 0 {
		kinds := []string{}
		for _, t := range p.SampleType {
			kinds = append(kinds, t.Type+"/"+t.Unit)
		}
		return 0, fmt.Errorf("no value in %s: the samples hold %s", unit, strings.Join(kinds, ", "))
	}
	return found, nil
}
