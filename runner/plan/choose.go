package plan

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"assay/runner/lab"
)

// selection is one operation of one family with the variants and workloads to compare.
type selection struct {
	room      lab.Room
	op        string
	variants  []string // in order; a name may stand twice
	workloads []string // as the user or the family words them
	at        sized    // after merge: one workload at one size
}

// choose resolves SELECT words, or the headline rows of every family when there are none.
func choose(rooms []lab.Room, o Options) ([]selection, error) {
	if o.Ladder {
		return climb(rooms, o)
	}
	var all []selection
	if len(o.Select) == 0 && !o.Full {
		for _, r := range rooms {
			for _, row := range r.Standard {
				vs, err := variantsOf(r, row.Op, row.Variants, o.Variants)
				if err != nil {
					return nil, err
				}
				ws := []string{row.Workload}
				if len(o.Workloads) > 0 {
					ws = o.Workloads
				}
				all = append(all, selection{room: r, op: row.Op, variants: vs, workloads: ws})
			}
		}
		return all, nil
	}
	words := o.Select
	if len(words) == 0 {
		words = []string{"*"}
	}
	for _, w := range words {
		some, err := chooseWord(rooms, w, o)
		if err != nil {
			return nil, apart(rooms, w, err)
		}
		all = append(all, some...)
	}
	return all, nil
}

func chooseWord(rooms []lab.Room, word string, o Options) ([]selection, error) {
	parts := strings.Split(word, "/")
	if len(parts) > 3 {
		return nil, fmt.Errorf("selection %q: the form is FAMILY[/OP[/VARIANT]]", word)
	}
	for len(parts) < 3 {
		parts = append(parts, "*")
	}
	families, err := pick("family", parts[0], familyNames(rooms, parts[0]))
	if err != nil {
		return nil, err
	}
	var all []selection
	var missed error // the first: of a pattern's families some must have what is asked for, not all
	for _, f := range families {
		room, err := FindRoom(rooms, f)
		if err != nil {
			return nil, err
		}
		some, err := chooseIn(room, parts[1], parts[2], o)
		if err != nil && !strings.ContainsAny(parts[0], "*?") {
			return nil, err
		}
		if err != nil {
			missed = cmp.Or(missed, err)
			continue
		}
		ws, err := workloadsOf(room, o)
		if err != nil {
			return nil, err
		}
		for _, s := range some {
			s.workloads = ws
			all = append(all, s)
		}
	}
	if len(all) == 0 {
		return nil, missed
	}
	return all, nil
}

// chooseIn resolves the operations and variants of one family, without workloads.
func chooseIn(room lab.Room, ops, variants string, o Options) ([]selection, error) {
	names, err := pick("operation of "+room.Name, ops, opsOf(room))
	if err != nil {
		return nil, err
	}
	var all []selection
	for _, op := range names {
		var listed []string
		if variants != "*" {
			listed = strings.Split(variants, ",")
		}
		vs, err := variantsOf(room, op, listed, o.Variants)
		if err != nil {
			return nil, err
		}
		all = append(all, selection{room: room, op: op, variants: vs})
	}
	return all, nil
}

// workloadsOf is what the user named, or the family's first, or all of them for a full run.
func workloadsOf(room lab.Room, o Options) ([]string, error) {
	switch {
	case len(o.Workloads) > 0:
		return o.Workloads, nil
	case len(room.Workloads) == 0:
		return nil, fmt.Errorf("family %q has no workload of its own: name one with --workload SPEC", room.Name)
	case o.Full:
		return room.Workloads, nil
	}
	return room.Workloads[:1], nil
}

// variantsOf resolves the patterns of the --variants flag, or of the selection,
// or all. A name may be listed twice, to be compared with itself; a pattern
// adds only what is not there yet.
func variantsOf(room lab.Room, op string, listed, flag []string) ([]string, error) {
	have := variantsIn(room, op)
	patterns := listed
	if len(flag) > 0 {
		patterns = flag
	}
	if len(patterns) == 0 {
		return have, nil
	}
	return pick("variant of "+room.Name, strings.Join(patterns, ","), have)
}

// pick returns the names a comma list of patterns means; each pattern must mean one.
func pick(kind, patterns string, have []string) ([]string, error) {
	var chosen []string
	for _, p := range strings.Split(patterns, ",") {
		found := false
		for _, name := range have {
			ok, err := match(p, name)
			if err != nil {
				return nil, err
			}
			if !ok {
				continue
			}
			found = true
			if p == name {
				chosen = append(chosen, name)
			} else {
				chosen = appendNew(chosen, name)
			}
		}
		if !found {
			return nil, unknown(kind, p, have)
		}
	}
	return chosen, nil
}

// merge joins selections of one operation and workload, as two words of the
// command line or two headline rows may make them: measured twice they would
// be two rows of the same name. What a later selection repeats is not doubled.
func merge(all []selection, swept string) ([]selection, error) {
	type place struct{ family, op, workload string }
	index := map[place]int{}
	var merged []selection
	for _, s := range all {
		sizes, err := s.sizes(swept)
		if err != nil {
			return nil, err
		}
		for _, at := range sizes {
			k := place{s.room.Name, s.op, at.text}
			i, seen := index[k]
			if !seen {
				index[k] = len(merged)
				merged = append(merged, selection{room: s.room, op: s.op, variants: s.variants, at: at})
				continue
			}
			m := &merged[i]
			m.variants = slices.Clone(m.variants)
			for _, v := range s.variants {
				m.variants = appendNew(m.variants, v)
			}
		}
	}
	return merged, nil
}

// groups lays a merged selection out over its scenarios.
func (s selection) groups(o Options) ([]Group, error) {
	base, err := s.base(o.Base)
	if err != nil {
		return nil, err
	}
	arms := s.arms(base, o.Inject)
	scenarios, err := s.scenarios(o)
	if err != nil {
		return nil, err
	}
	var groups []Group
	for _, sc := range scenarios {
		g := Group{
			Family: s.room.Name, Op: s.op, Workload: s.at.text, Sweep: s.at.value,
			Base: base, Arms: arms, Isolated: s.room.Isolated, SliceNS: inProcessSlice,
		}
		if g.Isolated {
			g.SliceNS = lockStepSlice
		}
		if sc != "alone" {
			g.Scenario, g.Within = sc, !slices.Contains(Scenarios(), sc)
		}
		groups = append(groups, g)
	}
	return groups, nil
}

// Scenarios lists what every comparison can be repeated beside. A family may
// have more of its own: the names of its Room.Beside.
func Scenarios() []string { return []string{"alone", "cpu", "memory", "disk", "gc"} }

// scenarios is what the user named, each once.
func (s selection) scenarios(o Options) ([]string, error) {
	if len(o.Scenarios) == 0 {
		return []string{"alone"}, nil
	}
	have := Scenarios()
	for _, n := range s.room.Beside {
		have = append(have, n.Op)
	}
	var chosen []string
	for _, sc := range o.Scenarios {
		if !slices.Contains(have, sc) {
			return nil, unknown("scenario of "+s.room.Name, sc, have)
		}
		chosen = appendNew(chosen, sc)
	}
	return chosen, nil
}

// sized is a workload, canonical, and the value of its swept field, 0 without a sweep.
type sized struct {
	text  string
	value float64
}

// sizes parses the workloads of a selection and lays each out over the sweep.
func (s selection) sizes(swept string) ([]sized, error) {
	field, values, err := sweep(swept)
	if err != nil {
		return nil, err
	}
	var all []sized
	for _, text := range s.workloads {
		spec, err := parsed(s.room, text)
		if err != nil {
			return nil, err
		}
		if field == "" {
			all = append(all, sized{spec.String(), 0})
		}
		for _, v := range values {
			at, err := spec.With(field, v)
			if err != nil {
				return nil, fmt.Errorf("--sweep: %w", err)
			}
			n, err := number(v)
			if err != nil {
				return nil, err
			}
			all = append(all, sized{at.String(), float64(n)})
		}
	}
	return all, nil
}

// base is what the user says, else the operation's if it is among the variants,
// else the first that does something.
func (s selection) base(flag string) (string, error) {
	if flag != "" {
		if have := variantsIn(s.room, s.op); !slices.Contains(have, flag) {
			return "", unknown("variant of "+s.room.Name, flag, have)
		}
		return flag, nil
	}
	own := ""
	for _, c := range s.room.Cases {
		if c.Op == s.op {
			own = c.Base
		}
	}
	for _, v := range s.variants {
		if v == own {
			return v, nil
		}
	}
	if len(s.variants) == 1 && own != "" {
		return own, nil // one variant alone is compared with the family's base
	}
	for _, v := range s.variants {
		if c, err := FindCase(s.room, s.op, v); err == nil && !c.Null {
			return v, nil
		}
	}
	return s.variants[0], nil
}

// arms puts the base first and tells repeated names apart: nibble, nibble#2.
func (s selection) arms(base string, inject map[string]float64) []Arm {
	order := []string{base}
	skipped := false
	for _, v := range s.variants {
		if v == base && !skipped {
			skipped = true
			continue
		}
		order = append(order, v)
	}
	seen := map[string]int{}
	var arms []Arm
	for _, v := range order {
		a := Arm{Name: v, Variant: v}
		if seen[v]++; seen[v] > 1 {
			a.Name = fmt.Sprintf("%s#%d", v, seen[v])
		}
		a.Inject = inject[a.Name]
		arms = append(arms, a)
	}
	return arms
}

// injectable checks that every slowdown has an arm to go into, in some group.
func injectable(selected []selection, o Options) error {
	var have []string
	for _, s := range selected {
		base, err := s.base(o.Base)
		if err != nil {
			return err
		}
		for _, a := range s.arms(base, nil) {
			have = appendNew(have, a.Name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(o.Inject)) {
		if !slices.Contains(have, name) {
			return unknown("variant to inject into", name, have)
		}
	}
	return nil
}

func opsOf(room lab.Room) []string {
	var ops []string
	for _, c := range room.Cases {
		ops = appendNew(ops, c.Op)
	}
	return ops
}

func variantsIn(room lab.Room, op string) []string {
	var vs []string
	for _, c := range room.Cases {
		if c.Op == op {
			vs = append(vs, c.Variant)
		}
	}
	return vs
}

// familyNames are the families a pattern may mean; a hidden one only by its name.
func familyNames(rooms []lab.Room, pattern string) []string {
	var out []string
	for _, r := range rooms {
		if !r.Hidden || r.Name == pattern {
			out = append(out, r.Name)
		}
	}
	return out
}
