package selftest

import (
	"context"
	"fmt"
	"math"

	"assay/runner/samples"
	"assay/runner/stats"
)

// alarms carries out whole runs in which nothing changed, until the time given.
func (t *tester) alarms(ctx context.Context, until float64) error {
	ops := make([]string, 0, len(family.Ops))
	for _, op := range family.Ops {
		ops = append(ops, "selftest/"+op.Name)
	}
	rows := len(ops) * len(family.Workloads)
	t.report.Alarms.RowsPerRun = rows
	falseRows, allRows, falseRuns, runs := 0, 0, 0, 0
	for t.spent() < until || runs == 0 {
		t.tell(fmt.Sprintf("false alarms, run %d", runs+1))
		p, err := t.plan(ops, family.Workloads, perPair*float64(rows), 0)
		if err != nil {
			return err
		}
		comparisons, _, err := t.carry(ctx, p)
		if err != nil {
			return err
		}
		wrong := 0
		for _, c := range comparisons {
			t.judge(c, 1)
			if c.Verdict == "faster" || c.Verdict == "slower" {
				wrong++
			}
		}
		falseRows, allRows, runs = falseRows+wrong, allRows+len(comparisons), runs+1
		if wrong > 0 {
			falseRuns++
		}
		t.report.Alarms.Row, t.report.Alarms.Run = share(falseRows, allRows), share(falseRuns, runs)
	}
	return nil
}

// fixedSample is the restarts a comparison without early stopping would take.
const fixedSample = 40

// effects are the slowdowns planted, relative.
func effects() []float64 { return []float64{0.005, 0.01, 0.02, 0.05, 0.10} }

// power plants each slowdown in each kernel in turn, until the time given.
func (t *tester) power(ctx context.Context, until float64) error {
	found, n := map[float64]int{}, map[float64]int{}
	shares, mdes := map[float64][]float64{}, map[float64][]float64{}
	for i := 0; t.spent() < until || i == 0; i++ {
		op := family.Ops[i%len(family.Ops)].Name
		for _, d := range effects() {
			t.tell(fmt.Sprintf("power at %g %%", 100*d))
			p, err := t.plan([]string{"selftest/" + op}, family.Workloads[:1], perPair, d)
			if err != nil {
				return err
			}
			comparisons, run, err := t.carry(ctx, p)
			if err != nil {
				return err
			}
			c := comparisons[0]
			t.judge(c, Truth(run, d))
			n[d]++
			if c.Verdict == "slower" {
				found[d]++
				shares[d] = append(shares[d], math.Min(1, float64(c.Restarts)/fixedSample))
			} else {
				shares[d] = append(shares[d], 1)
			}
			mdes[d] = append(mdes[d], c.MDE)
		}
	}
	for _, d := range effects() {
		t.report.Power = append(t.report.Power, Power{
			Effect: d, Budget: perPair, Found: share(found[d], n[d]),
			Share: stats.Median(shares[d]), MDE: stats.Median(mdes[d]),
		})
	}
	return nil
}

// leastProfiled is how many ratios an interval of the profiler's cost needs.
const leastProfiled = 3

// profiling compares a kernel's time in profiling passes with its time in the
// restarts between them.
func (t *tester) profiling(ctx context.Context, until float64) error {
	var ratios []float64
	for t.spent() < until || len(ratios) < leastProfiled {
		t.tell("cost of profiling")
		p, err := t.plan([]string{"selftest/mix"}, family.Workloads[:1], perPair, 0)
		if err != nil {
			return err
		}
		p.MinRestarts, p.MaxRestarts, p.Profile = 3, 3, []string{"cpu"}
		_, run, err := t.carry(ctx, p)
		if err != nil {
			return err
		}
		if plain, observed := plainTime(run), profiledTime(run); plain > 0 && observed > 0 {
			ratios = append(ratios, math.Log(observed/plain))
		}
	}
	i := stats.TInterval(ratios, confidence)
	t.report.Profiling = Figure{Value: math.Expm1(i.Est), Lo: math.Expm1(i.Lo), Hi: math.Expm1(i.Hi), N: len(ratios)}
	return nil
}

// profiledTime is the CPU time per operation over all profiling passes of a run.
func profiledTime(run *samples.Run) float64 {
	var cpu, ops float64
	for _, p := range run.Profiles {
		cpu, ops = cpu+p.CPU, ops+float64(p.Ops)
	}
	if ops == 0 {
		return 0
	}
	return cpu * 1e9 / ops
}

// plainTime is the CPU time per operation over all slices of a run, as the
// profiling passes count theirs.
func plainTime(run *samples.Run) float64 {
	var cpu, ops int64
	for _, r := range run.Restarts {
		for i := range r.Order {
			cpu, ops = cpu+r.Thread[i], ops+r.Ops[i]
		}
	}
	if ops == 0 {
		return 0
	}
	return float64(cpu) / float64(ops)
}
