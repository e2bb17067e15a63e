package entry

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

var update = flag.Bool("update", false, "rewrite the golden files in testdata")

// layout is one of the two, for tests that hold for both.
type layout struct {
	name   string
	append func(to, key, value []byte) []byte
	decode func(b []byte) (key, value, rest []byte, err error)
	parts  []string
}

func layouts() []layout {
	return []layout{
		{"interleaved", AppendInterleaved, Interleaved, []string{"klen", "key", "vlen", "value"}},
		{"headed", AppendHeaded, Headed, []string{"klen", "vlen", "key", "value"}},
	}
}

// TestLayoutIsTheAnnotatedOne pins every byte. The annotations cut the bytes by
// the lengths of the input, and share no code with the package.
func TestLayoutIsTheAnnotatedOne(t *testing.T) {
	t.Parallel()
	entries := [][2]string{{"key_1", "one"}, {"", "no key"}, {"key_2", ""}, {strings.Repeat("k", 300), strings.Repeat("v", 3)}}
	for _, l := range layouts() {
		var text strings.Builder
		fmt.Fprintf(&text, "# %s: %s\n", l.name, strings.Join(l.parts, " "))
		var b []byte
		for _, e := range entries {
			at := len(b)
			b = l.append(b, []byte(e[0]), []byte(e[1]))
			for _, part := range l.parts {
				n := map[string]int{"klen": 8, "vlen": 8, "key": len(e[0]), "value": len(e[1])}[part]
				raw := fmt.Sprintf("% x", b[at:at+min(n, 8)])
				if n > 8 {
					raw += fmt.Sprintf(" ... %d bytes", n)
				}
				fmt.Fprintf(&text, "%04d  %-36s  %s\n", at, raw, part)
				at += n
			}
			if at != len(b) {
				t.Fatalf("%s: entry %.9q has %d bytes, its parts end at %d", l.name, e, len(b), at)
			}
		}
		path := "testdata/" + l.name + ".golden"
		if *update {
			if err := os.WriteFile(path, []byte(text.String()), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if want, err := os.ReadFile(path); err != nil || string(want) != text.String() {
			t.Errorf("%s (%v): run with -update and review. Got:\n%s", path, err, &text)
		}
	}
}

// TestWhatIsWrittenIsReadBack covers both layouts, several entries in a row.
func TestWhatIsWrittenIsReadBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		entries := rapid.SliceOfN(rapid.SliceOfN(rapid.SliceOfN(rapid.Byte(), 0, 40), 2, 2), 1, 6).Draw(t, "entries")
		for _, l := range layouts() {
			var b []byte
			size := 0
			for _, e := range entries {
				b = l.append(b, e[0], e[1])
				size += Size(len(e[0]), len(e[1]))
			}
			if len(b) != size {
				t.Fatalf("%s: %d bytes, Size says %d", l.name, len(b), size)
			}
			rest := b
			for i, e := range entries {
				key, value, next, err := l.decode(rest)
				if err != nil || !bytes.Equal(key, e[0]) || !bytes.Equal(value, e[1]) {
					t.Fatalf("%s: entry %d reads %x %x (%v), want %x", l.name, i, key, value, err, e)
				}
				if cap(key) != len(key) || cap(value) != len(value) {
					t.Fatalf("%s: an append to a part would overwrite what follows it", l.name)
				}
				rest = next
			}
			if len(rest) != 0 {
				t.Fatalf("%s: %d bytes are left", l.name, len(rest))
			}
		}
	})
}

// TestPutWritesWhatAppendDoes and nothing beyond.
func TestPutWritesWhatAppendDoes(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		key := rapid.SliceOfN(rapid.Byte(), 0, 40).Draw(t, "key")
		value := rapid.SliceOfN(rapid.Byte(), 0, 200).Draw(t, "value")
		want := AppendInterleaved(nil, key, value)
		room := bytes.Repeat([]byte{0xee}, len(want)+3)
		if n := PutInterleaved(room, key, value); n != len(want) || !bytes.Equal(room[:n], want) {
			t.Fatalf("put %x, append %x", room[:n], want)
		}
		if !bytes.Equal(room[len(want):], []byte{0xee, 0xee, 0xee}) {
			t.Fatalf("bytes behind the entry were written: %x", room[len(want):])
		}
	})
}

// TestEveryCutIsAnError takes each prefix of an entry, and lengths that cannot be.
func TestEveryCutIsAnError(t *testing.T) {
	t.Parallel()
	for _, l := range layouts() {
		whole := l.append(nil, []byte("a key"), []byte("and a value"))
		for n := range whole {
			if _, _, _, err := l.decode(whole[:n]); !errors.Is(err, ErrTruncated) {
				t.Errorf("%s cut to %d of %d bytes: %v", l.name, n, len(whole), err)
			}
		}
		for _, at := range map[string][]int{"interleaved": {0, 13}, "headed": {0, 8}}[l.name] {
			bad := bytes.Clone(whole)
			bad[at+7] = 0x80
			if _, _, _, err := l.decode(bad); !errors.Is(err, ErrLength) || !strings.Contains(err.Error(), fmt.Sprintf("offset %d,", at)) {
				t.Errorf("%s with a length of 2^63 at %d: %v", l.name, at, err)
			}
		}
	}
	if _, err := Length([]byte{1, 2, 3}); !errors.Is(err, ErrTruncated) {
		t.Errorf("a length of 3 bytes: %v", err)
	}
	var room [LengthBytes]byte
	PutLength(room[:], MaxLength)
	if n, err := Length(room[:]); n != MaxLength || err != nil {
		t.Errorf("the longest length reads %d (%v)", n, err)
	}
	PutLength(room[:], MaxLength+1)
	if n, err := Length(room[:]); !errors.Is(err, ErrLength) {
		t.Errorf("a length beyond the longest reads %d (%v)", n, err)
	}
}

// FuzzDecode takes any bytes in both layouts: an error, or an entry that
// encodes to the very bytes it was read from.
func FuzzDecode(f *testing.F) {
	f.Add([]byte{})
	f.Add(AppendInterleaved(nil, []byte("key"), []byte("value")))
	f.Add(AppendHeaded(AppendHeaded(nil, nil, nil), []byte("key"), []byte("value")))
	f.Add(bytes.Repeat([]byte{0xff}, 40))
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, l := range layouts() {
			key, value, rest, err := l.decode(b)
			if err != nil {
				if !errors.Is(err, ErrTruncated) && !errors.Is(err, ErrLength) {
					t.Fatalf("%s: an error of another kind: %v", l.name, err)
				}
				continue
			}
			if again := append(l.append(nil, key, value), rest...); !bytes.Equal(again, b) {
				t.Fatalf("%s: read %x, wrote %x", l.name, b, again)
			}
		}
	})
}
