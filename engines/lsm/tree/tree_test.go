package tree

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"assay/engines/lsm/block"
	"assay/engines/lsm/memtable"
	"assay/engines/lsm/part"
	"assay/engines/lsm/sparse"
)

func parts(log bool) Parts {
	return Parts{Memtable: memtable.Hash, Format: block.New, Hash: block.Hash, Limit: 1 << 12, Log: log}
}

func open(t *testing.T, dir string, p Parts) *Tree {
	t.Helper()
	tree, err := Open(dir, p)
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func want(t *testing.T, tree *Tree, key, value string) {
	t.Helper()
	got, ok, err := tree.Get(nil, []byte(key))
	if err != nil || ok != (value != "") || string(got) != value {
		t.Fatalf("Get(%q) = %q, %v, %v; want %q", key, got, ok, err, value)
	}
}

func files(t *testing.T, dir, pattern string) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dir, pattern))
	check(t, err)
	return found
}

// crashed leaves a folder as a process does that dies after these puts.
func crashed(t *testing.T, dir string, puts int) {
	t.Helper()
	tree := open(t, dir, parts(true))
	for i := range puts {
		check(t, tree.Put(fmt.Appendf(nil, "k%d", i%7), fmt.Appendf(nil, "%d", i)))
	}
	if tree.log != nil {
		check(t, tree.log.Flush())
	}
	check(t, tree.Abandon())
}

func TestLogsAreReplayedInOrderAndRemoved(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	crashed(t, dir, 1000)
	if n := len(files(t, dir, "*.log")); n < 1 {
		t.Fatal("no log")
	}
	for range 2 {
		tree := open(t, dir, parts(true))
		for i := 993; i < 1000; i++ {
			want(t, tree, fmt.Sprintf("k%d", i%7), fmt.Sprint(i))
		}
		check(t, tree.Abandon())
		if left := files(t, dir, "*.log"); len(left) > 0 {
			t.Fatalf("left: %v", left)
		}
	}
}

// A store without a log must not replay the same old log again and again over
// what was written since.
func TestAStoreWithoutALogReplaysOneOnce(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	crashed(t, dir, 7)
	tree := open(t, dir, parts(false))
	want(t, tree, "k1", "1")
	check(t, tree.Put([]byte("k1"), []byte("new")))
	check(t, tree.Close())
	tree = open(t, dir, parts(false))
	want(t, tree, "k1", "new")
	check(t, tree.Close())
}

func TestALogThatLostItsEndBeforeALaterOneIsAnError(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	tree := open(t, dir, parts(true))
	for i := range 200 {
		check(t, tree.Put(fmt.Appendf(nil, "key%d", i), nil))
	}
	check(t, tree.log.Flush())
	check(t, tree.Abandon())
	logs := files(t, dir, "*.log")
	if len(logs) < 2 {
		t.Fatalf("logs: %v", logs)
	}
	stat, err := os.Stat(logs[0])
	check(t, err)
	check(t, os.Truncate(logs[0], stat.Size()-1))
	_, err = Open(dir, parts(true))
	var c *part.Corrupt
	if !errors.As(err, &c) || c.File != logs[0] {
		t.Errorf("the error is %v", err)
	}
}

func TestADamagedLogIsAnErrorAndTheFolderIsGivenBack(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	crashed(t, dir, 7)
	log := files(t, dir, "*.log")[0]
	data, err := os.ReadFile(log)
	check(t, err)
	data[20] ^= 1
	check(t, os.WriteFile(log, data, 0o600))
	for range 2 { // the second time not because of the lock
		_, err := Open(dir, parts(true))
		var c *part.Corrupt
		if !errors.As(err, &c) || c.File != log || c.Offset != 17 { // the second record, which holds byte 20
			t.Errorf("the error is %v", err)
		}
	}
}

func TestWithoutALogOnlyWhatWasFlushedIsLeft(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	tree := open(t, dir, parts(false))
	check(t, tree.Put([]byte("a"), []byte("flushed")))
	check(t, tree.Flush())
	check(t, tree.Put([]byte("b"), []byte("not")))
	check(t, tree.Abandon())
	tree = open(t, dir, parts(false))
	want(t, tree, "a", "flushed")
	want(t, tree, "b", "")
	check(t, tree.Close())
}

func TestAProgramThatNeverFlushesIsFlushedForAtLast(t *testing.T) {
	t.Parallel()
	p := parts(false)
	p.Limit = 1 // every put freezes
	tree := open(t, t.TempDir(), p)
	for i := range maxFrozen + 1 {
		if n := len(tree.tables); n > 0 {
			t.Fatalf("%d tables after %d puts", n, i)
		}
		check(t, tree.Put(fmt.Appendf(nil, "%d", i), []byte("v")))
	}
	if len(tree.frozen) != 0 || len(tree.tables) != maxFrozen+1 {
		t.Errorf("%d memtables wait, %d tables", len(tree.frozen), len(tree.tables))
	}
	want(t, tree, "0", "v")
	check(t, tree.Close())
}

func TestTablesOfAnotherFormatAreRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	tree := open(t, dir, parts(false))
	check(t, tree.Close())
	p := parts(false)
	p.Format = sparse.New(sparse.Options{})
	if _, err := Open(dir, p); err == nil || !strings.Contains(err.Error(), `"block"`) {
		t.Errorf("the error is %v", err)
	}
}

func TestAClosedStoreSaysSo(t *testing.T) {
	t.Parallel()
	tree := open(t, t.TempDir(), parts(true))
	check(t, tree.Put([]byte("k"), nil))
	check(t, tree.Close())
	_, _, err := tree.Get(nil, []byte("k"))
	for i, err := range []error{
		err, tree.Put([]byte("k"), nil), tree.Delete([]byte("k")), tree.Flush(), tree.Compact(), tree.Close(), tree.Abandon(),
		tree.Scan(func(_, _ []byte) bool { return true }),
	} {
		if !errors.Is(err, errClosed) {
			t.Errorf("operation %d: %v", i, err)
		}
	}
}

func TestScanStopsWhenTold(t *testing.T) {
	t.Parallel()
	tree := open(t, t.TempDir(), parts(false))
	for _, k := range []string{"c", "a", "b"} {
		check(t, tree.Put([]byte(k), nil))
		check(t, tree.Flush())
	}
	seen := ""
	check(t, tree.Scan(func(k, _ []byte) bool { seen += string(k); return len(seen) < 2 }))
	if seen != "ab" {
		t.Errorf("the scan saw %q", seen)
	}
	check(t, tree.Close())
}

func TestPutAndGetAllocateNothingInSteadyState(t *testing.T) { //nolint:paralleltest // it counts allocations
	p := parts(true)
	p.Limit = 1 << 30
	tree := open(t, t.TempDir(), p)
	key, value, dst := []byte("key_1"), make([]byte, 16), make([]byte, 0, 64)
	check(t, tree.Put(key, value))
	n := testing.AllocsPerRun(1000, func() {
		check(t, tree.Put(key, value))
		if _, _, err := tree.Get(dst, key); err != nil {
			t.Fatal(err)
		}
	})
	if n != 0 {
		t.Errorf("%v allocations", n)
	}
	check(t, tree.Close())
}
