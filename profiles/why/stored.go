// Package why says where a decided difference comes from: it reads the profiles
// of a stored run and adds one sentence to each comparison that they explain.
//
// A sentence is drawn from what holds when all functions are considered, and
// where nothing does there is none. Profiles divide CPU time, so a difference
// that was decided by the wall clock is left alone: its cause may be waiting.
package why

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/google/pprof/profile"

	"assay/profiles"
	"assay/profiles/perop"
	"assay/runner/plan"
	"assay/runner/result"
	"assay/runner/samples"
)

// Store reads the profiles of a run, each file once.
type Store struct {
	run    *samples.Run
	result result.Result
	parsed map[string]*profile.Profile
}

// Open gives access to the profiles of a run and to what it found.
func Open(run *samples.Run, r result.Result) *Store {
	return &Store{run, r, map[string]*profile.Profile{}}
}

// Passes are the profiling passes of one kind that an arm of a group had. Those
// of an older assay, which did not tell restarts apart, are none.
func (s *Store) Passes(group int, arm, kind string) []samples.Profiled {
	var out []samples.Profiled
	for _, p := range s.run.Profiles {
		if p.Group == group && p.Arm == arm && p.Kind == kind && p.Ops > 0 && p.Restart > 0 {
			out = append(out, p)
		}
	}
	return out
}

// Side is an arm's profile of one kind with what is known beside it. It fails
// where the run has none, or where its file cannot be read.
func (s *Store) Side(group int, arm, kind string) (perop.Side, error) {
	g := s.run.Plan.Groups[group]
	passes := s.Passes(group, arm, kind)
	if len(passes) == 0 {
		return perop.Side{}, fmt.Errorf("%s: there is no %s profile of %s", g.Key(), kind, arm)
	}
	p, err := s.file(passes[0].File)
	if err != nil {
		return perop.Side{}, err
	}
	side := perop.Side{Name: arm, Profile: profiles.Timed(p, g.Op, g.Workload)}
	for _, x := range passes {
		side.Passes = append(side.Passes, perop.Pass{Restart: x.Restart, Ops: float64(x.Ops), Ns: x.NsPerOp})
	}
	if kind == "cpu" {
		side.Time, side.Error = s.time(g, arm)
	}
	return side, nil
}

func (s *Store) file(name string) (*profile.Profile, error) {
	if p := s.parsed[name]; p != nil {
		return p, nil
	}
	path := filepath.Join(s.run.Dir, name)
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("profile: %w: restore it, or remove the run and measure again", err)
	}
	p, err := profile.ParseData(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w: the file is damaged, restore it or measure again", path, err)
	}
	s.parsed[name] = p
	return p, nil
}

// halfWidth is that of a 95 % interval in standard errors.
const halfWidth = 1.96

// time is an arm's CPU time per operation in the timed restarts, with its
// standard error beside the base: what the base itself is uncertain by scales
// both alike. Zero where the wall clock decided.
func (s *Store) time(g plan.Group, arm string) (ns, deviation float64) {
	c := s.find(g, g.Base)
	if c == nil {
		return 0, 0
	}
	base := c.Units["ns/op"].Value()
	for _, x := range s.result.Comparisons {
		if x.Key != keyOf(g) || x.Unit != "ns/op" {
			continue
		}
		if x.Clock == "wall" {
			return 0, 0
		}
		if x.Variant == arm {
			return base * x.Ratio, base * (x.Hi - x.Lo) / 2 / halfWidth
		}
	}
	if arm != g.Base {
		return 0, 0
	}
	return base, 0
}

func (s *Store) find(g plan.Group, arm string) *result.Case {
	for i, c := range s.result.Cases {
		if c.Key == keyOf(g) && c.Variant == arm {
			return &s.result.Cases[i]
		}
	}
	return nil
}

func keyOf(g plan.Group) result.Key {
	return result.Key{Family: g.Family, Op: g.Op, Workload: g.Workload, Scenario: g.Scenario}
}
