package surround

import (
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"go.etcd.io/bbolt"

	"assay/engines/internal/conform"
	"assay/engines/internal/golden"
)

func TestWhatIsNoVoteIsRefusedAndBatchesAreTakenWholeOrNotAtAll(t *testing.T) {
	t.Parallel()
	before := []Vote{{2, 5}, {3, 6}, {3, 9}}
	each(t, func(t *testing.T, variant string) {
		h := open(t, variant, t.TempDir())
		must(t, h.Append(of(7, before...), false))
		for name, x := range map[string]struct {
			bad  Record
			want error
			word string
		}{
			"source beyond target":     {Record{7, Vote{12, 11}}, errVote, "source 12, target 11"},
			"target beyond half":       {Record{7, Vote{4, 1 << 63}}, errVote, "at most 9223372036854775807"},
			"source beyond half":       {Record{7, Vote{1 << 63, 1<<63 + 2}}, errVote, "at most 9223372036854775807"},
			"everything at the top":    {Record{7, Vote{1<<64 - 1, 1<<64 - 1}}, errVote, "at most"},
			"validator beyond all":     {Record{MaxValidators, Vote{4, 12}}, errVote, "numbered from 0 to 1048575"},
			"duplicate":                {Record{7, Vote{4, 10}}, errOrder, "is there already"},
			"a second vote for target": {Record{7, Vote{3, 10}}, errOrder, "targets must rise"},
			"older target":             {Record{7, Vote{4, 8}}, errOrder, "targets must rise"},
			"falling source":           {Record{7, Vote{2, 11}}, errOrder, "surrounds 4>10"},
		} {
			batch := append(of(7, Vote{4, 10}), x.bad)
			err := h.Append(batch, false)
			if !errors.Is(err, x.want) || !strings.Contains(err.Error(), x.word) || !strings.Contains(err.Error(), "record 1, validator") {
				t.Errorf("%s: %v; want %q", name, err, x.word)
			}
			// Had 4>10 been taken, 5>9 would be inside it.
			if found, _, err := h.Check(7, Vote{5, 9}); found != Safe || err != nil {
				t.Fatalf("%s: the first record of the refused batch is there: %v, %v", name, found, err)
			}
			if x.want == errVote {
				if _, _, err := h.Check(x.bad.Validator, x.bad.Vote); !errors.Is(err, errVote) {
					t.Errorf("%s: checked with %v", name, err)
				}
			}
		}
		must(t, h.Append(of(7, Vote{4, 10}), false))
		if found, _, err := h.Check(7, Vote{5, 9}); found != Surrounded || err != nil {
			t.Errorf("after the good batch: %v, %v", found, err)
		}
	})
}

func TestSpansRefuseAHistoryTooWideForATableAndKeepTheOldOne(t *testing.T) {
	t.Parallel()
	h := open(t, "spans", t.TempDir())
	must(t, h.Append(of(0, Vote{10, 20}), false))
	for _, v := range []Vote{{11 + widest, 21 + widest}, {12, 11 + farthest}} {
		if err := h.Append(of(0, Vote{12, 22}, v), false); !errors.Is(err, errWide) {
			t.Errorf("vote %v: %v", v, err)
		}
	}
	if found, _, err := h.Check(0, Vote{11, 21}); found != Safe || err != nil {
		t.Errorf("%v, %v", found, err)
	}
	must(t, h.Append(of(0, Vote{11, 21}), false))
	if found, _, err := h.Check(0, Vote{9, 22}); found != Surrounds || err != nil {
		t.Errorf("%v, %v", found, err)
	}
}

func TestAWorkloadBeyondAllEpochsIsRefused(t *testing.T) {
	t.Parallel()
	room := Family.Erase()
	for _, variant := range []string{"scan", "search"} {
		_, err := conform.Answer(t, room, conform.Case(t, room, "next", variant), conform.Size{Workload: "uniform:9223372036854775807-18446744073709551615", Count: 10, Batches: 1})
		if err == nil || !strings.Contains(err.Error(), "choose a law of smaller keys") {
			t.Errorf("%s: %v", variant, err)
		}
	}
}

// raw writes a file by hand: bucket names to entries.
func raw(t *testing.T, dir string, name string, entries map[string]string) {
	t.Helper()
	db, err := bbolt.Open(filepath.Join(dir, fileName), 0o600, &bbolt.Options{NoSync: true})
	must(t, err)
	must(t, db.Update(func(tx *bbolt.Tx) error {
		b, err := tx.CreateBucketIfNotExists([]byte(name))
		for k, v := range entries {
			err = errors.Join(err, b.Put([]byte(k), []byte(v)))
		}
		return err
	}))
	must(t, db.Close())
}

func be(x ...uint64) string {
	var b []byte
	for _, x := range x {
		b = binary.BigEndian.AppendUint64(b, x)
	}
	return string(b)
}

func le(x uint64) string { return string(binary.LittleEndian.AppendUint64(nil, x)) }

// TestAFileOutOfOrderIsRefusedWhenOpened: two neighbours say nothing about such
// a history, so nobody may ask them.
func TestAFileOutOfOrderIsRefusedWhenOpened(t *testing.T) {
	t.Parallel()
	little := map[string]string{}
	for i := uint64(1); i < 300; i++ {
		little[le(i)] = le(i + 3)
	}
	for name, x := range map[string]struct {
		bucket  string
		entries map[string]string
	}{
		"targets fall while sources rise": {"s\x00\x00\x00\x01", map[string]string{be(1): be(9), be(2): be(8)}},
		"targets of one source fall":      {"s\x00\x00\x00\x01", map[string]string{be(1): be(9, 8)}},
		"a target twice":                  {"s\x00\x00\x00\x01", map[string]string{be(1): be(9), be(2): be(9)}},
		"sources fall while targets rise": {"t\x00\x00\x00\x01", map[string]string{be(8): be(2), be(9): be(1)}},
		"source beyond target":            {"s\x00\x00\x00\x01", map[string]string{be(5): be(4)}},
		"beyond the highest epoch":        {"t\x00\x00\x00\x01", map[string]string{be(1 << 63): be(4)}},
		"keys in little-endian order":     {"s\x00\x00\x00\x00", little},
		"a key of seven bytes":            {"s\x00\x00\x00\x01", map[string]string{"1234567": be(4)}},
		"half a target":                   {"s\x00\x00\x00\x01", map[string]string{be(1): be(4) + "123"}},
		"no target":                       {"s\x00\x00\x00\x01", map[string]string{be(1): ""}},
		"two sources of a target":         {"t\x00\x00\x00\x01", map[string]string{be(9): be(1, 2)}},
		"a bucket of another kind":        {"u\x00\x00\x00\x01", nil},
		"a bucket of another length":      {"s\x00", nil},
	} {
		dir := t.TempDir()
		raw(t, dir, x.bucket, x.entries)
		f := &file{layout: buckets{}}
		if err := f.open(filepath.Join(dir, fileName)); !errors.Is(err, errDamaged) || !strings.Contains(err.Error(), fileName) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestLittleEndianKeysHideASlashableVote is why keys are big-endian: the walk
// from the end meets 255 before 256, and stops.
func TestLittleEndianKeysHideASlashableVote(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	history := []Vote{{255, 258}, {256, 259}}
	raw(t, dir, "s\x00\x00\x00\x00", map[string]string{le(255): le(258), le(256): le(259)})
	db, err := bbolt.Open(filepath.Join(dir, fileName), 0o600, nil)
	must(t, err)
	defer db.Close()
	v := Vote{255, 260} // around 256>259
	if brute(history, v) != Surrounds {
		t.Fatal("the vote is harmless")
	}
	var keys []uint64
	must(t, db.View(func(tx *bbolt.Tx) error {
		c := bucket(tx, bySource, 0).Cursor()
		for k, _ := c.Last(); k != nil; k, _ = c.Prev() {
			keys = append(keys, binary.LittleEndian.Uint64(k))
		}
		return nil
	}))
	if !slices.Equal(keys, []uint64{255, 256}) || keys[0] > v.Source {
		t.Errorf("from the end the sources are %v: the early exit would not hide 256", keys)
	}
}

func TestADamagedFileIsAnErrorAndNoPanic(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, fileName)
	h := open(t, "two-buckets", dir)
	var votes []Vote
	for i := range uint64(3000) {
		votes = append(votes, Vote{i, i + 3})
	}
	must(t, h.Append(of(0, votes...), false))
	must(t, h.Close())
	good, err := os.ReadFile(path)
	must(t, err)
	page := os.Getpagesize()
	for name, damage := range map[string]func([]byte) []byte{
		"no bolt file":         func(b []byte) []byte { return []byte(strings.Repeat("votes ", 5000)) },
		"cut in its data":      func(b []byte) []byte { return b[:6*page] },
		"cut in its first":     func(b []byte) []byte { return b[:page/2] },
		"data of ones":         func(b []byte) []byte { return fill(b, 4*page, 0xff) },
		"data of zeros":        func(b []byte) []byte { return fill(b, 4*page, 0) },
		"both metas destroyed": func(b []byte) []byte { clear(b[:2*page]); return b },
	} {
		path := filepath.Join(t.TempDir(), fileName)
		must(t, os.WriteFile(path, damage(slices.Clone(good)), 0o600))
		f := &file{layout: buckets{}}
		if err := f.open(path); err == nil {
			t.Errorf("%s: the file was opened", name)
		}
	}
	must(t, os.WriteFile(path, good, 0o600))
	f := &file{layout: buckets{}}
	must(t, f.open(path))
	must(t, f.Close())
}

func fill(b []byte, from int, x byte) []byte {
	for i := from; i < len(b); i++ {
		b[i] = x
	}
	return b
}

// FuzzEntriesAreVotesOrErrors reads arbitrary entries: an error, or votes that
// have the very bytes.
func FuzzEntriesAreVotesOrErrors(f *testing.F) {
	f.Add(byte(bySource), []byte(be(1)), []byte(be(4, 5)))
	f.Add(byte(byTarget), []byte(be(4)), []byte(be(1)))
	f.Add(byte(byTarget), []byte(be(4)), []byte(be(1, 2)))
	f.Add(byte(bySource), []byte("1234567"), []byte(""))
	f.Fuzz(func(t *testing.T, kind byte, k, v []byte) {
		if kind != byTarget {
			kind = bySource
		}
		list, err := votes(nil, kind, k, v)
		if err != nil {
			if !errors.Is(err, errDamaged) {
				t.Fatal(err)
			}
			return
		}
		var key, value string
		for _, vote := range list {
			if kind == byTarget {
				key, value = be(vote.Target), value+be(vote.Source)
			} else {
				key, value = be(vote.Source), value+be(vote.Target)
			}
		}
		if key != string(k) || value != string(v) {
			t.Fatalf("% x: % x was read as %v", k, v, list)
		}
	})
}

// FuzzBucketNamesAreOursOrErrors reads arbitrary names.
func FuzzBucketNamesAreOursOrErrors(f *testing.F) {
	f.Add([]byte("s\x00\x00\x01\x02"))
	f.Add([]byte("x"))
	f.Fuzz(func(t *testing.T, name []byte) {
		kind, validator, err := parseName(name)
		if err != nil {
			if !errors.Is(err, errDamaged) {
				t.Fatal(err)
			}
			return
		}
		if back := bucketName(kind, validator); string(back[:]) != string(name) {
			t.Fatalf("% x was read as %c %d", name, kind, validator)
		}
	})
}

func TestEntriesAreLaidOutAsAnnotated(t *testing.T) {
	t.Parallel()
	for variant, notes := range map[string][]string{
		"seek": {
			"bucket: sources of validator 0x102", "source 1", "target 4",
			"source 0x102: little-endian it would come first", "target 0x105", "target 0x106: the source stood still",
		},
		"seek-target": {
			"bucket: targets of validator 0x102", "target 4", "source 1",
			"target 0x105", "source 0x102", "target 0x106", "source 0x102",
		},
	} {
		h := open(t, variant, t.TempDir())
		must(t, h.Append(of(0x102, Vote{1, 4}, Vote{0x102, 0x105}), false))
		must(t, h.Append(of(0x102, Vote{0x102, 0x106}), false))
		var fields []golden.Field
		add := func(b []byte) {
			if len(fields) < len(notes) {
				fields = append(fields, golden.Field{Bytes: slices.Clone(b), Note: notes[len(fields)]})
				return
			}
			t.Errorf("%s: bytes without a note: % x", variant, b)
		}
		must(t, h.(*file).db.View(func(tx *bbolt.Tx) error {
			return tx.ForEach(func(name []byte, b *bbolt.Bucket) error {
				add(name)
				return b.ForEach(func(k, v []byte) error {
					add(k)
					for epoch := range slices.Chunk(v, epochBytes) {
						add(epoch)
					}
					return nil
				})
			})
		}))
		golden.Compare(t, "testdata/"+variant+".golden", *rewrite, fields)
	}
}

// TestWrittenIsWhatTheKernelWasGiven compares the count with the system's own,
// of all write calls of this process. It does not run beside others.
func TestWrittenIsWhatTheKernelWasGiven(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("needs /proc/self/io")
	}
	for _, variant := range []string{"two-buckets", "seek-target", "seek-block"} {
		h := open(t, variant, t.TempDir())
		s := one([]Vote{{0, 3}})
		for range 5 {
			counted, real := h.Written(), handed(t)
			must(t, h.Append(s.take(batchSize), false))
			counted, real = h.Written()-counted, handed(t)-real
			if off := real - counted; off < 0 || off > 512 { // the runtime wakes its threads by writing a few bytes
				t.Errorf("%s: %d bytes counted, the system saw %d", variant, counted, real)
			}
		}
	}
}

func handed(t *testing.T) int64 {
	t.Helper()
	b, err := os.ReadFile("/proc/self/io")
	must(t, err)
	_, rest, _ := strings.Cut(string(b), "wchar: ")
	digits, _, _ := strings.Cut(rest, "\n")
	n, err := strconv.ParseInt(digits, 10, 64)
	must(t, err)
	return n
}
