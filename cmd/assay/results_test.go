package main

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// stored is result.json as somebody else's program would read it: declared
// here again, so that a renamed field in package result fails these tests.
type stored struct {
	Schema string `json:"schema"`
	Cases  []struct {
		Family, Op, Variant, Workload string
		Units                         map[string]struct {
			Mean  *float64 `json:"mean"`
			Exact bool     `json:"exact"`
		}
	} `json:"cases"`
	Comparisons []struct {
		Op, Variant, Workload, Unit, Verdict string
	} `json:"comparisons"`
}

func readStored(ts *testscript.TestScript, file string) stored {
	var s stored
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(file)), &s))
	if s.Schema != "assay/1" {
		ts.Fatalf("%s: schema %q", file, s.Schema)
	}
	return s
}

// meanOf finds the mean of an exact unit of FAMILY/OP/VARIANT under a workload.
func meanOf(ts *testscript.TestScript, file, name, workload, unit string) float64 {
	for _, c := range readStored(ts, file).Cases {
		if c.Family+"/"+c.Op+"/"+c.Variant != name || c.Workload != workload {
			continue
		}
		if u := c.Units[unit]; u.Mean != nil && u.Exact {
			return *u.Mean
		}
		ts.Fatalf("%s: %s under %s has no exact %s", file, name, workload, unit)
	}
	ts.Fatalf("%s: no case %s under %s", file, name, workload)
	return 0
}

// mean FILE FAMILY/OP/VARIANT WORKLOAD UNIT LO HI wants the mean of an exact
// unit within [LO, HI].
func mean(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) == 6, "mean FILE FAMILY/OP/VARIANT WORKLOAD UNIT LO HI")
	lo, err := strconv.ParseFloat(args[4], 64)
	ts.Check(err)
	hi, err := strconv.ParseFloat(args[5], 64)
	ts.Check(err)
	if x := meanOf(ts, args[0], args[1], args[2], args[3]); x < lo || x > hi {
		ts.Fatalf("%s under %s: %v %s, want %v to %v", args[1], args[2], x, args[3], lo, hi)
	}
}

// denser FILE WORKLOAD A B wants the pages of A to hold more entries than B's.
func denser(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) == 4, "denser FILE WORKLOAD A B")
	a := meanOf(ts, args[0], "page/fill/"+args[2], args[1], "entries/page")
	b := meanOf(ts, args[0], "page/fill/"+args[3], args[1], "entries/page")
	if a <= b {
		ts.Fatalf("%s holds %v entries/page, %s %v: want more", args[2], a, args[3], b)
	}
}

// verdict FILE VARIANT UNIT WORD|WORD wants one of the verdicts.
func verdict(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) == 4, "verdict FILE VARIANT UNIT WORD|WORD")
	found := false
	for _, c := range readStored(ts, args[0]).Comparisons {
		if c.Variant != args[1] || c.Unit != args[2] {
			continue
		}
		found = true
		if !slices.Contains(strings.Split(args[3], "|"), c.Verdict) {
			ts.Fatalf("%s in %s is %q, want %s", c.Variant, c.Unit, c.Verdict, args[3])
		}
	}
	if !found {
		ts.Fatalf("%s compares no %s in %s", args[0], args[1], args[2])
	}
}
