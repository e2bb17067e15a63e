package trial

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"assay/runner/clock"
	"assay/runner/lab"
	"assay/runner/plan"
	"assay/runner/wire"
	"assay/workloads"
)

// dialogue plays the runner: it sends the requests and returns every answer,
// and what Serve returned.
func dialogue(t *testing.T, catalog []lab.Room, clk clock.Clock, requests ...string) (answers []string, err error) {
	t.Helper()
	in, out := io.Pipe()
	replies, answersIn := io.Pipe()
	done := make(chan error, 1)
	dir := t.TempDir()
	go func() {
		err := Serve(in, answersIn, clk, catalog, dir)
		in.Close()
		answersIn.Close()
		done <- err
	}()
	go func() {
		for _, r := range requests {
			if _, err := io.WriteString(out, r); err != nil {
				return // the worker has left
			}
		}
		out.Close()
	}()
	lines := bufio.NewScanner(replies)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		answers = append(answers, lines.Text())
	}
	return answers, <-done
}

func openLine(t *testing.T, trial plan.Trial) string {
	t.Helper()
	data, err := json.Marshal(trial)
	if err != nil {
		t.Fatal(err)
	}
	return wire.Open + " " + string(data) + "\n"
}

func TestServeSpeaksTheProtocol(t *testing.T) {
	t.Parallel()
	var f clock.Fake
	catalog := rooms(right, simple("a", cost(&f, 50, 40)), simple("b", cost(&f, 100, 90)))
	trial := request("get", "a", "b")
	trial.Catalog = plan.Digest(catalog)
	answers, err := dialogue(t, catalog, &f, openLine(t, trial), "run 0 0 1 1 2 3\n", "run 1 0 1\r\n", "end\n")
	if err != nil || len(answers) != 7 {
		t.Fatalf("%q, %v", answers, err)
	}
	want := []string{
		"ready 16 8",
		"slice 0 256 12800 10240 10240 0", "slice 1 768 76800 69120 69120 0", "ok",
		"slice 1 256 25600 23040 23040 0", "ok",
	}
	for i, w := range want {
		if answers[i] != w {
			t.Errorf("answer %d is %q, want %q", i, answers[i], w)
		}
	}
	var e Ending
	verb, args := wire.Cut(answers[6])
	if err := json.Unmarshal([]byte(args), &e); verb != wire.End || err != nil || len(e.Digests) != 2 || len(e.Units) != 2 {
		t.Errorf("%q: %+v, %v", answers[6], e, err)
	}
}

// TestEveryBadRequestIsOneFailLine: after it the worker ends.
func TestEveryBadRequestIsOneFailLine(t *testing.T) {
	t.Parallel()
	var f clock.Fake
	catalog := rooms(right, simple("a", cost(&f, 50, 40)), simple("panics", func(*workloads.Entry) uint64 { panic("oh\nno") }))
	good := openLine(t, request("get", "a"))
	spoiled := func(spoil func(*plan.Trial)) string {
		trial := request("get", "a")
		spoil(&trial)
		return openLine(t, trial)
	}
	for want, requests := range map[string][]string{
		`request "" is unknown or out of turn`:                                                             {"\n"},
		`request "rnu 0 0 1" is unknown or out of turn`:                                                    {good, "rnu 0 0 1\n"},
		`request "run 0 0 1" is unknown or out of turn`:                                                    {"run 0 0 1\n"},
		`request "end" is unknown or out of turn`:                                                          {"end\n"},
		`request "open {\"mode\":\"time\",\"family\":\"stub\",\"op\"" is unknown or out of turn`:           {good, good},
		"the trial is not readable: unexpected end of JSON input":                                          {"open\n"},
		"the trial is not readable: invalid character":                                                     {"open {nonsense\n"},
		"the trial is not readable: json: cannot unmarshal":                                                {"open []\n"},
		`mode "" is not time, check, count, latency or profile`:                                            {"open {}\n"},
		`mode "tmie" is not time, check, count, latency or profile`:                                        {spoiled(func(p *plan.Trial) { p.Mode = "tmie" })},
		"is not the runner's (0123456789abcdef): the source changed since assay was built, build it again": {spoiled(func(p *plan.Trial) { p.Catalog = "0123456789abcdef" })},
		`unknown family "stbu": did you mean "stub"?`:                                                      {spoiled(func(p *plan.Trial) { p.Family = "stbu" })},
		"a trial takes at least one arm":                                                                   {spoiled(func(p *plan.Trial) { p.Arms = nil })},
		"a run request takes triples of arm, warm and batches, not 2 numbers":                              {good, "run 0 0\n"},
		"slice {1 0 1} is out of range for 1 arms":                                                         {good, "run 1 0 1\n"},
		"field 1 is \"x\", not a whole number":                                                             {good, "run x 0 1\n"},
		"panic: oh\nno, at assay/runner/trial.":                                                            {spoiled(func(p *plan.Trial) { p.Arms[0].Variant = "panics" })},
		"a profiling pass takes one arm, not 2":                                                            {spoiled(func(p *plan.Trial) { p.Mode = "profile"; p.Arms = append(p.Arms, p.Arms...) })},
		`unknown profile "goroutine": choose from`:                                                         {spoiled(func(p *plan.Trial) { p.Mode, p.Profile = "profile", "goroutine" })},
		`unknown operation of stub "fetch"`:                                                                {spoiled(func(p *plan.Trial) { p.Mode, p.Op = "check", "fetch" })},
		`unknown operation of stub "fetsh"`:                                                                {spoiled(func(p *plan.Trial) { p.Mode, p.Op = "latency", "fetsh" })},
	} {
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			answers, err := dialogue(t, catalog, &f, requests...)
			if err == nil || len(answers) == 0 {
				t.Fatalf("answers %q, error %v", answers, err)
			}
			verb, args := wire.Cut(answers[len(answers)-1])
			message, bad := strconv.Unquote(args)
			if verb != wire.Fail || bad != nil || message != err.Error() || !strings.Contains(message, want) {
				t.Errorf("answered %q for %v", answers[len(answers)-1], err)
			}
			if wantLines := len(requests); len(answers) != wantLines {
				t.Errorf("%d answers to %d requests: %q", len(answers), wantLines, answers)
			}
		})
	}
}

func TestAWorkerWhoseRunnerIsGoneEndsQuietly(t *testing.T) {
	t.Parallel()
	var f clock.Fake
	catalog := rooms(right, simple("a", cost(&f, 50, 40)))
	trial := request("get", "a")
	trial.Beside = "gc" // its goroutine ends too, or goleak says so
	for _, requests := range [][]string{nil, {"op"}, {openLine(t, trial)}, {openLine(t, trial), "run 0 0 1\n", "run 0"}} {
		if _, err := dialogue(t, catalog, &f, requests...); err != nil {
			t.Errorf("%q: %v", requests, err)
		}
	}
}

func TestAWorkerThatCannotAnswerReturnsTheError(t *testing.T) {
	t.Parallel()
	var f clock.Fake
	catalog := rooms(right, simple("a", cost(&f, 50, 40)))
	err := Serve(strings.NewReader(openLine(t, request("get", "a"))), brokenPipe{}, &f, catalog, t.TempDir())
	if !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("error %v", err)
	}
}

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestPassesThatAreNotTimedAnswerWithTheirReport(t *testing.T) {
	t.Parallel()
	w := &watch{}
	catalog := rooms(right, simple("a", func(e *workloads.Entry) uint64 { w.Advance(50, 40); return e.Value }))
	trial := request("get", "a")
	trial.Millis = 1
	var checks []Check
	var latencies []Latency
	for mode, into := range map[string]any{"check": &checks, "latency": &latencies} {
		trial.Mode = mode
		answers, err := dialogue(t, catalog, w, openLine(t, trial))
		if err != nil || len(answers) != 1 {
			t.Fatalf("%s: %q, %v", mode, answers, err)
		}
		verb, args := wire.Cut(answers[0])
		if err := json.Unmarshal([]byte(args), into); verb != wire.End || err != nil {
			t.Errorf("%s: %q, %v", mode, answers[0], err)
		}
	}
	if len(checks) != 1 || checks[0].Ops != 5120 || checks[0].WrongAt != "" || len(latencies) != 1 || latencies[0].Ops == 0 {
		t.Errorf("%+v, %+v", checks, latencies)
	}
}

func FuzzServeAnswersGarbageWithAFailLine(f *testing.F) {
	f.Add([]byte("open {}\n"))
	f.Add([]byte("run 0 0 1\nend\n"))
	f.Add([]byte(`open {"mode":"time","family":"stub","op":"get","workload":"sequential","arms":[{"variant":"a"}],"seed":1}` + "\nrun 0 0 1\nend\n"))
	f.Add([]byte("\x00\xff\n\n\n"))
	f.Fuzz(func(t *testing.T, requests []byte) {
		if bytes.Contains(requests, []byte("gc")) || len(requests) > 400 {
			return // a policy for the whole process; and requests that are merely long
		}
		var clk clock.Fake
		catalog := rooms(right, simple("a", cost(&clk, 1000, 1000)))
		var out bytes.Buffer
		done := make(chan error, 1)
		dir := t.TempDir()
		go func() { done <- Serve(bytes.NewReader(requests), &out, &clk, catalog, dir) }() // on a thread of its own
		err := <-done
		if failed := strings.Contains("\n"+out.String(), "\nfail "); failed != (err != nil) {
			t.Fatalf("error %v, answers %q", err, out.String())
		}
	})
}

func TestAntagonistsWorkUntilTheirInputCloses(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"cpu", "memory", "disk"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			in, out := io.Pipe()
			done := make(chan error, 1)
			go func() { done <- Antagonist(kind, dir, in) }()
			if kind == "disk" {
				for range 1000 { // up to 10 s
					if files, err := os.ReadDir(dir); err == nil && len(files) > 0 {
						break
					}
					time.Sleep(10 * time.Millisecond)
				}
				if files, err := os.ReadDir(dir); err != nil || len(files) == 0 {
					t.Errorf("nothing was written: %v", err)
				}
			}
			select {
			case err := <-done:
				t.Fatalf("it ended by itself: %v", err)
			default:
			}
			out.Close()
			if err := <-done; err != nil { // a hang is the test's time-out
				t.Error(err)
			}
		})
	}
	wantError(t, Antagonist("noise", t.TempDir(), strings.NewReader("")), `antagonist "noise" is not cpu, memory or disk`)
	in, out := io.Pipe()
	defer out.Close()
	if err := Antagonist("disk", "/no/such/folder", in); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("error %v", err)
	}
}

func TestTheGarbageNeighbourMakesGarbageUntilTheEnd(t *testing.T) { // not parallel: it counts the process's allocations
	var f clock.Fake
	trial := request("get", "a")
	trial.Beside = "gc"
	w := open(t, &f, rooms(right, simple("a", cost(&f, 50, 40))), trial)
	for before := readMemory().allocs; readMemory().allocs < before+10_000; { // ends only if it works
		time.Sleep(time.Millisecond)
	}
	if e, err := w.Close(); err != nil || e.Allocs < 10_000 {
		t.Errorf("%+v, %v", e, err)
	}
}
