package suffix

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// dictionary is what every variant has anyway: the terms in order, one behind
// the other, and the document of each.
type dictionary struct {
	text []byte
	ends []uint32 // of each term in text
	docs []uint32
}

// Build sorts the terms.
func (d *dictionary) Build(terms []string) error {
	*d = dictionary{docs: make([]uint32, len(terms)), ends: make([]uint32, len(terms))}
	bytes := 0
	for i, t := range terms {
		d.docs[i] = uint32(i)
		bytes += len(t)
	}
	if bytes > math.MaxUint32 || len(terms) > math.MaxUint32 {
		return fmt.Errorf("suffix: %d terms of %d bytes: offsets have 32 bits, load fewer", len(terms), bytes)
	}
	slices.SortFunc(d.docs, func(a, b uint32) int { return strings.Compare(terms[a], terms[b]) })
	d.text = make([]byte, 0, bytes)
	for i, doc := range d.docs {
		if i > 0 && terms[doc] == terms[d.docs[i-1]] {
			return fmt.Errorf("suffix: documents %d and %d both have the term %q: terms are unique here", d.docs[i-1], doc, terms[doc])
		}
		d.text = append(d.text, terms[doc]...)
		d.ends[i] = uint32(len(d.text))
	}
	return nil
}

// term returns the i-th term in order; it stays the dictionary's.
func (d *dictionary) term(i int) []byte {
	start := uint32(0)
	if i > 0 {
		start = d.ends[i-1]
	}
	return d.text[start:d.ends[i]]
}
