package workloads

import (
	"errors"
	"fmt"
	"math/rand/v2"
)

// window is how many consecutive entries have distinct keys. No page holds
// as many.
const window = 2048

// drawsPerEntry bounds the search for entries that the window accepts.
const drawsPerEntry = 100

// Data is a loaded population: what a structure is filled with before it is
// asked anything. It is read-only once loaded, so all that are compared may
// share one, and streams of it may be drawn concurrently.
type Data struct {
	// Entries is the Present population in the order in which to load it.
	// Where keys are strings, Key is the number of the string among the
	// distinct ones of the file, by first appearance.
	Entries []Entry

	spec       Spec
	keys       shape
	values     *shape // nil: values come with the keys
	keyTrace   *trace
	valueTrace *trace
	drawn      uint64 // draws that loading took; Fresh and Absent go on there
	index      index
}

// Load draws count entries, or s.Count() if count is not positive, or each
// row of a replayed file once if that is 0 too. It may return fewer if the
// law is too narrow for the window (see the package comment), and fails if it
// can draw none, if there is no count, or if a replayed file cannot be read.
// Loading takes 32 to 40 bytes of memory per entry.
func (s Spec) Load(seed uint64, count int) (*Data, error) {
	d, err := s.open()
	if err != nil {
		return nil, fmt.Errorf("workload %q: %w", s, err)
	}
	if count <= 0 {
		count = s.count
	}
	if count == 0 && d.keyTrace != nil {
		count = len(d.keyTrace.keys)
	}
	if count < 1 || count > maxCount {
		return nil, fmt.Errorf("workload %q: a count of %d is not from 1 to %d; add count=N", s, count, maxCount)
	}
	d.load(generator(seed, roleLoad), count)
	return d, nil
}

// open reads the files of s.
func (s Spec) open() (*Data, error) {
	keys, err := parseShape(s.keys)
	if err != nil {
		return nil, errors.New("an empty spec; make one with Parse")
	}
	d := &Data{spec: s, keys: keys}
	if d.keyTrace, err = loadTrace(keys); err != nil {
		return nil, err
	}
	if s.values == "" {
		return d, nil
	}
	values, err := parseShape(s.values)
	if err != nil {
		return nil, err
	}
	d.values = &values
	if d.valueTrace, err = loadTrace(values); err != nil {
		return nil, err
	}
	if d.valueTrace != nil && d.valueTrace.texts != nil {
		return nil, fmt.Errorf("values: %s holds strings; values are numbers", values.text)
	}
	return d, nil
}

// load draws the population.
func (d *Data) load(g *rand.PCG, count int) {
	from := d.source(g, 0)
	d.Entries = make([]Entry, 0, count)
	d.index = newIndex(count)
	for most := drawsPerEntry * uint64(count); d.drawn < most && len(d.Entries) < count; d.drawn++ {
		key, value := from.draw()
		slot := d.index.slot(d.Entries, key)
		n := len(d.Entries)
		if *slot != 0 && n-int(*slot-1) < window {
			continue
		}
		d.Entries = append(d.Entries, Entry{Key: key, Value: value, Index: uint32(n)})
		*slot = uint32(n + 1)
	}
}

// Spec returns what d was loaded from.
func (d *Data) Spec() Spec { return d.spec }

// Text reports whether keys are strings, to be drawn with Records.
func (d *Data) Text() bool { return d.keyTrace != nil && d.keyTrace.texts != nil }

// Position returns the last position in d.Entries that holds key: whose value
// a structure that holds the whole population answers with.
func (d *Data) Position(key uint64) (position uint32, ok bool) {
	slot := *d.index.slot(d.Entries, key)
	return slot - 1, slot != 0
}

// A source draws key and value.
type source struct {
	g            *rand.PCG
	keys, values law
}

func (s *source) draw() (key, value uint64) {
	key = s.keys.next(s.g)
	return key, s.values.next(s.g)
}

// source starts the laws of d after drawn draws.
func (d *Data) source(g *rand.PCG, drawn uint64) source {
	o := origin{universe: d.spec.universe, drawn: drawn, trace: d.keyTrace}
	if o.universe == 0 {
		o.universe = defaultUniverse
	}
	if n := len(d.Entries); n > 0 {
		o.last = d.Entries[n-1].Key
	}
	s := source{g: g, keys: d.keys.start(o)}
	switch keys := s.keys.(type) {
	case *replay:
		s.values = &column{*keys}
	case *sequential:
		s.values = &sequential{keys.at}
	case *gaps:
		s.values = echo{keys}
	default:
		s.values = s.keys
	}
	if d.values != nil {
		o.trace = d.valueTrace
		s.values = d.values.start(o)
	}
	return s
}
