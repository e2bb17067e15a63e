package plan

import (
	"fmt"
	"strings"

	"assay/runner/lab"
)

// selection is one operation of one family with the variants and workloads to compare.
type selection struct {
	room      lab.Room
	op        string
	variants  []string // in order; a name may stand twice
	workloads []string
}

// choose resolves SELECT words, or the headline rows of every family when there are none.
func choose(rooms []lab.Room, o Options) ([]selection, error) {
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
				all = append(all, selection{r, row.Op, vs, ws})
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
			return nil, err
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
	families, err := pick("family", parts[0], names(rooms, func(r lab.Room) string { return r.Name }))
	if err != nil {
		return nil, err
	}
	var all []selection
	for _, f := range families {
		room, err := FindRoom(rooms, f)
		if err != nil {
			return nil, err
		}
		ops, err := pick("operation of "+f, parts[1], opsOf(room))
		if err != nil {
			return nil, err
		}
		for _, op := range ops {
			var listed []string
			if parts[2] != "*" {
				listed = strings.Split(parts[2], ",")
			}
			vs, err := variantsOf(room, op, listed, o.Variants)
			if err != nil {
				return nil, err
			}
			all = append(all, selection{room, op, vs, workloadsOf(room, o)})
		}
	}
	return all, nil
}

// workloadsOf is what the user named, or the family's first, or all of them for a full run.
func workloadsOf(room lab.Room, o Options) []string {
	switch {
	case len(o.Workloads) > 0:
		return o.Workloads
	case o.Full:
		return room.Workloads
	}
	return room.Workloads[:1]
}

// variantsOf resolves the patterns of the --variants flag, or of the selection,
// or all. A name without a pattern may be listed twice.
func variantsOf(room lab.Room, op string, listed, flag []string) ([]string, error) {
	var have []string
	for _, c := range room.Cases {
		if c.Op == op {
			have = append(have, c.Variant)
		}
	}
	patterns := listed
	if len(flag) > 0 {
		patterns = flag
	}
	if len(patterns) == 0 {
		return have, nil
	}
	var chosen []string
	for _, p := range patterns {
		some, err := pick("variant of "+room.Name, p, have)
		if err != nil {
			return nil, err
		}
		chosen = append(chosen, some...)
	}
	return chosen, nil
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
			if ok {
				chosen, found = append(chosen, name), true
			}
		}
		if !found {
			return nil, unknown(kind, p, have)
		}
	}
	return chosen, nil
}

// groups lays a selection out over its workloads, sizes and scenarios.
func (s selection) groups(o Options) ([]Group, error) {
	base, err := s.base(o.Base)
	if err != nil {
		return nil, err
	}
	arms, err := s.arms(base, o.Inject)
	if err != nil {
		return nil, err
	}
	scenarios := o.Scenarios
	if len(scenarios) == 0 {
		scenarios = []string{"alone"}
	}
	var groups []Group
	for _, text := range s.workloads {
		specs, err := s.sizes(text, o.Sweep)
		if err != nil {
			return nil, err
		}
		for _, spec := range specs {
			for _, sc := range scenarios {
				g := Group{
					Family: s.room.Name, Op: s.op, Workload: spec.text, Sweep: spec.value,
					Base: base, Arms: arms, Isolated: s.room.Isolated, SliceNS: inProcessSlice,
				}
				if g.Isolated {
					g.SliceNS = lockStepSlice
				}
				if sc != "alone" {
					if _, err := pick("scenario", sc, Scenarios()); err != nil {
						return nil, err
					}
					g.Scenario = sc
				}
				groups = append(groups, g)
			}
		}
	}
	return groups, nil
}

// Scenarios lists what a comparison can be repeated beside.
func Scenarios() []string { return []string{"alone", "cpu", "memory", "disk", "gc"} }

type sized struct {
	text  string
	value float64
}

func (s selection) sizes(text, swept string) ([]sized, error) {
	spec, err := parsed(s.room, text)
	if err != nil {
		return nil, err
	}
	field, values, err := sweep(swept)
	if err != nil {
		return nil, err
	}
	if field == "" {
		return []sized{{spec.String(), 0}}, nil
	}
	var all []sized
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
	return all, nil
}

// base is what the user says, else the family's if it is among the variants, else the first.
func (s selection) base(flag string) (string, error) {
	if flag != "" {
		_, err := pick("variant of "+s.room.Name, flag, opsVariants(s.room, s.op))
		return flag, err
	}
	for _, v := range s.variants {
		if v == s.room.Base {
			return v, nil
		}
	}
	if len(s.variants) == 1 {
		return s.room.Base, nil // one variant alone is compared with the family's base
	}
	return s.variants[0], nil
}

// arms puts the base first and tells repeated names apart: nibble, nibble#2.
func (s selection) arms(base string, inject map[string]float64) ([]Arm, error) {
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
	for name := range inject {
		if !armNamed(arms, name) {
			return nil, unknown("variant to inject into", name, order)
		}
	}
	return arms, nil
}

func armNamed(arms []Arm, name string) bool {
	for _, a := range arms {
		if a.Name == name {
			return true
		}
	}
	return false
}

func opsOf(room lab.Room) []string {
	var ops []string
	for _, c := range room.Cases {
		ops = appendNew(ops, c.Op)
	}
	return ops
}

func opsVariants(room lab.Room, op string) []string {
	var vs []string
	for _, c := range room.Cases {
		if c.Op == op {
			vs = append(vs, c.Variant)
		}
	}
	return vs
}

func names[T any](list []T, name func(T) string) []string {
	out := make([]string, len(list))
	for i, x := range list {
		out[i] = name(x)
	}
	return out
}
