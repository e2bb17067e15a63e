package runner

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"assay/profiles"
	"assay/runner/plan"
	"assay/runner/samples"
	"assay/runner/samples/whole"
)

const (
	latencyMillis = 500
	cpuMillis     = 200 // per operation; a variant's operations are merged into one profile
	heapMillis    = 30
	smokeMillis   = 20
)

// latency times single operations of every group, in a pass of its own.
func (r *run) latency(ctx context.Context) error {
	if !r.plan.Latency {
		return nil
	}
	for i, g := range r.groups {
		if g.Control || g.failed {
			continue
		}
		r.tell(Progress{Stage: "latency", What: g.Key(), Done: 0.85})
		t := r.trial(g, "latency", g.Arms, plan.Mix(r.plan.Seed, 11, g.index))
		t.Millis = r.millis(latencyMillis)
		arms, err := r.Source.Latency(ctx, g.Group, t)
		if err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if err := r.fail(g, "", fmt.Errorf("latency: %w", err)); err != nil {
				return err
			}
			continue
		}
		if err := r.journal.Append(samples.Record{Latency: &samples.Latencies{Group: i, Arms: arms}}); err != nil {
			return err
		}
	}
	return nil
}

// profileKey is one profile file: a variant's operations are merged into it.
type profileKey struct{ family, variant, kind string }

// profile runs each operation of each variant once more under a profiler. No
// timing slice ever carries one.
func (r *run) profile(ctx context.Context) error {
	parts := map[profileKey][][]byte{}
	var order []profileKey
	todo := r.profilePasses()
	for i, pass := range todo {
		r.tell(Progress{Stage: "profiling", What: pass.g.Key(), Done: 0.85 + 0.15*float64(i)/float64(len(todo))})
		t := r.trial(pass.g, "profile", []plan.Arm{pass.arm}, plan.Mix(r.plan.Seed, 13, pass.g.index))
		t.Profile, t.Millis = pass.kind, r.millis(map[string]int{"cpu": cpuMillis, "heap": heapMillis}[pass.kind])
		got, err := r.Source.Profile(ctx, pass.g.Group, t)
		if err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if err := r.journal.Append(samples.Record{Warning: fmt.Sprintf("%s: no %s profile of %s: %v", pass.g.Key(), pass.kind, pass.arm.Name, err)}); err != nil {
				return err
			}
			continue
		}
		k := profileKey{pass.g.Family, pass.arm.Variant, pass.kind}
		if _, seen := parts[k]; !seen {
			order = append(order, k)
		}
		parts[k] = append(parts[k], got.Profile)
		rec := samples.Profiled{Group: pass.g.index, Arm: pass.arm.Name, Kind: pass.kind, File: k.file(), Ops: got.Ops, CPU: got.CPU, NsPerOp: got.NsPerOp}
		if err := r.journal.Append(samples.Record{Profile: &rec}); err != nil {
			return err
		}
	}
	for _, k := range order {
		merged, err := profiles.Merge(parts[k])
		if err == nil {
			err = whole.Write(filepath.Join(r.journal.Dir, k.file()), merged)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", k.file(), err)
		}
	}
	return nil
}

func (k profileKey) file() string {
	clean := strings.NewReplacer("/", "_", "#", "_").Replace(k.family + "-" + k.variant + "-" + k.kind)
	return "profiles/" + clean + ".pb.gz"
}

type profilePass struct {
	g    *group
	arm  plan.Arm
	kind string
}

// profilePasses lists one pass per family, operation, variant and kind; an
// operation under several workloads is profiled under its first.
func (r *run) profilePasses() []profilePass {
	var todo []profilePass
	seen := map[string]bool{}
	for _, g := range r.groups {
		if g.Control || g.failed || g.Scenario != "" {
			continue
		}
		for _, a := range g.Arms {
			for _, kind := range r.plan.Profile {
				k := g.Family + "/" + g.Op + "/" + a.Variant + "/" + kind
				if !seen[k] && !g.nulls[a.Name] && !g.broken[a.Name] {
					seen[k] = true
					todo = append(todo, profilePass{g, a, kind})
				}
			}
		}
	}
	return todo
}

func (r *run) millis(n int) int {
	if r.plan.Small {
		return smokeMillis
	}
	return n
}
