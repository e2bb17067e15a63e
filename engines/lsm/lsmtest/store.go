// Package lsmtest is the conformance suite of the family lsm: what every store
// behind its contract is held to, those of other modules as well.
package lsmtest

import (
	"bytes"
	"maps"
	"testing"

	"assay/engines/lsm"
	"assay/runner/lab"
	"assay/workloads"
)

// Keys are few, so that they are replaced and deleted often, and prefixes of each
// other, so that a comparison of heads or of shared prefixes alone goes wrong.
func Keys() []string {
	return []string{
		"a", "aa", "aaa", "aaaaaaaa", "aaaaaaaaa", "aaaaaaaa\x00", "aaaaaaaaaaaaaaaab", "ab", "b", "\x00", "\x00\x00", "\xff", "\xff\xff\xff\xff\xff\xff\xff\xff\xff",
		"key_1", "key_10", "key_100", "key_1000", "key_2", "key_3", "key_31", "z",
	}
}

// Env is what variants are made for in these tests: memtables of a few entries,
// so that a short run of operations meets many tables.
func Env(t testing.TB) *lab.Env {
	t.Helper()
	spec, err := workloads.Parse("sequential,keyformat=key_,valuesize=128")
	if err != nil {
		t.Fatal(err)
	}
	data, err := spec.Load(1, 300)
	if err != nil {
		t.Fatal(err)
	}
	return &lab.Env{Workload: spec, Data: data, Seed: 1, Dir: t.TempDir()}
}

// Each runs a test on the engine of every variant but null.
func Each(t *testing.T, variants []lab.Variant[lsm.Engine], test func(*testing.T, lsm.Engine)) {
	t.Helper()
	env := Env(t)
	for _, v := range variants {
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

// Failer is a *testing.T or a *rapid.T, which shrinks what failed.
type Failer interface {
	Helper()
	Fatal(...any)
	Fatalf(string, ...any)
}

// Must fails the test for an error.
func Must(t Failer, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Open opens a store that is used as a program uses it that reuses its buffers.
func Open(t Failer, e lsm.Engine, dir string) Scribbler {
	t.Helper()
	s, err := e.Open(dir)
	Must(t, err)
	return Scribbler{s}
}

// Scribbler overwrites what a store was given as soon as the call is over: a
// store that keeps a reference answers wrongly.
type Scribbler struct{ lsm.Store }

// Put puts and overwrites.
func (s Scribbler) Put(key, value []byte) error {
	key, value = bytes.Clone(key), bytes.Clone(value)
	err := s.Store.Put(key, value)
	clear(key)
	clear(value)
	return err
}

// Compact compacts: every variant can.
func (s Scribbler) Compact() error { return s.Store.(lsm.Compacter).Compact() }

// Delete deletes and overwrites.
func (s Scribbler) Delete(key []byte) error {
	key = bytes.Clone(key)
	err := s.Store.Delete(key)
	clear(key)
	return err
}

// holds compares a store with a map: every key, some that are absent, and the scan.
func holds(t Failer, s Scribbler, want map[string]string) {
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
	Must(t, s.Store.(lsm.Scanner).Scan(func(k, v []byte) bool {
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
