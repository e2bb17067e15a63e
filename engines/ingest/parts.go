package ingest

import (
	"bytes"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"

	"assay/engines/ingest/door"
	"assay/engines/ingest/segment"
)

const multipartType = "multipart/form-data"

// parts is the first published design: every record is a part of its own in a
// multipart body. Each costs a header, a reader and a buffer that grows.
type parts struct{}

func (parts) Encode(to []byte, records [][]byte) (body []byte, contentType string) {
	return appendMultipart(to, func(add func(name string, pieces ...[]byte)) {
		for _, r := range records {
			add("record", r)
		}
	}, records)
}

func (parts) Decode(contentType string, body io.Reader, _ int64) (*segment.Batch, error) {
	form, err := openMultipart(contentType, body)
	if err != nil {
		return nil, err
	}
	b := &segment.Batch{}
	for {
		part, err := form.NextRawPart() // NextPart would undo a transfer encoding, and records are bytes
		if err == io.EOF {              // and no error that merely wraps it: those are bodies without an end
			break
		}
		if err != nil {
			return nil, err
		}
		if len(b.Sizes) == door.MaxRecords {
			return nil, tooMany()
		}
		record, err := io.ReadAll(part)
		if err != nil {
			return nil, err
		}
		b.Sizes, b.Chunks = append(b.Sizes, uint32(len(record))), append(b.Chunks, record)
	}
	if len(b.Sizes) == 0 {
		return nil, none()
	}
	return b, nil
}

func (parts) Release(*segment.Batch) {}

// openMultipart starts reading a multipart body, or says why it is none.
func openMultipart(contentType string, body io.Reader) (*multipart.Reader, error) {
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil || kind != multipartType {
		return nil, wrongType(contentType, multipartType)
	}
	if params["boundary"] == "" {
		return nil, door.Refuse(http.StatusBadRequest, "the type %.100q has no boundary", contentType)
	}
	return multipart.NewReader(&unended{body, "\r\n"}, params["boundary"]), nil
}

// unended is a body whose end is an error. Package multipart takes a body that
// stops inside the header of a part for one that has ended, and its records so
// far for all of them; here only the final boundary ends it. The end of that
// line, which a sender may leave out, is supplied.
type unended struct {
	body io.Reader
	line string // to be supplied
}

func (u *unended) Read(p []byte) (int, error) {
	n, err := u.body.Read(p)
	if n > 0 || err != io.EOF {
		if err == io.EOF {
			err = nil // next time
		}
		return n, err
	}
	if u.line == "" {
		return 0, io.ErrUnexpectedEOF
	}
	n = copy(p, u.line)
	u.line = u.line[n:]
	return n, nil
}

// appendMultipart writes a multipart body by hand, as package mime/multipart
// would, but with a boundary that does not change from call to call: it is one
// that occurs in none of the records.
func appendMultipart(to []byte, list func(add func(name string, pieces ...[]byte)), records [][]byte) (body []byte, contentType string) {
	boundary := "assay-records"
	for n := 0; occurs("--"+boundary, records); n++ {
		boundary = fmt.Sprintf("assay-records-%d", n)
	}
	list(func(name string, pieces ...[]byte) {
		to = fmt.Appendf(to, "--%s\r\nContent-Disposition: form-data; name=%q\r\n\r\n", boundary, name)
		for _, p := range pieces {
			to = append(to, p...)
		}
		to = append(to, "\r\n"...)
	})
	return fmt.Appendf(to, "--%s--\r\n", boundary), multipartType + "; boundary=" + boundary
}

// occurs looks through the records as if they stood end to end.
func occurs(text string, records [][]byte) bool {
	var last []byte // of what came before, as much as a beginning of the text may take
	for _, r := range records {
		if bytes.Contains(r, []byte(text)) {
			return true
		}
		last = append(last, r[:min(len(r), len(text))]...)
		if bytes.Contains(last, []byte(text)) {
			return true
		}
		last = append(last, r[min(len(r), len(text)):]...)
		last = append(last[:0], last[max(0, len(last)-len(text)):]...)
	}
	return false
}

// tooMany, none and wrongType are the refusals that all bodies share.
func tooMany() error {
	return door.Refuse(http.StatusRequestEntityTooLarge, "more than %d records: send fewer at once", door.MaxRecords)
}

func none() error {
	return door.Refuse(http.StatusBadRequest, "the body holds no record")
}

func wrongType(got, want string) error {
	return door.Refuse(http.StatusUnsupportedMediaType, "the body is of type %.100q, this takes %s", got, want)
}
