package lsm

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"assay/runner/lab"
	"assay/workloads"
)

// small is what variants are made for in these tests: memtables of a few
// entries, so that a short run of operations meets many tables.
func small(t testing.TB) *lab.Env {
	t.Helper()
	spec, err := workloads.Parse(zeros)
	if err != nil {
		t.Fatal(err)
	}
	data, err := spec.Load(1, 300)
	if err != nil {
		t.Fatal(err)
	}
	return &lab.Env{Workload: spec, Data: data, Seed: 1, Dir: t.TempDir()}
}

// each runs a test on the engine of every variant but null.
func each(t *testing.T, test func(*testing.T, Engine)) {
	t.Helper()
	env := small(t)
	for _, v := range Family.Variants {
		if v.Null {
			continue
		}
		t.Run(v.Name, func(t *testing.T) {
			t.Parallel()
			e, err := v.New(env)
			if err != nil {
				t.Fatal(err)
			}
			test(t, e)
		})
	}
}

// failer is a *testing.T or a *rapid.T, which shrinks what failed.
type failer interface {
	Helper()
	Fatal(...any)
	Fatalf(string, ...any)
}

func must(t failer, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// reopen opens a store that is used as a program uses it that reuses its buffers.
func reopen(t failer, e Engine, dir string) scribbler {
	t.Helper()
	s, err := e.Open(dir)
	must(t, err)
	return scribbler{s}
}

// scribbler overwrites what a store was given as soon as the call is over: a
// store that keeps a reference answers wrongly.
type scribbler struct{ Store }

func (s scribbler) Put(key, value []byte) error {
	key, value = bytes.Clone(key), bytes.Clone(value)
	err := s.Store.Put(key, value)
	clear(key)
	clear(value)
	return err
}

func (s scribbler) Compact() error { return squeeze(s.Store) }

func (s scribbler) Delete(key []byte) error {
	key = bytes.Clone(key)
	err := s.Store.Delete(key)
	clear(key)
	return err
}

// holds compares a store with a map: every key, some that are absent, and the scan.
func holds(t failer, s scribbler, want map[string]string) {
	t.Helper()
	for k, v := range want {
		got, ok, err := s.Get([]byte("before"), []byte(k))
		if err != nil || !ok || string(got) != "before"+v {
			t.Fatalf("Get(%.20q) = %d bytes, %v, %v; want %d bytes", k, len(got), ok, err, len("before"+v))
		}
		if _, have := want[k+"\x00"]; !have {
			if got, ok, err := s.Get(nil, []byte(k+"\x00")); ok || err != nil || len(got) > 0 {
				t.Fatalf("Get of the absent key behind %.20q = %d bytes, %v, %v", k, len(got), ok, err)
			}
		}
	}
	scanned := map[string]string{}
	last := ""
	must(t, s.Store.(Scanner).Scan(func(k, v []byte) bool {
		if string(k) <= last {
			t.Fatalf("the scan goes from %.20q back to %.20q", last, k)
		}
		last = string(k)
		scanned[last] = string(v)
		return true
	}))
	if !maps.Equal(scanned, want) {
		t.Fatalf("the scan has %d entries, want %d, or other values", len(scanned), len(want))
	}
}

// Few keys, so that they are replaced and deleted often; prefixes of each other,
// so that a comparison of heads or of shared prefixes alone goes wrong.
var drawnKeys = []string{
	"a", "aa", "aaa", "aaaaaaaa", "aaaaaaaaa", "aaaaaaaa\x00", "aaaaaaaaaaaaaaaab", "ab", "b", "\x00", "\x00\x00", "\xff", "\xff\xff\xff\xff\xff\xff\xff\xff\xff",
	"key_1", "key_10", "key_100", "key_1000", "key_2", "key_3", "key_31", "z",
}

// action is one drawn operation.
type action struct {
	op         string
	key, value string
}

func actions() *rapid.Generator[[]action] {
	ops := []string{"put", "put", "put", "put", "put", "delete", "delete", "flush", "compact", "reopen"}
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) action {
		return action{
			rapid.SampledFrom(ops).Draw(t, "op"), rapid.SampledFrom(drawnKeys).Draw(t, "key"),
			string(rapid.SliceOfN(rapid.Byte(), 0, 300).Draw(t, "value")),
		}
	}), 1, 30)
}

func TestEveryVariantAnswersAsAMapUnderRandomOperations(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, e Engine) {
		rapid.Check(t, func(r *rapid.T) {
			dir := quickDir(t)
			defer os.RemoveAll(dir)
			want, s := map[string]string{}, reopen(r, e, dir)
			for _, a := range actions().Draw(r, "actions") {
				switch a.op {
				case "put":
					must(r, s.Put([]byte(a.key), []byte(a.value)))
					want[a.key] = a.value
					continue
				case "delete":
					must(r, s.Delete([]byte(a.key)))
					delete(want, a.key)
				case "flush":
					must(r, s.Flush())
				case "compact":
					must(r, s.Compact())
				case "reopen":
					must(r, s.Close())
					s = reopen(r, e, dir)
				}
				holds(r, s, want)
			}
			holds(r, s, want)
			must(r, s.Close())
		})
	})
}

// quickDir is a folder in memory where the system has a place for that: ext4 is
// slow at thousands of files that come and go.
func quickDir(t *testing.T) string {
	t.Helper()
	for _, place := range []string{"/dev/shm", ""} {
		if dir, err := os.MkdirTemp(place, "lsm"); err == nil {
			return dir
		}
	}
	t.Fatal("no temporary folder can be made")
	return ""
}

func TestEmptyAndLargeValuesComeBack(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, e Engine) {
		dir := tempDir(t)
		s := reopen(t, e, dir)
		large := bytes.Repeat([]byte("0123456789abcdef"), 1<<16)
		want := map[string]string{"empty": "", "large": string(large), "small": "x", "larger": string(large) + "y"}
		for _, k := range slices.Sorted(maps.Keys(want)) {
			must(t, s.Put([]byte(k), []byte(want[k])))
		}
		holds(t, s, want)
		must(t, s.Flush())
		holds(t, s, want)
		must(t, s.Compact())
		holds(t, s, want)
		must(t, s.Close())
		s = reopen(t, e, dir)
		holds(t, s, want)
		must(t, s.Close())
	})
}

func TestTheNewestTableAnswersFirst(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, e Engine) {
		s := reopen(t, e, tempDir(t))
		for _, v := range []string{"old", "newer", "newest"} {
			must(t, s.Put([]byte("k"), []byte(v)))
			must(t, s.Flush())
			holds(t, s, map[string]string{"k": v})
		}
		must(t, s.Close())
	})
}

func TestCompactionKeepsTheKeyBeforeADeletedOne(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, e Engine) {
		s := reopen(t, e, tempDir(t))
		for _, k := range []string{"a", "b", "c"} {
			must(t, s.Put([]byte(k), []byte(k)))
		}
		must(t, s.Flush())
		must(t, s.Delete([]byte("b")))
		must(t, s.Flush())
		must(t, s.Compact())
		holds(t, s, map[string]string{"a": "a", "c": "c"})
		must(t, s.Close())
	})
}

func TestCompactingAwayEverythingLeavesAnEmptyStore(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, e Engine) {
		dir := tempDir(t)
		s := reopen(t, e, dir)
		must(t, s.Compact())
		must(t, s.Put([]byte("a"), []byte("b")))
		must(t, s.Flush())
		must(t, s.Delete([]byte("a")))
		must(t, s.Flush())
		must(t, s.Compact())
		holds(t, s, nil)
		must(t, s.Close())
		s = reopen(t, e, dir)
		holds(t, s, nil)
		must(t, s.Put([]byte("a"), []byte("c")))
		must(t, s.Flush())
		must(t, s.Compact())
		holds(t, s, map[string]string{"a": "c"})
		must(t, s.Close())
	})
}

func TestManyTablesAnswerLikeOne(t *testing.T) {
	t.Parallel()
	env := small(t)
	each(t, func(t *testing.T, e Engine) {
		s := reopen(t, e, tempDir(t))
		want := map[string]string{}
		for _, en := range env.Data.Entries {
			k, v := env.Data.AppendKey(nil, en), env.Data.AppendValue(nil, en)
			must(t, s.Put(k, v))
			want[string(k)] = string(v)
		}
		must(t, s.Flush())
		holds(t, s, want)
		must(t, s.Compact())
		holds(t, s, want)
		must(t, s.Close())
	})
}

func TestASecondHandleOnAFolderIsRefused(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, e Engine) {
		dir := tempDir(t)
		s := reopen(t, e, dir)
		if second, err := e.Open(dir); err == nil {
			second.Close()
			t.Fatal("two handles on one folder")
		}
		must(t, s.Put([]byte("k"), []byte("v")))
		must(t, s.Close())
		s = reopen(t, e, dir)
		holds(t, s, map[string]string{"k": "v"})
		must(t, s.Close())
	})
}

// A file that takes the folder's place stands for any folder that cannot be used.
func TestAFolderThatIsNoneIsRefused(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, e Engine) {
		path := filepath.Join(tempDir(t), "file")
		must(t, os.WriteFile(path, nil, 0o600))
		if s, err := e.Open(path); err == nil {
			s.Close()
			t.Fatal("a file was opened as a folder")
		}
	})
}

func TestAnEmptyKeyIsRefusedWhereTheContractSaysSo(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, e Engine) {
		s := reopen(t, e, tempDir(t))
		if _, ours := s.Store.(Counter); ours && (s.Put(nil, []byte("v")) == nil || s.Delete(make([]byte, 1<<16)) == nil) {
			t.Error("a key outside 1 to 32768 bytes was taken")
		}
		must(t, s.Close())
	})
}
