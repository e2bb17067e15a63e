package digest

// Topic is a run of operations to show together: one operation with all its
// workloads, or every operation of a family that compares a single variant (two
// revisions of a module's benchmarks). Fifty tables or figures of one row each
// would answer nothing.
type Topic struct {
	Groups []Group
	Merged bool // several operations; the variants are the same two everywhere
}

// Topics arranges groups, in order of first mention.
func Topics(groups []Group) []Topic {
	type family struct{ name, scenario, base, variant string }
	ops := Operations(groups)
	count := map[family]int{}
	key := func(op []Group) (family, bool) {
		v, ok := contender(op)
		return family{op[0].Family, op[0].Scenario, op[0].Base, v}, ok
	}
	for _, op := range ops {
		if f, ok := key(op); ok {
			count[f]++
		}
	}
	at, out := map[family]int{}, []Topic{}
	for _, op := range ops {
		f, ok := key(op)
		if !ok || count[f] < 2 {
			out = append(out, Topic{Groups: op})
			continue
		}
		i, seen := at[f]
		if !seen {
			i = len(out)
			at[f] = i
			out = append(out, Topic{Merged: true})
		}
		out[i].Groups = append(out[i].Groups, op...)
	}
	return out
}

// contender is the only variant that an operation compares, and whether it is
// the only one: no other row in any of its groups. A floor counts as one, since
// a merged table has no place to show it.
func contender(op []Group) (string, bool) {
	name := ""
	for _, g := range op {
		if g.Base == "" || g.Base != op[0].Base {
			return "", false
		}
		for _, r := range g.Rows {
			switch {
			case r.Base:
			case r.Null:
				return "", false
			case name == "":
				name = r.Variant
			case r.Variant != name:
				return "", false
			}
		}
	}
	return name, name != ""
}
