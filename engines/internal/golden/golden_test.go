package golden

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func fields() []Field {
	return []Field{{[]byte{1, 2}, "a number"}, {bytes.Repeat([]byte{0}, 40), "nothing"}}
}

func TestFieldsAreWrittenWithTheirNotes(t *testing.T) {
	t.Parallel()
	got := strings.Join(strings.Fields(render(fields())), " ")
	zeros := strings.TrimSpace(strings.Repeat("00 ", perLine))
	want := "01 02 | a number " + zeros + " | nothing * | (1 lines like the last) " + strings.TrimSpace(strings.Repeat("00 ", 8)) + " | (continued)"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// failure takes the place of a test that should fail.
type failure struct {
	testing.TB
	text string
}

func (*failure) Helper() {}

func (f *failure) Fatalf(format string, _ ...any) { f.text = format }

func TestAnotherByteAnotherNoteAndAnotherLengthFail(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "x.golden")
	Compare(t, path, true, fields())
	Compare(t, path, false, fields())
	byteChanged, noteChanged := fields(), fields()
	byteChanged[0].Bytes[1] = 3
	noteChanged[1].Note = "something"
	for _, changed := range [][]Field{byteChanged, noteChanged, fields()[:1], append(fields(), Field{[]byte{1}, "more"})} {
		var f failure
		if Compare(&f, path, false, changed); f.text == "" {
			t.Errorf("%v passes", changed)
		}
	}
}

func TestBytesAreHeldToLinesWrittenByHand(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "x.golden")
	if err := os.WriteFile(path, []byte("01 02 | a number\n0304 05 | three more\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	Matches(t, path, []byte{1, 2, 3, 4, 5})
	for _, other := range [][]byte{{1, 2, 3, 5, 5}, {1, 2, 3, 4}, {1, 2, 3, 4, 5, 6}, {}} {
		var f failure
		if Matches(&f, path, other); f.text == "" {
			t.Errorf("% x passes", other)
		}
	}
}
