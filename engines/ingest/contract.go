package ingest

import (
	"io"

	"assay/engines/ingest/segment"
)

// Path is one design of the write path: what clients send, how it is read, and
// how it is written down. Server, batching and client are the same for all.
type Path interface {
	// Encode appends the body of a request that holds the records, and says
	// what type it is.
	Encode(to []byte, records [][]byte) (body []byte, contentType string)
	// Decode reads a body back, all of it or none; see door.Codec.
	Decode(contentType string, body io.Reader, length int64) (*segment.Batch, error)
	// Release takes back a decoded batch that nobody looks at any more.
	Release(b *segment.Batch)
	// Write writes the batches to an empty file as one segment. It is called by
	// one goroutine at a time and keeps nothing of the batches.
	Write(f *segment.File, batches []*segment.Batch, nanos int64) error
}

// codec is the half of a path that requests meet.
type codec interface {
	Encode(to []byte, records [][]byte) (body []byte, contentType string)
	Decode(contentType string, body io.Reader, length int64) (*segment.Batch, error)
	Release(b *segment.Batch)
}

// writer is the half that files meet.
type writer interface {
	Write(f *segment.File, batches []*segment.Batch, nanos int64) error
}

// path joins two halves.
type path struct {
	codec
	writer
}
