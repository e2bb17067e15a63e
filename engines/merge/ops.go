package merge

import "assay/runner/lab"

// run merges as many entries as a batch has. The batch itself is not used: the
// loaded keys are sorted and dealt out to runs before the clock starts.
func run(p pattern) func(*lab.T, Merger) error {
	return func(t *lab.T, m Merger) error {
		d := newDeal(t.Data, t.Seed, p)
		out := make([]Entry, 0, max(t.Length(), 1))
		for batch := range t.Batches {
			for left := len(batch); left > 0; {
				runs, n := d.take(left)
				left -= n
				out = m.Merge(out[:0], runs)
				if t.Answering() {
					answer(t, out)
				}
			}
			t.Fold(uint64(len(out)))
		}
		return nil
	}
}

// answer folds every entry of an output.
func answer(t *lab.T, out []Entry) {
	for _, e := range out {
		t.Fold(e.Key)
		t.Fold(e.Value)
	}
}
