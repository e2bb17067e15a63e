package surround

import (
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.etcd.io/bbolt"

	"assay/engines/internal/golden"
	"assay/runner/lab"
)

// TestASeekFindsBothNeighboursAtTheEdgesOfBlocks asks for every target of
// histories of several blocks, also where targets have gaps or sources stand.
func TestASeekFindsBothNeighboursAtTheEdgesOfBlocks(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(5, 6))
	h := open(t, "seek-block", t.TempDir())
	for who, widths := range [][2]uint64{{1, 0}, {0, 0}, {1, 2}, {300, 300}} {
		history := grown(rng, Vote{5, 20}, 4*blockVotes, widths[0], widths[1])
		for rest := history; len(rest) > 0; { // so that blocks end inside batches, and with them
			n := min(len(rest), blockVotes-repeated, 1+rng.IntN(2*blockVotes))
			must(t, h.Append(of(uint32(who), rest[:n]...), false))
			rest = rest[n:]
		}
		for i, old := range history {
			for target := old.Target - 1; target <= old.Target+1; target++ {
				for _, source := range []uint64{0, history[max(i, 3)-3].Source, old.Source, old.Source + 1, min(old.Source+40, target)} {
					v := Vote{min(source, target), target}
					if found, _, err := h.Check(uint32(who), v); err != nil || found != brute(history, v) {
						t.Fatalf("validator %d, vote %v: %v, %v; brute force says %v", who, v, found, err, brute(history, v))
					}
				}
			}
		}
	}
}

func TestBlocksAreLaidOutAsAnnotated(t *testing.T) {
	t.Parallel()
	h := open(t, "seek-block", t.TempDir())
	must(t, h.Append(of(0x102, Vote{1, 4}, Vote{0x102, 0x105}), false))
	must(t, h.Append(of(0x102, Vote{0x102, 0x20106}), false))
	must(t, h.Append(of(0x103, Vote{7, 9}), false))
	type part struct {
		bytes int
		note  string
	}
	entries := [][]part{{
		{4, "validator 0x102"},
		{8, "his latest votes"},
		{1, "3 votes"},
		{1, "3 bytes for each target"},
		{1, "2 bytes for each source"},
		{8, "first target 4"},
		{8, "first source 1"},
		{3, "target 4"},
		{3, "target 0x105"},
		{3, "target 0x20106"},
		{2, "source 1"},
		{2, "source 0x102"},
		{2, "source 0x102: it stood still"},
	}, {
		{4, "validator 0x103"},
		{8, "his latest votes"},
		{1, "1 vote"},
		{1, "no bytes for a target"},
		{1, "nor for a source"},
		{8, "first target 9"},
		{8, "first source 7"},
	}}
	fields := []golden.Field{{Bytes: []byte(blocksName), Note: "bucket of all validators"}}
	must(t, h.(*file).db.View(func(tx *bbolt.Tx) error {
		return tx.Bucket([]byte(blocksName)).ForEach(func(k, v []byte) error {
			b := slices.Concat(k, v)
			for _, p := range entries[0] {
				fields = append(fields, golden.Field{Bytes: b[:p.bytes], Note: p.note})
				b = b[p.bytes:]
			}
			if len(b) > 0 {
				t.Errorf("bytes without a note: % x", b)
			}
			entries = entries[1:]
			return nil
		})
	}))
	golden.Compare(t, "testdata/seek-block.golden", *rewrite, fields)
}

// entry is a block at its key.
func entry(validator uint32, target uint64, votes ...Vote) (key, value string) {
	k := blockKey(validator, target)
	return string(k[:]), string(appendBlock(nil, votes))
}

// stairs is a history of so many votes.
func stairs(from, n uint64) (votes []Vote) {
	for i := range n {
		votes = append(votes, Vote{from + i, from + i + 3})
	}
	return votes
}

func TestBlocksThatAreNoHistoryAreRefusedWhenOpened(t *testing.T) {
	t.Parallel()
	full, rest := stairs(0, blockVotes), stairs(blockVotes-repeated, 5)
	end := full[blockVotes-1].Target
	whole := func() map[string]string {
		m := map[string]string{}
		for validator := range uint32(2) {
			k, v := entry(validator, end, full...)
			m[k] = v
			k, v = entry(validator, latest, rest...)
			m[k] = v
		}
		return m
	}
	set := func(change func(m map[string]string)) map[string]string { m := whole(); change(m); return m }
	put := func(validator uint32, target uint64, votes ...Vote) map[string]string {
		return set(func(m map[string]string) { k, v := entry(validator, target, votes...); m[k] = v })
	}
	first, _ := entry(0, end, full...)
	tail, tailValue := entry(1, latest, rest...)
	cases := map[string]struct {
		entries map[string]string
		word    string
	}{
		"no latest block between":  {set(func(m map[string]string) { k, _ := entry(0, latest, rest...); delete(m, k) }), "validator 0 has no latest block"},
		"no latest block at last":  {set(func(m map[string]string) { delete(m, tail) }), "validator 1 has no latest block"},
		"a block cut short":        {set(func(m map[string]string) { m[tail] = tailValue[:len(tailValue)-1] }), "its header wants"},
		"a block of a byte":        {set(func(m map[string]string) { m[tail] = "x" }), "a block of 1 bytes"},
		"no votes":                 {set(func(m map[string]string) { m[tail] = "\x00" + tailValue[1:] }), "a block of 0 votes"},
		"a width of nine":          {set(func(m map[string]string) { m[tail] = tailValue[:1] + "\x09" + tailValue[2:] }), "9 bytes for each target"},
		"wider than it need be":    {set(func(m map[string]string) { m[tail] = "\x01\x01" + "\x00" + be(9, 7) + "\x00" }), "wider distances"},
		"targets fall":             {put(1, latest, rest[0], rest[1], Vote{200, 210}, Vote{200, 205}), "targets must rise"},
		"sources fall":             {put(1, latest, rest[0], rest[1], Vote{200, 210}, Vote{199, 211}), "sources must not fall"},
		"source beyond target":     {put(2, latest, Vote{5, 4}), "source 5, target 4"},
		"beyond the highest epoch": {put(2, latest, Vote{5, 1 << 63}), "at most 9223372036854775807"},
		"at another target":        {set(func(m map[string]string) { k, v := entry(0, end+1, full...); delete(m, first); m[k] = v }), "stands at target"},
		"a part of a block behind": {put(0, full[50].Target, full[:51]...), "a block of 51 votes"},
		"nothing repeated":         {put(1, latest, stairs(blockVotes, 5)...), "does not begin with the last votes"},
		"nothing but repeated":     {put(1, latest, rest[:2]...), "does not begin with the last votes"},
		"too many validators":      {put(MaxValidators, latest, Vote{1, 4}), "numbered from 0"},
		"a key of seven bytes":     {set(func(m map[string]string) { m["1234567"] = tailValue }), "has 7 bytes"},
	}
	for name, x := range cases {
		dir := t.TempDir()
		raw(t, dir, blocksName, x.entries)
		f := &file{layout: blocks{}}
		if err := f.open(filepath.Join(dir, fileName)); !errors.Is(err, errDamaged) || !strings.Contains(err.Error(), fileName) || !strings.Contains(err.Error(), x.word) {
			t.Errorf("%s: %v; want %q", name, err, x.word)
		}
	}
	dir := t.TempDir()
	raw(t, dir, blocksName, whole())
	must(t, open(t, "seek-block", dir).Append(of(1, Vote{300, 303}), false))
}

func TestAFileWithoutBlocksIsRefusedWhenOpened(t *testing.T) {
	t.Parallel()
	for name, damage := range map[string]func(dir string){
		"a bucket of another layout": func(dir string) { raw(t, dir, "t\x00\x00\x00\x01", map[string]string{be(9): be(1)}) },
		"no bolt file": func(dir string) {
			must(t, os.WriteFile(filepath.Join(dir, fileName), []byte(strings.Repeat("votes ", 5000)), 0o600))
		},
	} {
		dir := t.TempDir()
		damage(dir)
		if _, err := newBlocks(&lab.Env{Dir: dir}); err == nil || !strings.Contains(err.Error(), fileName) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestABlockDamagedWhileOpenIsAnErrorThatNamesTheFile: nobody else can write the
// file then, but a disk can.
func TestABlockDamagedWhileOpenIsAnErrorThatNamesTheFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	h := open(t, "seek-block", dir).(*file)
	must(t, h.Append(of(0, stairs(0, 5)...), false))
	key, value := entry(0, latest, stairs(0, 5)...)
	for _, damaged := range []string{"", value[:3], value[:len(value)-1], value + "x", "\xff" + value[1:]} {
		must(t, h.db.Update(func(tx *bbolt.Tx) error { return tx.Bucket([]byte(blocksName)).Put([]byte(key), []byte(damaged)) }))
		if _, _, err := h.Check(0, Vote{2, 9}); !errors.Is(err, errDamaged) || !strings.Contains(err.Error(), filepath.Join(dir, fileName)+": damaged history: a block of ") {
			t.Errorf("check of %q: %v", damaged, err)
		}
		if err := h.Append(of(0, Vote{20, 23}), false); !errors.Is(err, errDamaged) || !strings.Contains(err.Error(), fileName) {
			t.Errorf("append to %q: %v", damaged, err)
		}
	}
}

// FuzzBlocksAreVotesOrErrors reads arbitrary values: an error, or votes that have
// the very bytes, and that are judged as brute force does. Those that only look
// like a block are searched without a panic.
func FuzzBlocksAreVotesOrErrors(f *testing.F) {
	f.Add(appendBlock(nil, stairs(0, blockVotes)), uint64(3), uint64(9))
	f.Add(appendBlock(nil, []Vote{{1, 4}, {1, 1 << 40}, {1 << 30, 1 << 62}}), uint64(1), uint64(MaxEpoch))
	f.Add(appendBlock(nil, []Vote{{MaxEpoch, MaxEpoch}}), uint64(0), uint64(0))
	f.Add(binary.BigEndian.AppendUint64([]byte{127, 8, 8}, 1<<64-1), uint64(1), uint64(2))
	f.Fuzz(func(t *testing.T, value []byte, source, target uint64) {
		v := Vote{source, target}
		b, err := parseBlock(value)
		list, wrong := decodeBlock(nil, value)
		if err != nil {
			if !errors.Is(err, errDamaged) || wrong == nil {
				t.Fatal(err, wrong)
			}
			return
		}
		found, _ := b.check(v)
		if wrong != nil {
			if !errors.Is(wrong, errDamaged) {
				t.Fatal(wrong)
			}
			return
		}
		if again := appendBlock(nil, list); string(again) != string(value) {
			t.Fatalf("% x was read as %v", value, list)
		}
		if v.check() == nil && found != brute(list, v) {
			t.Fatalf("vote %v in %v: %v", v, list, found)
		}
	})
}
