package workloads

import (
	"embed"
	"fmt"
	"io"
	"os"
)

// embedded holds the shipped traces; traces/README.md says where they come
// from.
//
//go:embed traces/zip-entries.csv.gz traces/go-identifiers.txt.gz
var embedded embed.FS

// shipped lists the traces that need no file.
func shipped() []Named {
	return []Named{
		{"zip-entries", "trace", "zip-entries", "20,609 offsets and lengths of the entries of eleven public module archives, one after another"},
		{"go-identifiers", "trace", "go-identifiers", "11,840 exported names of the Go standard library, such as net/http.Client.Do, shuffled"},
	}
}

// openTrace is the one place in which this package opens files. A bare name is
// a shipped trace, after "replay:" it is a path.
func openTrace(s shape) (io.ReadCloser, error) {
	switch s.text {
	case "zip-entries":
		return embedded.Open("traces/zip-entries.csv.gz")
	case "go-identifiers":
		return embedded.Open("traces/go-identifiers.txt.gz")
	}
	// The runner and every worker read it, which a pipe would let only one of them do.
	info, err := os.Stat(s.file)
	if err == nil && !info.Mode().IsRegular() {
		return nil, fmt.Errorf("replay: %s is not a regular file; write its rows to one, it is read several times", s.file)
	}
	file, err := os.Open(s.file)
	if err != nil {
		return nil, fmt.Errorf("replay: %w; FILE is a path from the current folder", err)
	}
	return file, nil
}

// loadTrace reads what a shape replays; nil for one that replays nothing.
func loadTrace(s shape) (*trace, error) {
	if s.file == "" {
		return nil, nil
	}
	file, err := openTrace(s)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return readTrace(file, s.file)
}

// sniffText returns the place of the first key that a shape replays and why it
// is a string; nil if it is none. It reads one row only.
func sniffText(s shape) error {
	if s.file == "" {
		return nil
	}
	file, err := openTrace(s)
	if err != nil {
		return nil
	}
	defer file.Close()
	first, err := readRows(file, s.file, 1)
	if err != nil {
		return nil
	}
	return first.asText
}
