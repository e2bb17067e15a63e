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

// noSum stands where the digest of result.json will.
const noSum = "0000000000000000"

// EncodeResult renders result.json with the digest of its own text.
func EncodeResult(r result.Result) ([]byte, error) {
	r.Schema, r.Sum = resultSchema, noSum
	data, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		return nil, err
	}
	data = append(data, '\n')
	return summed(data, digest(data)), nil
}

// summed puts a digest in the place of another. It is the last string of the
// file: whatever fields another version of assay writes, it finds its own.
func summed(data []byte, sum string) []byte {
	at := bytes.LastIndex(data, []byte(`"sum": "`)) + len(`"sum": "`)
	if at < len(`"sum": "`) || at+len(sum) > len(data) {
		return data
	}
	out := bytes.Clone(data)
	copy(out[at:], sum)
	return out
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
	if err := decode(path, data, resultSchema, rebuild(path), &r); err != nil {
		return r, err
	}
	text := append(bytes.TrimSpace(data), '\n')
	if plain := summed(text, noSum); !bytes.Equal(summed(plain, digest(plain)), text) || r.Sum != digest(plain) {
		return r, fmt.Errorf("%s was changed after it was written: %s", path, rebuild(path))
	}
	return r, nil
}

// rebuild says how a result.json is had again: all it says is in the journal.
func rebuild(path string) string {
	return fmt.Sprintf("remove it and rebuild it with `assay report %s`", filepath.Dir(path))
}

func digest(data []byte) string { return fmt.Sprintf("%016x", xxhash.Sum64(data)) }

// decode reads JSON of one schema; mend is what to do about a damaged file. The schema is looked at first: in a newer
// one the other fields may have changed their types.
func decode(path string, data []byte, schema, mend string, into any) error {
	var head struct {
		Schema string `json:"schema"`
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return badJSON(path, data, mend, err)
	}
	if head.Schema != schema {
		return fmt.Errorf("%s: schema %q, this assay reads %q: use the assay that wrote it", path, head.Schema, schema)
	}
	if err := json.Unmarshal(data, into); err != nil {
		return badJSON(path, data, mend, err)
	}
	return nil
}

// badJSON says in which line a file stops being JSON.
func badJSON(path string, data []byte, mend string, err error) error {
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
	return fmt.Errorf("%s:%d: %w: the file is damaged, %s", path, line, err, mend)
}
