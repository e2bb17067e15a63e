package workloads

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
)

// A trace is the content of a replayed file.
type trace struct {
	// keys has one number per row: the key itself, or the place of its text
	// in texts, so that everything else deals with integers only.
	keys   []uint64
	values []uint64 // second column, nil if the file has none
	texts  []string // distinct string keys, by first appearance; nil for integers
	asText error    // the place of the first key and why it is no number; nil for integers
}

// maxLine bounds a line, so that a binary file is an error and not a key.
const maxLine = 64 << 10

// A traceReader reads the rows of one file.
type traceReader struct {
	name string
	line int
	t    *trace
	ids  map[string]uint64
}

// readTrace reads `key` or `key,value` per line; name is for errors. All
// keys are integers if the first is, and all rows have a value if the first
// has. Blank lines and lines that start with # are skipped, blanks around
// fields are trimmed, and there is no quoting: a key cannot hold a comma.
// Content that starts with the gzip magic bytes is unpacked first, and a byte
// order mark, which spreadsheets write, is skipped.
func readTrace(r io.Reader, name string) (*trace, error) {
	t, err := readRows(r, name, -1)
	if err == nil && len(t.keys) == 0 {
		err = fmt.Errorf("%s: no rows; write one key or key,value per line", name)
	}
	return t, err
}

// readRows reads up to limit rows, all if limit is negative.
func readRows(r io.Reader, name string, limit int) (*trace, error) {
	plain := bufio.NewReader(r)
	if magic, _ := plain.Peek(2); bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		unpacked, err := gzip.NewReader(plain)
		if err != nil {
			return nil, fmt.Errorf("%s: not a gzip file after its first two bytes: %w", name, err)
		}
		plain = bufio.NewReader(unpacked)
	}
	if mark, _ := plain.Peek(3); bytes.Equal(mark, []byte{0xef, 0xbb, 0xbf}) {
		_, _ = plain.Discard(len(mark))
	}
	tr := traceReader{name: name, t: &trace{}}
	lines := bufio.NewScanner(plain)
	lines.Buffer(nil, maxLine)
	for limit < 0 || len(tr.t.keys) < limit {
		if !lines.Scan() {
			break
		}
		tr.line++
		if err := tr.row(lines.Bytes()); err != nil {
			return nil, err
		}
	}
	if err := lines.Err(); errors.Is(err, bufio.ErrTooLong) {
		return nil, fmt.Errorf("%s:%d: the line is longer than %d bytes; is this a text file?", name, tr.line+1, maxLine)
	} else if err != nil {
		return nil, fmt.Errorf("%s:%d: the content ends or breaks here, is the file whole? %w", name, tr.line+1, err)
	}
	return tr.t, nil
}

// row adds one line.
func (tr *traceReader) row(line []byte) error {
	key := bytes.TrimSpace(line)
	if len(key) == 0 || key[0] == '#' {
		return nil
	}
	key, value, hasValue := bytes.Cut(line, []byte{','})
	if i := bytes.IndexByte(value, ','); i >= 0 {
		return tr.errorf(len(key)+1+i, "a second comma; a line is key or key,value")
	}
	if err := tr.key(bytes.TrimSpace(key), indent(key)); err != nil {
		return err
	}
	switch first := len(tr.t.keys) == 1; {
	case !hasValue && tr.t.values != nil:
		return tr.errorf(len(key), "no value, but the first row has one; give every row a value or none")
	case hasValue && tr.t.values == nil && !first:
		return tr.errorf(len(key), "a value, but the first row has none; give every row a value or none")
	case hasValue:
		return tr.value(bytes.TrimSpace(value), len(key)+1+indent(value))
	}
	return nil
}

// key adds a key; the first one decides what keys are.
func (tr *traceReader) key(word []byte, column int) error {
	if len(word) == 0 {
		return tr.errorf(column, "no key before the comma; a line is key or key,value")
	}
	n, err := parseNumber(string(word))
	if len(tr.t.keys) == 0 && err != nil {
		tr.ids = make(map[string]uint64)
		tr.t.asText = tr.errorf(column, "key %w", err)
	}
	if tr.ids == nil {
		if err != nil {
			return tr.errorf(column, "key %w; the first key is a number, so all must be", err)
		}
		tr.t.keys = append(tr.t.keys, n)
		return nil
	}
	id, known := tr.ids[string(word)]
	if !known {
		id = uint64(len(tr.t.texts))
		tr.t.texts = append(tr.t.texts, string(word))
		tr.ids[tr.t.texts[id]] = id
	}
	tr.t.keys = append(tr.t.keys, id)
	return nil
}

// value adds a value.
func (tr *traceReader) value(word []byte, column int) error {
	n, err := parseNumber(string(word))
	if err != nil {
		return tr.errorf(column, "value %w; values are numbers even where keys are not", err)
	}
	tr.t.values = append(tr.t.values, n)
	return nil
}

// errorf names the place of a malformed line; column counts bytes from 0.
func (tr *traceReader) errorf(column int, format string, args ...any) error {
	return fmt.Errorf("%s:%d:%d: %w", tr.name, tr.line, column+1, fmt.Errorf(format, args...))
}

// indent counts the blanks that TrimSpace takes off the front.
func indent(field []byte) int {
	return len(field) - len(bytes.TrimLeft(field, " \t\r\v\f"))
}

// replay draws the rows of a trace in their order, over and over.
type replay struct {
	t  *trace
	at int // the next row
}

func newReplay(o origin) *replay {
	return &replay{o.trace, int(o.drawn % uint64(len(o.trace.keys)))}
}

func (r *replay) next(*rand.PCG) uint64 {
	key := r.t.keys[r.at]
	if r.at++; r.at == len(r.t.keys) {
		r.at = 0
	}
	return key
}

// column draws the values beside the keys of a replay: the second column, or
// the row number. It moves in step by itself, one draw per row.
type column struct{ replay }

func (c *column) next(g *rand.PCG) uint64 {
	row := c.at
	c.replay.next(g)
	if c.t.values == nil {
		return uint64(row)
	}
	return c.t.values[row]
}

func parseReplay(arg string) (shape, error) {
	if arg == "" {
		return shape{}, errors.New("no FILE")
	}
	if strings.ContainsAny(arg, ",\n\r\x00") {
		return shape{}, errors.New("FILE cannot hold a comma or a line break; rename it")
	}
	return replayShape("replay:"+arg, arg), nil
}

func replayShape(text, file string) shape {
	return shape{
		text:  text,
		file:  file,
		start: func(o origin) law { return newReplay(o) },
	}
}
