package suffix

import (
	"bytes"
	"slices"
	"sort"
	"strings"

	"assay/runner/lab"
)

// postfixed has a second field: what a term has behind its last slash, of which
// there are few, each with the places of its terms in the dictionary.
type postfixed struct {
	dictionary
	postfixes []string // sorted
	places    [][]uint32
}

func newPostfixed(*lab.Env) (Index, error) { return &postfixed{}, nil }

func (p *postfixed) Build(terms []string) error {
	if err := p.dictionary.Build(terms); err != nil {
		return err
	}
	places := map[string][]uint32{}
	for i := range p.docs {
		t := p.term(i)
		postfix := t[bytes.LastIndexByte(t, '/')+1:]
		places[string(postfix)] = append(places[string(postfix)], uint32(i))
	}
	p.postfixes, p.places = p.postfixes[:0], p.places[:0]
	for postfix := range places {
		p.postfixes = append(p.postfixes, postfix)
	}
	slices.Sort(p.postfixes)
	for _, postfix := range p.postfixes {
		p.places = append(p.places, places[postfix])
	}
	return nil
}

// EndsWith looks a whole postfix up, and goes through the distinct ones for a
// part of one. Where the question reaches beyond a slash the terms of that
// postfix are looked at one by one.
func (p *postfixed) EndsWith(suffix string, visit func(doc uint32)) int {
	slash := strings.LastIndexByte(suffix, '/')
	if slash < 0 {
		visited := len(p.postfixes)
		for i, postfix := range p.postfixes {
			if strings.HasSuffix(postfix, suffix) {
				visited += p.visitAll(i, visit)
			}
		}
		return visited
	}
	i, have := slices.BinarySearch(p.postfixes, suffix[slash+1:])
	if !have {
		return 0
	}
	for _, place := range p.places[i] {
		// What stands behind the last slash matches. If the question begins
		// there, the length tells whether the term has a slash at all.
		if t := p.term(int(place)); len(t) >= len(suffix) && (slash == 0 || string(t[len(t)-len(suffix):]) == suffix) {
			visit(p.docs[place])
		}
	}
	return len(p.places[i])
}

func (p *postfixed) visitAll(i int, visit func(doc uint32)) int {
	for _, place := range p.places[i] {
		visit(p.docs[place])
	}
	return len(p.places[i])
}

func (p *postfixed) ExtraBytes() int {
	n := 0
	for i, postfix := range p.postfixes {
		n += len(postfix) + 4*len(p.places[i])
	}
	return n
}

// reversed has a second dictionary, of the terms read from their end, in which
// those with one ending are neighbours.
type reversed struct {
	dictionary
	back dictionary
}

func newReversed(*lab.Env) (Index, error) { return &reversed{}, nil }

func (r *reversed) Build(terms []string) error {
	if err := r.dictionary.Build(terms); err != nil {
		return err
	}
	mirrored := make([]string, len(terms))
	for i, t := range terms {
		mirrored[i] = mirror(t)
	}
	return r.back.Build(mirrored)
}

// mirror reverses the bytes of s, not its letters: the ends of equal strings
// are equal bytes.
func mirror(s string) string {
	b := []byte(s)
	slices.Reverse(b)
	return string(b)
}

func (r *reversed) EndsWith(suffix string, visit func(doc uint32)) int {
	visited := 0
	first := sort.Search(len(r.back.docs), func(i int) bool {
		visited++
		return backward(r.back.term(i), suffix) >= 0
	})
	for i := first; i < len(r.back.docs); i++ {
		visited++
		if t := r.back.term(i); len(t) < len(suffix) || backward(t[:len(suffix)], suffix) != 0 {
			break
		}
		visit(r.back.docs[i])
	}
	return visited
}

// backward compares a mirrored term with the mirror of a suffix, without making one.
func backward(term []byte, suffix string) int {
	for i := range len(suffix) {
		b := suffix[len(suffix)-1-i]
		switch {
		case i == len(term) || term[i] < b:
			return -1
		case term[i] > b:
			return 1
		}
	}
	return len(term) - len(suffix)
}

func (r *reversed) ExtraBytes() int {
	return len(r.back.text) + 4*len(r.back.ends) + 4*len(r.back.docs)
}
