package bloom

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

// TestSplitBlockOnDiskIsTheAnnotatedOne pins the bytes of a filter of two
// blocks. The notes are worked out here from the hash alone.
func TestSplitBlockOnDiskIsTheAnnotatedOne(t *testing.T) {
	t.Parallel()
	f := &SplitBlock{make([]splitBlock, 2)}
	var text strings.Builder
	text.WriteString("# a split-block filter of two blocks and these keys\n")
	for _, key := range []string{"apple", "bread", "a longer key than most"} {
		f.Add([]byte(key))
		h := Hash([]byte(key))
		fmt.Fprintf(&text, "# %q: hash %016x, block %d (its high bit), bits", key, h, h>>63)
		for lane := range 8 {
			fmt.Fprintf(&text, " %d", h*0x9e3779b97f4a7c15>>(59-5*lane)&31)
		}
		text.WriteString("\n")
	}
	b := f.AppendTo(nil)
	for i := 0; i < len(b); i += 4 {
		fmt.Fprintf(&text, "%04d  % x  block %d lane %d: bits", i, b[i:i+4], i/32, i%32/4)
		for bit := range 32 {
			if b[i+bit/8]>>(bit%8)&1 != 0 {
				fmt.Fprintf(&text, " %d", bit)
			}
		}
		text.WriteString("\n")
	}
	golden(t, "testdata/split.golden", text.String())
}

// FuzzOpenSplitBlock takes any bytes: they are an error or a filter that says
// the same, and has the same bytes when written again.
func FuzzOpenSplitBlock(f *testing.F) {
	f.Add([]byte{}, []byte("key"))
	f.Add(make([]byte, 31), []byte(""))
	f.Add(bytes.Repeat([]byte{0xff}, 64), []byte("apple"))
	f.Fuzz(func(t *testing.T, b, key []byte) {
		s, err := OpenSplitBlock(b)
		if err != nil {
			if len(b) > 0 && len(b)%blockBytes == 0 {
				t.Fatalf("%d bytes are refused: %v", len(b), err)
			}
			return
		}
		if again := s.AppendTo(nil); !bytes.Equal(again, b) {
			t.Fatalf("read %x, wrote %x", b, again)
		}
		s.Add(key)
		if !s.Contains(key) {
			t.Fatalf("key %x was added and is denied", key)
		}
	})
}
