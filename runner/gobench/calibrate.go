package gobench

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"assay/runner/process"
)

// curve is what calls of a benchmark take, in nanoseconds: a call outside the
// timer and inside it (set-up that the benchmark times itself), and an
// iteration inside the timer and outside it (where it stops the timer each time).
type curve struct {
	setup, fixed, per, rest float64
}

const (
	calibrationRuns = 5
	mostIterations  = 1 << 28
	longestSetup    = 50 * time.Millisecond  // slices grow with the set-up up to four times this
	longestSlice    = 200 * time.Millisecond // and with timed set-up up to this
	longestRest     = 50 * time.Millisecond  // of a slice, outside the timer
)

// measure fits the curve of a worker: counts grow until a slice is long enough,
// then the difference of whole and half slices tells fixed time from iterations.
func (s *Source) measure(ctx context.Context, cmd process.Command, slice float64) (curve, error) {
	p, err := s.probe(ctx, cmd)
	if err != nil {
		return curve{}, err
	}
	defer p.Close()
	n, took := 1, 0.0
	for {
		t, whole, err := p.slice(ctx, n)
		if err != nil {
			return curve{}, err
		}
		took = float64(t.Wall)
		if took >= slice/2 || n >= mostIterations || whole > time.Second {
			break
		}
		// As far as the last slice tells, with room for the first iterations being slow.
		next := 1.2 * float64(n) * slice / math.Max(1, took)
		n = int(math.Min(mostIterations, math.Max(float64(2*n), math.Min(float64(100*n), next))))
	}
	if n == 1 && took > float64(longestSlice) { // more tries would say the same
		return curve{per: took}, nil
	}
	var long, short, around, aroundShort []float64
	for range calibrationRuns {
		t, whole, err := p.slice(ctx, n)
		if err != nil {
			return curve{}, err
		}
		long, around = append(long, float64(t.Wall)), append(around, float64(whole)-float64(t.Wall))
		if n > 1 {
			if t, whole, err = p.slice(ctx, n/2); err != nil {
				return curve{}, err
			}
			short, aroundShort = append(short, float64(t.Wall)), append(aroundShort, float64(whole)-float64(t.Wall))
		}
	}
	c := fit(n, least(long), least(short))
	c.setup, c.rest = outside(n, least(around), least(aroundShort))
	if c.fixed == 0 {
		return c, nil
	}
	return s.confirm(ctx, p, n, c, least(long))
}

// confirm looks whether fixed time holds at four times the count: on a busy
// machine two points make any line. Without it, time is in proportion.
func (s *Source) confirm(ctx context.Context, p *probe, n int, c curve, long float64) (curve, error) {
	var four []float64
	for range calibrationRuns {
		t, _, err := p.slice(ctx, min(4*n, mostIterations))
		if err != nil {
			return curve{}, err
		}
		four = append(four, float64(t.Wall))
	}
	if line := c.fixed + 4*c.per*float64(n); least(four) > (line+4*long)/2 {
		c.per, c.fixed = least(four)/float64(4*n), 0
	}
	return c, nil
}

// outside divides the untimed part of a call between the call and its
// iterations, by what n and n/2 of them took. It grows with the count, or it does not.
func outside(n int, long, short float64) (setup, rest float64) {
	if n > 1 && short < 0.75*long {
		return 0, long / float64(n)
	}
	return math.Max(0, long), 0
}

// fit draws the line through the times of n and n/2 iterations. What looks
// like less than a tenth of fixed time is noise.
func fit(n int, long, short float64) curve {
	c := curve{per: math.Max(0.01, long/float64(n))}
	if n == 1 {
		return c
	}
	per := (long - short) / float64(n-n/2)
	if fixed := long - per*float64(n); per > 0 && fixed > long/10 {
		c.fixed, c.per = fixed, per
	}
	return c
}

// setting is how a row is measured: the same count on both sides, because the
// time per iteration may depend on it.
type setting struct {
	count int
	cold  bool          // the warm-up would have to run the set-up once more
	once  time.Duration // what a call with one iteration takes
	most  int           // iterations of a counted stretch
	notes []string
}

// choose sets the slices of a row from the curves of both its sides.
func choose(base, head curve, slice float64) setting {
	var x setting
	setup, fixed := math.Max(base.setup, head.setup), math.Max(base.fixed, head.fixed)
	long := slice
	if setup > slice {
		long = math.Max(long, math.Min(setup, 4*float64(longestSetup))/4)
		x.cold = true
	}
	if fixed > 0 {
		long = math.Max(long, math.Min(20*fixed, float64(longestSlice)))
	}
	per := math.Sqrt(base.per * head.per)
	x.once = time.Duration(setup + fixed + math.Max(base.per, head.per) + math.Max(base.rest, head.rest))
	x.count = max(1, int(math.Min(mostIterations, long/per+0.5)))
	if rest := math.Max(base.rest, head.rest); rest > 0 {
		x.count = max(1, min(x.count, int(float64(longestRest)/rest)))
	}
	if long > slice {
		x.notes = append(x.notes, fmt.Sprintf("slices of %.3g ms instead of %.3g: its set-up takes %.3g ms per call", long/1e6, slice/1e6, (setup+fixed)/1e6))
	}
	if share := fixed / (fixed + float64(x.count)*per); share > 0.1 {
		x.notes = append(x.notes, fmt.Sprintf("about %.0f %% of each slice is set-up that the benchmark times itself: b.ResetTimer or b.Loop would leave it out", 100*share))
	}
	return x
}

func least(xs []float64) float64 {
	if len(xs) == 0 {
		return 0
	}
	return slices.Min(xs)
}
