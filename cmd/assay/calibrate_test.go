package main

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// prices FILE RESOURCE[/LEVEL]... wants a positive constant of each, between its
// quartiles, in what `assay doctor --calibrate` printed or keeps.
func prices(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) >= 2, "prices FILE RESOURCE[/LEVEL]...")
	type machine struct {
		CPU       string
		Constants []struct {
			Resource, Level string
			Ns, Lo, Hi      float64
			Size            int64
			Slices          int
			Clock           string
		}
	}
	var file struct {
		machine
		Machine machine
	}
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &file))
	m := file.machine
	if len(m.Constants) == 0 {
		m = file.Machine
	}
	if m.CPU == "" {
		ts.Fatalf("%s names no CPU", args[0])
	}
	for _, want := range args[1:] {
		resource, level, _ := strings.Cut(want, "/")
		found := false
		for _, c := range m.Constants {
			if c.Resource != resource || c.Level != level {
				continue
			}
			found = true
			if c.Ns <= 0 || c.Lo > c.Ns || c.Ns > c.Hi || c.Slices < 1 || c.Clock != "cpu" && c.Clock != "wall" || (level != "") != (c.Size > 0) {
				ts.Fatalf("%s is no price: %+v", want, c)
			}
		}
		if !found {
			ts.Fatalf("%s has no price of %s", args[0], want)
		}
	}
}

// TestSketchesNameWhatTheirFamiliesHave: a term about a variant that is not
// listed, or times a unit that nobody reports, would be left out in silence.
func TestSketchesNameWhatTheirFamiliesHave(t *testing.T) {
	t.Parallel()
	sketches := 0
	for _, room := range catalog() {
		variants, units := map[string]bool{}, map[string]bool{}
		for _, c := range room.Cases {
			variants[c.Variant] = true
		}
		for _, u := range room.Units {
			units[u.Name] = u.Exact
		}
		for _, c := range room.Cases {
			for _, cost := range c.Sketch {
				sketches++
				if i := slices.IndexFunc(cost.Variants, func(v string) bool { return !variants[v] }); i >= 0 {
					t.Errorf("%s/%s: the sketch is about %q, which is no variant", room.Name, c.Op, cost.Variants[i])
				}
				if cost.Unit != "" && !units[cost.Unit] {
					t.Errorf("%s/%s: the sketch counts by %q, which is no exact unit of the family", room.Name, c.Op, cost.Unit)
				}
			}
		}
	}
	if sketches == 0 {
		t.Error("no operation has a sketch")
	}
}
