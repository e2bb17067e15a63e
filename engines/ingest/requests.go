package ingest

import (
	"slices"
	"sync"

	"github.com/cespare/xxhash/v2"

	"assay/engines/ingest/door"
	"assay/engines/ingest/segment"
	"assay/runner/lab"
	"assay/workloads"
)

// request is one written out for a client, and its body alone.
type request struct {
	http        []byte
	body        []byte // the end of http
	contentType string
	records     int
}

// requests are made before they are sent: clients only write them.
type requests struct {
	path    Path
	data    *workloads.Data
	records [][]byte // of the loaded entries

	mu   sync.Mutex
	made map[int][]request // by their number of records
	turn map[int]int
}

// distinct bounds the bodies made of one length.
const distinct = 64

func newRequests(t *lab.T, p Path) *requests {
	r := &requests{path: p, data: t.Data, made: map[int][]request{}, turn: map[int]int{}}
	r.records = r.recordsOf(t.Data.Entries)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.make(t.Length())
	return r
}

// recordsOf are the values of entries; keys are not sent.
func (r *requests) recordsOf(entries []workloads.Entry) [][]byte {
	var arena []byte
	records := make([][]byte, len(entries))
	for i, e := range entries {
		if i == 1 { // all are about as long as the first
			arena = slices.Grow(arena, len(arena)*len(entries))
		}
		start := len(arena)
		arena = r.data.AppendValue(arena, e)
		records[i] = arena[start:len(arena):len(arena)]
	}
	return records
}

// of is the request of exactly these entries, for passes that look at answers.
func (r *requests) of(batch []workloads.Entry) request { return r.encode(r.recordsOf(batch)) }

func (r *requests) encode(records [][]byte) request {
	const head = 100 // bytes, or fewer, around a record and before a body
	body := make([]byte, 0, head*(len(records)+4)+len(records)*len(records[0]))
	body, kind := r.path.Encode(body, records)
	whole := door.AppendRequest(make([]byte, 0, 3*head+len(body)), kind, body)
	return request{whole, whole[len(whole)-len(body):], kind, len(records)}
}

// next is one of the requests with so many records, in turn.
func (r *requests) next(length int) request {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.made[length] == nil { // the rest of an injected slowdown
		r.make(length)
	}
	r.turn[length]++
	return r.made[length][r.turn[length]%len(r.made[length])]
}

func (r *requests) make(length int) {
	for i := range min(distinct, max(1, len(r.records)/length)) {
		records := make([][]byte, length)
		for j := range records {
			records[j] = r.records[(i*length+j)%len(r.records)]
		}
		r.made[length] = append(r.made[length], r.encode(records))
	}
}

// digest is the same for the same records in any order: nobody says in which
// order the requests of several clients come.
func digest(sum uint64, record []byte) uint64 {
	return sum + (xxhash.Sum64(record)|1)*0x9e3779b97f4a7c15
}

// digestOf sums up a batch.
func digestOf(b *segment.Batch) (sum uint64) {
	for record := range b.Records {
		sum = digest(sum, record)
	}
	return sum
}
