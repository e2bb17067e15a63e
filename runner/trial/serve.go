package trial

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"runtime"
	"strconv"
	"strings"

	"assay/runner/clock"
	"assay/runner/lab"
	"assay/runner/plan"
	"assay/runner/wire"
)

// Serve is the life of a worker process: it reads requests of package wire
// from in and answers on out until it is told to end or in closes. An error is
// answered as a fail line as well as returned.
func Serve(in io.Reader, out io.Writer, clk clock.Clock, rooms []lab.Room, dir string) error {
	runtime.LockOSThread() // the thread CPU clock must stay the arms' own
	s := server{out: bufio.NewWriter(out), clock: clk, rooms: rooms, dir: dir}
	defer func() {
		if s.worker != nil {
			s.worker.abandon()
		}
	}()
	lines := bufio.NewReader(in)
	for {
		line, err := lines.ReadString('\n')
		if err == io.EOF {
			return nil // the runner is gone: nothing is left to answer
		}
		if err == nil {
			err = guard(func() error { return s.answer(line) })
		}
		if err != nil {
			message := strconv.Quote(err.Error())
			fmt.Fprintf(s.out, "%s %s\n", wire.Fail, message)
			s.out.Flush()
			return err
		}
		if err := s.out.Flush(); err != nil {
			return err
		}
		if s.ended {
			return nil
		}
	}
}

type server struct {
	out    *bufio.Writer
	clock  clock.Clock
	rooms  []lab.Room
	dir    string
	worker *Worker
	ended  bool
}

func (s *server) answer(line string) error {
	verb, args := wire.Cut(line)
	switch {
	case verb == wire.Open && s.worker == nil:
		return s.open(args)
	case verb == wire.Run && s.worker != nil:
		return s.run(args)
	case verb == wire.End && s.worker != nil:
		ending, err := s.worker.Close()
		if err != nil {
			return err
		}
		return s.end(ending)
	}
	return fmt.Errorf("request %.40q is unknown or out of turn", strings.TrimRight(line, "\r\n"))
}

// open starts the trial. Passes that are not timed have one answer: their report.
func (s *server) open(args string) error {
	var trial plan.Trial
	if err := json.Unmarshal([]byte(args), &trial); err != nil {
		return fmt.Errorf("the trial is not readable: %w", err)
	}
	if have := plan.Digest(s.rooms); trial.Catalog != "" && trial.Catalog != have {
		return fmt.Errorf("the worker's catalog (%s) is not the runner's (%s): the source changed since assay was built, build it again", have, trial.Catalog)
	}
	switch trial.Mode {
	case "time":
		return s.time(trial)
	case "check":
		r, err := CheckAll(s.clock, s.rooms, trial, s.dir)
		return s.report(r, err)
	case "profile":
		r, err := ProfileOne(s.clock, s.rooms, trial, s.dir)
		return s.report(r, err)
	case "count":
		return s.count(trial)
	case "latency":
		r, err := LatencyAll(s.clock, s.rooms, trial, s.dir)
		return s.report(r, err)
	}
	return fmt.Errorf("mode %q is not time, check, count, latency or profile", trial.Mode)
}

func (s *server) time(trial plan.Trial) error {
	w, err := Open(s.clock, s.rooms, trial, s.dir)
	if err != nil {
		return err
	}
	s.worker = w
	counts, err := w.Calibrate()
	if err != nil {
		return err
	}
	words := make([]string, len(counts))
	for i, n := range counts {
		words[i] = strconv.Itoa(n)
	}
	fmt.Fprintf(s.out, "%s %s\n", wire.Ready, strings.Join(words, " "))
	return nil
}

func (s *server) run(args string) error {
	slices, err := wire.ParseRun(args, len(s.worker.arms))
	if err != nil {
		return err
	}
	timings, err := s.worker.Run(slices)
	if err != nil {
		return err
	}
	var line []byte
	for _, t := range timings {
		line = wire.AppendTiming(line[:0], t)
		s.out.Write(line)
	}
	fmt.Fprintln(s.out, wire.OK)
	return nil
}

func (s *server) report(r any, err error) error {
	if err != nil {
		return err
	}
	return s.end(r)
}

func (s *server) end(r any) error {
	data, err := json.Marshal(r)
	if err != nil {
		return err
	}
	s.ended = true
	fmt.Fprintf(s.out, "%s %s\n", wire.End, data)
	return nil
}
