package plan

import (
	"fmt"
	"slices"
	"strings"

	"assay/runner/lab"
	"assay/workloads"
)

// FindRoom returns the family of that name, or an error that suggests one.
func FindRoom(rooms []lab.Room, name string) (lab.Room, error) {
	names := make([]string, len(rooms))
	for i, r := range rooms {
		if r.Name == name {
			return r, nil
		}
		names[i] = r.Name
	}
	return lab.Room{}, unknown("family", name, names)
}

// FindCase returns the case of a family by operation and variant; the variant
// "model" is the family's reference.
func FindCase(room lab.Room, op, variant string) (lab.Case, error) {
	cases := room.Cases
	if variant == "model" {
		cases = room.Models
	}
	var ops, variants []string
	for _, c := range cases {
		if c.Op == op && c.Variant == variant {
			return c, nil
		}
		ops = appendNew(ops, c.Op)
		variants = appendNew(variants, c.Variant)
	}
	for _, o := range ops {
		if o == op {
			return lab.Case{}, unknown("variant of "+room.Name, variant, variants)
		}
	}
	return lab.Case{}, unknown("operation of "+room.Name, op, ops)
}

// unknown words a name that is not in the list, with the nearest one that is.
func unknown(kind, name string, names []string) error {
	if near := workloads.Nearest(name, names); near != "" {
		return fmt.Errorf("unknown %s %q: did you mean %q?", kind, name, near)
	}
	if len(names) > 0 && len(names) <= 8 {
		return fmt.Errorf("unknown %s %q: choose from %s", kind, name, strings.Join(names, ", "))
	}
	return fmt.Errorf("unknown %s %q: `assay list` shows what there is", kind, name)
}

// apart words the mistake in page/fill,page/scan: a comma lists operations or
// variants, and what follows it here begins with a family.
func apart(rooms []lab.Room, word string, otherwise error) error {
	items := strings.Split(word, ",")
	split := items[0]
	for _, item := range items[1:] {
		sep := ","
		family, _, _ := strings.Cut(item, "/")
		if slices.ContainsFunc(rooms, func(r lab.Room) bool { return r.Name == family }) {
			sep = " "
		}
		split += sep + item
	}
	if split == word {
		return otherwise
	}
	return fmt.Errorf("selection %q: write selections apart: %s", word, split)
}

func appendNew(list []string, s string) []string {
	for _, x := range list {
		if x == s {
			return list
		}
	}
	return append(list, s)
}
