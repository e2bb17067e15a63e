package page

import (
	"fmt"
	"sort"

	"assay/encodings/page"
	"assay/runner/lab"
	"assay/workloads"
)

// book is the data loaded into as many full pages as one layout needs: the
// same entries take fewer pages in a denser one, as they would on disk.
type book struct {
	format page.Format
	pages  []page.Buf
	starts []uint32 // index of the first entry of each page
}

// fewestEntries is less than any layout fits into a page: it sizes the book, so
// that pages never move (the model knows them by address).
const fewestEntries = 256

func load(t *lab.T, f page.Format) (*book, error) {
	b := &book{format: f, pages: make([]page.Buf, 0, len(t.Data.Entries)/fewestEntries+1)}
	for i, e := range t.Data.Entries {
		if len(b.pages) > 0 && f.Set(&b.pages[len(b.pages)-1], e.Key, e.Value) {
			continue
		}
		b.pages = append(b.pages, page.Buf{})
		b.starts = append(b.starts, uint32(i))
		p := &b.pages[len(b.pages)-1]
		f.Init(p)
		if !f.Set(p, e.Key, e.Value) {
			return nil, fmt.Errorf("an empty page refuses key %d", e.Key)
		}
	}
	return b, nil
}

// place finds each entry's page before the clock starts, as the parent of a
// B+tree would.
func (b *book) place(batch []workloads.Entry) {
	for i := range batch {
		index := batch[i].Index
		batch[i].Place = uint32(sort.Search(len(b.starts), func(p int) bool { return b.starts[p] > index }) - 1)
	}
}

// scatter sends keys that are nowhere to pages that depend on the key alone.
func (b *book) scatter(batch []workloads.Entry) {
	for i := range batch {
		batch[i].Place = uint32(batch[i].Key * 0x9e3779b97f4a7c15 >> 32 * uint64(len(b.pages)) >> 32)
	}
}

func fill(t *lab.T, f page.Format) error {
	var p page.Buf
	f.Init(&p)
	entries := 0
	count := func(uint64, uint64) bool { entries++; return true } // made once: it lives on the heap
	for batch := range t.Batches {
		for _, e := range batch {
			if f.Set(&p, e.Key, e.Value) {
				continue
			}
			if t.Counting() {
				entries = 0
				f.Scan(&p, count)
				t.Report(entriesPerPage, float64(entries))
				t.Report(bytesPerEntry, page.Size/float64(entries))
			}
			f.Init(&p)
			f.Set(&p, e.Key, e.Value)
		}
		if t.Answering() {
			value, _ := f.Get(&p, batch[len(batch)-1].Key)
			t.Fold(value)
		}
	}
	return nil
}

func getHit(t *lab.T, f page.Format) error {
	b, err := load(t, f)
	if err != nil {
		return err
	}
	t.Prepare(b.place)
	for batch := range t.Batches {
		t.Fold(b.lookUp(batch))
	}
	return nil
}

func getMiss(t *lab.T, f page.Format) error {
	b, err := load(t, f)
	if err != nil {
		return err
	}
	t.Prepare(b.scatter)
	for batch := range t.Batches {
		t.Fold(b.lookUp(batch))
	}
	return nil
}

// lookUp is the measured loop of hits and misses alike.
func (b *book) lookUp(batch []workloads.Entry) uint64 {
	f, pages, sum := b.format, b.pages, uint64(0)
	for i := range batch {
		e := &batch[i]
		value, ok := f.Get(&pages[e.Place], e.Key)
		if ok {
			sum += value + 1
		}
	}
	return sum
}

func getDependent(t *lab.T, f page.Format) error {
	b, err := load(t, f)
	if err != nil {
		return err
	}
	t.Prepare(b.place)
	for batch := range t.Batches {
		t.Fold(b.chase(batch))
	}
	return nil
}

// chase makes each lookup wait for the last one's value: its key is corrected
// by how far that value was off, which is 0, but only the lookup knows. (To let
// the value choose the next entry of the batch is no good: such a walk runs
// into a cycle of about ten keys, and a branch predictor learns those by heart.)
func (b *book) chase(batch []workloads.Entry) uint64 {
	f, pages, sum := b.format, b.pages, uint64(0)
	off := uint64(0)
	for i := range batch {
		e := &batch[i]
		value, _ := f.Get(&pages[e.Place], e.Key+off)
		sum += value
		off = value - e.Value
	}
	return sum
}

func scan(t *lab.T, f page.Format) error {
	b, err := load(t, f)
	if err != nil {
		return err
	}
	sum := uint64(0)
	visit := func(key, value uint64) bool { // made once: through an interface it lives on the heap
		sum += key ^ value
		return true
	}
	for range t.Batches {
		sum = 0
		for i := range b.pages {
			f.Scan(&b.pages[i], visit)
		}
		t.Fold(sum)
	}
	return nil
}
