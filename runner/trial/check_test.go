package trial

import (
	"errors"
	"fmt"
	"runtime/debug"
	"testing"

	"assay/runner/clock"
	"assay/runner/lab"
	"assay/workloads"
)

func check(t *testing.T, catalog []lab.Room, op, workload string, variants ...string) []Check {
	t.Helper()
	trial := request(op, variants...)
	trial.Mode, trial.Workload = "check", workload
	checks, err := CheckAll(&clock.Fake{}, catalog, trial, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return checks
}

func right(e *workloads.Entry) uint64 { return e.Value }

// lying answers wrongly from its n-th operation on.
func lying(n int) named {
	return named{name: "lying", make: func(*lab.Env) (stub, error) {
		calls := 0
		return func(e *workloads.Entry) uint64 {
			if calls++; calls >= n {
				return e.Value + 1
			}
			return e.Value
		}, nil
	}}
}

// answersChecked is how many answers are compared where the operation does not say.
const answersChecked = 4096

func TestAnOperationMaySayHowManyAnswersAreCompared(t *testing.T) {
	t.Parallel()
	const spec = "sequential,count=100"
	for n, wrong := range map[int]bool{1: true, 10: true, 11: false} {
		if got := check(t, rooms(right, simple("base", right), lying(n)), "few", spec, "lying")[0]; (got.WrongAt != "") != wrong || got.Failed != "" {
			t.Errorf("lies from answer %d of 10: %+v", n, got)
		}
	}
}

func TestTheFirstWrongAnswerIsNamedByItsKey(t *testing.T) {
	t.Parallel()
	for _, spec := range []string{"realistic,count=3000", "sequential,count=100", "keys=uniform:0-100000,count=500"} {
		s, err := workloads.Parse(spec)
		if err != nil {
			t.Fatal(err)
		}
		data, err := s.Load(3, 0)
		if err != nil {
			t.Fatal(err)
		}
		stream, err := data.Stream(workloads.Present, 3)
		if err != nil {
			t.Fatal(err)
		}
		drawn := make([]workloads.Entry, answersChecked)
		stream.Next(drawn)
		for _, n := range []int{1, 2, 300, answersChecked} {
			got := check(t, rooms(right, simple("base", right), lying(n)), "get", spec, "base", "lying", "lying")
			for _, c := range got[1:] {
				if want := fmt.Sprintf("key %d", drawn[n-1].Key); c.WrongAt != want || c.Failed != "" {
					t.Errorf("%s: lies from answer %d: wrong at %q (%s), want %s", spec, n, c.WrongAt, c.Detail, want)
				}
			}
			if got[0].WrongAt != "" || got[0].Digest == got[1].Digest {
				t.Errorf("%s: the base: %+v", spec, got[0])
			}
		}
		if got := check(t, rooms(right, simple("base", right), lying(answersChecked+1)), "get", spec, "lying")[0]; got.WrongAt != "" || got.Failed != "" {
			t.Errorf("%s: an answer that nobody compares: %+v", spec, got)
		}
	}
}

func TestAWrongAnswerToAStringKeyNamesTheString(t *testing.T) {
	t.Parallel()
	s, err := workloads.Parse("go-identifiers,count=400")
	if err != nil {
		t.Fatal(err)
	}
	data, err := s.Load(3, 0)
	if err != nil {
		t.Fatal(err)
	}
	stream, err := data.Records(workloads.Present, 3)
	if err != nil {
		t.Fatal(err)
	}
	drawn := make([]workloads.Record, 50)
	stream.Next(drawn)
	got := check(t, rooms(right, simple("base", right), lying(50)), "text", s.String(), "lying")[0]
	if want := fmt.Sprintf("key %q", drawn[49].Key); got.WrongAt != want {
		t.Errorf("wrong at %q, want %s", got.WrongAt, want)
	}
}

func TestAOneShotIsOneAnswer(t *testing.T) {
	t.Parallel()
	got := check(t, rooms(right, simple("base", right), lying(100)), "flush", "sequential,count=1000", "base", "lying")
	if got[0].WrongAt != "" || got[1].WrongAt != "somewhere in the batch" {
		t.Errorf("%+v", got)
	}
}

func TestWithoutAModelTheBaseIsTheReference(t *testing.T) {
	t.Parallel()
	wrong := func(e *workloads.Entry) uint64 { return e.Value + 1 }
	got := check(t, rooms(nil, simple("base", wrong), simple("other", right)), "get", "sequential,count=1000", "other", "base")
	if got[0].WrongAt == "" || got[1].WrongAt != "" {
		t.Errorf("%+v", got)
	}
	got = check(t, rooms(right, simple("base", wrong), simple("other", right)), "get", "sequential,count=1000", "base", "other")
	if got[0].WrongAt != "key 0" && got[0].WrongAt == "" || got[1].WrongAt != "" {
		t.Errorf("the base is excused from the model: %+v", got)
	}
}

func TestTheNullVariantMayAnswerAnything(t *testing.T) {
	t.Parallel()
	null := named{name: "null", null: true, make: func(*lab.Env) (stub, error) { return func(*workloads.Entry) uint64 { return 0 }, nil }}
	if got := check(t, rooms(right, simple("base", right), null), "get", "sequential,count=1000", "null")[0]; got.WrongAt != "" || got.Failed != "" {
		t.Errorf("%+v", got)
	}
}

func TestAVariantThatFailsDoesNotStopTheOthers(t *testing.T) {
	t.Parallel()
	catalog := rooms(right, simple("base", right),
		simple("panics", func(*workloads.Entry) uint64 { panic("oh") }),
		named{name: "refuses", make: func(*lab.Env) (stub, error) { return nil, errors.New("too many keys") }},
	)
	got := check(t, catalog, "get", "sequential,count=1000", "panics", "refuses", "base")
	wantError(t, errors.New(got[0].Failed), "panic: oh, at ", "check_test.go:")
	wantError(t, errors.New(got[1].Failed), "stub/refuses: too many keys")
	if got[2].Failed != "" || got[2].Ops != 5120 {
		t.Errorf("%+v", got[2])
	}
}

func TestAReferenceThatFailsIsTheTrialsError(t *testing.T) {
	t.Parallel()
	trial := request("get", "base")
	_, err := CheckAll(&clock.Fake{}, rooms(func(*workloads.Entry) uint64 { panic("oh") }, simple("base", right)), trial, t.TempDir())
	wantError(t, err, "the reference model of stub/get: panic: oh, at ")
}

func TestTheCensusCountsWhatItIsToldTo(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		op     string
		small  bool
		ops    int
		slices int // of timed operations
	}{{"get", false, 5120, 0}, {"get", true, 2048, 0}, {"flush", false, 300, 0}, {"counted", false, 160, 10}, {"counted", true, 160, 10}} {
		trial := request(c.op, "base")
		trial.Small = c.small
		got, err := CheckAll(&clock.Fake{}, rooms(right, simple("base", right)), trial, t.TempDir())
		if err != nil || got[0].Ops != c.ops || got[0].Failed != "" {
			t.Errorf("%+v: %+v, %v", c, got, err)
			continue
		}
		if c.slices == 0 {
			continue
		}
		// once before the loop (1000), once per timed batch (1), once after it (the warm-up batch included)
		unit := got[0].Units["count"]
		n := c.slices + 2
		mean := (1000 + float64(c.slices) + float64(c.ops+16)) / float64(n)
		if unit.N != n || unit.Min != 1 || unit.Max != 1000 || unit.Mean < mean-1e-9 || unit.Mean > mean+1e-9 || len(got[0].Units) != 1 {
			t.Errorf("%+v: units %+v, want %d with mean %v", c, got[0].Units, n, mean)
		}
	}
}

type blob struct {
	next *blob
	_    [5]uint64
} // 48 bytes, a size class of its own

func TestAllocationsAreCountedExactly(t *testing.T) { // not parallel: the counters are the process's
	old := debug.SetGCPercent(77)
	defer debug.SetGCPercent(old)
	var keep *blob
	wasteful := func(e *workloads.Entry) uint64 {
		keep = &blob{next: &blob{next: &blob{}}}
		return e.Value
	}
	got := check(t, rooms(right, simple("base", right), simple("wasteful", wasteful)), "get", "sequential,count=1000", "base", "wasteful")
	if keep == nil {
		t.Fatal("nothing was kept")
	}
	const stray = 16.0 / 5120 // the runtime allocates a little of its own: five were seen at load 20
	if b := got[0]; b.Allocs > stray || b.Bytes > 256*stray {
		t.Errorf("base: %v allocations, %v bytes", b.Allocs, b.Bytes)
	}
	if w := got[1]; w.Allocs < 3 || w.Allocs > 3+stray || w.Bytes < 144 || w.Bytes > 144+256*stray {
		t.Errorf("wasteful: %v allocations, %v bytes, want 3 and 144", w.Allocs, w.Bytes)
	}
	if p := debug.SetGCPercent(77); p != 77 {
		t.Errorf("the pass leaves a GC percent of %d", p)
	}
}
