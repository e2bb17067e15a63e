package ingest

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"io"
	"strings"

	"assay/engines/ingest/door"
	"assay/engines/ingest/segment"
)

// model is the obviously right path: a line of text per record, and the file
// spelled out. It shares no code with the variants.
type model struct{}

const modelType = "text/plain"

func (model) Encode(to []byte, records [][]byte) (body []byte, contentType string) {
	for _, r := range records {
		to = append(base64.StdEncoding.AppendEncode(to, r), '\n')
	}
	return to, modelType
}

func (model) Decode(contentType string, body io.Reader, _ int64) (*segment.Batch, error) {
	if contentType != modelType {
		return nil, wrongType(contentType, modelType)
	}
	text, err := io.ReadAll(body)
	if err != nil {
		return nil, err
	}
	b := &segment.Batch{}
	for line := range strings.Lines(string(text)) {
		record, err := base64.StdEncoding.DecodeString(strings.TrimSuffix(line, "\n"))
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

func (model) Release(*segment.Batch) {}

func (model) Write(f *segment.File, batches []*segment.Batch, nanos int64) error {
	var offsets, records bytes.Buffer
	count := uint32(0)
	for _, b := range batches {
		all := bytes.Join(b.Chunks, nil)
		for _, size := range b.Sizes {
			count++
			binary.Write(&offsets, binary.LittleEndian, uint32(records.Len())) //nolint:errcheck // memory
			records.Write(all[:size])
			all = all[size:]
		}
	}
	var file bytes.Buffer
	file.WriteString("segment\n")
	for _, x := range []any{uint32(1), count, nanos, uint64(records.Len()), offsets.Bytes(), records.Bytes()} {
		binary.Write(&file, binary.LittleEndian, x) //nolint:errcheck // memory
	}
	_, err := f.Write(file.Bytes())
	return err
}

// null reads the bytes of a request and no more: no record, no segment. What is
// left is the server, the client and the network.
type null struct{ prefixed }

func (null) Decode(_ string, body io.Reader, length int64) (*segment.Batch, error) {
	if n, err := io.Copy(io.Discard, body); err != nil || n != length {
		return nil, door.Refuse(400, "the body ends after %d of %d bytes (%v)", n, length, err)
	}
	return &segment.Batch{}, nil
}

func (null) Release(*segment.Batch) {}

func (null) Write(*segment.File, []*segment.Batch, int64) error { return nil }
