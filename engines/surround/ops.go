package surround

import (
	"errors"

	"assay/runner/lab"
	"assay/workloads"
)

// The votes that operations ask about, chosen from the history by a number that
// is drawn.
func nextVote(history []Vote, i uint32) Vote {
	last, ahead := history[len(history)-1], uint64(i%8)
	return Vote{last.Source + 1 + ahead, last.Target + 1 + ahead}
}

func nearTip(history []Vote, i uint32) Vote {
	return history[len(history)-1-min(int(i%32), len(history)-1)]
}

func anyVote(history []Vote, i uint32) Vote { return history[i] }

func oldest(history []Vote, i uint32) Vote {
	return history[min(int(i%8), len(history)-1)]
}

// slashable is a vote around one of the history, or inside it.
func slashable(history []Vote, i uint32) Vote {
	v := history[i]
	if i%2 == 0 && v.Source > 0 {
		return Vote{v.Source - 1, v.Target + 1}
	}
	return Vote{v.Source + 1, v.Target - 1}
}

// ask checks one vote after the other.
func ask(choose func([]Vote, uint32) Vote) func(*lab.T, History) error {
	return func(t *lab.T, h History) (err error) {
		defer func() { err = errors.Join(err, h.Close()) }()
		if err := prepare(t, h, choose); err != nil {
			return err
		}
		for batch := range t.Batches {
			sum, visited, err := checkAll(h, batch)
			if err != nil {
				return err
			}
			t.Fold(sum)
			if t.Counting() {
				t.Report(visitedPerOp, float64(visited)/float64(len(batch)))
			}
		}
		return nil
	}
}

// checkAll checks a batch and adds up what was found. It is a function of its own
// because the body of a range over batches is a closure, whose variables cost a
// check 1 ns: a tenth of what the quickest variant takes.
func checkAll(h History, batch []workloads.Entry) (sum uint64, visited int, err error) {
	for i := range batch {
		found, n, err := h.Check(subject, Vote{batch[i].Key, batch[i].Value})
		if err != nil {
			return 0, 0, err
		}
		sum = sum<<2 + uint64(found)
		visited += n
	}
	return sum, visited, nil
}

// prepare loads the history and has drawn entries turned into votes about it.
func prepare(t *lab.T, h History, choose func([]Vote, uint32) Vote) error {
	history, err := load(t, h)
	if err != nil {
		return err
	}
	t.Prepare(func(pool []workloads.Entry) {
		for i := range pool {
			v := choose(history, pool[i].Index)
			pool[i].Key, pool[i].Value = v.Source, v.Target
		}
	})
	return nil
}

// crowd is how many validators of the published client check at once.
const crowd = 2000

// together has a goroutine for every vote, all at once.
func together(t *lab.T, h History) (err error) {
	defer func() { err = errors.Join(err, h.Close()) }()
	if err := prepare(t, h, nextVote); err != nil {
		return err
	}
	return t.Clients(crowd, func(_ int, batch []workloads.Entry) (sum uint64, err error) {
		for i := range batch {
			found, _, err := h.Check(subject, Vote{batch[i].Key, batch[i].Value})
			if err != nil {
				return 0, err
			}
			sum += 1 + uint64(found)
		}
		return sum, nil
	})
}

// source gives records that can be appended, without end.
type source struct {
	from, crowd uint32 // validators in turn
	turn        uint32
	next        Vote
	records     []Record
}

// take returns the next n records; they are valid until the next call.
func (s *source) take(n int) []Record {
	s.records = s.records[:0]
	for range n {
		s.records = append(s.records, Record{s.from + s.turn, s.next})
		if s.turn++; s.turn == s.crowd {
			s.turn = 0
			s.next.Source++
			s.next.Target++
		}
	}
	return s.records
}

// one goes on with the subject's history; many begins those of as many others
// as a batch has records.
func one(history []Vote) *source {
	return &source{from: subject, crowd: 1, next: nextVote(history, 0)}
}

func many([]Vote) *source { return &source{from: subject + 1, crowd: batchSize, next: Vote{0, reach}} }

// others are validators that no operation writes: those of the writer beside it.
func others([]Vote) *source {
	return &source{from: subject + 1 + batchSize, crowd: batchSize, next: Vote{0, reach}}
}

// grow appends batches.
func grow(from func([]Vote) *source, durable bool) func(*lab.T, History) error {
	return func(t *lab.T, h History) (err error) {
		defer func() { err = errors.Join(err, h.Close()) }()
		history, err := load(t, h)
		if err != nil {
			return err
		}
		s := from(history)
		for batch := range t.Batches {
			written := h.Written()
			records := s.take(len(batch)) // 2 ns for each, of the 20 and more that the fastest variant takes
			if err := h.Append(records, durable); err != nil {
				return err
			}
			if t.Counting() {
				amplify(t, h.Written()-written, len(records))
			}
			if t.Answering() {
				if err := answer(t, h, records); err != nil {
					return err
				}
			}
		}
		return nil
	}
}

// answer asks for votes inside and around those just appended.
func answer(t *lab.T, h History, records []Record) error {
	for i := 0; i < len(records); i += 16 {
		r := records[i]
		for _, v := range []Vote{{r.Vote.Source + 1, r.Vote.Target - 1}, {max(r.Vote.Source, 1) - 1, r.Vote.Target + 1}, r.Vote} {
			found, _, err := h.Check(r.Validator, v)
			if err != nil {
				return err
			}
			t.Fold(uint64(found))
		}
	}
	return nil
}

// write is the neighbour: a batch whenever one is due. It neither loads nor
// closes, for the history belongs to the operation that it stands beside.
func write(t *lab.T, h History) error {
	s := others(nil)
	for batch := range t.Batches {
		if err := h.Append(s.take(len(batch)), true); err != nil {
			return err
		}
	}
	return nil
}
