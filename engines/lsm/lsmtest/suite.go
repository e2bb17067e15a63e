package lsmtest

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"assay/engines/lsm"
	"assay/engines/lsm/internal/scratch"
	"assay/runner/lab"
)

// Conform holds every variant but null to the contract of the family.
func Conform(t *testing.T, variants []lab.Variant[lsm.Engine]) {
	t.Helper()
	for _, part := range []struct {
		name string
		test func(*testing.T, lsm.Engine)
	}{
		{"answers as a map under random operations", answersAsAMapUnderRandomOperations},
		{"empty and large values come back", emptyAndLargeValuesComeBack},
		{"the newest table answers first", theNewestTableAnswersFirst},
		{"compaction keeps the key before a deleted one", compactionKeepsTheKeyBeforeADeletedOne},
		{"compacting away everything leaves an empty store", compactingAwayEverythingLeavesAnEmptyStore},
		{"many tables answer like one", manyTablesAnswerLikeOne},
		{"a second handle on a folder is refused", aSecondHandleOnAFolderIsRefused},
		{"a folder that is none is refused", aFolderThatIsNoneIsRefused},
		{"a key outside the limits is refused", aKeyOutsideTheLimitsIsRefused},
	} {
		t.Run(part.name, func(t *testing.T) {
			t.Parallel()
			Each(t, variants, part.test)
		})
	}
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
			rapid.SampledFrom(ops).Draw(t, "op"), rapid.SampledFrom(Keys()).Draw(t, "key"),
			string(rapid.SliceOfN(rapid.Byte(), 0, 300).Draw(t, "value")),
		}
	}), 1, 30)
}

func answersAsAMapUnderRandomOperations(t *testing.T, e lsm.Engine) {
	rapid.Check(t, func(r *rapid.T) {
		dir := scratch.New(t)
		defer os.RemoveAll(dir)
		want, s := map[string]string{}, Open(r, e, dir)
		for _, a := range actions().Draw(r, "actions") {
			switch a.op {
			case "put":
				Must(r, s.Put([]byte(a.key), []byte(a.value)))
				want[a.key] = a.value
				continue
			case "delete":
				Must(r, s.Delete([]byte(a.key)))
				delete(want, a.key)
			case "flush":
				Must(r, s.Flush())
			case "compact":
				Must(r, s.Compact())
			case "reopen":
				Must(r, s.Close())
				s = Open(r, e, dir)
			}
			holds(r, s, want)
		}
		holds(r, s, want)
		Must(r, s.Close())
	})
}

func emptyAndLargeValuesComeBack(t *testing.T, e lsm.Engine) {
	dir := scratch.Dir(t)
	s := Open(t, e, dir)
	large := bytes.Repeat([]byte("0123456789abcdef"), 1<<16)
	want := map[string]string{"empty": "", "large": string(large), "small": "x", "larger": string(large) + "y"}
	for _, k := range slices.Sorted(maps.Keys(want)) {
		Must(t, s.Put([]byte(k), []byte(want[k])))
	}
	holds(t, s, want)
	Must(t, s.Flush())
	holds(t, s, want)
	Must(t, s.Compact())
	holds(t, s, want)
	Must(t, s.Close())
	s = Open(t, e, dir)
	holds(t, s, want)
	Must(t, s.Close())
}

func theNewestTableAnswersFirst(t *testing.T, e lsm.Engine) {
	s := Open(t, e, scratch.Dir(t))
	for _, v := range []string{"old", "newer", "newest"} {
		Must(t, s.Put([]byte("k"), []byte(v)))
		Must(t, s.Flush())
		holds(t, s, map[string]string{"k": v})
	}
	Must(t, s.Close())
}

func compactionKeepsTheKeyBeforeADeletedOne(t *testing.T, e lsm.Engine) {
	s := Open(t, e, scratch.Dir(t))
	for _, k := range []string{"a", "b", "c"} {
		Must(t, s.Put([]byte(k), []byte(k)))
	}
	Must(t, s.Flush())
	Must(t, s.Delete([]byte("b")))
	Must(t, s.Flush())
	Must(t, s.Compact())
	holds(t, s, map[string]string{"a": "a", "c": "c"})
	Must(t, s.Close())
}

func compactingAwayEverythingLeavesAnEmptyStore(t *testing.T, e lsm.Engine) {
	dir := scratch.Dir(t)
	s := Open(t, e, dir)
	Must(t, s.Compact())
	Must(t, s.Put([]byte("a"), []byte("b")))
	Must(t, s.Flush())
	Must(t, s.Delete([]byte("a")))
	Must(t, s.Flush())
	Must(t, s.Compact())
	holds(t, s, nil)
	Must(t, s.Close())
	s = Open(t, e, dir)
	holds(t, s, nil)
	Must(t, s.Put([]byte("a"), []byte("c")))
	Must(t, s.Flush())
	Must(t, s.Compact())
	holds(t, s, map[string]string{"a": "c"})
	Must(t, s.Close())
}

func manyTablesAnswerLikeOne(t *testing.T, e lsm.Engine) {
	env := Env(t)
	s := Open(t, e, scratch.Dir(t))
	want := map[string]string{}
	for _, en := range env.Data.Entries {
		k, v := env.Data.AppendKey(nil, en), env.Data.AppendValue(nil, en)
		Must(t, s.Put(k, v))
		want[string(k)] = string(v)
	}
	Must(t, s.Flush())
	holds(t, s, want)
	Must(t, s.Compact())
	holds(t, s, want)
	Must(t, s.Close())
}

func aSecondHandleOnAFolderIsRefused(t *testing.T, e lsm.Engine) {
	dir := scratch.Dir(t)
	s := Open(t, e, dir)
	if second, err := e.Open(dir); err == nil {
		second.Close()
		t.Fatal("two handles on one folder")
	}
	Must(t, s.Put([]byte("k"), []byte("v")))
	Must(t, s.Close())
	s = Open(t, e, dir)
	holds(t, s, map[string]string{"k": "v"})
	Must(t, s.Close())
}

// A file that takes the folder's place stands for any folder that cannot be used.
func aFolderThatIsNoneIsRefused(t *testing.T, e lsm.Engine) {
	path := filepath.Join(scratch.Dir(t), "file")
	Must(t, os.WriteFile(path, nil, 0o600))
	if s, err := e.Open(path); err == nil {
		s.Close()
		t.Fatal("a file was opened as a folder")
	}
}

func aKeyOutsideTheLimitsIsRefused(t *testing.T, e lsm.Engine) {
	s := Open(t, e, scratch.Dir(t))
	if _, ours := s.Store.(lsm.Counter); ours && (s.Put(nil, []byte("v")) == nil || s.Delete(make([]byte, 1<<16)) == nil) {
		t.Error("a key outside 1 to 32768 bytes was taken")
	}
	Must(t, s.Close())
}
