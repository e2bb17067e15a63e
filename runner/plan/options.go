package plan

import (
	"fmt"
	"maps"
	"math"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"assay/runner/lab"
	"assay/workloads"
)

// Options is what the user asked for.
type Options struct {
	Name      string
	Command   []string
	Select    []string // FAMILY[/OP[/VARIANT]], each part a comma list with * and ?
	Workloads []string
	Variants  []string
	Base      string
	Seed      uint64
	Budget    time.Duration
	Threshold float64 // 0 = 1 %, or 2.5 % with a single layout
	Alpha     float64
	Restarts  int // fixed number; 0 = until decided or out of budget
	Layouts   int
	GC, Clock string
	Profile   []string
	Counters  string
	Scenarios []string
	Sweep     string // field=value,value,...
	Inject    map[string]float64
	Latency   bool
	Rate      float64
	Smoke     bool
	Full      bool
	Ladder    bool // the published stories, step by step

	UntilDecided bool
}

const (
	inProcessSlice = 200_000   // ns: on a busy machine restarts spread by .34 % at 0.2 ms, .51 at 0.1, .70 at 0.4, .94 at 0.8, in equal time
	lockStepSlice  = 1_000_000 // ns: two processes need longer to settle after a switch
	minRestarts    = 8
	maxRestarts    = 400

	maxInject = 10          // times the operations: beyond, the slices are no longer alike
	maxRate   = 100_000_000 // operations per second: beyond, the clock cannot tell two starts apart

	oneLayoutThreshold   = 0.025 // what one placement of the code can feign
	manyLayoutsThreshold = 0.01
)

// Make turns options into a plan, or says which word of them is wrong.
func Make(rooms []lab.Room, o Options) (Plan, error) {
	p := Plan{
		Schema: Schema, Name: o.Name, Command: o.Command, Seed: o.Seed, Catalog: Digest(rooms),
		Budget: o.Budget.Seconds(), Threshold: o.Threshold, Alpha: o.Alpha, Layouts: max(1, o.Layouts),
		GC: o.GC, Clock: o.Clock, Profile: o.Profile, Counters: o.Counters, Latency: o.Latency, LatencyRate: o.Rate,
		MinRestarts: minRestarts, MaxRestarts: maxRestarts, Small: o.Smoke, UntilDecided: o.UntilDecided,
	}
	if err := p.rules(o); err != nil {
		return Plan{}, err
	}
	selected, err := choose(rooms, o)
	if err != nil {
		return Plan{}, err
	}
	if selected, err = merge(selected, o.Sweep); err != nil {
		return Plan{}, err
	}
	if err := injectable(selected, o); err != nil {
		return Plan{}, err
	}
	for _, s := range selected {
		groups, err := s.groups(o)
		if err != nil {
			return Plan{}, err
		}
		p.Groups = append(p.Groups, groups...)
	}
	if len(p.Groups) == 0 {
		return Plan{}, fmt.Errorf("nothing is selected: `assay list` shows what there is")
	}
	if p.SweepField, _, err = sweep(o.Sweep); err != nil {
		return Plan{}, err
	}
	return p.finish(rooms), nil
}

// OneLayout is the plan for when its layouts cannot be built: a threshold that
// the plan chose for itself rises to what one placement of the code can feign.
func (p Plan) OneLayout() Plan {
	p.Layouts = 1
	if p.Chosen {
		p.Threshold = oneLayoutThreshold
	}
	return p
}

// rules checks the numbers of the options and fills in the defaults.
func (p *Plan) rules(o Options) error {
	if p.Alpha == 0 {
		p.Alpha = 0.01
	}
	if !(p.Alpha > 0 && p.Alpha < 0.5) { // worded so that NaN fails
		return fmt.Errorf("--alpha %g: the chance of a false alarm lies above 0 and below 0.5", o.Alpha)
	}
	if !(p.Threshold >= 0 && p.Threshold < 1) {
		return fmt.Errorf("--threshold %g: give a share above 0 and below 1, such as 1%%", o.Threshold)
	}
	if p.Threshold == 0 {
		p.Threshold = manyLayoutsThreshold
		p.Chosen = true
		if p.Layouts == 1 {
			p.Threshold = oneLayoutThreshold
		}
	}
	if !(o.Rate >= 0 && o.Rate <= maxRate) {
		return fmt.Errorf("--rate %g: give operations per second above 0 and at most %d", o.Rate, maxRate)
	}
	for _, name := range slices.Sorted(maps.Keys(o.Inject)) {
		if x := o.Inject[name]; !(x > 0 && x <= maxInject) {
			return fmt.Errorf("--inject %s=%g: a slowdown lies above 0 and at most %d, where 1 takes twice the time", name, x, maxInject)
		}
	}
	if o.Restarts < 0 || o.Restarts == 1 {
		return fmt.Errorf("--restarts %d: an interval needs at least 2", o.Restarts)
	}
	if o.Restarts > 0 {
		p.MinRestarts, p.MaxRestarts = o.Restarts, o.Restarts
		p.Layouts = min(p.Layouts, o.Restarts) // a restart has one
	}
	if o.Smoke && o.Restarts == 0 {
		p.MinRestarts, p.MaxRestarts = 2, 2
	}
	if p.Clock == "" {
		p.Clock = "auto"
	}
	if p.Clock != "auto" && p.Clock != "cpu" && p.Clock != "wall" {
		return unknown("clock", p.Clock, []string{"auto", "cpu", "wall"})
	}
	if err := Profiles(p.Profile).Check(); err != nil {
		return err
	}
	if err := CheckCounters(p.Counters); err != nil {
		return err
	}
	if p.GC == "" {
		p.GC = "default"
	}
	if n, err := strconv.Atoi(p.GC); p.GC != "default" && p.GC != "off" && (err != nil || n < 1) {
		return fmt.Errorf("--gc %q: give default, off, or a percentage such as 800", p.GC)
	}
	return nil
}

// finish adds the null control and counts the rows that share alpha.
func (p Plan) finish(rooms []lab.Room) Plan {
	nulls, tests := map[string]bool{}, map[string]int{}
	for _, r := range rooms {
		for _, c := range r.Cases {
			nulls[c.Family+"/"+c.Variant] = c.Null
		}
		tests[r.Name] = 1
		for _, u := range r.Units {
			if u.Derived && (strings.HasSuffix(u.Name, "/s") || u.Name == "cpu-ns/op") { // judged beside ns/op
				tests[r.Name]++
			}
		}
	}
	for _, g := range p.Groups {
		for _, a := range g.Arms[1:] {
			if !nulls[g.Family+"/"+a.Variant] {
				p.Rows += tests[g.Family]
			}
		}
	}
	control := p.Groups[0]
	control.Control = true
	base := Arm{Name: control.Base, Variant: control.Arms[0].Variant}
	again := base
	again.Name += "#2"
	control.Arms = []Arm{base, again}
	p.Groups = append(p.Groups, control)
	return p
}

// sweep reads field=value,value,...
func sweep(text string) (field string, values []string, err error) {
	if text == "" {
		return "", nil, nil
	}
	field, list, ok := strings.Cut(text, "=")
	values = strings.Split(list, ",")
	if !ok || field == "" || list == "" {
		return "", nil, fmt.Errorf("--sweep %q: give field=value,value,... such as count=100,1k,10k", text)
	}
	if len(values) < 4 {
		return "", nil, fmt.Errorf("--sweep %q: a curve needs at least 4 sizes", text)
	}
	for i, v := range values {
		n, err := number(v)
		if err != nil {
			return "", nil, fmt.Errorf("--sweep %q: size %d: %w", text, i+1, err)
		}
		values[i] = strconv.Itoa(n)
		if slices.Contains(values[:i], values[i]) {
			return "", nil, fmt.Errorf("--sweep %q: size %d repeats %d", text, i+1, n)
		}
	}
	return field, values, nil
}

// number reads 54000, 54k or 2m.
func number(text string) (int, error) {
	s, factor := text, 1
	switch {
	case strings.HasSuffix(s, "k"):
		s, factor = strings.TrimSuffix(s, "k"), 1000
	case strings.HasSuffix(s, "m"):
		s, factor = strings.TrimSuffix(s, "m"), 1_000_000
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > math.MaxInt32/factor {
		return 0, fmt.Errorf("%q is not a size such as 100, 10k or 1m", text)
	}
	return n * factor, nil
}

// match reports whether the name is meant by the pattern.
func match(pattern, name string) (bool, error) {
	ok, err := path.Match(pattern, name)
	if err != nil {
		return false, fmt.Errorf("pattern %q: %w", pattern, err)
	}
	return ok, nil
}

// parsed checks a workload for a family.
func parsed(room lab.Room, text string) (workloads.Spec, error) {
	spec, err := workloads.Parse(text)
	if err != nil {
		return spec, err
	}
	if why := spec.Text(); why != nil && !room.Text {
		return spec, fmt.Errorf("workload %q holds strings and family %q takes integer keys: %w", text, room.Name, why)
	}
	return spec, nil
}
