package page

import (
	"maps"
	"slices"

	"assay/encodings/page"
	"assay/runner/lab"
)

// modelEntries is where the model's pages are full: as many as the raw layout holds.
const modelEntries = 511

// model is the obviously right page: a map per buffer.
type model struct {
	pages  map[*page.Buf]map[uint64]uint64
	sorted map[*page.Buf][]uint64 // the keys of a page that was scanned and not changed since
}

func newModel(*lab.Env) (page.Format, error) {
	return &model{pages: map[*page.Buf]map[uint64]uint64{}, sorted: map[*page.Buf][]uint64{}}, nil
}

func (m *model) Init(p *page.Buf) {
	m.pages[p] = map[uint64]uint64{}
	delete(m.sorted, p)
}

func (m *model) Set(p *page.Buf, key, value uint64) bool {
	entries := m.of(p)
	if _, have := entries[key]; !have && len(entries) >= modelEntries {
		return false
	}
	entries[key] = value
	delete(m.sorted, p)
	return true
}

func (m *model) Get(p *page.Buf, key uint64) (uint64, bool) {
	value, ok := m.of(p)[key]
	return value, ok
}

func (m *model) Scan(p *page.Buf, yield func(key, value uint64) bool) {
	entries := m.of(p)
	keys, have := m.sorted[p]
	if !have {
		keys = slices.Sorted(maps.Keys(entries))
		m.sorted[p] = keys
	}
	for _, key := range keys {
		if !yield(key, entries[key]) {
			return
		}
	}
}

func (m *model) Check(*page.Buf) error { return nil }

// of returns the entries of a page; a buffer that moved (a grown slice) has
// been copied, and the model must follow it, so pages never move: see load.
func (m *model) of(p *page.Buf) map[uint64]uint64 { return m.pages[p] }

// null answers nothing, as fast as an interface call can.
type null struct{}

func (null) Init(*page.Buf)                         {}
func (null) Set(*page.Buf, uint64, uint64) bool     { return true }
func (null) Get(*page.Buf, uint64) (uint64, bool)   { return 0, true }
func (null) Scan(*page.Buf, func(_, _ uint64) bool) {}
func (null) Check(*page.Buf) error                  { return nil }
