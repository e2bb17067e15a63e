// Package golden holds byte layouts to text in which every byte has a note: a
// round trip does not see a byte order that is wrong on both sides, this does.
package golden

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"os"
	"strings"
	"testing"
)

// Field is a stretch of bytes and what it is.
type Field struct {
	Bytes []byte
	Note  string
}

// perLine is how many bytes stand on a line.
const perLine = 16

// Compare fails the test at the first line in which the fields are not those
// of the file. With update it writes the file instead: then read what it wrote.
func Compare(t testing.TB, path string, update bool, fields []Field) {
	t.Helper()
	got := render(fields)
	if update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v: make it with -update, and read it", err)
	}
	if line, g, w := differ(got, string(text)); line > 0 {
		t.Fatalf("%s:%d: got  %s\nwant %s", path, line, g, w)
	}
}

// Matches fails the test at the first line of the file whose bytes are not those
// of got. Such a file is written by hand: a line may hold as many bytes as
// belong to one note.
func Matches(t testing.TB, path string, got []byte) {
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

// differ finds the first line that is not the same, 0 where all are.
func differ(got, want string) (line int, g, w string) {
	gs, ws := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range max(len(gs), len(ws)) {
		g, w = at(gs, i), at(ws, i)
		if g != w {
			return i + 1, g, w
		}
	}
	return 0, "", ""
}

func at(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return "(the end)"
}

// render writes the fields one below the other. Lines like the one before are
// left out, as od does, and counted.
func render(fields []Field) string {
	var b strings.Builder
	for _, f := range fields {
		note, last, same := f.Note, "", 0
		for from := 0; from < len(f.Bytes); from += perLine {
			line := fmt.Sprintf("% x", f.Bytes[from:min(from+perLine, len(f.Bytes))])
			if line == last {
				same++
				continue
			}
			skipped(&b, same)
			fmt.Fprintf(&b, "%-*s| %s\n", 3*perLine, line, note)
			note, last, same = "(continued)", line, 0
		}
		skipped(&b, same)
	}
	return b.String()
}

func skipped(b *strings.Builder, lines int) {
	if lines > 0 {
		fmt.Fprintf(b, "%-*s| (%d lines like the last)\n", 3*perLine, "*", lines)
	}
}
