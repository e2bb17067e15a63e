package counters

import (
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"

	"assay/runner/mark"
	"assay/runner/process"
)

// The test binary plays the tracer and the worker it traces.
func TestMain(m *testing.M) {
	if len(os.Args) > 3 && os.Args[1] == "trace" {
		if err := Trace(os.Args[2], os.Args[3:]); err != nil {
			os.Stderr.WriteString(err.Error()) //nolint:errcheck // the test sees what is missing
			os.Exit(7)
		}
		return
	}
	if len(os.Args) > 2 && os.Args[1] == "work" {
		if err := play(os.Args[2]); err != nil {
			os.Stderr.WriteString(err.Error()) //nolint:errcheck // as above
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// play makes calls before, between, in and after two marked stretches, in the
// second from another thread too. How says how it ends.
func play(how string) error {
	runtime.LockOSThread()
	call := func(n int) {
		for range n {
			os.Getppid()     // of no kind that is named
			os.Remove("/no") //nolint:errcheck // it is not there
		}
	}
	call(9)
	m, err := mark.Open(mark.Calls, "")
	if err != nil {
		return err
	}
	call(1)
	for n := range 2 {
		if err := m.Begin(); err != nil {
			return err
		}
		call(2 + n)
		if n == 1 {
			done := make(chan bool)
			go func() { call(1); done <- true }()
			<-done
		}
		if err := m.End(); err != nil {
			return err
		}
		call(5)
	}
	if how == "dies" {
		os.Exit(3)
	}
	return nil
}

// traced runs play under a tracer and returns its log.
func traced(t *testing.T, how string) (counts []map[string]float64, failed string) {
	t.Helper()
	if err := tracing(); err != nil {
		t.Skip(err)
	}
	dir := t.TempDir()
	way, err := SystemCalls(process.Command{Path: os.Args[0], Args: []string{"trace"}})
	if err != nil {
		t.Fatal(err)
	}
	c := way.Wrap(process.Command{Path: os.Args[0], Args: []string{"work", how}}, dir)
	answers, err := os.Create(filepath.Join(dir, "answers"))
	if err != nil {
		t.Fatal(err)
	}
	defer answers.Close()
	cmd := exec.Command(c.Path, c.Args...)
	cmd.Env, cmd.ExtraFiles = append(os.Environ(), c.Env...), []*os.File{answers}
	out, err := cmd.CombinedOutput()
	if err != nil && !strings.Contains(string(out), "worker died") {
		t.Fatalf("%v: %s", err, out)
	}
	counts, err = way.Read("", dir, 0)
	if err != nil {
		t.Fatal(err)
	}
	return counts, string(out)
}

func TestATracerCountsTheCallsBetweenMarksOfAllThreads(t *testing.T) {
	t.Parallel()
	counts, failed := traced(t, "ends")
	// os.Remove tries unlinkat and then, because there is nothing, unlinkat for folders.
	want := []map[string]float64{{"other": 2, "unlinkat": 4}, {"other": 4, "unlinkat": 8}}
	if !reflect.DeepEqual(counts, want) || failed != "" {
		t.Errorf("counted %v (%s), want %v", counts, failed, want)
	}
}

func TestATracerTellsHowItsWorkerDied(t *testing.T) {
	t.Parallel()
	if counts, failed := traced(t, "dies"); failed != "the worker died: exit status 3" || len(counts) != 2 {
		t.Errorf("%d stretches, failure %q", len(counts), failed)
	}
}

func TestAWorkerOutsideItsCounterIsToldSo(t *testing.T) {
	t.Parallel()
	for way, want := range map[string]string{
		mark.Calls: "not traced", mark.Simulated: "under valgrind", "sundial": `"sundial" is not perf, simulated or calls`,
	} {
		if runtime.GOARCH != "amd64" && way == mark.Simulated {
			want = "need amd64"
		}
		if _, err := mark.Open(way, ""); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want %q", way, err, want)
		}
	}
}

func TestAutoIsHardwareOrTheSimulatorOrBothReasons(t *testing.T) {
	hardware, noHardware := Hardware()
	way, err := Choose(t.Context(), "auto")
	switch _, noValgrind := Simulated(t.Context()); {
	case noHardware == nil:
		if way.Name != mark.Perf || hardware.How == "" {
			t.Errorf("%q although there are hardware counters", way.Name)
		}
	case noValgrind == nil:
		if err != nil || way.Name != mark.Simulated || !strings.Contains(way.How, "callgrind: L1 32+32 KiB 8-way, last level 8 MiB 16-way") {
			t.Errorf("%q, %q, error %v although there is valgrind", way.Name, way.How, err)
		}
	}
	t.Setenv("PATH", "")
	if _, err := Choose(t.Context(), "auto"); noHardware != nil && (err == nil || !strings.Contains(err.Error(), "no hardware counters: ") || !strings.Contains(err.Error(), "no valgrind in PATH: install")) {
		t.Errorf("error %v, want both reasons", err)
	}
}

func TestTheWorkerRunsInTheSimulatorWithItsOwnArguments(t *testing.T) {
	t.Parallel()
	c := underCallgrind("/bin/valgrind", process.Command{Path: "/bin/assay", Args: []string{"worker"}, Env: []string{"A=1"}}, "/tmp/x", false)
	if c.Path != "/bin/valgrind" || !slices.Equal(c.Args[len(c.Args)-2:], []string{"/bin/assay", "worker"}) || c.Env[0] != "A=1" || !slices.Contains(c.Env, "GOGC=off") {
		t.Errorf("%+v", c)
	}
}
