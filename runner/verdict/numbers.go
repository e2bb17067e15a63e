package verdict

import (
	"math"
	"slices"

	"assay/runner/samples"
	"assay/runner/stats"
)

// Pair is one arm against the base in one restart. Log ratios are natural
// logarithms of variant over base; NaN where the restart cannot say.
type Pair struct {
	Restart, Layout int
	At              float64 // seconds since the run began

	CPU  float64 // log ratio of CPU time
	Wall float64 // log ratio of the 10 % quantiles of wall time
	P50  float64 // log ratio of the median slices of wall time
	P99  float64 // log ratio of the slowest slices of wall time

	NsCPU, NsWall float64 // of the variant, per operation
	Blocked       float64 // wall over CPU of unpreempted slices, the larger of both arms; 1 = CPU-bound
	Rounds        []float64
}

// A slice hit by an interrupt, or by a neighbour on the other half of the core,
// says nothing about the code; so the fastest part of an arm's slices speaks for
// its restart. Noise only ever adds (Chen and Revels 2016), and the arms take
// turns, so a drift meets both alike.
//
// For arms that share a process it is the fastest half. Over 4 or 5 kernels of
// which one side did 2 % more work, 9 to 24 restarts each, restarts spread by (in %, the log ratios of the fastest half; the 40 % trimmed mean of
// the rounds' log ratios, which spoke before; its fastest quarter; the medians)
// 2.1, 2.4, 2.3, 3.0 and 2.2, 2.7, 2.2, 2.8 on a virtual machine that was quiet
// but for its unseen neighbours, 1.7, 2.6, 1.6, 2.3 beside 8 loops on its 2 CPUs,
// and 2.8, 3.0, 3.1, 4.4 at load 8 of compilers with restarts a third as long.
// What is slow now and then by the code's own doing, in less than half of the
// slices, shows in the medians and the slowest slices beside the verdict.
const (
	fastHalf    = 2 // one part in so many
	fastQuarter = 4
)

// Numbers boils a restart down to one pair for each arm but the first, the base.
// isolated says that arms had processes of their own: then the process's CPU
// time counts, collector included, and as a sum, because trimming would cut off
// exactly the slices in which the collector worked (see sums).
func Numbers(r samples.Restart, isolated bool) map[string]Pair {
	arms := split(r, isolated)
	pairs := map[string]Pair{}
	for i := 1; i < len(arms); i++ {
		p := compare(arms[i], arms[0])
		if isolated {
			p.CPU, p.NsCPU = sums(arms[i], arms[0], garbage(r))
		}
		p.Restart, p.Layout, p.At = r.Index, r.Layout, r.At
		pairs[r.Arms[i].Name] = p
	}
	return pairs
}

// columns are the slices of one arm, in nanoseconds per operation.
type columns struct {
	cpu, wall      []float64
	blocked        []float64
	sumCPU, sumOps float64

	thread []float64 // CPU time of the measuring thread alone
	others []float64 // CPU time of the process over that of the thread
}

func split(r samples.Restart, isolated bool) []columns {
	arms := make([]columns, len(r.Arms))
	for j, i := range r.Order {
		a := &arms[i]
		ops, cpu := float64(r.Ops[j]), float64(r.Thread[j])
		if isolated {
			cpu = float64(r.Process[j])
		}
		a.cpu = append(a.cpu, cpu/ops)
		a.wall = append(a.wall, float64(r.Wall[j])/ops)
		a.sumCPU, a.sumOps = a.sumCPU+cpu, a.sumOps+ops
		if r.Thread[j] > 0 {
			a.thread = append(a.thread, float64(r.Thread[j])/ops)
			a.others = append(a.others, float64(r.Process[j])/float64(r.Thread[j]))
		}
		if r.Switches[j] == 0 && r.Thread[j] > 0 {
			a.blocked = append(a.blocked, float64(r.Wall[j])/float64(r.Thread[j]))
		}
	}
	return arms
}

func compare(v, b columns) Pair {
	p := Pair{
		Wall: logRatio(stats.Quantile(v.wall, .1), stats.Quantile(b.wall, .1)),
		P50:  logRatio(stats.Median(v.wall), stats.Median(b.wall)),
		P99:  logRatio(stats.Quantile(v.wall, .99), stats.Quantile(b.wall, .99)),

		NsCPU: stats.Median(v.cpu), NsWall: stats.Quantile(v.wall, .1),
		Blocked: math.Max(stats.Median(v.blocked), stats.Median(b.blocked)),
		Rounds:  rounds(v.cpu, b.cpu),
	}
	p.CPU = logRatio(fastest(v.cpu, fastHalf), fastest(b.cpu, fastHalf))
	return p
}

const (
	leastSlices = 4    // on both sides, of which the fastest can speak
	background  = 1.02 // CPU time of the process over the thread's where no other thread works
)

// sums compares arms of different processes by all their CPU time, if a
// collector worked: the slices it disturbs are exactly those that must count.
// So too where other threads work, in three slices of four or more.
//
// Otherwise the thread's own time counts, of the fastest quarter of the slices:
// the runtime's threads (its monitor wakes up to 10,000 times a second while
// slices begin and end, 1.7 % of a process's time) are nobody's doing, whoever had
// the CPU meanwhile left the caches to be filled again, and a neighbour on the
// other half of a core stretches CPU time by up to 2, which two processes in
// lock-step do not meet alike. Over 12 benchmarks of which one side did 2 % more
// work, 70 restarts of 36 slices each on a machine whose neighbours did so for
// milliseconds at a time, the winsorised spread of restarts (median over the
// benchmarks) was 2.7 % by that; 2.9 % by the process's time of the same; and
// 5.5 % by the slices in which nobody else had the CPU or worked, of which two
// restarts in three had too few, so that all their slices spoke. What is slow now
// and then by the code's own doing shows in the medians and the slowest slices
// beside the verdict.
func sums(v, b columns, collected bool) (log, ns float64) {
	if !collected && v.alone() && b.alone() {
		return logRatio(fastest(v.thread, fastQuarter), fastest(b.thread, fastQuarter)), stats.Median(v.thread)
	}
	return logRatio(v.sumCPU/v.sumOps, b.sumCPU/b.sumOps), v.sumCPU / v.sumOps
}

// alone says that the measuring thread does the work.
func (c columns) alone() bool {
	return len(c.others) >= leastSlices && stats.Quantile(c.others, .25) <= background
}

// fastest is the geometric mean of the fastest of so many parts of the slices, of
// two at least, so that a steady drift cancels within a round; NaN without any.
// Slices in which a coarse clock saw nothing do not count.
func fastest(xs []float64, parts int) float64 {
	xs = slices.DeleteFunc(slices.Clone(xs), func(x float64) bool { return !(x > 0) })
	slices.Sort(xs)
	n, sum := min(len(xs), max(2, len(xs)/parts)), 0.0
	for _, x := range xs[:n] {
		sum += math.Log(x)
	}
	return math.Exp(sum / float64(n))
}

// garbage says that a collector ran in the restart, or that nobody knows.
func garbage(r samples.Restart) bool {
	for _, e := range r.Endings {
		if e.GCs > 0 {
			return true
		}
	}
	return len(r.Endings) == 0
}

// rounds are the log ratios of the rounds of a restart. Each arm has two
// slices in a round, one on either side of its middle, so drift cancels.
func rounds(v, b []float64) []float64 {
	n := min(len(v), len(b)) / 2
	ratios := make([]float64, 0, n)
	for i := range n {
		d := (logRatio(v[2*i], b[2*i]) + logRatio(v[2*i+1], b[2*i+1])) / 2
		if !math.IsNaN(d) {
			ratios = append(ratios, d)
		}
	}
	return ratios
}

// logRatio is NaN where a clock was too coarse to see anything.
func logRatio(v, b float64) float64 {
	if !(v > 0) || !(b > 0) {
		return math.NaN()
	}
	return math.Log(v / b)
}
