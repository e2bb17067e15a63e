package ingest

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"runtime"

	"github.com/cespare/xxhash/v2"

	"assay/engines/ingest/broker"
	"assay/engines/ingest/door"
	"assay/engines/ingest/segment"
	"assay/runner/lab"
	"assay/workloads"
)

// direct drives a handler without a network.
type direct struct {
	handler http.Handler
	request *http.Request
	body    bytes.Reader
	status  int
	header  http.Header
	answer  []byte
	taken   uint64 // digest of the records of the last request, where it is wanted
}

func newDirect(p Path, answering bool) *direct {
	d := &direct{header: http.Header{}}
	d.handler = door.Handler(p, func(_ context.Context, b *segment.Batch) (broker.Place, error) {
		if answering {
			d.taken = digestOf(b)
		}
		return broker.Place{}, nil
	})
	d.request = &http.Request{
		Method: http.MethodPost, URL: &url.URL{Path: "/records"}, Body: io.NopCloser(&d.body),
		Header: http.Header{"Content-Type": {""}},
	}
	return d
}

// serve has the handler answer one request.
func (d *direct) serve(r request) error {
	d.body.Reset(r.body)
	d.request.Header["Content-Type"][0] = r.contentType
	d.request.ContentLength = int64(len(r.body))
	d.status = http.StatusOK
	d.answer = d.answer[:0]
	d.handler.ServeHTTP(d, d.request)
	if d.status != http.StatusCreated && d.status != http.StatusAccepted {
		return fmt.Errorf("the handler answers %d: %s", d.status, d.answer)
	}
	return nil
}

// Header, WriteHeader and Write make direct the http.ResponseWriter of its own
// request; they allocate nothing.
func (d *direct) Header() http.Header { return d.header }

func (d *direct) WriteHeader(status int) { d.status = status }

func (d *direct) Write(b []byte) (int, error) {
	d.answer = append(d.answer, b...)
	return len(b), nil
}

// handle runs the handler alone: what a request costs between the network and
// the batch that waits for it.
func handle(t *lab.T, p Path) error {
	all := newRequests(t, p)
	d := newDirect(p, t.Answering())
	heap := newHeap()
	for batch := range t.Batches {
		if t.Answering() {
			if err := d.serve(all.of(batch)); err != nil {
				return err
			}
			t.Fold(d.taken)
			continue
		}
		r := all.next(len(batch))
		counted := t.Counting() && len(batch) == t.Length()
		if counted {
			heap.before()
		}
		if err := d.serve(r); err != nil {
			return err
		}
		if counted {
			heap.after()
		}
	}
	if t.Counting() {
		t.Report(allocsPerRequest, float64(heap.objects))
		t.Report(bytesPerRequest, float64(heap.bytes))
	}
	return nil
}

// heap counts what single requests allocate and keeps the least: the first ones
// fill the pool, and now and then the runtime allocates on its own account.
type heap struct {
	was, is        runtime.MemStats
	objects, bytes uint64
	any            bool
}

func newHeap() *heap { return &heap{} }

func (h *heap) before() { runtime.ReadMemStats(&h.was) }

func (h *heap) after() {
	runtime.ReadMemStats(&h.is)
	objects, bytes := h.is.Mallocs-h.was.Mallocs, h.is.TotalAlloc-h.was.TotalAlloc
	if !h.any || objects < h.objects {
		h.objects = objects
	}
	if !h.any || bytes < h.bytes {
		h.bytes = bytes
	}
	h.any = true
}

// folder is where write puts its segments.
type folder struct {
	dir        string
	made, kept uint64 // segments made so far, and the oldest that is still there
}

func (f *folder) clean() {
	for ; f.kept < f.made; f.kept++ {
		os.Remove(broker.Path(f.dir, f.kept)) //nolint:errcheck // what stays goes with the folder
	}
}

// someTime is when segments of write are made: the same in every variant, so
// that files can be compared byte by byte.
const someTime = 1_700_000_000_000_000_000

// write writes segments alone, of as many records as a batch has, which came in
// as many requests as there are clients.
func write(t *lab.T, p Path) error {
	all := newRequests(t, p)
	f := &folder{dir: t.Dir}
	t.Prepare(func([]workloads.Entry) { f.clean() })
	defer f.clean()
	ready := map[int][]*segment.Batch{} // by how many records they hold
	for batch := range t.Batches {
		batches := ready[len(batch)]
		if t.Answering() || batches == nil {
			var err error
			if batches, err = all.decoded(batch, t.Answering()); err != nil {
				return err
			}
			ready[len(batch)] = batches
		}
		calls, err := f.write(p, batches)
		if err != nil {
			return err
		}
		if t.Counting() && calls > 0 {
			t.Report(writesPerFile, float64(calls))
		}
		if t.Answering() {
			file, err := os.ReadFile(broker.Path(f.dir, f.made-1))
			if err != nil {
				return err
			}
			t.Fold(xxhash.Sum64(file))
		}
	}
	return nil
}

// decoded are the batches of a segment: of the very entries, or of as many.
func (r *requests) decoded(batch []workloads.Entry, exactly bool) (batches []*segment.Batch, err error) {
	some := []request{}
	if exactly {
		some = append(some, r.of(batch))
	}
	for n, per := 0, max(1, len(batch)/clients); n < len(batch) && !exactly; n += per {
		some = append(some, r.next(per))
	}
	for _, one := range some {
		b, err := r.path.Decode(one.contentType, bytes.NewReader(one.body), int64(len(one.body)))
		if err != nil {
			return nil, err
		}
		batches = append(batches, b)
	}
	return batches, nil
}

// write makes one segment and closes it.
func (f *folder) write(p Path, batches []*segment.Batch) (calls int, err error) {
	file, err := segment.Create(broker.Path(f.dir, f.made))
	if err != nil {
		return 0, err
	}
	f.made++
	if err := p.Write(file, batches, someTime); err != nil {
		file.Close() //nolint:errcheck // the first error is the one to tell
		return 0, err
	}
	return file.Calls(), file.Close()
}
