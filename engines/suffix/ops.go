package suffix

import (
	"runtime"
	"runtime/metrics"

	"assay/runner/lab"
)

// ask is the measured loop: one question, as often as the batch is long.
func ask(suffix string) func(*lab.T, Index) error {
	return func(t *lab.T, x Index) error {
		if err := x.Build(termsOf(&t.Env)); err != nil {
			return err
		}
		h := &hits{}
		visit := h.visit // made once: through an interface it lives on the heap
		peak := peakHeap(x, suffix)
		if t.Counting() {
			t.Report(extraBytes, float64(x.ExtraBytes())/float64(len(t.Data.Entries)))
		}
		for batch := range t.Batches {
			visited := 0
			h.sum, h.n = 0, 0
			for range batch {
				visited += x.EndsWith(suffix, visit)
			}
			t.Fold(h.sum)
			t.Fold(h.n)
			if !t.Counting() || visited == 0 {
				continue
			}
			t.Report(visitedPerOp, float64(visited)/float64(len(batch)))
			if h.n > 0 {
				t.Report(visitedPerHit, float64(visited)/float64(h.n))
			}
		}
		t.Report(peakBytes, peak) // after the last slice: in a timed one it would cost a tenth of a quick question
		return nil
	}
}

// hits adds up documents so that their order does not matter.
type hits struct{ sum, n uint64 }

func (h *hits) visit(doc uint32) {
	h.sum += mix(uint64(doc))
	h.n++
}

// peakHeap asks once and returns how many bytes more are alive at the first hit
// than before, as a collection counts them: an index that gathers its terms
// first has all of them by then. It is 0 where there is no hit. Between two
// readings the runtime gives up or takes some 10 kB of its own, so the figure is
// no exact one.
func peakHeap(x Index, suffix string) float64 {
	before, at := liveBytes(), uint64(0)
	x.EndsWith(suffix, func(uint32) {
		if at == 0 {
			at = liveBytes()
		}
	})
	return float64(max(at, before) - before)
}

// liveBytes collects until nothing more goes and returns what is left: what has
// a finalizer, or lies in a pool, outlives the first collection.
func liveBytes() uint64 {
	const most = 8
	s := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	last := uint64(0)
	for range most {
		runtime.GC()
		metrics.Read(s)
		if live := s[0].Value.Uint64(); live == last {
			break
		} else {
			last = live
		}
	}
	return last
}

// build makes indexes of what is loaded until a batch is used up.
func build(t *lab.T, x Index) error {
	terms := termsOf(&t.Env)
	if err := x.Build(terms); err != nil {
		return err
	}
	if t.Counting() && x.ExtraBytes() > 0 {
		t.Report(extraBytes, float64(x.ExtraBytes())/float64(len(terms)))
	}
	h := &hits{}
	for batch := range t.Batches {
		for left := len(batch); left > 0; {
			n := min(left, len(terms))
			if err := x.Build(terms[:n]); err != nil {
				return err
			}
			left -= n
		}
		if t.Answering() {
			for _, suffix := range []string{known, adHoc, ""} {
				x.EndsWith(suffix, h.visit)
			}
			t.Fold(h.sum)
			t.Fold(h.n)
		}
	}
	return nil
}
