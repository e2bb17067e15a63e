package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"assay/reports/table"
	clean "assay/reports/words"
	"assay/runner/gate/bisect"
	"assay/runner/result"
	"assay/runner/samples"
)

// bisectFlags are the words of `assay bisect`.
type bisectFlags struct {
	good, bad, bench, unit, threshold string
	budget                            time.Duration
	json                              bool
	packages, pass                    []string
	turn
}

func newBisect(a *app) *cobra.Command {
	f := &bisectFlags{}
	c := &cobra.Command{
		Use:   "bisect --good REV --bench REGEXP [PACKAGE]... [-- GO-TEST-FLAG...]",
		Short: "Find the commit that made a benchmark slower",
		Long: "Compares commits between a good and a bad one with the good one, as assay ab does,\n" +
			"and halves what lies between until the verdict turns. A commit that does not\n" +
			"build, or stays undecided with twice the budget, is skipped. Of merges the first\n" +
			"parent is followed. Name one benchmark: of several, the first to turn counts.",
		Example: "  assay bisect --good v1.2.0 --bench 'Decode/small' ./codec\n" +
			"  assay bisect --good HEAD~20 --bad HEAD --bench Encode --unit allocs/op -- -tags purego",
		Args: cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, args []string) error {
			f.packages = args
			if n := c.ArgsLenAtDash(); n >= 0 {
				f.packages, f.pass = args[:n], args[n:]
			}
			return a.bisect(c.Context(), f)
		},
	}
	flags := c.Flags()
	flags.StringVar(&f.good, "good", "", "a `REVISION` before the change")
	flags.StringVar(&f.bad, "bad", "HEAD", "a `REVISION` after it")
	flags.StringVar(&f.bench, "bench", "", "the benchmark, a `REGEXP` as for go test -bench")
	flags.StringVar(&f.unit, "unit", "ns/op", "the `UNIT` to judge by: ns/op, allocs/op, B/op or one that the benchmark reports")
	flags.StringVar(&f.threshold, "threshold", "", "smallest difference that matters, as for assay ab")
	flags.DurationVar(&f.budget, "budget", 10*time.Second, "time for the timed restarts of each step")
	jsonFlag(flags, &f.json, "JSON")
	f.register(flags)
	return c
}

// bisectStep is one commit that was compared with the good one.
type bisectStep struct {
	Commit  string  `json:"commit"`
	Subject string  `json:"subject"`
	Verdict string  `json:"verdict"` // of assay ab, or skipped
	Ratio   float64 `json:"ratio,omitempty"`
	Lo      float64 `json:"lo,omitempty"`
	Hi      float64 `json:"hi,omitempty"`
	Why     string  `json:"why,omitempty"`  // it was skipped
	Side    string  `json:"side,omitempty"` // good or bad; empty: neither
	outcome bisect.Outcome
}

// bisectReport is what is found: one commit, or several where those between
// could not be tested.
type bisectReport struct {
	Schema string       `json:"schema"`
	Good   string       `json:"good"`
	Bad    string       `json:"bad"`
	Unit   string       `json:"unit"`
	Found  []bisectStep `json:"found"` // candidates, oldest first; the last one is known to be bad
	Steps  []bisectStep `json:"steps"` // in the order measured
}

func (a *app) bisect(ctx context.Context, f *bisectFlags) error {
	if f.good == "" || f.bench == "" {
		return errors.New("assay bisect needs --good REVISION and --bench REGEXP: from where to search, and for what")
	}
	commits, err := history(ctx, f.good, f.bad)
	if err != nil {
		return err
	}
	tmp, err := os.MkdirTemp("", "assay-bisect-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	self, err := os.Executable()
	if err != nil {
		return err
	}
	b := bisection{app: a, flags: f, self: self, tmp: tmp, commits: commits}
	b.report = bisectReport{Schema: "assay-bisect/1", Good: f.good, Bad: f.bad, Unit: f.unit}
	last := len(commits) - 1
	outcome, err := b.test(ctx, last)
	if err != nil {
		return err
	}
	if outcome != bisect.Bad {
		return b.nothing(b.report.Steps[0])
	}
	first, last, err := bisect.Search(len(commits), func(i int) (bisect.Outcome, error) { return b.test(ctx, i) })
	if err != nil {
		return err
	}
	for i := first; i <= last; i++ {
		b.report.Found = append(b.report.Found, b.known(i))
	}
	return a.printBisect(b.report, f.json)
}

// bisection is a search under way.
type bisection struct {
	*app
	flags   *bisectFlags
	self    string
	tmp     string
	commits []bisectStep // hash and subject, oldest first
	report  bisectReport
	half    float64 // the logarithm of half the whole change
}

// nothing says why there is nothing to search for.
func (b *bisection) nothing(whole bisectStep) error {
	f := b.flags
	switch {
	case whole.Verdict == "skipped":
		return fmt.Errorf("%s cannot be compared with %s: %s", f.bad, f.good, clean.Clean(whole.Why))
	case whole.outcome == bisect.Skipped:
		return fmt.Errorf("whether %s is worse than %s in %s is undecided: %s; give more --budget", f.bad, f.good, f.unit, whole.text())
	}
	return fmt.Errorf("%s is not worse than %s in %s: %s; name other revisions", f.bad, f.good, f.unit, whole.text())
}

func (b *bisection) known(i int) bisectStep {
	for _, s := range b.report.Steps {
		if s.Commit == b.commits[i].Commit {
			return s
		}
	}
	return b.commits[i]
}

// test compares a commit with the good one, with twice the budget where once did not decide.
func (b *bisection) test(ctx context.Context, i int) (bisect.Outcome, error) {
	s := b.commits[i]
	for try := range 2 {
		fmt.Fprintf(b.Err, "assay: comparing %s %s\n", s.Commit[:12], clean.Clean(s.Subject))
		r, why, err := b.compare(ctx, s.Commit, fmt.Sprintf("%d-%d", i, try), b.flags.budget<<try)
		if err != nil {
			return bisect.Skipped, err
		}
		s.judge(r, b.flags.unit, why, b.half)
		if s.Verdict != "undecided" || s.outcome != bisect.Skipped {
			break
		}
	}
	s.Side = map[bisect.Outcome]string{bisect.Good: "good", bisect.Bad: "bad"}[s.outcome]
	if b.half == 0 && s.outcome == bisect.Bad {
		b.half = math.Log(s.Ratio) / 2
	}
	b.report.Steps = append(b.report.Steps, s)
	fmt.Fprintf(b.Err, "assay: %s %s\n", s.Commit[:12], s.text())
	return s.outcome, nil
}

// compare runs assay ab in a process of its own, which cleans up after itself.
// A commit that cannot be measured gives a reason and no error.
func (b *bisection) compare(ctx context.Context, commit, name string, budget time.Duration) (r result.Result, why string, err error) {
	f, out := b.flags, filepath.Join(b.tmp, name)
	args := []string{"ab", "--base", f.good, "--head", commit, "--bench", f.bench, "--budget", budget.String(), "--out", out}
	if f.threshold != "" {
		args = append(args, "--threshold", f.threshold)
	}
	for flag, given := range map[string]bool{"--wait": f.wait, "--no-lock": f.noLock} {
		if given {
			args = append(args, flag)
		}
	}
	args = append(append(args, f.packages...), append([]string{"--"}, f.pass...)...)
	cmd := exec.CommandContext(ctx, b.self, args...)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = time.Minute // for its cleaning up
	var complaint bytes.Buffer
	cmd.Stderr = &complaint
	err = cmd.Run()
	if ctx.Err() != nil {
		return r, "", exit{exitInterrupted, errors.New("interrupted")}
	}
	var code *exec.ExitError
	if err != nil && !errors.As(err, &code) {
		return r, "", err
	}
	if err == nil || code.ExitCode() == exitRegression || code.ExitCode() == exitUndecided {
		r, err := samples.ReadResult(out)
		return r, "", err
	}
	lines := strings.Split(strings.TrimSpace(complaint.String()), "\n")
	return r, strings.TrimPrefix(lines[len(lines)-1], "assay: "), nil
}

// judge sums the rows up: bad when one is worse, good when none is. What is
// undecided about zero may still lie on one side of half the whole change.
func (s *bisectStep) judge(r result.Result, unit, why string, half float64) {
	s.Verdict, s.Why, s.outcome = "skipped", why, bisect.Skipped
	rank := map[string]int{"faster": 1, "better": 1, "equal": 2, "same": 3, "undecided": 4, "worse": 5, "slower": 5}
	for _, c := range r.Comparisons {
		if c.Unit == unit && rank[c.Verdict] > rank[s.Verdict] {
			s.Verdict, s.Ratio, s.Lo, s.Hi = c.Verdict, c.Ratio, c.Lo, c.Hi
		}
	}
	switch {
	case s.Verdict == "skipped":
		if s.Why == "" {
			s.Why = "it has no " + unit
		}
	case rank[s.Verdict] == 5:
		s.outcome = bisect.Bad
	case rank[s.Verdict] < 4 || half > 0 && math.Log(s.Hi) < half:
		s.outcome = bisect.Good
	case half > 0 && math.Log(s.Lo) > half:
		s.outcome = bisect.Bad
	}
}

func (s bisectStep) text() string {
	switch {
	case s.Verdict == "skipped":
		return "skipped: " + clean.Clean(s.Why)
	case s.Verdict == "":
		return "not tested"
	case s.Verdict == "equal":
		return s.Verdict
	case s.Lo == s.Hi && s.Ratio > 1e6: // a count from nothing
		return s.Verdict + ", was 0"
	case s.Lo == s.Hi:
		return s.Verdict + " " + clean.Delta(s.Ratio)
	}
	return s.Verdict + " " + clean.Interval(s.Ratio, s.Lo, s.Hi)
}

// history lists the commits after good up to bad, oldest first.
func history(ctx context.Context, good, bad string) ([]bisectStep, error) {
	for _, rev := range []string{good, bad} {
		if _, err := git(ctx, "rev-parse", "--verify", "--quiet", "--end-of-options", rev+"^{commit}"); err != nil {
			if _, outside := git(ctx, "rev-parse", "--git-dir"); outside != nil {
				return nil, fmt.Errorf("assay bisect needs a git repository: %w", outside)
			}
			return nil, fmt.Errorf("unknown revision %q: git does not know such a commit", rev)
		}
	}
	if _, err := git(ctx, "merge-base", "--is-ancestor", good, bad); err != nil {
		return nil, fmt.Errorf("%s is no ancestor of %s: a bisection goes from a commit to one that came of it", good, bad)
	}
	text, err := git(ctx, "log", "--reverse", "--first-parent", "--ancestry-path", "--format=%H%x00%s", good+".."+bad)
	if err != nil {
		return nil, err
	}
	var commits []bisectStep
	for line := range strings.Lines(text) {
		hash, subject, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "\x00")
		if ok {
			commits = append(commits, bisectStep{Commit: hash, Subject: subject})
		}
	}
	if len(commits) == 0 {
		return nil, fmt.Errorf("nothing lies between %s and %s: name two different commits of one branch", good, bad)
	}
	return commits, nil
}

func git(ctx context.Context, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "git", args...)
	var complaint bytes.Buffer
	cmd.Stderr = &complaint
	out, err := cmd.Output()
	if err != nil {
		if text := firstLine(complaint.String()); text != "" {
			return "", errors.New(text)
		}
		return "", fmt.Errorf("git: %w", err)
	}
	return string(out), nil
}

func (a *app) printBisect(r bisectReport, asJSON bool) error {
	if asJSON {
		return a.encode(r)
	}
	t := table.Table{Columns: []table.Column{{Title: "commit"}, {Title: "side"}, {Title: "against " + clean.Clean(r.Good)}, {Title: "subject"}}}
	for _, s := range r.Steps {
		t.Rows = append(t.Rows, []table.Cell{{Text: s.Commit[:12]}, {Text: s.Side}, {Text: s.text(), Tone: tone(s.Verdict)}, {Text: clean.Clean(s.Subject)}})
	}
	text, err := table.Terminal(t, 1000, colour(a.Out))
	if err != nil {
		return err
	}
	last := r.Found[len(r.Found)-1]
	found := fmt.Sprintf("%s turns at %s %s\n", r.Unit, last.Commit, clean.Clean(last.Subject))
	if n := len(r.Found); n > 1 {
		found = fmt.Sprintf("%s turns at one of %d commits; all but the last could not be tested:\n", r.Unit, n)
		for _, s := range r.Found {
			found += fmt.Sprintf("  %s %s\n", s.Commit, clean.Clean(s.Subject))
		}
	}
	_, err = fmt.Fprintf(a.Out, "%s\n%s", text, found)
	return err
}
