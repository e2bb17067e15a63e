package plan

import (
	"errors"
	"fmt"
	"strings"

	"assay/runner/lab"
)

// climb selects the published story of each family named: its phases and its
// variants, in the order they are told. Without a name it takes every family
// that has one.
func climb(rooms []lab.Room, o Options) ([]selection, error) {
	if len(o.Variants) > 0 {
		return nil, errors.New("--ladder and --variants exclude each other: a ladder says which variants it has")
	}
	words := o.Select
	if len(words) == 0 {
		words = []string{"*"}
	}
	var all []selection
	for _, w := range words {
		if strings.Contains(w, "/") {
			return nil, fmt.Errorf("selection %q: --ladder takes a family, and says itself which operations and variants it has", w)
		}
		families, err := pick("family", w, familyNames(rooms, w))
		if err != nil {
			return nil, err
		}
		some, err := ladders(rooms, families, o)
		if err != nil {
			return nil, err
		}
		if len(some) == 0 {
			return nil, fmt.Errorf("--ladder: %s has none; there is one of %s", w, strings.Join(withLadder(rooms), ", "))
		}
		all = append(all, some...)
	}
	return all, nil
}

// ladders selects all phases of the families that have a ladder.
func ladders(rooms []lab.Room, families []string, o Options) ([]selection, error) {
	var all []selection
	for _, name := range families {
		room, err := FindRoom(rooms, name)
		if err != nil {
			return nil, err
		}
		if room.Ladder == nil {
			continue
		}
		ws, err := workloadsOf(room, o)
		if err != nil {
			return nil, err
		}
		for _, p := range room.Ladder.Phases {
			all = append(all, selection{room: room, op: p.Op, variants: room.Ladder.Variants(), workloads: ws})
		}
	}
	return all, nil
}

func withLadder(rooms []lab.Room) []string {
	var names []string
	for _, r := range rooms {
		if r.Ladder != nil {
			names = append(names, r.Name)
		}
	}
	if names == nil {
		return []string{"no family"}
	}
	return names
}
