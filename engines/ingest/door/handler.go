// Package door is where requests come in: the HTTP handler that every variant
// shares, the server around it on loopback, and a client that costs next to
// nothing.
//
// A request is answered 201 when its records are in a segment, with the place
// of the first as "segment record". What cannot be right is refused with a 4xx
// and a line that says why, before anybody has seen any of its records.
package door

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"

	"assay/engines/ingest/broker"
	"assay/engines/ingest/segment"
)

const (
	// MaxBytes is the longest body that is read.
	MaxBytes = 16 << 20
	// MaxRecords is how many records one request may hold.
	MaxRecords = 1 << 16
)

// Refusal is an error of whoever sent the request.
type Refusal struct {
	Status int // 4xx
	Reason string
}

func (r *Refusal) Error() string { return r.Reason }

// Refuse makes a [Refusal].
func Refuse(status int, format string, args ...any) error {
	return &Refusal{status, fmt.Sprintf(format, args...)}
}

// Codec reads request bodies of one kind.
type Codec interface {
	// Decode reads the records of a body whose length is known, all of them or
	// none: an error is the sender's fault, and a Refusal where it is not
	// simply a bad request. Whatever body holds, it does not panic, and its
	// memory stays within a small multiple of what body really has.
	Decode(contentType string, body io.Reader, length int64) (*segment.Batch, error)
	// Release takes back a batch that nobody looks at any more.
	Release(*segment.Batch)
}

// errNothing is for a codec that reads and looks at nothing, the harness's own
// cost: it is answered 202. Real ones refuse a body without a record.
var errNothing = errors.New("door: no record was decoded")

// Sink takes the records of a request and says where they are when they are there.
type Sink func(ctx context.Context, b *segment.Batch) (broker.Place, error)

// Handler returns the handler.
func Handler(codec Codec, sink Sink) http.Handler { return &handler{codec, sink} }

type handler struct {
	codec Codec
	sink  Sink
}

func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	place, err := h.take(r)
	if errors.Is(err, errNothing) {
		w.WriteHeader(http.StatusAccepted)
		return
	}
	if err != nil {
		status := statusOf(err)
		if status == http.StatusMethodNotAllowed {
			w.Header().Set("Allow", http.MethodPost)
		}
		http.Error(w, err.Error(), status)
		return
	}
	var room [32]byte
	line := strconv.AppendUint(room[:0], place.Segment, 10)
	line = strconv.AppendUint(append(line, ' '), uint64(place.First), 10)
	w.WriteHeader(http.StatusCreated)
	w.Write(append(line, '\n')) //nolint:errcheck // whoever hung up does not want to know
}

// take reads the request and hands it on.
func (h *handler) take(r *http.Request) (broker.Place, error) {
	switch {
	case r.Method != http.MethodPost:
		return broker.Place{}, Refuse(http.StatusMethodNotAllowed, "records are POSTed, this is a %s", r.Method)
	case r.ContentLength < 0:
		return broker.Place{}, Refuse(http.StatusLengthRequired, "the request does not say how long it is: send Content-Length")
	case r.ContentLength > MaxBytes:
		return broker.Place{}, Refuse(http.StatusRequestEntityTooLarge, "a body of %d bytes, at most %d are read: send fewer records at once", r.ContentLength, MaxBytes)
	}
	batch, err := h.codec.Decode(r.Header.Get("Content-Type"), r.Body, r.ContentLength)
	if err != nil {
		var refused *Refusal
		if !errors.As(err, &refused) {
			err = Refuse(http.StatusBadRequest, "the body is not what its type promises: %v", err)
		}
		return broker.Place{}, err
	}
	defer h.codec.Release(batch)
	if len(batch.Sizes) == 0 {
		return broker.Place{}, errNothing
	}
	return h.sink(r.Context(), batch)
}

// statusOf is 4xx for the sender's errors and 5xx for ours.
func statusOf(err error) int {
	var refused *Refusal
	switch {
	case errors.As(err, &refused):
		return refused.Status
	case errors.Is(err, broker.ErrClosed):
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}
