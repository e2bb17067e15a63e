package merge

import "assay/runner/lab"

// heap is the merge for any number of runs that log-structured stores have: a
// binary heap of their heads (Knuth, The Art of Computer Programming 3, 5.4.1).
// Each entry moves its run down the heap, two comparisons a level; with two runs
// that is one comparison wrapped in the bookkeeping of many.
type heap struct{ heads []head }

// head is a run that is not at its end, and the key it is at.
type head struct {
	key  uint64
	age  int // position among the runs, 0 the newest
	rest []Entry
}

func newHeap(*lab.Env) (Merger, error) { return &heap{}, nil }

func (a *head) before(b *head) bool {
	return a.key < b.key || a.key == b.key && a.age < b.age
}

// Merge is as [Merger] says.
func (h *heap) Merge(dst []Entry, runs [][]Entry) []Entry {
	dst, out := room(dst, total(runs))
	h.fill(runs)
	n := 0
	for len(h.heads) > 0 {
		top := &h.heads[0]
		if n == 0 || out[n-1].Key != top.key {
			out[n] = top.rest[0]
			n++
		}
		if top.rest = top.rest[1:]; len(top.rest) > 0 {
			top.key = top.rest[0].Key
		} else {
			last := len(h.heads) - 1
			h.heads[0], h.heads = h.heads[last], h.heads[:last]
		}
		h.sink(0)
	}
	return dst[:len(dst)-len(out)+n]
}

func (h *heap) fill(runs [][]Entry) {
	h.heads = h.heads[:0]
	for age, r := range runs {
		if len(r) > 0 {
			h.heads = append(h.heads, head{r[0].Key, age, r})
		}
	}
	for i := len(h.heads)/2 - 1; i >= 0; i-- {
		h.sink(i)
	}
}

func (h *heap) sink(i int) {
	for {
		child := 2*i + 1
		if child >= len(h.heads) {
			return
		}
		if other := child + 1; other < len(h.heads) && h.heads[other].before(&h.heads[child]) {
			child = other
		}
		if !h.heads[child].before(&h.heads[i]) {
			return
		}
		h.heads[i], h.heads[child] = h.heads[child], h.heads[i]
		i = child
	}
}
