package ingest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"slices"
	"strconv"

	"assay/engines/ingest/door"
	"assay/engines/ingest/segment"
)

// sized is the second published design: two parts, the sizes of the records as
// a JSON array and the records end to end. What a request costs no longer grows
// with its records; with fresh buffers their bytes still do. Without a pool it
// makes its buffers anew for every request.
type sized struct{ pool *pool }

func (sized) Encode(to []byte, records [][]byte) (body []byte, contentType string) {
	return appendMultipart(to, func(add func(name string, pieces ...[]byte)) {
		sizes := []byte{'['}
		for i, r := range records {
			if i > 0 {
				sizes = append(sizes, ',')
			}
			sizes = strconv.AppendInt(sizes, int64(len(r)), 10)
		}
		add("sizes", append(sizes, ']'))
		add("records", records...)
	}, records)
}

func (c sized) Decode(contentType string, body io.Reader, length int64) (*segment.Batch, error) {
	form, err := openMultipart(contentType, body)
	if err != nil {
		return nil, err
	}
	b := c.get()
	if err := c.read(b, form, length); err != nil {
		c.Release(b)
		return nil, err
	}
	return b, nil
}

func (c sized) get() *segment.Batch {
	if c.pool == nil {
		return &segment.Batch{}
	}
	return c.pool.get()
}

func (c sized) Release(b *segment.Batch) {
	if c.pool != nil {
		c.pool.put(b)
	}
}

func (c sized) read(b *segment.Batch, form *multipart.Reader, length int64) error {
	sum, err := readSizes(b, form)
	if err != nil {
		return err
	}
	if sum > uint64(length) { // before anything is made of that size
		return door.Refuse(http.StatusBadRequest, "the sizes add up to %d bytes in a body of %d", sum, length)
	}
	part, err := nextPart(form, "records")
	if err != nil {
		return err
	}
	b.Room = slices.Grow(b.Room[:0], int(sum))[:sum]
	n, err := io.ReadFull(part, b.Room)
	if short := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF); err != nil && !short {
		return err
	} else if short {
		return door.Refuse(http.StatusBadRequest, "the sizes add up to %d bytes, the records end after %d", sum, n)
	}
	if err := ended(part); err != nil {
		return fmt.Errorf("the sizes add up to %d bytes: %w", sum, err)
	}
	if _, err := form.NextRawPart(); err != io.EOF { // as in parts: one that wraps it is no end
		return door.Refuse(http.StatusBadRequest, "the body does not end after its records (%v)", err)
	}
	b.Chunks = append(b.Chunks, b.Room)
	return nil
}

// mostText is the longest text of sizes: ten digits and a comma each.
const mostText = 11*door.MaxRecords + 2

// readSizes reads the first part and adds the sizes up. The text goes where
// the records will be.
func readSizes(b *segment.Batch, form *multipart.Reader) (sum uint64, err error) {
	part, err := nextPart(form, "sizes")
	if err != nil {
		return 0, err
	}
	if b.Room, err = appendAll(b.Room[:0], part, mostText); err != nil {
		return 0, err
	}
	if bytes.IndexByte(b.Room, 'n') >= 0 { // a null would leave in its place what the last request had there
		return 0, door.Refuse(http.StatusBadRequest, "the sizes are more than an array of numbers")
	}
	if err := json.Unmarshal(b.Room, &b.Sizes); err != nil {
		return 0, fmt.Errorf("the sizes: %w", err)
	}
	switch {
	case len(b.Sizes) == 0:
		return 0, none()
	case len(b.Sizes) > door.MaxRecords:
		return 0, tooMany()
	}
	for _, size := range b.Sizes {
		sum += uint64(size)
	}
	return sum, nil
}

// nextPart wants a part of that name.
func nextPart(form *multipart.Reader, name string) (*multipart.Part, error) {
	part, err := form.NextRawPart()
	if err == io.EOF {
		return nil, door.Refuse(http.StatusBadRequest, "the body ends where the part %q should begin", name)
	}
	if err != nil {
		return nil, err
	}
	if got := part.FormName(); got != name {
		return nil, door.Refuse(http.StatusBadRequest, "part %.40q comes where %q should", got, name)
	}
	return part, nil
}

// appendAll reads to the end, at most so many bytes.
func appendAll(to []byte, from io.Reader, most int) ([]byte, error) {
	for {
		if len(to) > most {
			return to, door.Refuse(http.StatusRequestEntityTooLarge, "more than %d bytes of sizes: send fewer records at once", most)
		}
		to = slices.Grow(to, 512)
		n, err := from.Read(to[len(to):min(cap(to), most+1)])
		to = to[:len(to)+n]
		if err == io.EOF {
			return to, nil
		}
		if err != nil {
			return to, err
		}
	}
}

// ended wants nothing more.
func ended(part io.Reader) error {
	var one [1]byte
	switch n, err := part.Read(one[:]); {
	case n > 0:
		return errors.New("there are more")
	case err != io.EOF && err != nil:
		return err
	}
	return nil
}
