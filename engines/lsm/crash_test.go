package lsm_test

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"

	"assay/engines/lsm"
	"assay/engines/lsm/internal/scratch"
	"assay/engines/lsm/lsmtest"
	"assay/runner/lab"
	"assay/workloads"
)

// victim names, for a re-executed test binary, what it is to do until it is killed.
const victim = "ASSAY_LSM_VICTIM"

// TestMain lets this binary be the process that is killed.
func TestMain(m *testing.M) {
	if os.Getenv(victim) != "" {
		if err := die(os.Getenv(victim), os.Args[1], os.Args[2]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

const victimEntries = 8_000 // in 49 memtables

func victimStore(variant, dir string) (lsm.Store, *workloads.Data, error) {
	spec, err := workloads.Parse("sequential,keyformat=key_,valuesize=128")
	if err != nil {
		return nil, nil, err
	}
	data, err := spec.Load(1, victimEntries)
	if err != nil {
		return nil, nil, err
	}
	for _, v := range lsm.Family.Variants {
		if v.Name != variant {
			continue
		}
		e, err := v.New(&lab.Env{Workload: spec, Data: data, Seed: 1})
		if err != nil {
			return nil, nil, err
		}
		s, err := e.Open(dir)
		return s, data, err
	}
	return nil, nil, fmt.Errorf("no variant %q", variant)
}

// die puts everything, says so, and then flushes, or compacts again and again,
// until it is killed.
func die(what, variant, dir string) error {
	orphaned := make(chan struct{})
	go func() {
		io.Copy(io.Discard, os.Stdin) //nolint:errcheck // any end is the end of the test
		close(orphaned)
		os.Exit(1)
	}()
	s, data, err := victimStore(variant, dir)
	if err != nil {
		return err
	}
	var key, value []byte
	for _, e := range data.Entries {
		key, value = data.AppendKey(key[:0], e), data.AppendValue(value[:0], e)
		if err := s.Put(key, value); err != nil {
			return err
		}
	}
	if what == "compact" {
		if err := s.Flush(); err != nil {
			return err
		}
	}
	fmt.Println("ready")
	if what == "flush" {
		if err := s.Flush(); err != nil {
			return err
		}
	}
	for what == "compact" {
		if err := s.(lsm.Compacter).Compact(); err != nil {
			return err
		}
	}
	<-orphaned
	return nil
}

// kill runs a victim up to the word ready and kills it once the condition holds.
func kill(t *testing.T, what, variant, dir string, when func() bool) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], variant, dir)
	cmd.Env = append(os.Environ(), victim+"="+what)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe() // held open: a victim outlives no test
	lsmtest.Must(t, err)
	defer in.Close()
	out, err := cmd.StdoutPipe()
	lsmtest.Must(t, err)
	lsmtest.Must(t, cmd.Start())
	lines := bufio.NewScanner(out)
	if !lines.Scan() || lines.Text() != "ready" {
		t.Fatalf("the victim says %q, %v", lines.Text(), cmd.Wait())
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	for !when() {
		select {
		case err := <-ended:
			t.Fatalf("the victim ended by itself: %v", err)
		default:
			runtime.Gosched()
		}
	}
	lsmtest.Must(t, cmd.Process.Kill())
	if err := <-ended; err == nil {
		t.Fatal("the victim ended by itself")
	}
}

func tables(t *testing.T, dir string) int {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.tbl"))
	lsmtest.Must(t, err)
	return len(files)
}

// eachOfOurs runs a test on the names of the variants that are this project's.
func eachOfOurs(t *testing.T, test func(t *testing.T, variant string)) {
	t.Helper()
	for _, v := range lsm.Family.Variants {
		if !v.Null && !v.Peer {
			t.Run(v.Name, func(t *testing.T) {
				t.Parallel()
				test(t, v.Name)
			})
		}
	}
}

// firstKeys checks that a store holds the first so many entries of the data and
// nothing else, and returns how many.
func firstKeys(t *testing.T, s lsm.Store, data *workloads.Data) int {
	t.Helper()
	held := 0
	for i, e := range data.Entries {
		got, ok, err := s.Get(nil, data.AppendKey(nil, e))
		lsmtest.Must(t, err)
		if ok && string(got) != string(data.AppendValue(nil, e)) {
			t.Fatalf("entry %d has another value", i)
		}
		if ok && held != i {
			t.Fatalf("entry %d is there and entry %d is not", i, held)
		}
		if ok {
			held++
		}
	}
	scanned := 0
	lsmtest.Must(t, s.(lsm.Scanner).Scan(func(_, _ []byte) bool { scanned++; return true }))
	if scanned != held {
		t.Fatalf("the scan has %d entries, Get finds %d", scanned, held)
	}
	return held
}

func TestAKillInMidFlushLeavesAllTablesCompletedBefore(t *testing.T) {
	t.Parallel()
	eachOfOurs(t, func(t *testing.T, variant string) {
		dir := scratch.Dir(t)
		begun := 0
		kill(t, "flush", variant, dir, func() bool { begun = tables(t, dir); return begun >= 5 })
		s, data, err := victimStore(variant, dir)
		lsmtest.Must(t, err)
		held := firstKeys(t, s, data)
		perTable := victimEntries / 49
		switch {
		case variant == "front-wal" && held != victimEntries:
			t.Errorf("%d entries of %d are left, though all were logged", held, victimEntries)
		case held < (begun-1)*perTable:
			t.Errorf("%d entries are left of at least %d tables of %d", held, begun-1, perTable)
		}
		t.Logf("killed with %d of 49 tables begun; %d entries left", begun, held)
		lsmtest.Must(t, s.Put([]byte("key_life"), []byte("goes on")))
		lsmtest.Must(t, s.Flush())
		lsmtest.Must(t, s.(lsm.Compacter).Compact())
		lsmtest.Must(t, s.Close())
		if left := tables(t, dir); left != 1 {
			t.Errorf("%d table files are left after a compaction", left)
		}
	})
}

func TestAKillInMidCompactionLosesNothing(t *testing.T) {
	t.Parallel()
	eachOfOurs(t, func(t *testing.T, variant string) {
		dir := scratch.Dir(t)
		kill(t, "compact", variant, dir, func() bool { // the sixth compaction or so
			files, err := filepath.Glob(filepath.Join(dir, "*.tbl"))
			return err == nil && len(files) > 0 && filepath.Base(files[len(files)-1]) > "000055"
		})
		s, data, err := victimStore(variant, dir)
		lsmtest.Must(t, err)
		if held := firstKeys(t, s, data); held != victimEntries {
			t.Errorf("%d entries of %d are left", held, victimEntries)
		}
		lsmtest.Must(t, s.Close())
	})
}

// Only what the log had gathered and not yet written may be missing.
func TestAKillBeforeAnyFlushLeavesWhatWasLogged(t *testing.T) {
	t.Parallel()
	dir := scratch.Dir(t)
	kill(t, "put", "front-wal", dir, func() bool { return true })
	s, data, err := victimStore("front-wal", dir)
	lsmtest.Must(t, err)
	const gathered = 32<<10/150 + 1 // records of about 150 bytes
	if held := firstKeys(t, s, data); held < victimEntries-gathered {
		t.Errorf("%d entries of %d are left", held, victimEntries)
	}
	lsmtest.Must(t, s.Close())
}
