package disk

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"assay/engines/lsm/part"
)

var golden = Manifest{Format: "block", Next: 9, Log: 8, Tables: []uint64{3, 7}}

func equal(a, b Manifest) bool {
	return a.Format == b.Format && a.Next == b.Next && a.Log == b.Log && slices.Equal(a.Tables, b.Tables)
}

func TestTheManifestIsTheGoldenText(t *testing.T) {
	t.Parallel()
	want, err := os.ReadFile("testdata/manifest.golden")
	if err != nil {
		t.Fatal(err)
	}
	if got := golden.Append(nil); string(got) != string(want) {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	if got, err := ParseManifest("m", want); err != nil || !equal(got, golden) {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestTheLastManifestWrittenIsRead(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if _, found, err := ReadManifest(dir); found || err != nil {
		t.Fatalf("in an empty folder: %v, %v", found, err)
	}
	m := golden
	for i := range 5 { // longer and shorter: the spare is written over in place
		m.Next = 1000
		m.Tables = m.Tables[:0:0]
		for n := range []int{3, 40, 2, 0, 7}[i] {
			m.Tables = append(m.Tables, uint64(n))
		}
		if err := m.Write(dir); err != nil {
			t.Fatal(err)
		}
		if got, found, err := ReadManifest(dir); !found || err != nil || !equal(got, m) {
			t.Fatalf("write %d: %+v, %v, %v", i, got, found, err)
		}
	}
}

func TestAManifestThatContradictsItselfIsRefused(t *testing.T) {
	t.Parallel()
	for _, lines := range []string{
		"", "assay-lsm 2\n", "assay-lsm 1\nformat x\nnext 5\ntable 5\n", "assay-lsm 1\nformat x\nnext 5\ntable 1\ntable 1\n",
		"assay-lsm 1\nnext -1\n", "assay-lsm 1\nwhat 1\n", "assay-lsm 1\nnext 1",
	} {
		_, err := ParseManifest("m", sealed(lines))
		var c *part.Corrupt
		if lines != "" && (!errors.As(err, &c) || c.File != "m") {
			t.Errorf("%q: %v", lines, err)
		}
	}
}

func sealed(lines string) []byte {
	return fmt.Appendf([]byte(lines), "crc %08x\n", part.Checksum(0, []byte(lines)))
}

// FuzzManifest parses garbage, with and without a checksum that fits.
func FuzzManifest(f *testing.F) {
	f.Add(string(golden.Append(nil)), false)
	f.Add("assay-lsm 1\nformat x\nnext 5\nlog 2\ntable 1\ntable 4\n", true)
	f.Fuzz(func(t *testing.T, text string, seal bool) {
		data := []byte(text)
		if seal {
			data = sealed(text)
		}
		m, err := ParseManifest("m", data)
		if err != nil {
			return
		}
		if again, err := ParseManifest("m", m.Append(nil)); err != nil || !equal(again, m) {
			t.Fatalf("%+v is read again as %+v, %v", m, again, err)
		}
	})
}

func TestALockIsHeldUntilReleased(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	l, err := Acquire(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Acquire(dir); err == nil || !strings.Contains(err.Error(), "another handle") {
		t.Fatalf("the second lock: %v", err)
	}
	if err := l.Release(); err != nil {
		t.Fatal(err)
	}
	again, err := Acquire(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := again.Release(); err != nil {
		t.Fatal(err)
	}
}

func TestReleaseFreesTheFolderThoughAnotherProcessHasACopyOfTheDescriptor(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	l, err := Acquire(dir)
	if err != nil {
		t.Fatal(err)
	}
	inherited, err := unix.Dup(int(l.f.Fd())) // as a process has between its fork and its exec
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(inherited)
	if err := l.Release(); err != nil {
		t.Fatal(err)
	}
	again, err := Acquire(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := again.Release(); err != nil {
		t.Fatal(err)
	}
}

func TestNumberedFindsOnlyItsOwnNames(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, name := range []string{"000001.tbl", "000001.idx", "000012.log", "1.tbl", "MANIFEST", "LOCK", "000003", "x000004.tbl", "1234567.tbl"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got, err := Numbered(dir)
	if err != nil {
		t.Fatal(err)
	}
	if text := fmt.Sprint(got); text != "map[1:[.idx .tbl] 12:[.log] 1234567:[.tbl]]" {
		t.Error(text)
	}
	if err := Remove(dir, 1, got[1]); err != nil {
		t.Fatal(err)
	}
	if left, err := Numbered(dir); err != nil || len(left) != 2 {
		t.Errorf("%v, %v", left, err)
	}
}
