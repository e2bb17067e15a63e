package profiles_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/pprof/profile"

	"assay/profiles"
)

// pass is a pass of one operation with these profiles.
func pass(kind string, before, data []byte) profiles.Pass {
	return profiles.Pass{Kind: kind, Family: "page", Op: "get", Variant: "nibble", Workload: "w", Restart: 3, Before: before, Data: data}
}

// lines are the samples of a profile: function, one value, labels.
func lines(p *profile.Profile, value int) string {
	var out []string
	for _, s := range p.Sample {
		text := fmt.Sprintf("%s %d", s.Location[0].Line[0].Function.Name, s.Value[value])
		for _, key := range []string{"family", "op", "variant", "workload", "phase", "restart", "thread"} {
			if len(s.Label[key]) == 1 {
				text += " " + s.Label[key][0]
			}
		}
		out = append(out, text)
	}
	slices.Sort(out)
	return strings.Join(out, "\n")
}

func TestTimedSamplesCarryThePassAndOthersDoNot(t *testing.T) {
	t.Parallel()
	data := build(
		t, cpu,
		stack{"find get runtime.corostart", 60, "timed"},
		stack{"draw get runtime.corostart", 20, ""}, // inputs
		stack{"answer main.main runtime.main", 5, ""},
		stack{"runtime.scanobject runtime.gcBgMarkWorker", 7, ""},
		stack{"compact example.com/db.(*Store).background", 8, ""},
	)
	p, err := pass("cpu", nil, data).Profile()
	if err != nil {
		t.Fatal(err)
	}
	want := `answer 5
compact 8 page get nibble w timed 3 background
draw 20
find 60 page get nibble w timed 3
runtime.scanobject 7 page get nibble w timed 3 background`
	if got := lines(p, 1); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := profiles.Sampled(p); got != 75e-9 {
		t.Errorf("%v s sampled", got)
	}
}

func TestWhatOnlyGrowsIsRecordedFromTheFirstSliceOn(t *testing.T) {
	t.Parallel()
	heap := []string{"alloc_objects/count", "alloc_space/bytes", "inuse_objects/count", "inuse_space/bytes"}
	before := build(t, heap, stack{"load main", 100, ""}, stack{"grow get", 10, ""})
	after := build(
		t, heap, stack{"load main", 100, ""}, stack{"grow get", 35, ""},
		stack{"compress runtime/pprof.writeHeap", 50, ""},                // the profiler itself
		stack{"trial.absorb assay/runner/trial.sampleMemory get", 2, ""}, // and its switch
	)
	for kind, byDefault := range map[string]string{"heap": "inuse_space", "allocs": ""} {
		p, err := pass(kind, before, after).Profile()
		if err != nil {
			t.Fatal(err)
		}
		if got := lines(p, 1); got != "grow 25 page get nibble w timed 3" || p.DefaultSampleType != byDefault {
			t.Errorf("%s: %s, by default %q", kind, got, p.DefaultSampleType)
		}
	}
}

func TestAWholeRunKeepsWhatTheBenchmarkDid(t *testing.T) {
	t.Parallel()
	data := build(t, cpu, stack{"Sum BenchmarkSum testing.(*B).launch", 60, ""}, stack{"parse testing.(*M).Run main.main", 5, ""})
	whole := pass("cpu", nil, data)
	whole.Whole = true
	p, err := whole.Profile()
	if err != nil || lines(p, 1) != "Sum 60 page get nibble w timed 3\nparse 5" {
		t.Errorf("%s, %v", lines(p, 1), err)
	}
	whole.Kind = "block"
	if p, err = whole.Profile(); err != nil || lines(p, 1) != "Sum 60 page get nibble w timed 3" {
		t.Errorf("%s, %v", lines(p, 1), err)
	}
}

func TestAMergedFilePartsIntoOperationsAndRestarts(t *testing.T) {
	t.Parallel()
	var parts []*profile.Profile
	for restart := 1; restart <= 2; restart++ {
		for _, op := range []string{"get", "scan"} {
			x := pass("cpu", nil, build(t, cpu, stack{"find get", int64(10 * restart), "timed"}, stack{"load main.main", 1, ""}))
			x.Op, x.Restart = op, restart
			p, err := x.Profile()
			if err != nil {
				t.Fatal(err)
			}
			parts = append(parts, p)
		}
	}
	data, err := profiles.Merge(parts)
	if err != nil {
		t.Fatal(err)
	}
	p, err := profile.ParseData(data)
	if err != nil {
		t.Fatal(err)
	}
	if got := lines(profiles.Timed(p, "get", ""), 1); got != "find 10 page get nibble w timed 1\nfind 20 page get nibble w timed 2" {
		t.Errorf("of get:\n%s", got)
	}
	if got := profiles.Timed(p, "get", "other"); len(got.Sample) > 0 {
		t.Errorf("under another workload: %d samples", len(got.Sample))
	}
	if got := profiles.Timed(p, "", "w"); len(got.Sample) != 4 || len(p.Sample) != 5 {
		t.Errorf("of any operation: %d of %d samples", len(got.Sample), len(p.Sample))
	}
}

func TestWhatIsNoProfileSaysSo(t *testing.T) {
	t.Parallel()
	good := build(t, cpu, stack{"find", 60, "timed"})
	for want, p := range map[string]profiles.Pass{
		"cpu profile: parsing profile: ":                             pass("cpu", nil, []byte("garbage")),
		"heap profile: parsing profile: ":                            pass("heap", []byte("garbage"), good),
		"block profile: profiles have empty common sample type list": pass("block", build(t, []string{"delay/nanoseconds"}, stack{"find", 1, ""}), good),
	} {
		_, err := p.Profile()
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("error %v, want %s", err, want)
		}
	}
}

func FuzzAPassOfGarbageIsAnError(f *testing.F) {
	good := build(f, cpu, stack{"decode+find get main", 60, "timed"}, stack{"load", 5, ""})
	f.Add(good, good, false)
	f.Add([]byte{}, good, true)
	f.Add(good, []byte("--- heap profile"), true)
	f.Fuzz(func(t *testing.T, before, data []byte, whole bool) {
		for _, kind := range []string{"cpu", "heap"} {
			x := pass(kind, before, data)
			x.Whole = whole
			p, err := x.Profile()
			if err != nil {
				continue
			}
			profiles.Sampled(p)
			if len(profiles.Timed(p, "get", "w").Sample) > len(p.Sample) {
				t.Fatal("more samples than there are")
			}
			if _, err := profiles.Merge([]*profile.Profile{p, p}); err != nil {
				t.Fatalf("what Pass made cannot be merged: %v", err)
			}
		}
	})
}
