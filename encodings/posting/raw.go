package posting

import (
	"encoding/binary"
	"fmt"
	"sort"
)

// Raw returns the layout of 8 bytes an id: 1023 a page.
func Raw() Format { return raw{} }

type raw struct{}

const rawCount = (Size - firstAt) / 8

func (raw) Pack(p *Page, ids []uint64) (int, error) {
	if len(ids) == 0 {
		return 0, noIDs()
	}
	n := min(len(ids), rawCount)
	for i, id := range ids[:n] {
		if i > 0 && id <= ids[i-1] {
			return 0, unsorted(i, ids[i-1], id)
		}
		binary.LittleEndian.PutUint64(p[firstAt+8*i:], id)
	}
	clear(p[firstAt+8*n:])
	seal(p, kindRaw, 0, n)
	return n, nil
}

func (raw) Count(p *Page) int { return min(countOf(p), rawCount) }

func (r raw) Find(p *Page, id uint64) int {
	i := sort.Search(r.Count(p), func(i int) bool { return rawID(p, i) >= id })
	return min(i, max(0, r.Count(p)-1)) / BlockLen
}

func (r raw) Block(p *Page, block int, to *[BlockLen]uint64) int {
	n := min(BlockLen, r.Count(p)-block*BlockLen)
	if block < 0 || n <= 0 {
		return 0
	}
	from, i := p[firstAt+8*BlockLen*block:], 0
	for ; i+8 <= n && len(from) >= 64; i += 8 {
		out := (*[8]uint64)(to[i&(BlockLen-8):])
		for j := range out {
			out[j] = binary.LittleEndian.Uint64(from[8*j:])
		}
		from = from[64:]
	}
	for ; i < n; i++ {
		to[i&(BlockLen-1)] = rawID(p, block*BlockLen+i)
	}
	return n
}

func (r raw) Check(p *Page) error {
	if err := checkSeal(p, kindRaw, 0); err != nil {
		return err
	}
	if n := countOf(p); n > rawCount {
		return fmt.Errorf("raw posting page: byte %d: %d ids, at most %d fit", countAt, n, rawCount)
	}
	for i := range r.Count(p) - 1 {
		if a, b := rawID(p, i), rawID(p, i+1); b <= a {
			return fmt.Errorf("raw posting page: byte %d: id %d follows %d: ids must ascend", firstAt+8*i+8, b, a)
		}
	}
	return nil
}

func rawID(p *Page, i int) uint64 { return binary.LittleEndian.Uint64(p[firstAt+8*i:]) }
