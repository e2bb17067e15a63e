package selftest

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"

	"assay/runner"
	"assay/runner/lab"
	"assay/runner/plan"
	"assay/runner/result"
	"assay/runner/samples"
	"assay/runner/verdict"
)

// Plan is a comparison of kernels of [Room] with themselves, by the rules of the
// self-test whatever the options say of them. It has no null control, which
// would only be one more of the same.
func Plan(rooms []lab.Room, o plan.Options) (plan.Plan, error) {
	o.Variants, o.Threshold, o.Alpha = []string{variant, variant}, threshold, Alpha
	p, err := plan.Make(rooms, o)
	if err != nil {
		return p, err
	}
	p.Groups = p.Groups[:len(p.Groups)-1]
	return p, nil
}

// Carry runs a plan in a temporary folder, which it removes, and returns its
// comparisons by time and what was measured. A row that fails is an error.
func Carry(ctx context.Context, r runner.Runner, p plan.Plan, head samples.Head) ([]result.Comparison, *samples.Run, error) {
	dir, err := os.MkdirTemp("", "assay-selftest-")
	if err != nil {
		return nil, nil, err
	}
	defer os.RemoveAll(dir)
	folder := filepath.Join(dir, "run")
	j, err := samples.Create(folder, p, head)
	if err != nil {
		return nil, nil, err
	}
	err = r.Run(ctx, p, j)
	if err := errors.Join(err, j.Close()); err != nil {
		return nil, nil, err
	}
	run, err := samples.Open(folder)
	if err != nil {
		return nil, nil, err
	}
	if len(run.Failures) > 0 {
		return nil, nil, fmt.Errorf("%s/%s: %s", run.Failures[0].Family, run.Failures[0].Op, run.Failures[0].Reason)
	}
	var times []result.Comparison
	for _, c := range verdict.Analyse(run, r.Rooms).Comparisons {
		if c.Unit == "ns/op" {
			times = append(times, c)
		}
	}
	if len(times) == 0 {
		return nil, nil, errors.New("the run has no comparison of times")
	}
	return times, run, nil
}

// Truth is the planted ratio: the extra operations are whole ones.
func Truth(run *samples.Run, effect float64) float64 {
	for _, r := range run.Restarts {
		for i, arm := range r.Order {
			if r.Arms[arm].Inject > 0 {
				ops := float64(r.Ops[i])
				return (ops + math.Ceil(ops*effect-1e-6)) / ops // as the worker counts them
			}
		}
	}
	return 1 + effect
}
