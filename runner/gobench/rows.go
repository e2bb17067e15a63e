package gobench

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"assay/runner/plan"
	"assay/runner/result"
)

// row is a benchmark that both sides have.
type row struct{ pkg, name, cpus string }

// rows tries every benchmark of every binary once and pairs the sides up.
func (p *preparation) rows(ctx context.Context) ([]row, error) {
	s := p.out.Source
	var rows []row
	packages := map[string]bool{}
	for _, side := range s.sides {
		for pkg := range side {
			packages[pkg] = true
		}
	}
	for _, pkg := range slices.Sorted(maps.Keys(packages)) {
		p.Say("trying the benchmarks of " + pkg)
		var lists [2]found
		for i, side := range []string{baseSide, headSide} {
			lists[i].by = map[string]outcome{}
			b, ok := s.sides[side][pkg]
			if !ok {
				continue
			}
			var err error
			if lists[i], err = s.discover(ctx, b, p.Bench); err != nil {
				if ctx.Err() != nil {
					return nil, ctx.Err()
				}
				p.fail(pkg, "", fmt.Sprintf("the tests of %s do not run: %v", side, err))
			}
		}
		rows = append(rows, p.pair(pkg, lists[0], lists[1])...)
	}
	if len(rows) > 0 {
		return rows, nil
	}
	if len(p.out.Failures) > 0 {
		f := p.out.Failures[0]
		return nil, fmt.Errorf("none of %d benchmarks can be measured; the first: %s/%s: %s", len(p.out.Failures), f.Family, f.Op, f.Reason)
	}
	if p.Bench == "." {
		return nil, errors.New("no benchmark is found: name packages that have some")
	}
	return nil, fmt.Errorf("no benchmark matches --bench %q in these packages", p.Bench)
}

// pair returns the benchmarks that work on both sides and records the others.
func (p *preparation) pair(pkg string, base, head found) []row {
	var rows []row
	names := slices.Clone(base.names)
	for _, n := range head.names {
		if _, known := base.by[n]; !known {
			names = append(names, n)
		}
	}
	for _, name := range names {
		b, inBase := base.by[name]
		h, inHead := head.by[name]
		switch {
		case !inHead:
			p.fail(pkg, name, "it exists in base only: it was removed, renamed, or is not reached in head")
		case !inBase:
			p.fail(pkg, name, "it exists in head only: there is nothing to compare it with")
		case b.failed != "" && h.failed != "":
			p.fail(pkg, name, "on both sides: "+h.failed)
		case b.failed != "":
			p.fail(pkg, name, "in base: "+b.failed)
		case h.failed != "":
			p.fail(pkg, name, "in head: "+h.failed)
		case b.skipped != "" && h.skipped != "":
			p.out.Warnings = append(p.out.Warnings, fmt.Sprintf("%s/%s skips itself on both sides: %s", pkg, name, h.skipped))
		case b.skipped != "":
			p.fail(pkg, name, "it skips itself in base alone: "+b.skipped)
		case h.skipped != "":
			p.fail(pkg, name, "it skips itself in head alone: "+h.skipped)
		default:
			for _, cpus := range append(p.flags.CPUs, "")[:max(1, len(p.flags.CPUs))] {
				rows = append(rows, row{pkg, name, cpus})
			}
		}
	}
	return rows
}

func (p *preparation) fail(pkg, name, why string) {
	k := result.Key{Family: pkg, Op: name, Workload: plainWorkload}
	p.out.Failures = append(p.out.Failures, result.Failure{Key: k, Reason: why})
}

const (
	lockStepSlice = 1_000_000  // ns: two processes need a while to settle after a switch
	wholeSlice    = 20_000_000 // ns: against the start of a process

	minRestarts = 8
	maxRestarts = 400

	oneLayoutThreshold   = 0.025 // what one placement of the code can feign
	manyLayoutsThreshold = 0.01
)

// plan lays the rows out for the runner.
func (p *preparation) plan(rows []row) error {
	s := p.out.Source
	pl := plan.Plan{
		Schema: plan.Schema, Name: p.Name, Command: p.Command, Seed: p.Seed,
		Budget: p.Each.Seconds() * float64(len(rows)), Threshold: p.Threshold, Alpha: p.Alpha, Rows: len(rows),
		MinRestarts: minRestarts, MaxRestarts: maxRestarts, Layouts: s.layouts, GC: "default", Clock: "auto", Profile: p.Profile, Counters: p.Counters,
	}
	if pl.Threshold == 0 {
		pl.Chosen, pl.Threshold = true, manyLayoutsThreshold
		if s.layouts == 1 {
			pl.Threshold = oneLayoutThreshold
		}
	}
	if p.Restarts > 0 {
		pl.MinRestarts, pl.MaxRestarts = p.Restarts, p.Restarts
	}
	slice := int64(lockStepSlice)
	if s.whole {
		slice, pl.Clock = wholeSlice, "wall"
	}
	for _, r := range rows {
		pl.Groups = append(pl.Groups, plan.Group{
			Family: r.pkg, Op: r.name, Workload: workloadFor(r.cpus), Base: baseSide, Isolated: true, SliceNS: slice,
			Arms: []plan.Arm{{Name: baseSide, Variant: baseSide}, {Name: headSide, Variant: headSide}},
		})
	}
	control := pl.Groups[0]
	control.Control = true
	control.Arms = []plan.Arm{{Name: baseSide, Variant: baseSide}, {Name: baseSide + "#2", Variant: baseSide}}
	pl.Groups = append(pl.Groups, control)
	p.out.Plan = pl
	return nil
}
