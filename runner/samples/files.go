package samples

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/cespare/xxhash/v2"

	"assay/runner/result"
	"assay/runner/samples/whole"
)

// resultSchema is the version of result.json that this package writes and reads.
const resultSchema = "assay/1"

// EncodeResult renders result.json with the digest of its own content.
func EncodeResult(r result.Result) ([]byte, error) {
	r.Schema, r.Sum = resultSchema, ""
	plain, err := json.Marshal(r)
	if err != nil {
		return nil, err
	}
	r.Sum = digest(plain)
	data, err := json.MarshalIndent(r, "", " ")
	return append(data, '\n'), err
}

// WriteResult writes result.json into the folder. A file there that somebody
// edited is not overwritten.
func WriteResult(dir string, r result.Result) error {
	path := filepath.Join(dir, resultFile)
	if _, err := os.Stat(path); err == nil {
		if _, err := ReadResult(dir); err != nil {
			return err
		}
	}
	data, err := EncodeResult(r)
	if err != nil {
		return err
	}
	return whole.Write(path, data)
}

// ReadResult reads the result.json of a folder. One that was cut off, edited
// by hand or written by a newer assay is an error that says so.
func ReadResult(dir string) (result.Result, error) {
	path := filepath.Join(dir, resultFile)
	data, err := os.ReadFile(path)
	if err != nil {
		return result.Result{}, err
	}
	return parseResult(path, data)
}

func parseResult(path string, data []byte) (result.Result, error) {
	var r result.Result
	if err := decode(path, data, resultSchema, &r); err != nil {
		return r, err
	}
	again, err := EncodeResult(r)
	if err != nil {
		return r, err
	}
	if !bytes.Equal(bytes.TrimSpace(again), bytes.TrimSpace(data)) {
		return r, fmt.Errorf("%s was changed after it was written: remove it and rebuild it with `assay report %s`", path, filepath.Dir(path))
	}
	return r, nil
}

func digest(data []byte) string { return fmt.Sprintf("%016x", xxhash.Sum64(data)) }

// decode reads JSON of one schema. The schema is looked at first: in a newer
// one the other fields may have changed their types.
func decode(path string, data []byte, schema string, into any) error {
	var head struct {
		Schema string `json:"schema"`
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return badJSON(path, data, err)
	}
	if head.Schema != schema {
		return fmt.Errorf("%s: schema %q, this assay reads %q: use the assay that wrote it", path, head.Schema, schema)
	}
	if err := json.Unmarshal(data, into); err != nil {
		return badJSON(path, data, err)
	}
	return nil
}

// badJSON says in which line a file stops being JSON.
func badJSON(path string, data []byte, err error) error {
	at := int64(len(data))
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		at = syntax.Offset
	case errors.As(err, &kind):
		at = kind.Offset
	}
	line := 1 + bytes.Count(data[:min(at, int64(len(data)))], []byte("\n"))
	return fmt.Errorf("%s:%d: %w: the file is damaged, restore it or measure again", path, line, err)
}
