package plan_test

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"assay/runner/lab"
	"assay/runner/plan"
)

var update = flag.Bool("update", false, "rewrite the golden files")

type nothing interface{}

func newNothing(*lab.Env) (nothing, error) { return 0, nil }

// variants lists variants by name; the one called null does nothing.
func variants(names ...string) []lab.Variant[nothing] {
	var list []lab.Variant[nothing]
	for _, n := range names {
		list = append(list, lab.Variant[nothing]{Name: n, Null: n == "null", New: newNothing})
	}
	return list
}

func ops(names ...string) []lab.Op[nothing] {
	var list []lab.Op[nothing]
	for _, n := range names {
		list = append(list, lab.Op[nothing]{Name: n, Run: func(*lab.T, nothing) error { return errors.New("a plan runs nothing") }})
	}
	return list
}

// rooms is a small catalog: a family in one process, one isolated, one with little to say.
func rooms() []lab.Room {
	return []lab.Room{
		lab.Family[nothing]{
			Name: "page", Base: "raw", Ops: ops("fill", "get-hit", "get-miss"), Variants: variants("null", "raw", "varint", "nibble"),
			Model:     newNothing,
			Workloads: []string{"realistic", "full"},
			Standard: []lab.Row{
				{Op: "fill", Workload: "realistic"},
				{Op: "get-hit", Workload: "realistic"},
				{Op: "get-hit", Workload: "full", Variants: []string{"raw", "nibble"}},
			},
		}.Erase(),
		lab.Family[nothing]{
			Name: "flush", Base: "map", Ops: ops("flush"), Variants: variants("map", "tree"), Isolated: true, Text: true,
			Beside: ops("writer"), Workloads: []string{"uniform:0-1000"}, Standard: []lab.Row{{Op: "flush", Workload: "uniform:0-1000"}},
		}.Erase(),
		lab.Family[nothing]{Name: "bare", Base: "null", Ops: ops("nap"), Variants: variants("null")}.Erase(),
	}
}

// plans are the option sets whose plans are golden, by file name.
func plans() map[string]plan.Options {
	return map[string]plan.Options{
		"headline":      {Name: "run", Command: []string{"assay", "run"}, Seed: 1, Budget: 30 * time.Second},
		"headline-full": {Seed: 1, Workloads: []string{"full"}, Variants: []string{"raw", "n*"}, Select: []string{"page"}},
		"everything":    {Seed: 1, Full: true, Select: []string{"page", "flush"}, Restarts: 12, Layouts: 8},
		"one-variant":   {Seed: 18446744073709551615, Select: []string{"page/get-hit/nibble"}, Alpha: 0.05, Threshold: 0.02},
		"repeated":      {Select: []string{"page/get-hit"}, Variants: []string{"nibble", "nibble"}, Inject: map[string]float64{"nibble#2": 0.02}},
		"no-base":       {Select: []string{"page/get-hit/null,varint,nibble"}, Clock: "wall", GC: "off", Profile: []string{"cpu", "heap"}},
		"base-named":    {Select: []string{"page/get-hit/raw,varint"}, Base: "nibble", GC: "800", Smoke: true},
		"sweep":         {Select: []string{"flush"}, Sweep: "count=100,1k,10k,2m", UntilDecided: true},
		"scenarios":     {Select: []string{"page/fill/raw,nibble"}, Scenarios: []string{"alone", "cpu", "gc", "cpu"}, Latency: true, Rate: 1000},
	}
}

func TestPlansAreTheGoldenOnes(t *testing.T) {
	t.Parallel()
	for name, o := range plans() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, err := plan.Make(rooms(), o)
			if err != nil {
				t.Fatal(err)
			}
			data, err := json.MarshalIndent(p, "", " ")
			if err != nil {
				t.Fatal(err)
			}
			golden(t, filepath.Join("plans", name+".json"), string(data)+"\n")
			again, err := plan.Make(rooms(), o)
			if err != nil || !reflect.DeepEqual(again, p) {
				t.Errorf("the same options gave another plan (%v)", err)
			}
			var read plan.Plan
			if err := json.Unmarshal(data, &read); err != nil || !reflect.DeepEqual(read, p) {
				t.Errorf("the plan does not survive JSON (%v):\n%+v\n%+v", err, read, p)
			}
		})
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v: run the test with -update and review the file", err)
	}
	if got != string(want) {
		t.Errorf("%s differs: run the test with -update and review the change\n%s", path, got)
	}
}

// shape words a plan by its groups: op(base:arms)@workload.
func shape(p plan.Plan) string {
	var words []string
	for _, g := range p.Groups {
		if g.Control {
			continue
		}
		var arms []string
		for _, a := range g.Arms {
			arms = append(arms, a.Name)
		}
		word := fmt.Sprintf("%s/%s(%s)@%s", g.Family, g.Op, strings.Join(arms, " "), g.Workload)
		if g.Scenario != "" {
			word += "+" + g.Scenario
			if g.Within {
				word += "(own)"
			}
		}
		words = append(words, word)
	}
	return strings.Join(words, "; ")
}

func TestSelectionGrammar(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		o    plan.Options
		want string
		rows int
	}{
		{plan.Options{Select: []string{"page/get-*/n*"}}, "page/get-hit(nibble null)@realistic; page/get-miss(nibble null)@realistic", 0},
		{plan.Options{Select: []string{"page/*/raw,nibble"}}, "page/fill(raw nibble)@realistic; page/get-hit(raw nibble)@realistic; page/get-miss(raw nibble)@realistic", 3},
		{plan.Options{Select: []string{"page/get-hit,fill/raw"}}, "page/get-hit(raw)@realistic; page/fill(raw)@realistic", 0},
		{plan.Options{Select: []string{"p*/fill/raw,???????", "flush"}}, "", -1},
		{plan.Options{Select: []string{"p*/fill/raw,??????", "flush"}}, "page/fill(raw varint nibble)@realistic; flush/flush(map tree)@uniform:0-1000", 3},
		{plan.Options{Select: []string{"*/fill/raw"}}, "page/fill(raw)@realistic", 0},
		{plan.Options{Select: []string{"*/fill,flush/raw"}}, "", -1},
		{plan.Options{Select: []string{"page,flush/fill/raw"}}, "", -1},
		{plan.Options{Select: []string{"page/fill"}, Variants: []string{"varint", "raw"}}, "page/fill(raw varint)@realistic", 1},
		{plan.Options{Select: []string{"page/fill/varint"}}, "page/fill(raw varint)@realistic", 1},
		{plan.Options{Select: []string{"page/fill/null"}}, "page/fill(raw null)@realistic", 0},
		{plan.Options{Select: []string{"page/fill/nibble,varint"}}, "page/fill(nibble varint)@realistic", 1},
		{plan.Options{Select: []string{"page/fill/null,varint"}}, "page/fill(varint null)@realistic", 0},
		// a name twice is itself again; a pattern adds only what is missing
		{plan.Options{Select: []string{"page/fill/raw,raw,raw"}}, "page/fill(raw raw#2 raw#3)@realistic", 2},
		{plan.Options{Select: []string{"page/fill/nibble,n*"}}, "page/fill(nibble null)@realistic", 0},
		{plan.Options{Select: []string{"page/fill/*bl*,varint,*"}}, "page/fill(raw nibble varint null)@realistic", 2},
		// what two words select twice is measured once, with the variants of both
		{plan.Options{Select: []string{"page/fill/raw", "page/fill/nibble"}}, "page/fill(raw nibble)@realistic", 1},
		{plan.Options{Select: []string{"page/fill", "page/f*/nibble"}}, "page/fill(raw null varint nibble)@realistic", 2},
		{plan.Options{Select: []string{"page/fill,fill/raw"}, Workloads: []string{"full", "full"}}, "page/fill(raw)@full", 0},
		{plan.Options{Workloads: []string{"full"}, Select: nil, Variants: []string{"*"}}, "page/fill(raw null varint nibble)@full; page/get-hit(raw null varint nibble)@full; flush/flush(map tree)@full", 5},
		{plan.Options{Select: []string{"page/fill/raw,nibble"}, Scenarios: []string{"disk", "alone"}}, "page/fill(raw nibble)@realistic+disk; page/fill(raw nibble)@realistic", 2},
		{plan.Options{Select: []string{"flush"}, Scenarios: []string{"alone", "writer"}}, "flush/flush(map tree)@uniform:0-1000; flush/flush(map tree)@uniform:0-1000+writer(own)", 2},
		{plan.Options{Select: []string{"page/fill"}, Scenarios: []string{"writer"}}, "", -1}, // another family's
		{plan.Options{Select: []string{"page/fill/raw,nibble"}, Base: "varint"}, "page/fill(varint raw nibble)@realistic", 2},
		{plan.Options{Select: []string{"bare"}, Workloads: []string{"full"}}, "bare/nap(null)@full", 0},
	} {
		p, err := plan.Make(rooms(), c.o)
		if c.rows < 0 {
			if err == nil {
				t.Errorf("%v is accepted", c.o.Select)
			}
			continue
		}
		if err != nil || shape(p) != c.want || p.Rows != c.rows {
			t.Errorf("%v %v\ngot  %s, %d rows, %v\nwant %s, %d rows", c.o.Select, c.o.Variants, shape(p), p.Rows, err, c.want, c.rows)
		}
	}
}

func TestTheControlIsTheFirstBaseAgainstItself(t *testing.T) {
	t.Parallel()
	for name, o := range plans() {
		p, err := plan.Make(rooms(), o)
		if err != nil {
			t.Fatal(err)
		}
		first, control := p.Groups[0], p.Groups[len(p.Groups)-1]
		base := first.Arms[0]
		want := []plan.Arm{{Name: base.Name, Variant: base.Variant}, {Name: base.Name + "#2", Variant: base.Variant}}
		if !control.Control || !reflect.DeepEqual(control.Arms, want) || first.Base != base.Name || control.Workload != first.Workload {
			t.Errorf("%s: control %+v of %+v", name, control, first)
		}
		for _, g := range p.Groups[:len(p.Groups)-1] {
			if g.Control {
				t.Errorf("%s: a second control", name)
			}
		}
	}
}

func TestFindCaseKnowsTheModelAndSuggests(t *testing.T) {
	t.Parallel()
	room, err := plan.FindRoom(rooms(), "page")
	if err != nil {
		t.Fatal(err)
	}
	if c, err := plan.FindCase(room, "fill", "model"); err != nil || c.Variant != "model" || c.Op != "fill" {
		t.Errorf("model: %+v, %v", c, err)
	}
	if c, err := plan.FindCase(room, "get-hit", "varint"); err != nil || c.Variant != "varint" || c.Op != "get-hit" {
		t.Errorf("varint: %+v, %v", c, err)
	}
	for _, c := range [][3]string{
		{"fil", "raw", `unknown operation of page "fil": did you mean "fill"?`},
		{"fill", "rwa", `unknown variant of page "rwa": did you mean "raw"?`},
	} {
		if _, err := plan.FindCase(room, c[0], c[1]); err == nil || err.Error() != c[2] {
			t.Errorf("%v: %v", c, err)
		}
	}
}

func TestAnySelectionIsAPlanOrAnError(t *testing.T) {
	t.Parallel()
	word := rapid.StringMatching(`[a-z*?,/\[\]#-]{0,12}`)
	rapid.Check(t, func(t *rapid.T) {
		o := plan.Options{
			Select:    rapid.SliceOfN(rapid.OneOf(word, rapid.SampledFrom([]string{"page", "*", "page/fill", "flush/*/t*"})), 0, 3).Draw(t, "select"),
			Variants:  rapid.SliceOfN(rapid.OneOf(word, rapid.SampledFrom([]string{"raw", "*", "nibble"})), 0, 3).Draw(t, "variants"),
			Workloads: rapid.SliceOfN(rapid.SampledFrom([]string{"realistic", "full", "realistic,count=5", ""}), 0, 3).Draw(t, "workloads"),
			Sweep:     rapid.SampledFrom([]string{"", "", "count=1,2,3,4", "x"}).Draw(t, "sweep"),
			Base:      rapid.SampledFrom([]string{"", "", "nibble", "map"}).Draw(t, "base"),
		}
		p, err := plan.Make(rooms(), o)
		if err != nil {
			return
		}
		seen := map[string]bool{}
		rows := 0
		for _, g := range p.Groups {
			if seen[g.Key()] {
				t.Fatalf("two groups are called %s", g.Key())
			}
			seen[g.Key()] = true
			names := map[string]bool{}
			for i, a := range g.Arms {
				if names[a.Name] || !strings.HasPrefix(a.Name, a.Variant) || a.Batches != 0 {
					t.Fatalf("arms %+v", g.Arms)
				}
				names[a.Name] = true
				if i > 0 && !g.Control && a.Variant != "null" {
					rows++
				}
			}
			if g.Arms[0].Name != g.Base {
				t.Fatalf("base %s, arms %+v", g.Base, g.Arms)
			}
		}
		if rows != p.Rows {
			t.Fatalf("%d rows, counted %d", p.Rows, rows)
		}
	})
}

func TestDigestTellsCatalogsApart(t *testing.T) {
	t.Parallel()
	whole := plan.Digest(rooms())
	if whole != plan.Digest(rooms()) || len(whole) != 16 {
		t.Errorf("digest %q is not stable", whole)
	}
	renamed := rooms()
	renamed[0].Cases[2].Variant = "varnit"
	larger := rooms()
	larger[0].Cases[2].Count++
	for _, other := range []string{plan.Digest(rooms()[:2]), plan.Digest(nil), plan.Digest(renamed), plan.Digest(larger)} {
		if other == whole {
			t.Error("another catalog has the same digest")
		}
	}
}

func TestKeyNamesWorkloadScenarioAndControl(t *testing.T) {
	t.Parallel()
	g := plan.Group{Family: "page", Op: "fill", Workload: "full", Scenario: "cpu", Control: true}
	if got, want := g.Key(), "page/fill under full beside cpu (control)"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
