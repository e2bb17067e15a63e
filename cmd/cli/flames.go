package cli

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/google/pprof/profile"

	"assay/profiles"
	"assay/profiles/flame"
	"assay/reports/view"
	"assay/runner/plan"
	"assay/runner/samples"
)

// profileFiles reads each profile of a run once.
type profileFiles struct {
	dir    string
	parsed map[string]*profile.Profile
}

func newProfileFiles(run *samples.Run) *profileFiles {
	return &profileFiles{run.Dir, map[string]*profile.Profile{}}
}

func (f *profileFiles) get(name string) (*profile.Profile, error) {
	if p := f.parsed[name]; p != nil {
		return p, nil
	}
	data, err := os.ReadFile(filepath.Join(f.dir, name))
	if err != nil {
		return nil, fmt.Errorf("profile: %w: restore it, or remove the run and measure again", err)
	}
	p, err := profile.ParseData(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w: the file is damaged, restore it or measure again", filepath.Join(f.dir, name), err)
	}
	f.parsed[name] = p
	return p, nil
}

func kindRank(kind string) int {
	return slices.Index([]string{"cpu", "heap", "allocs", "mutex", "block"}, kind)
}

// flameUnits says what a kind of profile is shown in; others are not drawn.
var flameUnits = map[string]string{"cpu": "ns/op", "heap": "B/op", "allocs": "B/op", "mutex": "ns/op", "block": "ns/op"}

// flames are the call trees of every group that was profiled, one graph per
// kind, all its variants as sides of it.
func flames(run *samples.Run, files *profileFiles) ([]view.Flame, error) {
	type pass struct {
		group int
		kind  string
	}
	records, order := map[pass][]samples.Profiled{}, []pass{}
	for _, p := range run.Profiles {
		k := pass{p.Group, p.Kind}
		if flameUnits[p.Kind] == "" {
			continue
		}
		if records[k] == nil {
			order = append(order, k)
		}
		records[k] = append(records[k], p)
	}
	slices.SortStableFunc(order, func(a, b pass) int { // time first, then the order of the plan
		return cmp.Or(cmp.Compare(kindRank(a.kind), kindRank(b.kind)), cmp.Compare(a.group, b.group))
	})
	var out []view.Flame
	for _, k := range order {
		g := run.Plan.Groups[k.group]
		f := view.Flame{Key: keyOf(g), Kind: k.kind}
		sides, err := sidesOf(g, records[k], files)
		if err != nil {
			return nil, err
		}
		if len(sides) == 0 {
			continue
		}
		for _, s := range sides {
			f.Sides = append(f.Sides, s.Name)
		}
		title := strings.TrimSuffix(g.Family+"/"+g.Op+", "+k.kind+", "+g.Workload, ", ")
		if f.Graph, err = flame.Join(title, flameUnits[k.kind], sides...); err != nil {
			return nil, fmt.Errorf("%s: %w", title, err)
		}
		if sampled(f.Graph, len(sides)) {
			out = append(out, f)
		}
	}
	return out, nil
}

// fewSamples is what no side of a graph passes that shows nothing.
const fewSamples = 5

// sampled says whether any side of a graph has enough samples to look at.
func sampled(g *flame.Graph, sides int) bool {
	for i := range sides {
		if n := g.Samples(i); n >= fewSamples || n == 0 && g.Total(i) > 0 {
			return true
		}
	}
	return false
}

// sidesOf are the variants of a group that were profiled, in the plan's order,
// each over all its passes.
func sidesOf(g plan.Group, records []samples.Profiled, files *profileFiles) ([]flame.Side, error) {
	var out []flame.Side
	for _, arm := range g.Arms {
		s := flame.Side{Name: arm.Name}
		for _, r := range records {
			if r.Arm != arm.Name || r.Ops <= 0 {
				continue
			}
			p, err := files.get(r.File)
			if err != nil {
				return nil, err
			}
			s.Profile, s.Ops = p, s.Ops+float64(r.Ops)
		}
		if s.Profile == nil {
			continue
		}
		s.Profile = profiles.Timed(s.Profile, g.Op, g.Workload) // without a sample it costs nothing, which a difference shows too
		out = append(out, s)
	}
	return out, nil
}
