// Power sets what Go users have beside assay, on the same loops and in the same
// time: which planted slowdowns does each find, how often does each call a
// slowdown where nothing was planted, and how far are their estimates off?
//
//	go run ./runner/selftest/power --budget 10m --out results/power
//	go run ./runner/selftest/power --out results/all results/*/trials.csv   # pool earlier runs
//
// The methods: `go test -bench -count=10` of the old side, then of the new,
// judged by the U test of benchstat; the same with the ten runs of both sides
// alternating; and assay. All see the same hours of the machine: their trials
// follow each other in random order, and which side runs first is drawn.
//
// Limits, said first. The two sides are one binary, so that the noise of code
// placement, which two real revisions have on top, is seen by none. The kernels
// neither allocate nor block. A budget of ten minutes gives about 15 trials per
// point; the intervals say how little that is.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"assay/runner/clock"
	"assay/runner/host"
)

const (
	exitError       = 2
	exitInterrupted = 130
)

func main() {
	if len(os.Args) == 3 && os.Args[1] == workerVerb {
		if err := work(os.Args[2]); err != nil {
			fmt.Fprintf(os.Stderr, "power worker: %v\n", err)
			os.Exit(exitError)
		}
		return
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr, clock.System())
	switch {
	case err == nil:
	case errors.Is(err, flag.ErrHelp):
	case ctx.Err() != nil:
		fmt.Fprintln(os.Stderr, "power: interrupted; what was measured until then is kept")
		os.Exit(exitInterrupted)
	default:
		fmt.Fprintf(os.Stderr, "power: %v\n", err)
		os.Exit(exitError)
	}
}

// options are the user's choices.
type options struct {
	budget time.Duration
	out    string
	seed   uint64
	noLock bool
	files  []string // of earlier runs, to pool instead of measuring
}

func parse(args []string, stderr io.Writer) (o options, err error) {
	f := flag.NewFlagSet("power", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.DurationVar(&o.budget, "budget", 10*time.Minute, "time to spend; an hour gives intervals worth quoting")
	f.StringVar(&o.out, "out", "", "folder for trials.csv, summary.txt and the figure (default results/<time>-power)")
	f.Uint64Var(&o.seed, "seed", 1, "seed of all inputs and orders")
	f.BoolVar(&o.noLock, "no-lock", false, "measure although assay is running on this machine")
	if err := f.Parse(args); err != nil {
		return o, err
	}
	o.files = f.Args()
	if least := time.Duration(blockSeconds(shortest)*float64(time.Second)) + 10*time.Second; o.budget < least {
		return o, fmt.Errorf("--budget %v: the methods need %v for one trial each; 10m begin to say something", o.budget, least)
	}
	return o, nil
}

// run measures, or pools what was measured, and writes what came out. An error
// of measuring does not keep it from writing what there is.
func run(ctx context.Context, args []string, stdout, stderr io.Writer, clk clock.Clock) error {
	o, err := parse(args, stderr)
	if err != nil {
		return err
	}
	if o.out == "" {
		o.out = filepath.Join("results", clk.Now().Format("20060102-150405")+"-power")
	}
	about := "Pooled from earlier runs."
	var trials []trial
	var stopped error
	if len(o.files) > 0 {
		trials, err = readAll(o.files)
	} else {
		h := host.Inspect("/")
		about = fmt.Sprintf("%s, %d CPUs, %s, seed %d.", h.CPU, h.CPUs, h.GoVersion, o.seed)
		trials, stopped, err = measure(ctx, o, stderr, clk)
	}
	if err != nil {
		return err
	}
	if len(trials) == 0 {
		return errors.Join(stopped, errors.New("nothing was measured"))
	}
	return errors.Join(stopped, publish(o.out, trials, about, stdout))
}

// measure runs the contest under the lock that keeps two runs of assay from
// disturbing each other. What was measured before it stopped comes with the reason.
func measure(ctx context.Context, o options, stderr io.Writer, clk clock.Clock) (trials []trial, stopped, err error) {
	if !o.noLock {
		release, err := host.Acquire(ctx, host.LockOptions{
			Command: "power", Clock: clk, Mend: "wait for it to end, or measure all the same with --no-lock",
		})
		if err != nil {
			return nil, nil, err
		}
		defer release()
	}
	dir, err := os.MkdirTemp("", "assay-power-")
	if err != nil {
		return nil, nil, err
	}
	defer os.RemoveAll(dir)
	methods, err := contestants(ctx, dir, clk)
	if err != nil {
		return nil, nil, err
	}
	book, err := openBook(o.out)
	if err != nil {
		return nil, nil, err
	}
	defer func() { err = errors.Join(err, book.close()) }()
	c := newContest(methods, o, clk, book, func(line string) { fmt.Fprintln(stderr, "power: "+line) })
	stopped = c.run(ctx)
	return c.trials, stopped, nil
}

// publish writes the summary and the figure, and prints the summary.
func publish(out string, trials []trial, about string, stdout io.Writer) error {
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	sums := summarise(trials)
	text := report(sums, trials, about)
	if err := os.WriteFile(filepath.Join(out, "summary.txt"), []byte(text), 0o644); err != nil {
		return err
	}
	if err := drawFigure(out, sums, about+" "+loads(trials)); err != nil {
		return err
	}
	_, err := fmt.Fprintf(stdout, "%s\n%s: power.svg, power.png, summary.txt\n", text, out)
	return err
}
