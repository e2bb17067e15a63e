package ingest

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"sync"

	"assay/engines/ingest/broker"
	"assay/engines/ingest/door"
	"assay/engines/ingest/segment"
	"assay/runner/clock"
	"assay/runner/lab"
	"assay/workloads"
)

// clients is how many write at once, as published.
const clients = 16

// stand is the whole system: clients, server, broker and files.
type stand struct {
	t        *lab.T
	requests *requests
	broker   *broker.Broker
	server   *door.Server
	clients  []*door.Client
	kept     uint64 // the oldest segment that is still there

	reading sync.Mutex // of the segment that was read back last: its requests ask one after another
	number  uint64
	last    segment.Segment
}

func newStand(t *lab.T, p Path) (*stand, error) {
	s := &stand{t: t, requests: newRequests(t, p)}
	s.broker = broker.New(broker.Config{Dir: t.Dir, Clock: clock.System(), Wait: broker.Wait, Bytes: broker.Bytes, Write: p.Write})
	var err error
	if s.server, err = door.Serve(door.Handler(p, s.broker.Append)); err != nil {
		return nil, errors.Join(err, s.close())
	}
	for range clients {
		c, err := door.Dial(s.server.Addr())
		if err != nil {
			return nil, errors.Join(err, s.close())
		}
		s.clients = append(s.clients, c)
	}
	return s, nil
}

// close ends everything in the order of the requests: those who ask, those who
// answer, those who write.
func (s *stand) close() (err error) {
	for _, c := range s.clients {
		err = errors.Join(err, c.Close())
	}
	if s.server != nil {
		err = errors.Join(err, s.server.Close())
	}
	s.broker.Close()
	s.clean()
	return err
}

// clean removes the segments so far, outside the clock: the next slice finds
// the folder, and the page cache, as the first one did.
func (s *stand) clean() {
	for made, _ := s.broker.Counts(); s.kept < made; s.kept++ {
		os.Remove(s.broker.Path(s.kept)) //nolint:errcheck // what stays goes with the folder
	}
}

// post has the clients send requests, each the next as soon as its last is answered.
func post(t *lab.T, p Path) (err error) {
	s, err := newStand(t, p)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	t.Prepare(func([]workloads.Entry) { s.clean() })
	if err := t.Clients(clients, s.post); err != nil {
		return err
	}
	if files, records := s.broker.Counts(); files > 0 && !t.Counting() {
		t.Report(recordsPerFile, float64(records)/float64(files))
	}
	return nil
}

// post sends one request and waits for its answer. In passes that look at
// answers it reads the records back from the segment that the answer names.
func (s *stand) post(client int, batch []workloads.Entry) (uint64, error) {
	status, answer, err := s.clients[client].Post(s.requests.next(len(batch)).http)
	switch {
	case err != nil:
		return 0, err
	case status == http.StatusAccepted: // null
		return 0, nil
	case status != http.StatusCreated:
		return 0, fmt.Errorf("the server answers %d: %s", status, answer)
	case !s.t.Answering():
		return uint64(len(batch)), nil
	}
	var place broker.Place
	if _, err := fmt.Sscanf(string(answer), "%d %d\n", &place.Segment, &place.First); err != nil {
		return 0, fmt.Errorf("the server's answer %q names no place: %w", answer, err)
	}
	return s.readBack(place, len(batch))
}

// readBack sums up the records of one request.
func (s *stand) readBack(at broker.Place, count int) (sum uint64, err error) {
	seg, err := s.segment(at.Segment)
	if err != nil {
		return 0, err
	}
	if int(at.First)+count > seg.Len() {
		return 0, fmt.Errorf("segment %d has %d records, %d from %d were promised", at.Segment, seg.Len(), count, at.First)
	}
	for i := range count {
		sum = digest(sum, seg.Record(int(at.First)+i))
	}
	return sum, nil
}

func (s *stand) segment(n uint64) (segment.Segment, error) {
	s.reading.Lock()
	defer s.reading.Unlock()
	if s.number == n && s.last.Len() > 0 {
		return s.last, nil
	}
	file, err := os.ReadFile(s.broker.Path(n))
	if err != nil {
		return segment.Segment{}, err
	}
	seg, err := segment.Parse(file)
	if err == nil {
		s.number, s.last = n, seg
	}
	return seg, err
}
