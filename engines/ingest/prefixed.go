package ingest

import (
	"encoding/binary"
	"errors"
	"io"
	"mime"
	"net/http"
	"slices"

	"assay/engines/ingest/door"
	"assay/engines/ingest/segment"
)

const prefixedType = "application/x-assay-records"

// prefixed drops multipart and JSON: the body is the records, each behind its
// length as a little-endian u32. It is read with a few large reads into a
// buffer from the pool, where multipart reads 4 KiB at a time and copies. The
// records lie apart in it, so that each is a chunk.
type prefixed struct{ pool *pool }

const prefixBytes = 4

func (prefixed) Encode(to []byte, records [][]byte) (body []byte, contentType string) {
	for _, r := range records {
		to = binary.LittleEndian.AppendUint32(to, uint32(len(r)))
		to = append(to, r...)
	}
	return to, prefixedType
}

func (c prefixed) Decode(contentType string, body io.Reader, length int64) (*segment.Batch, error) {
	if contentType != prefixedType { // the usual way spares the parser
		if kind, _, err := mime.ParseMediaType(contentType); err != nil || kind != prefixedType {
			return nil, wrongType(contentType, prefixedType)
		}
	}
	b := c.pool.get()
	err := readWhole(b, body, length)
	if err == nil {
		err = split(b)
	}
	if err != nil {
		c.Release(b)
		return nil, err
	}
	return b, nil
}

func (c prefixed) Release(b *segment.Batch) { c.pool.put(b) }

// fresh bounds the room made for bytes that are only promised.
const fresh = 2 << 20

// readWhole reads a body of so many bytes. Room beyond the first is made as the
// bytes come: a promise of many is cheap to make.
func readWhole(b *segment.Batch, body io.Reader, length int64) error {
	for have := 0; have < int(length); {
		step := min(int(length)-have, max(fresh, cap(b.Room)-have))
		b.Room = slices.Grow(b.Room, step)[:have+step]
		n, err := io.ReadFull(body, b.Room[have:])
		have += n
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return door.Refuse(http.StatusBadRequest, "the body ends after %d of %d bytes", have, length)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// split finds the records.
func split(b *segment.Batch) error {
	for at := 0; at < len(b.Room); {
		rest := b.Room[at:]
		if len(rest) < prefixBytes {
			return door.Refuse(http.StatusBadRequest, "byte %d: %d bytes are left, a length has %d", at, len(rest), prefixBytes)
		}
		size := binary.LittleEndian.Uint32(rest)
		if uint64(size) > uint64(len(rest)-prefixBytes) {
			return door.Refuse(http.StatusBadRequest, "byte %d: a record of %d bytes, and the body has %d more", at, size, len(rest)-prefixBytes)
		}
		if len(b.Sizes) == door.MaxRecords {
			return tooMany()
		}
		b.Sizes = append(b.Sizes, size)
		b.Chunks = append(b.Chunks, rest[prefixBytes:prefixBytes+size:prefixBytes+size])
		at += prefixBytes + int(size)
	}
	if len(b.Sizes) == 0 {
		return none()
	}
	return nil
}
