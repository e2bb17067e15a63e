package flush

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"assay/encodings/entry"
	"assay/runner/lab"
)

// contender makes a variant, or skips it where the file system has no direct I/O.
func contender(t *testing.T, v lab.Variant[Writer], dir string) Writer {
	t.Helper()
	w, err := v.New(&lab.Env{Dir: dir})
	if err != nil {
		t.Skipf("%s: %v", v.Name, err)
	}
	return w
}

// tableOf has a writer make a table and returns its bytes and its file's counts.
func tableOf(t interface{ Fatalf(string, ...any) }, w Writer, dir string, pairs []pair) ([]byte, *File) {
	s := &shift{dir: dir, writer: w, pairs: pairs}
	f, err := s.flush(pairs)
	if err != nil {
		t.Fatalf("flush: %v", err)
	}
	if err := f.Close(); err != nil {
		t.Fatalf("close: %v", err)
	}
	b, err := os.ReadFile(s.path(0))
	if err != nil {
		t.Fatalf("read: %v", err)
	}
	return b, f
}

// spelled is the format written out by hand.
func spelled(pairs []pair) []byte {
	var b []byte
	for _, p := range pairs {
		b = entry.AppendInterleaved(b, p.key, p.value)
	}
	return b
}

// some makes pairs in order; sizes are those of the values.
func some(sizes ...int) []pair {
	pairs := make([]pair, len(sizes))
	for i, n := range sizes {
		pairs[i] = pair{fmt.Appendf(nil, "key_%06d", i), bytes.Repeat([]byte{byte(i + 1)}, n)}
	}
	return pairs
}

// repeat is n times a size.
func repeat(n, size int) []int {
	sizes := make([]int, n)
	for i := range sizes {
		sizes[i] = size
	}
	return sizes
}

// TestWriteCallsAreCountedExactly holds the counts that the published claim
// rests on: four per entry, and one per buffer.
func TestWriteCallsAreCountedExactly(t *testing.T) {
	t.Parallel()
	const n, value = 5000, 128
	pairs := some(repeat(n, value)...)
	size := n * (entry.HeaderBytes + len("key_000000") + value)
	buffers := func(bytes int) int { return (size + bytes - 1) / bytes }
	for name, want := range map[string]int{
		"per-field": 4 * n, "per-entry": n, "giant": 1, "vectored": (n + 255) / 256,
		"buffered-4k": buffers(4 << 10), "buffered-16k": buffers(16 << 10), "buffered-64k": buffers(64 << 10), "buffered-256k": buffers(256 << 10), "buffered-1m": buffers(1 << 20),
		"slab": buffers(slabBytes), "slab-allocated": buffers(slabBytes), "slab-direct": buffers(slabBytes), "slab-allocated-1m": buffers(largeSlab),
	} {
		for _, v := range Family.Variants {
			if v.Name != name {
				continue
			}
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				dir := t.TempDir()
				_, f := tableOf(t, contender(t, v, dir), dir, pairs)
				if f.Calls() != want {
					t.Errorf("%d write calls, want %d", f.Calls(), want)
				}
				if padding := f.Bytes() - int64(size); padding < 0 || padding >= blockBytes || padding > 0 && name != "slab-direct" {
					t.Errorf("%d bytes written for %d", f.Bytes(), size)
				}
			})
		}
	}
}

// TestAppendAllocatesNothing counts over whole tables: a few objects per file,
// none per entry. It sees the whole process, so it does not run beside others.
func TestAppendAllocatesNothing(t *testing.T) { //nolint:paralleltest // see above
	pairs := some(repeat(4000, 128)...)
	for _, v := range Family.Variants {
		dir := t.TempDir()
		w, err := v.New(&lab.Env{Dir: dir})
		if err != nil || v.Peer {
			continue
		}
		s := &shift{dir: dir, writer: w, pairs: pairs}
		n := testing.AllocsPerRun(3, func() {
			f, err := s.flush(pairs)
			if err != nil {
				t.Fatal(err)
			}
			f.Close()
		})
		if n > 40 {
			t.Errorf("%s: %.0f allocations for %d entries", v.Name, n, len(pairs))
		}
	}
}

// TestNoFolderForDirectIOIsAClearError: what cannot be measured says why.
func TestNoFolderForDirectIOIsAClearError(t *testing.T) {
	t.Parallel()
	_, err := newSlab(options{bytes: slabBytes, direct: true})(&lab.Env{Dir: filepath.Join(t.TempDir(), "missing")})
	if err == nil {
		t.Error("a variant is made for a folder that does not exist")
	}
}
