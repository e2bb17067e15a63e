package workloads

import "fmt"

// The bounds of the search for absent keys.
const (
	// maxRejected draws in a row without an absent key end the search (or
	// one pass over a replayed file, if that is longer).
	maxRejected = 10_000
	// reserve absent keys are drawn beforehand, to repeat where the search
	// during Next takes more than maxTries draws.
	reserve  = 1024
	maxTries = 16
)

// Stream draws integer entries of one population without end. It is for one
// goroutine.
type Stream struct {
	population Population
	data       *Data
	from       source
	pick       picker
	spare      []Entry // absent keys drawn beforehand
	served     int     // how many of spare were handed out
}

// Stream starts a stream, a function of d's spec and seed, of seed and of p.
// It fails if keys are strings, and for Absent if the law has no key that was
// not loaded: 10,000 draws in a row found none. Where absent keys are merely
// rare, more than 16 loaded ones in a row, the stream repeats some of 1024
// that it drew beforehand rather than search on.
func (d *Data) Stream(p Population, seed uint64) (*Stream, error) {
	if d.Text() {
		return nil, fmt.Errorf("workload %q: keys are strings; draw Records, or choose a law of numbers", d.spec)
	}
	return d.stream(p, seed)
}

func (d *Data) stream(p Population, seed uint64) (*Stream, error) {
	s := &Stream{population: p, data: d}
	switch p {
	case Present:
		s.from.g = generator(seed, rolePresent)
		s.pick = newPicker(d.spec.access, uint64(len(d.Entries)))
	case Fresh:
		s.from = d.source(generator(seed, roleFresh), d.drawn)
	case Absent:
		s.from = d.source(generator(seed, roleAbsent), d.drawn)
		return s, s.fillSpare()
	default:
		return nil, fmt.Errorf("workload %q: unknown population %v", d.spec, p)
	}
	return s, nil
}

// fillSpare draws the absent keys beforehand.
func (s *Stream) fillSpare() error {
	patience := maxRejected
	if t := s.data.keyTrace; t != nil {
		patience = max(patience, len(t.keys))
	}
	s.spare = make([]Entry, 0, reserve)
	for rejected := 0; len(s.spare) < reserve && rejected < patience; rejected++ {
		if e, ok := s.tryAbsent(); ok {
			s.spare = append(s.spare, e)
			rejected = -1
		}
	}
	if len(s.spare) == 0 {
		return fmt.Errorf("workload %q: no absent key: %d draws in a row gave only keys of the %d loaded entries; load fewer (count=N) or widen the law of keys",
			s.data.spec, patience, len(s.data.Entries))
	}
	return nil
}

// tryAbsent draws once.
func (s *Stream) tryAbsent() (e Entry, ok bool) {
	key, value := s.from.draw()
	return Entry{Key: key, Value: value, Index: nowhere}, !s.data.index.has(s.data.Entries, key)
}

// Next fills the whole batch. It allocates nothing.
func (s *Stream) Next(batch []Entry) {
	switch s.population {
	case Present:
		for i := range batch {
			batch[i] = s.data.Entries[s.pick.next(s.from.g)]
		}
	case Fresh:
		for i := range batch {
			key, value := s.from.draw()
			batch[i] = Entry{Key: key, Value: value, Index: nowhere}
		}
	case Absent:
		for i := range batch {
			batch[i] = s.absent()
		}
	}
}

// absent hands out the spare entries first, then draws, then starts over
// with the spare ones. They are draws like any other, so repeating them
// changes how often keys recur, but not what they look like.
func (s *Stream) absent() Entry {
	if s.served >= len(s.spare) {
		for range maxTries {
			if e, ok := s.tryAbsent(); ok {
				return e
			}
		}
	}
	e := s.spare[s.served%len(s.spare)]
	s.served++
	return e
}
