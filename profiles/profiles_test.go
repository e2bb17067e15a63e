package profiles_test

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/pprof/profile"

	"assay/profiles"
)

// stack is one sample: functions from the leaf up, its value, its phase.
type stack struct {
	calls string // "leaf middle root"; a + joins functions inlined into one location
	value int64
	phase string
}

// build makes a gzipped profile of one or more sample types.
func build(t testing.TB, types []string, stacks ...stack) []byte {
	t.Helper()
	p := &profile.Profile{PeriodType: &profile.ValueType{Type: "cpu", Unit: "nanoseconds"}, Period: 10}
	for _, name := range types {
		kind, unit, _ := strings.Cut(name, "/")
		p.SampleType = append(p.SampleType, &profile.ValueType{Type: kind, Unit: unit})
	}
	functions := map[string]*profile.Function{}
	function := func(name string) *profile.Function {
		if functions[name] == nil {
			functions[name] = &profile.Function{ID: uint64(len(functions) + 1), Name: name}
			p.Function = append(p.Function, functions[name])
		}
		return functions[name]
	}
	locations := map[string]*profile.Location{}
	for _, s := range stacks {
		sample := &profile.Sample{}
		for range types {
			sample.Value = append(sample.Value, s.value)
		}
		if s.phase != "" {
			sample.Label = map[string][]string{"phase": {s.phase}, "variant": {"nibble"}}
		}
		for _, at := range strings.Fields(s.calls) {
			if locations[at] == nil {
				l := &profile.Location{ID: uint64(len(locations) + 1), Address: uint64(len(locations) + 1)}
				for _, name := range strings.Split(at, "+") {
					l.Line = append(l.Line, profile.Line{Function: function(name)})
				}
				locations[at] = l
				p.Location = append(p.Location, l)
			}
			sample.Location = append(sample.Location, locations[at])
		}
		p.Sample = append(p.Sample, sample)
	}
	var out bytes.Buffer
	if err := p.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

var cpu = []string{"samples/count", "cpu/nanoseconds"}

func render(functions []profiles.Function) string {
	var words []string
	for _, f := range functions {
		words = append(words, fmt.Sprintf("%s %.2f %.2f", f.Name, f.Flat, f.Cum))
	}
	return strings.Join(words, ", ")
}

func TestTopRanksByOwnShareWithinTimedSlices(t *testing.T) {
	t.Parallel()
	data := build(t, cpu,
		stack{"load main", 1000, ""}, // not timed: left out
		stack{"warm main", 500, "warm"},
		stack{"find get main", 60, "timed"},
		stack{"get main", 20, "timed"},
		stack{"decode+find get main", 20, "timed"}, // decode is inlined into find
	)
	for n, want := range map[int]string{
		10: "find 0.60 0.80, get 0.20 1.00, decode 0.20 0.20, main 0.00 1.00",
		2:  "find 0.60 0.80, get 0.20 1.00",
		0:  "", -1: "",
	} {
		got, unit, err := profiles.Top(data, n)
		if err != nil || unit != "cpu/nanoseconds" || render(got) != want {
			t.Errorf("top %d: %s in %s, %v; want %s", n, render(got), unit, err, want)
		}
	}
}

func TestAFunctionThatRecursCountsOnce(t *testing.T) {
	t.Parallel()
	got, _, err := profiles.Top(build(t, cpu, stack{"walk walk walk main", 7, "timed"}), 9)
	if err != nil || render(got) != "walk 1.00 1.00, main 0.00 1.00" {
		t.Errorf("%s, %v", render(got), err)
	}
}

func TestTopOfAHeapProfileCountsAllAllocatedBytes(t *testing.T) {
	t.Parallel()
	heap := []string{"alloc_objects/count", "alloc_space/bytes", "inuse_objects/count", "inuse_space/bytes"}
	got, unit, err := profiles.Top(build(t, heap, stack{"grow main", 30, ""}, stack{"load main", 10, ""}), 9)
	if err != nil || unit != "alloc_space/bytes" || render(got) != "grow 0.75 0.75, load 0.25 0.25, main 0.00 1.00" {
		t.Errorf("%s in %s, %v", render(got), unit, err)
	}
}

func TestTopOfAProfileWithoutSamplesIsEmpty(t *testing.T) {
	t.Parallel()
	got, unit, err := profiles.Top(build(t, cpu), 5)
	if err != nil || len(got) != 0 || unit != "cpu/nanoseconds" {
		t.Errorf("%v in %s, %v", got, unit, err)
	}
}

func TestTopOfAProfileOfNothingIsAnError(t *testing.T) {
	t.Parallel()
	if _, _, err := profiles.Top(build(t, nil), 5); err == nil || err.Error() != "the profile holds no samples of any kind" {
		t.Errorf("error %v", err)
	}
}

func TestMergeKeepsLabelsAndAddsSamples(t *testing.T) {
	t.Parallel()
	a := build(t, cpu, stack{"find get", 60, "timed"}, stack{"load", 5, ""})
	b := build(t, cpu, stack{"load", 7, ""}, stack{"scan", 40, "timed"}, stack{"find get", 1, "timed"})
	merged, err := merge(a, b)
	if err != nil {
		t.Fatal(err)
	}
	p, err := profile.ParseData(merged)
	if err != nil {
		t.Fatal(err)
	}
	sums := map[string]int64{}
	for _, s := range p.Sample {
		key := s.Location[0].Line[0].Function.Name
		if s.HasLabel("phase", "timed") && s.HasLabel("variant", "nibble") {
			key += " timed"
		}
		sums[key] += s.Value[1]
	}
	if got := fmt.Sprint(sums); got != "map[find timed:61 load:12 scan timed:40]" {
		t.Errorf("%d samples, %s", len(p.Sample), got)
	}
	again, err := merge(merged)
	if err != nil {
		t.Fatal(err)
	}
	first, _, err := profiles.Top(merged, 9)
	second, _, err2 := profiles.Top(again, 9)
	if err != nil || err2 != nil || render(first) != render(second) {
		t.Errorf("merging one changes it: %s, %s", render(first), render(second))
	}
}

// merge parses profiles and merges them.
func merge(parts ...[]byte) ([]byte, error) {
	var all []*profile.Profile
	for _, data := range parts {
		p, err := profile.ParseData(data)
		if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	return profiles.Merge(all)
}

func TestWhatCannotBeMergedSaysWhy(t *testing.T) {
	t.Parallel()
	good := build(t, cpu, stack{"find", 60, "timed"})
	for want, parts := range map[string][][]byte{
		"no profiles to merge":                          nil,
		"merging 2 profiles: incompatible sample types": {good, build(t, []string{"alloc_space/bytes"}, stack{"find", 1, ""})},
	} {
		_, err := merge(parts...)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("error %v, want %s", err, want)
		}
	}
	if _, _, err := profiles.Top([]byte("garbage"), 3); err == nil || !strings.HasPrefix(err.Error(), "profile: ") {
		t.Errorf("error %v", err)
	}
}

func FuzzGarbageIsAnError(f *testing.F) {
	good := build(f, cpu, stack{"decode+find get main", 60, "timed"}, stack{"load", 5, ""})
	p, err := profile.ParseData(good)
	if err != nil {
		f.Fatal(err)
	}
	var plain bytes.Buffer
	if err := p.WriteUncompressed(&plain); err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add(plain.Bytes())
	f.Add([]byte{})
	f.Add([]byte("--- heap profile"))
	f.Add(build(f, nil)) // no sample types
	f.Fuzz(func(t *testing.T, data []byte) {
		functions, _, err := profiles.Top(data, 5)
		if err == nil {
			for _, f := range functions {
				if math.IsNaN(f.Flat) || math.IsNaN(f.Cum) {
					t.Fatalf("%+v", f)
				}
			}
		}
		merged, err := merge(data, data)
		if err != nil {
			return
		}
		if _, err := profile.ParseData(merged); err != nil {
			t.Fatalf("what Merge wrote cannot be read: %v", err)
		}
	})
}
