package lsm_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"assay/engines/lsm"
	"assay/engines/lsm/internal/scratch"
	"assay/engines/lsm/lsmtest"
	"assay/engines/lsm/part"
)

// made is the files of a closed store of several tables, some keys replaced and
// deleted, and what it holds.
func made(t *testing.T, e lsm.Engine) (files map[string][]byte, want map[string]string) {
	t.Helper()
	dir := scratch.Dir(t)
	s, want := lsmtest.Open(t, e, dir), map[string]string{}
	for round := range 3 {
		for i, k := range lsmtest.Keys() {
			if (i+round)%5 == 0 {
				lsmtest.Must(t, s.Delete([]byte(k)))
				delete(want, k)
				continue
			}
			want[k] = strings.Repeat(k+"!", 20+round)
			lsmtest.Must(t, s.Put([]byte(k), []byte(want[k])))
		}
		lsmtest.Must(t, s.Flush())
	}
	lsmtest.Must(t, s.Close())
	names, err := filepath.Glob(filepath.Join(dir, "*"))
	lsmtest.Must(t, err)
	files = map[string][]byte{}
	for _, name := range names {
		if files[filepath.Base(name)], err = os.ReadFile(name); err != nil {
			t.Fatal(err)
		}
	}
	return files, want
}

// ask opens a store of files of which one is damaged and reads all of it. It
// fails the test for a wrong value, or for an error that does not name the file.
func ask(t *testing.T, e lsm.Engine, files, damaged map[string][]byte, want map[string]string) (refused bool) {
	t.Helper()
	dir := scratch.New(t)
	defer os.RemoveAll(dir)
	name := ""
	for n, data := range files {
		if d, ok := damaged[n]; ok {
			name, data = n, d
		}
		lsmtest.Must(t, os.WriteFile(filepath.Join(dir, n), data, 0o600))
	}
	named := func(err error) bool {
		var c *part.Corrupt
		if !errors.As(err, &c) || filepath.Base(c.File) != name || c.Offset < 0 || c.Offset > int64(len(files[name])) {
			t.Fatalf("%s is damaged, and the error is %v", name, err)
		}
		return true
	}
	s, err := e.Open(dir)
	if err != nil {
		return named(err)
	}
	defer s.(lsm.Abandoner).Abandon() //nolint:errcheck // what is closed here was only read
	for _, k := range lsmtest.Keys() {
		got, ok, err := s.Get(nil, []byte(k))
		if err != nil {
			refused = named(err)
			continue
		}
		if v, have := want[k]; ok != have || string(got) != v {
			t.Fatalf("%s is damaged, and Get(%q) = %q, %v", name, k, got, ok)
		}
	}
	scanned := 0
	err = s.(lsm.Scanner).Scan(func(k, v []byte) bool {
		if v2, have := want[string(k)]; !have || v2 != string(v) {
			t.Fatalf("%s is damaged, and the scan has %q = %q", name, k, v)
		}
		scanned++
		return true
	})
	if err != nil {
		return named(err)
	}
	if scanned != len(want) {
		t.Fatalf("%s is damaged, and the scan has %d entries without an error", name, scanned)
	}
	return refused
}

// ours are the variants whose files are this project's.
func ours(t *testing.T, test func(*testing.T, lsm.Engine)) {
	t.Helper()
	lsmtest.Each(t, lsm.Family.Variants, func(t *testing.T, e lsm.Engine) {
		dir := scratch.Dir(t)
		s, err := e.Open(dir)
		lsmtest.Must(t, err)
		_, is := s.(lsm.Abandoner)
		lsmtest.Must(t, s.Close())
		if !is {
			t.Skip("somebody else's files")
		}
		test(t, e)
	})
}

// Every byte matters: a flipped bit anywhere but in the spare manifest is met
// when the store is opened or read through.
func TestAFlippedBitIsAnErrorThatNamesFileAndOffset(t *testing.T) {
	t.Parallel()
	ours(t, func(t *testing.T, e lsm.Engine) {
		files, want := made(t, e)
		for name, data := range files {
			if strings.HasSuffix(name, ".spare") {
				continue
			}
			for at := 0; at < len(data); at += max(1, len(data)/60) {
				flipped := bytes.Clone(data)
				flipped[at] ^= 1 << (at % 8)
				if !ask(t, e, files, map[string][]byte{name: flipped}, want) {
					t.Fatalf("%s: nobody met the bit flipped in byte %d", name, at)
				}
			}
		}
	})
}

func TestAFileCutShortIsAnErrorThatNamesFileAndOffset(t *testing.T) {
	t.Parallel()
	ours(t, func(t *testing.T, e lsm.Engine) {
		files, want := made(t, e)
		for name, data := range files {
			if strings.HasSuffix(name, ".spare") {
				continue
			}
			for n := 0; n < len(data); n += max(1, len(data)/25) {
				if !ask(t, e, files, map[string][]byte{name: data[:n]}, want) {
					t.Fatalf("%s: nobody met the end at byte %d of %d", name, n, len(data))
				}
			}
		}
	})
}

// A table that shrinks under an open store is met by the read, not by a crash.
func TestATableCutShortWhileOpenIsAnError(t *testing.T) {
	t.Parallel()
	ours(t, func(t *testing.T, e lsm.Engine) {
		dir := scratch.Dir(t)
		s := lsmtest.Open(t, e, dir)
		lsmtest.Must(t, s.Put([]byte("k"), make([]byte, 5000)))
		lsmtest.Must(t, s.Flush())
		tables, err := filepath.Glob(filepath.Join(dir, "*.tbl"))
		lsmtest.Must(t, err)
		lsmtest.Must(t, os.Truncate(tables[0], 100))
		_, _, err = s.Get(nil, []byte("k"))
		var c *part.Corrupt
		if !errors.As(err, &c) || c.File != tables[0] {
			t.Errorf("the error is %v", err)
		}
		lsmtest.Must(t, s.Close())
	})
}

func TestAStoreWithoutItsManifestIsNotTakenForANewOne(t *testing.T) {
	t.Parallel()
	ours(t, func(t *testing.T, e lsm.Engine) {
		dir := scratch.Dir(t)
		s := lsmtest.Open(t, e, dir)
		lsmtest.Must(t, s.Put([]byte("k"), []byte("v")))
		lsmtest.Must(t, s.Close())
		lsmtest.Must(t, os.Remove(filepath.Join(dir, "MANIFEST")))
		if _, err := e.Open(dir); err == nil || !strings.Contains(err.Error(), "no MANIFEST") {
			t.Errorf("the error is %v", err)
		}
	})
}
