package postings

import (
	"cmp"
	"slices"
	"sort"

	"assay/encodings/posting"
)

// sectionLen is how many changes a page collects before they are merged.
const sectionLen = 256

// policy is when changes are packed.
type policy byte

const (
	perTransaction policy = iota // each page touched once, at the end
	atOnce                       // each change by itself
	bySection                    // as soon as a page has sectionLen of them
)

// paged is a list in pages of one layout.
type paged struct {
	format posting.Format
	policy policy
	pages  []*posting.Page
	firsts []uint64   // where each page was told to begin: what the parent node would hold
	counts []int      // ids in each page
	raw    [][]Change // by page, sorted, each id once: the raw section; only where the policy has one

	count, compressions int

	spare   []*posting.Page // pages to use again
	clean   [][]Change      // raw sections to use again
	ids     []uint64        // of the page being changed
	merged  []uint64
	changes []Change
	block   [posting.BlockLen]uint64
}

func newPaged(f posting.Format, p policy) *paged { return &paged{format: f, policy: p} }

// Build packs the ids into new pages.
func (l *paged) Build(ids []uint64) error {
	l.spare = append(l.spare, l.pages...)
	for _, raw := range l.raw {
		if raw != nil {
			l.clean = append(l.clean, raw[:0])
		}
	}
	l.pages, l.firsts, l.counts, l.raw = l.pages[:0], l.firsts[:0], l.counts[:0], l.raw[:0]
	l.count, l.compressions = len(ids), 0
	for len(ids) > 0 {
		p := l.page()
		n, err := l.format.Pack(p, ids)
		if err != nil {
			return err
		}
		l.append(p, ids[0], n)
		ids = ids[n:]
	}
	return nil
}

func (l *paged) append(p *posting.Page, first uint64, n int) {
	l.pages, l.firsts, l.counts, l.raw = append(l.pages, p), append(l.firsts, first), append(l.counts, n), append(l.raw, nil)
}

// page returns a page to pack into.
func (l *paged) page() *posting.Page {
	n := len(l.spare)
	if n == 0 {
		return new(posting.Page)
	}
	p := l.spare[n-1]
	l.spare = l.spare[:n-1]
	return p
}

// find returns the page in which id belongs, the first for ids below all.
func (l *paged) find(id uint64) int {
	return max(0, sort.Search(len(l.firsts), func(i int) bool { return l.firsts[i] > id })-1)
}

// Apply packs by the list's policy.
func (l *paged) Apply(changes []Change) error {
	switch l.policy {
	case atOnce:
		for i := range changes {
			if err := l.merge(l.find(changes[i].ID), changes[i:i+1]); err != nil {
				return err
			}
		}
		return nil
	case bySection:
		for _, c := range changes {
			if err := l.note(c); err != nil {
				return err
			}
		}
		return nil
	}
	l.changes = settled(append(l.changes[:0], changes...))
	// From the last page to the first, so that a page that becomes two moves
	// none that is still to come.
	for rest := l.changes; len(rest) > 0; {
		page := l.find(rest[len(rest)-1].ID)
		from := 0
		if page > 0 {
			from = sort.Search(len(rest), func(i int) bool { return rest[i].ID >= l.firsts[page] })
		}
		if err := l.merge(page, rest[from:]); err != nil {
			return err
		}
		rest = rest[:from]
	}
	return nil
}

// settled sorts changes and keeps the last of each id.
func settled(changes []Change) []Change {
	slices.SortStableFunc(changes, func(a, b Change) int { return cmp.Compare(a.ID, b.ID) })
	n := 0
	for i, c := range changes {
		if i+1 < len(changes) && changes[i+1].ID == c.ID {
			continue
		}
		changes[n] = c
		n++
	}
	return changes[:n]
}

// note writes a change into the raw section of its page and merges that when
// it is full. It does not look whether the change changes anything: to know
// that would take unpacking.
func (l *paged) note(c Change) error {
	if len(l.pages) == 0 {
		return l.merge(0, []Change{c})
	}
	page := l.find(c.ID)
	raw := l.raw[page]
	at, have := slices.BinarySearchFunc(raw, c, func(a, b Change) int { return cmp.Compare(a.ID, b.ID) })
	if have {
		raw[at] = c
		return nil
	}
	if raw == nil {
		raw = l.section()
	}
	raw = slices.Insert(raw, at, c)
	l.raw[page] = raw
	if len(raw) < sectionLen {
		return nil
	}
	l.raw[page] = nil
	l.clean = append(l.clean, raw[:0])
	return l.merge(page, raw)
}

// section returns an empty raw section.
func (l *paged) section() []Change {
	n := len(l.clean)
	if n == 0 {
		return make([]Change, 0, sectionLen)
	}
	raw := l.clean[n-1]
	l.clean = l.clean[:n-1]
	return raw
}

// merge packs one page anew with changes that belong in it, sorted and each of
// another id. A page that they do not change stays as it is.
func (l *paged) merge(page int, changes []Change) error {
	l.ids = l.ids[:0]
	if page < len(l.pages) {
		l.ids = l.unpack(l.ids, page)
	}
	var changed bool
	l.merged, changed = merge(l.merged[:0], l.ids, changes)
	if !changed {
		return nil
	}
	if page < len(l.pages) {
		l.drop(page)
	}
	for ids := l.merged; len(ids) > 0; page++ {
		p := l.page()
		n, err := l.format.Pack(p, ids)
		if err != nil {
			return err
		}
		l.compressions++
		l.insert(page, p, ids[0], n)
		ids = ids[n:]
	}
	return nil
}

// merge appends ids with the changes made, and says whether they made any.
func merge(to, ids []uint64, changes []Change) ([]uint64, bool) {
	changed := false
	for _, c := range changes {
		at, have := slices.BinarySearch(ids, c.ID)
		to = append(to, ids[:at]...)
		if have {
			at++
		}
		if !c.Remove {
			to = append(to, c.ID)
		}
		changed = changed || have == c.Remove
		ids = ids[at:]
	}
	return append(to, ids...), changed
}

// unpack appends the ids of a page, without its raw section.
func (l *paged) unpack(to []uint64, page int) []uint64 {
	for k := 0; ; k++ {
		n := l.format.Block(l.pages[page], k, &l.block)
		if n == 0 {
			return to
		}
		to = append(to, l.block[:n]...)
	}
}

// drop takes a page out.
func (l *paged) drop(page int) {
	l.spare = append(l.spare, l.pages[page])
	l.count -= l.counts[page]
	l.pages, l.firsts = slices.Delete(l.pages, page, page+1), slices.Delete(l.firsts, page, page+1)
	l.counts, l.raw = slices.Delete(l.counts, page, page+1), slices.Delete(l.raw, page, page+1)
}

// insert puts a page in.
func (l *paged) insert(at int, p *posting.Page, first uint64, n int) {
	l.count += n
	l.pages, l.firsts = slices.Insert(l.pages, at, p), slices.Insert(l.firsts, at, first)
	l.counts, l.raw = slices.Insert(l.counts, at, n), slices.Insert(l.raw, at, nil)
}

// Count believes of each change in a raw section that it will change something.
func (l *paged) Count() int {
	n := l.count
	for _, raw := range l.raw {
		for _, c := range raw {
			if c.Remove {
				n--
			} else {
				n++
			}
		}
	}
	return n
}

// Cost looks at whole pages.
func (l *paged) Cost() Cost {
	full := len(l.pages)
	if full > 1 {
		full--
	}
	c := Cost{Bytes: full * posting.Size, Compressions: l.compressions}
	for _, n := range l.counts[:full] {
		c.IDs += n
	}
	return c
}
