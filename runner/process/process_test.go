package process_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"assay/runner/process"
	"assay/runner/wire"
)

// role names what the test binary plays when it is started as a worker.
const role = "ASSAY_TEST_WORKER"

func TestMain(m *testing.M) {
	if name := os.Getenv(role); name != "" {
		play(name)
		return
	}
	goleak.VerifyTestMain(m)
}

// play is the fake worker. It greets with its process id, so that tests can
// see that it is gone, and then misbehaves as its name says.
func play(name string) {
	out := os.NewFile(3, "answers")
	lines := bufio.NewReaderSize(os.Stdin, 1<<20)
	ask := func() string { line, _ := lines.ReadString('\n'); return strings.TrimSpace(line) }
	if name == "dies at once" {
		os.Exit(3)
	}
	if name == "reads nothing" {
		time.Sleep(time.Hour)
	}
	for {
		request := ask()
		switch {
		case request == "":
			return // the runner closed our input
		case request == "pid":
			fmt.Fprintf(out, "pid %d\n", os.Getpid())
			continue
		}
		misbehave(name, out, request)
	}
}

func misbehave(name string, out *os.File, request string) {
	switch name {
	case "echo":
		fmt.Fprintf(out, "echo %s\n", request)
	case "slices":
		fmt.Fprintf(out, "slice 1\nslice 2\nok\n")
	case "fails":
		fmt.Fprintf(out, "fail %q\n", "page/get-hit: no such thing\nas \"this\"")
	case "fails unquoted":
		fmt.Fprintf(out, "fail for no reason\n")
	case "dies mid-answer":
		fmt.Fprintf(out, "slice 1\nsli")
		fmt.Fprintln(os.Stderr, "\n  disk is gone")
		os.Exit(7)
	case "leaves quietly":
		os.Exit(0)
	case "panics":
		fmt.Fprintln(os.Stderr, "warning: the weather is fine")
		fmt.Fprintln(os.Stderr, "panic: runtime error: index out of range [5] with length 5")
		for i := range 2000 {
			fmt.Fprintf(os.Stderr, "goroutine %d [chan receive]:\nmain.work(...)\n", i)
		}
		os.Exit(2)
	case "hangs":
		fmt.Fprintln(os.Stderr, "waiting for godot")
		time.Sleep(time.Hour)
	case "writes garbage":
		fmt.Fprintf(out, "BenchmarkFoo-2 \x00\xff 100 12 ns/op\n")
	case "writes after its turn":
		fmt.Fprintf(out, "ok\nok\n")
	case "writes much later":
		fmt.Fprintf(out, "ok\n")
		time.Sleep(20 * time.Millisecond)
		fmt.Fprintf(out, "slice 9\n")
	case "prints":
		fmt.Println("slice 1\nok\nhello from the code under test")
		fmt.Fprintf(out, "ok\n")
	case "is killed":
		syscall.Kill(os.Getpid(), syscall.SIGKILL)
	case "has no end":
		block := []byte(strings.Repeat("x", 1<<20))
		for range 70 {
			out.Write(block)
		}
	case "closes its pipe":
		out.Close()
		time.Sleep(time.Hour)
	case "has a child":
		child := exec.Command("sleep", "60")
		child.ExtraFiles = []*os.File{out}
		child.Stderr = os.Stderr
		child.Start()
		fmt.Fprintf(out, "ok %d\n", child.Process.Pid)
	}
}

func start(ctx context.Context, t *testing.T, name string) *process.Process {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p, err := process.Start(ctx, process.Command{Path: self, Env: []string{role + "=" + name}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

// untilOK takes slice lines until ok, as the runner does.
func untilOK(lines *[]string) func(verb, args string) (bool, error) {
	return func(verb, args string) (bool, error) {
		*lines = append(*lines, strings.TrimSpace(verb+" "+args))
		switch verb {
		case wire.OK:
			return true, nil
		case wire.Timed:
			return false, nil
		}
		return true, fmt.Errorf("want %q or %q", wire.Timed, wire.OK)
	}
}

const patience = 20 * time.Second

func TestAskHandsOverEveryLineOfTheAnswer(t *testing.T) {
	t.Parallel()
	p := start(t.Context(), t, "slices")
	for range 3 {
		var got []string
		if err := p.Ask(t.Context(), "run 0 0 1", patience, untilOK(&got)); err != nil {
			t.Fatal(err)
		}
		if strings.Join(got, ", ") != "slice 1, slice 2, ok" {
			t.Fatalf("answer %q", got)
		}
	}
}

func TestWhateverAWorkerDoesBecomesOneClearError(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"dies at once":    "the worker died (exit status 3)",
		"leaves quietly":  "the worker died (exit status 0)",
		"dies mid-answer": "the worker died (exit status 7): disk is gone",
		"panics":          "the worker died (exit status 2): panic: runtime error: index out of range [5] with length 5",
		"is killed":       "the worker died (signal: killed, as the kernel does when memory runs out)",
		"fails":           "page/get-hit: no such thing\nas \"this\"",
		"fails unquoted":  `the worker failed: "for no reason"`,
		"writes garbage":  `the worker wrote garbage, "BenchmarkFoo-2 \x00\xff 100 12 ns/op": want "slice" or "ok"`,
		"has no end":      "the worker's answer has no end within 64 MiB",
		"closes its pipe": "the worker closed its pipe and lives on",

		"writes after its turn": "the worker wrote more than its answer",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got []string
			err := start(t.Context(), t, name).Ask(t.Context(), "run 0 0 1", patience, untilOK(&got))
			if err == nil || err.Error() != want {
				t.Errorf("error %v\nwant  %s", err, want)
			}
		})
	}
}

func TestAHungWorkerCostsItsPatienceAndNoMore(t *testing.T) {
	t.Parallel()
	err := start(t.Context(), t, "hangs").Ask(t.Context(), "run", 300*time.Millisecond, untilOK(new([]string)))
	if err == nil || err.Error() != "the worker said nothing for 300ms and counts as hung: waiting for godot" {
		t.Errorf("error %v", err)
	}
}

func TestAWorkerThatReadsNothingDoesNotBlockTheRunner(t *testing.T) {
	t.Parallel()
	request := "open " + strings.Repeat("x", 1<<20) // more than a pipe holds
	err := start(t.Context(), t, "reads nothing").Ask(t.Context(), request, 100*time.Millisecond, untilOK(new([]string)))
	if err == nil || err.Error() != "the worker reads no requests for 100ms and counts as hung" {
		t.Errorf("error %v", err)
	}
}

func TestALateLineIsNotTakenForTheNextAnswer(t *testing.T) {
	t.Parallel()
	p := start(t.Context(), t, "writes much later")
	err := p.Ask(t.Context(), "run", patience, untilOK(new([]string)))
	if err != nil && err.Error() == "the worker wrote more than its answer" {
		return // this process was asleep for so long that both lines were there
	}
	if err != nil {
		t.Fatal(err)
	}
	time.Sleep(2 * time.Second) // the stray line comes 20 ms after the answer
	err = p.Ask(t.Context(), "run", patience, untilOK(new([]string)))
	if err == nil || err.Error() != `the worker wrote "slice 9" without being asked` {
		t.Errorf("error %v", err)
	}
}

func TestWhatTheCodeUnderTestPrintsStaysOut(t *testing.T) {
	t.Parallel()
	var got []string
	if err := start(t.Context(), t, "prints").Ask(t.Context(), "run", patience, untilOK(&got)); err != nil || len(got) != 1 {
		t.Errorf("answer %q, %v", got, err)
	}
}

func TestLongRequestsAndAnswersArriveWhole(t *testing.T) {
	t.Parallel()
	p := start(t.Context(), t, "echo")
	request := strings.Repeat("0123456789abcdef", 1<<15) // 512 KiB
	var got string
	err := p.Ask(t.Context(), request, patience, func(verb, args string) (bool, error) { got = args; return true, nil })
	if err != nil || got != request {
		t.Errorf("%d of %d bytes came back, %v", len(got), len(request), err)
	}
}

// pidOf asks a fake worker for its process id.
func pidOf(t *testing.T, p *process.Process) int {
	t.Helper()
	pid := 0
	err := p.Ask(t.Context(), "pid", patience, func(_, args string) (bool, error) {
		_, err := fmt.Sscan(args, &pid)
		return true, err
	})
	if err != nil {
		t.Fatal(err)
	}
	return pid
}

func gone(pid int) bool { return errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) }

func TestNoWorkerOutlivesItsClose(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"echo", "hangs", "closes its pipe"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := start(t.Context(), t, name)
			pid := pidOf(t, p)
			if name != "echo" {
				ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
				defer cancel()
				if err := p.Ask(ctx, "run", patience, untilOK(new([]string))); err == nil {
					t.Fatal("no error")
				}
			}
			p.Close()
			p.Close() // does nothing
			if !gone(pid) {
				t.Errorf("process %d lives on", pid)
			}
			if err := p.Ask(t.Context(), "run", patience, untilOK(new([]string))); err == nil {
				t.Error("a closed worker answers")
			}
		})
	}
}

func TestCloseDoesNotWaitForAWorkersChild(t *testing.T) {
	t.Parallel()
	p := start(t.Context(), t, "has a child") // which sleeps for a minute with our pipes open
	var answer []string
	if err := p.Ask(t.Context(), "run", patience, untilOK(&answer)); err != nil {
		t.Fatal(err)
	}
	var child int
	if _, err := fmt.Sscanf(answer[0], "ok %d", &child); err != nil {
		t.Fatal(err)
	}
	defer syscall.Kill(child, syscall.SIGKILL)
	done := make(chan struct{})
	go func() { p.Close(); close(done) }()
	select {
	case <-done:
	case <-time.After(patience):
		t.Fatal("Close hangs") // goleak sees the reader if it lives on
	}
}

func TestCancellingEndsTheAskAndTheWorker(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	p := start(ctx, t, "hangs")
	pid := pidOf(t, p)
	time.AfterFunc(20*time.Millisecond, cancel)
	if err := p.Ask(ctx, "run", patience, untilOK(new([]string))); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	p.Close()
	if !gone(pid) {
		t.Errorf("process %d lives on", pid)
	}
	if err := p.Ask(ctx, "run", patience, untilOK(new([]string))); !errors.Is(err, context.Canceled) {
		t.Errorf("after the end: error %v", err)
	}
}

func TestAProgramThatIsNotThereIsAnError(t *testing.T) {
	t.Parallel()
	_, err := process.Start(t.Context(), process.Command{Path: "/no/such/program"})
	if err == nil || !errors.Is(err, os.ErrNotExist) || !strings.HasPrefix(err.Error(), "worker: ") {
		t.Errorf("error %v", err)
	}
}
