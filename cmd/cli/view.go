package cli

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"assay/profiles"
	"assay/reports"
	"assay/reports/view"
	"assay/runner/plan"
	"assay/runner/result"
	"assay/runner/samples"
	"assay/runner/stats"
	"assay/runner/verdict"
	"assay/workloads"
)

const topFunctions = 8

// view gathers what the reports show of a stored run.
func (a *app) view(run *samples.Run, r result.Result) (reports.View, error) {
	clocks := clocksOf(r)
	v := reports.View{Result: r, Docs: a.docs(), Bounds: bounds(r), Series: series(run, clocks), Timelines: timelines(run, r, clocks), Tails: tails(run)}
	for _, name := range append([]string{"samples.bench", "slices.jsonl.gz", "plan.json", "result.json"}, r.Profiles...) {
		if _, err := os.Stat(filepath.Join(run.Dir, name)); err == nil || name == "result.json" { // written with the report
			v.Files = append(v.Files, name)
		}
	}
	files, err := newProfileFiles(run), error(nil)
	if v.Flames, err = flames(run, files); err != nil {
		return v, err
	}
	v.Tops, err = tops(run)
	return v, err
}

// clocksOf is the clock that each comparison by time was decided on.
func clocksOf(r result.Result) map[groupArm]string {
	clocks := map[groupArm]string{}
	for _, c := range r.Comparisons {
		if c.Unit == "ns/op" {
			clocks[groupArm{c.Key, c.Variant}] = c.Clock
		}
	}
	return clocks
}

// tails are the distributions of single operations.
func tails(run *samples.Run) []view.Tail {
	var out []view.Tail
	for _, l := range run.Latencies {
		for _, arm := range l.Arms {
			t := view.Tail{Key: keyOf(run.Plan.Groups[l.Group]), Variant: arm.Variant}
			for i, ns := range arm.Percents {
				t.At, t.Ns = append(t.At, float64(i)/100), append(t.Ns, ns)
			}
			if len(t.At) > 0 && arm.Failed == "" {
				out = append(out, t)
			}
		}
	}
	return out
}

// docs collects the one-line documentation of everything with a name.
func (a *app) docs() view.Docs {
	d := view.Docs{
		Families: map[string]string{}, Ops: map[string]string{}, Variants: map[string]string{},
		Units: map[string]string{}, Workloads: map[string]string{}, Lessons: map[string][]string{},
	}
	for _, room := range a.rooms {
		d.Families[room.Name] = room.Doc
		if room.Lesson != "" {
			d.Lessons[room.Name] = []string{room.Lesson}
		}
		for _, c := range room.Cases {
			d.Ops[room.Name+"/"+c.Op] = c.OpDoc
			d.Variants[room.Name+"/"+c.Variant] = c.Doc
		}
		for _, u := range room.Units {
			d.Units[u.Name] = u.Doc
		}
	}
	for _, n := range workloads.Names() {
		d.Workloads[n.Name] = n.Doc
	}
	return d
}

// bounds are the physical limits that the families' published figures name.
func bounds(r result.Result) []view.Bound {
	var out []view.Bound
	seen := map[string]bool{}
	for _, c := range r.Claims {
		k := fmt.Sprint(c.Family, c.Workload, c.Unit)
		if c.Bound > 0 && !seen[k] {
			seen[k] = true
			out = append(out, view.Bound{Family: c.Family, Workload: c.Workload, Unit: c.Unit, Value: c.Bound, Doc: "information bound"})
		}
	}
	return out
}

// series are the restarts of every base and contender, for the figures.
func series(run *samples.Run, clocks map[groupArm]string) []view.Series {
	var out []view.Series
	pairs := verdict.Pairs(run)
	for i, g := range run.Plan.Groups {
		if g.Control {
			continue
		}
		k := keyOf(g)
		byWall := slices.ContainsFunc(g.Arms[1:], func(a plan.Arm) bool { return clocks[groupArm{k, a.Name}] == "wall" })
		if points := baseSeries(run, i, byWall); len(points) > 1 {
			out = append(out, view.Series{Key: k, Variant: g.Base, Base: g.Base, Points: points})
		}
		for _, arm := range g.Arms[1:] {
			which, judged := clocks[groupArm{k, arm.Name}]
			if !judged {
				continue
			}
			s := view.Series{Key: k, Variant: arm.Name, Base: g.Base}
			for _, p := range pairs[i][arm.Name] {
				s.Points = append(s.Points, point(p, which))
			}
			out = append(out, s)
		}
	}
	return out
}

func point(p verdict.Pair, clock string) view.SeriesPoint {
	x := view.SeriesPoint{Restart: p.Restart, At: p.At, Ns: p.NsCPU, Ratio: ratio(p.CPU), WallRatio: ratio(p.Wall)}
	if clock == "wall" {
		x.Ns, x.Ratio = p.NsWall, x.WallRatio
	}
	return x
}

// baseSeries are the base's own restarts: what drift and slow modes of the
// machine did to the times that the ratios are paired with.
func baseSeries(run *samples.Run, group int, byWall bool) []view.SeriesPoint {
	var points []view.SeriesPoint
	for _, r := range run.Restarts {
		if r.Group != group {
			continue
		}
		cpu, wall := baseTimes(r, run.Plan.Groups[group].Isolated)
		if len(cpu) == 0 {
			continue
		}
		p := view.SeriesPoint{Restart: r.Index, At: r.At, Ns: stats.Median(cpu)}
		switch {
		case byWall:
			p.Ns = stats.Quantile(wall, .1)
		case run.Plan.Groups[group].Isolated: // a median would hide the collector, which works in few slices
			p.Ns = stats.TrimmedMean(cpu, 0)
		}
		points = append(points, p)
	}
	return points
}

// baseTimes are the slices of a restart's first arm in nanoseconds per operation.
func baseTimes(r samples.Restart, isolated bool) (cpu, wall []float64) {
	for j, arm := range r.Order {
		if arm != 0 || r.Ops[j] == 0 {
			continue
		}
		ns := r.Thread[j]
		if isolated {
			ns = r.Process[j]
		}
		cpu, wall = append(cpu, float64(ns)/float64(r.Ops[j])), append(wall, float64(r.Wall[j])/float64(r.Ops[j]))
	}
	return cpu, wall
}

// tops ranks the functions of every profile file.
func tops(run *samples.Run) ([]view.Top, error) {
	var out []view.Top
	seen := map[string]bool{}
	inOrder := slices.Clone(run.Profiles) // passes come in a random order, a reader wants the plan's
	slices.SortStableFunc(inOrder, func(a, b samples.Profiled) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Group, b.Group), cmp.Compare(placeOf(run.Plan.Groups[a.Group], a.Arm), placeOf(run.Plan.Groups[b.Group], b.Arm)))
	})
	for _, p := range inOrder {
		if seen[p.File] || p.Kind == "trace" {
			continue
		}
		seen[p.File] = true
		data, err := os.ReadFile(filepath.Join(run.Dir, p.File))
		if err != nil {
			return nil, fmt.Errorf("profile: %w: restore it, or remove the run and measure again", err)
		}
		functions, unit, err := profiles.Top(data, topFunctions)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", filepath.Join(run.Dir, p.File), err)
		}
		g := run.Plan.Groups[p.Group]
		top := view.Top{Family: g.Family, Variant: variantOf(g, p.Arm), Kind: p.Kind, Unit: unit, File: p.File}
		for _, f := range functions {
			top.Rows = append(top.Rows, view.TopRow{Func: f.Name, Flat: f.Flat, Cum: f.Cum})
		}
		out = append(out, top)
	}
	return out, nil
}

// placeOf is where an arm stands in its group.
func placeOf(g plan.Group, arm string) int {
	return slices.IndexFunc(g.Arms, func(a plan.Arm) bool { return a.Name == arm })
}

func variantOf(g plan.Group, arm string) string {
	for _, a := range g.Arms {
		if a.Name == arm {
			return a.Variant
		}
	}
	return arm
}
