package surround

import (
	"fmt"
	"slices"

	"assay/runner/lab"
	"assay/workloads"
)

const (
	// subject is the validator who is asked about.
	subject = 0
	// reach is the least distance from source to target: with two epochs
	// between them there is room for a vote inside.
	reach = 3
	// batchSize is how many records the published client writes at once.
	batchSize = 2048
	// headroom is kept for the votes that operations append.
	headroom = 1 << 40
)

// historyOf makes a history of a population: its keys in order are the sources.
// Each target is three epochs on, or as many more as keep targets different: a
// law that repeats its keys makes a source stand still while targets run on,
// which is how a chain looks that does not finalise. It fails where epochs
// would pass the highest there is.
func historyOf(d *workloads.Data) ([]Vote, error) {
	sources := make([]uint64, len(d.Entries))
	for i, e := range d.Entries {
		sources[i] = e.Key
	}
	slices.Sort(sources)
	history := make([]Vote, len(sources))
	target := uint64(0)
	for i, s := range sources {
		if s > MaxEpoch-headroom {
			return nil, fmt.Errorf("workload %q: a source of %d leaves no room for later votes below %d: choose a law of smaller keys", d.Spec(), s, uint64(MaxEpoch))
		}
		target = max(s+reach, target+1)
		history[i] = Vote{s, target}
	}
	return history, nil
}

// load appends the history of the population to the subject's, in batches as a
// client writes them, and reports what it takes.
func load(t *lab.T, h History) ([]Vote, error) {
	votes, err := historyOf(t.Data)
	if err != nil {
		return nil, err
	}
	records := make([]Record, 0, batchSize)
	for batch := range slices.Chunk(votes, batchSize) {
		records = records[:0]
		for _, v := range batch {
			records = append(records, Record{subject, v})
		}
		if err := h.Append(records, false); err != nil {
			return nil, fmt.Errorf("loading: %w", err)
		}
	}
	if t.Counting() {
		return votes, report(t, h, len(votes))
	}
	return votes, nil
}

// report gives what a history of so many votes takes and took to write.
func report(t *lab.T, h History, votes int) error {
	size, err := h.Bytes()
	if err != nil {
		return err
	}
	if size > 0 {
		t.Report(bytesPerEntry, float64(size)/float64(votes))
	}
	amplify(t, h.Written(), votes)
	return nil
}

// amplify reports the bytes written for so many votes as a multiple of theirs.
func amplify(t *lab.T, written int64, votes int) {
	const voteBytes = 2 * epochBytes
	if written > 0 {
		t.Report(writeAmplification, float64(written)/float64(voteBytes*votes))
	}
}
