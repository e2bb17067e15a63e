package surround

import (
	"errors"
	"fmt"
)

// History is what the validators of a client have voted, and the judge of what
// they are about to vote. Checks and Appends may run at once; Appends wait for
// each other.
type History interface {
	// Check says whether a vote contradicts the history of a validator, and how
	// many of its votes were looked at to know that. A validator that has never
	// voted contradicts nothing. A vote that is none is an error.
	Check(validator uint32, v Vote) (found Verdict, visited int, err error)
	// Append adds records in their order, all of them or, with an error, none.
	// Each must follow the last vote of its validator: a higher target, and a
	// source that is not lower. With durable it returns when the disk has them,
	// where there is a file.
	Append(records []Record, durable bool) error
	// Bytes is what the history takes in its file, or in memory where it has none.
	Bytes() (int64, error)
	// Written is how many bytes were written to the file since it was opened.
	Written() int64
	// Close gives the file back.
	Close() error
}

// Vote is a link from one checkpoint to a later one, each named by its epoch.
type Vote struct{ Source, Target uint64 }

// Record is a vote of one validator, who is known by a number that the client
// gave him.
type Record struct {
	Validator uint32
	Vote      Vote
}

// The bounds of what is taken. Epochs end at half of what 64 bits hold, so that
// no sum of an epoch and a distance overflows; validators are numbered densely,
// and no client keeps a million.
const (
	MaxEpoch      = 1<<63 - 1
	MaxValidators = 1 << 20
)

// Verdict is what a vote is beside a history.
type Verdict uint8

// The verdicts. No vote is two of them: a vote inside it and a vote around it
// would contradict each other, and a history has no such two.
const (
	Safe       Verdict = iota // contradicts nothing
	Surrounds                 // starts before an earlier vote and ends after it
	Surrounded                // starts after an earlier vote and ends before it
)

// String is the verdict in a word.
func (v Verdict) String() string {
	names := [...]string{"safe", "surrounds", "surrounded"}
	if int(v) >= len(names) {
		return fmt.Sprintf("verdict %d", uint8(v))
	}
	return names[v]
}

// The errors: a vote that is none, a record out of order, a history wider than
// the variant can hold, a file that holds no history.
var (
	errVote    = errors.New("no vote")
	errOrder   = errors.New("out of order")
	errWide    = errors.New("too wide")
	errDamaged = errors.New("damaged history")
)

// against is the verdict on a vote beside one pair of the history.
func (v Vote) against(old Vote) Verdict {
	switch {
	case v.Source < old.Source && v.Target > old.Target:
		return Surrounds
	case v.Source > old.Source && v.Target < old.Target:
		return Surrounded
	}
	return Safe
}

// check refuses what is no vote.
func (v Vote) check() error {
	if v.Source > v.Target || v.Target > MaxEpoch {
		return fmt.Errorf("%w: source %d, target %d; a source is at most its target, a target at most %d", errVote, v.Source, v.Target, uint64(MaxEpoch))
	}
	return nil
}

// follows refuses a vote that cannot stand after the last one. A history is
// kept in the order of its targets, which are all different, and its sources
// never fall. That is no restriction: of two votes with one target the second
// is a double vote, and where targets rise and a source falls, the later vote
// surrounds the earlier. A history that no check would have refused is in this
// order, and everything faster than the walk of two buckets rests on it.
func (v Vote) follows(last Vote) error {
	switch {
	case v == last:
		return fmt.Errorf("%w: vote %d>%d is there already", errOrder, v.Source, v.Target)
	case v.Target <= last.Target:
		return fmt.Errorf("%w: vote %d>%d after %d>%d: targets must rise", errOrder, v.Source, v.Target, last.Source, last.Target)
	case v.Source < last.Source:
		return fmt.Errorf("%w: vote %d>%d surrounds %d>%d: sources must not fall", errOrder, v.Source, v.Target, last.Source, last.Target)
	}
	return nil
}

// check refuses what no history can take, whatever it holds.
func (r Record) check() error {
	if r.Validator >= MaxValidators {
		return fmt.Errorf("%w: validator %d; they are numbered from 0 to %d", errVote, r.Validator, MaxValidators-1)
	}
	return r.Vote.check()
}

// wrong words what is wrong with a record of a batch.
func (r Record) wrong(i int, err error) error {
	return fmt.Errorf("record %d, validator %d: %w; nothing of the batch was taken", i, r.Validator, err)
}
