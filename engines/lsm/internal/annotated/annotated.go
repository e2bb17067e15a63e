// Package annotated reads golden bytes that carry notes: lines of hexadecimal
// bytes, each with what it is behind a bar. They are written by hand, or
// checked by it, so that a byte order swapped in both encoder and decoder shows.
package annotated

import (
	"bytes"
	"encoding/hex"
	"os"
	"strings"
	"testing"
)

// Compare fails the test at the first line of the file whose bytes are not
// those of got.
func Compare(t testing.TB, path string, got []byte) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	at := 0
	for i, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		digits, note, _ := strings.Cut(line, "|")
		want, err := hex.DecodeString(strings.Join(strings.Fields(digits), ""))
		if err != nil {
			t.Fatalf("%s:%d: %v", path, i+1, err)
		}
		end := min(at+len(want), len(got))
		if !bytes.Equal(got[at:end], want) {
			t.Fatalf("%s:%d: byte %d, %s: got % x, want % x", path, i+1, at, strings.TrimSpace(note), got[at:end], want)
		}
		at = end
	}
	if at != len(got) {
		t.Fatalf("%s: %d bytes, and then got has % x", path, at, got[at:])
	}
}
