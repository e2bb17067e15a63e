package memtable

import (
	"bytes"
	"cmp"
	"slices"

	"assay/engines/lsm/internal/keys"
	"assay/engines/lsm/part"
)

// sortKey is the first eight bytes of a key in which the keys may differ, as a
// number, and where the entry is.
type sortKey struct {
	head      uint64
	reference uint32
}

// Cursor sorts the entries: by one word each, and by whole keys only where the
// words are equal.
func (h *hashed) Cursor() part.Cursor {
	order := make([]sortKey, 0, h.count)
	for _, s := range h.slots {
		if s != 0 {
			order = append(order, sortKey{reference: uint32(s) - 1})
		}
	}
	shared := h.shared(order)
	for i := range order {
		order[i].head = keys.Head(h.key(order[i].reference)[shared:])
	}
	slices.SortFunc(order, func(a, b sortKey) int {
		if a.head != b.head {
			return cmp.Compare(a.head, b.head)
		}
		return bytes.Compare(h.key(a.reference), h.key(b.reference))
	})
	return &sorted{h, order}
}

// shared is the length of the prefix that all keys have in common.
func (h *hashed) shared(order []sortKey) int {
	if len(order) == 0 {
		return 0
	}
	first := h.key(order[0].reference)
	for _, k := range order[1:] {
		first = first[:keys.Shared(first, h.key(k.reference))]
	}
	return len(first)
}

type sorted struct {
	h     *hashed
	order []sortKey
}

func (s *sorted) Next(e *part.Entry) (bool, error) {
	if len(s.order) == 0 {
		return false, nil
	}
	e.Key, e.Value, e.Deleted = s.h.at(s.order[0].reference)
	s.order = s.order[1:]
	return true, nil
}
