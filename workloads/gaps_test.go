package workloads

import (
	"math"
	"testing"
)

func TestGapsHaveTheirLeastStepAndTheirMean(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]struct {
		least uint64
		mean  float64
	}{
		"gaps:1/7.5":     {1, 7.5},
		"gaps:64/400":    {64, 400},
		"gaps:5/5":       {5, 5},
		"gaps:1/4194304": {1, 4194304},
	} {
		d := load(t, text, 100_000)
		least, last, sum := uint64(math.MaxUint64), uint64(0), 0.0
		for _, e := range d.Entries {
			least, sum = min(least, e.Key-last), sum+float64(e.Key-last)
			last = e.Key
			if e.Value != e.Key {
				t.Fatalf("%s: key %d has value %d", text, e.Key, e.Value)
			}
		}
		mean := sum / float64(len(d.Entries))
		if math.Abs(mean-want.mean) > .02*want.mean || least < want.least || want.mean < 1000 && least > want.least {
			t.Errorf("%s: steps of %d and more, %.2f on average", text, least, mean)
		}
	}
}

func TestClustersHaveTheirLengthAndTheirJumps(t *testing.T) {
	t.Parallel()
	const jump = 1 << 33
	d := load(t, "clustered:100/1.5/8589934592", 100_000)
	jumps, small, last := 0, 0.0, uint64(0)
	for _, e := range d.Entries {
		switch step := e.Key - last; {
		case step >= 2*jump || step == 0:
			t.Fatalf("a step of %d", step)
		case step >= jump:
			jumps++
		default:
			small += float64(step)
		}
		last = e.Key
	}
	if mean := small / float64(100_000-jumps); math.Abs(float64(jumps)-1000) > 100 || math.Abs(mean-1.5) > .02 {
		t.Errorf("%d jumps, steps of %.3f between them", jumps, mean)
	}
}

func TestAscendingKeysGoOnPastThePopulation(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"gaps:1/7.5", "clustered:100/1.5/8589934592"} {
		d := load(t, text, 5000)
		for _, p := range []Population{Absent, Fresh} {
			last := d.Entries[len(d.Entries)-1].Key
			for _, e := range batch(stream(t, d, p, 3), 3000) {
				if e.Key <= last {
					t.Fatalf("%s: %v key %d after %d", text, p, e.Key, last)
				}
				last = e.Key
			}
		}
		if a, b := load(t, text, 5000), d; a.Entries[4999] != b.Entries[4999] {
			t.Errorf("%s: two loads of one seed differ", text)
		}
	}
}
