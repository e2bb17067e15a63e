package counters

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"

	"assay/runner/mark"
	"assay/runner/process"
	"assay/runner/samples/work"
)

// The simulated caches: bytes, ways, bytes per line. Valgrind would take those
// of the machine it runs on; fixed ones keep counts comparable between machines,
// and are those of common processors (a last level of the machine's 400 MB would
// never miss).
const (
	firstLevel = "32768,8,64"
	lastLevel  = "8388608,16,64"
	cacheWords = "L1 32+32 KiB 8-way, last level 8 MiB 16-way, 64-byte lines"
)

// simulatedRepeats is what a simulator promises on a machine as busy as it may
// be. In ten runs at a load of 20 on two CPUs instructions differed by .045 % at
// most, where an operation is the same each time; mispredictions by .15 % in
// plain loops and by 4.9 % in stores, whose scheduling leaves other branches in
// the predictor. Where next to none are mispredicted, they are all of that kind.
// Caches see the addresses of a process, which differ from one to the next:
// misses are told and not promised.
var simulatedRepeats = map[string]work.Promise{
	"instructions": {Share: 0.002}, "branches": {Share: 0.002}, "mispredictions": {Share: 0.05, Slack: 0.005},
}

// Simulated counts under valgrind's callgrind. The error says what is missing.
func Simulated(ctx context.Context) (Way, error) { return simulated(ctx, false) }

// simulated counts the thread that marks its stretches, or all of the process.
func simulated(ctx context.Context, threads bool) (Way, error) {
	path, err := exec.LookPath("valgrind")
	if err != nil {
		return Way{}, errors.New("no valgrind in PATH: install the package valgrind")
	}
	if runtime.GOARCH != "amd64" {
		return Way{}, fmt.Errorf("simulated counts need amd64, this is %s", runtime.GOARCH)
	}
	version, err := exec.CommandContext(ctx, path, "--version").Output()
	if err != nil {
		return Way{}, fmt.Errorf("valgrind --version: %w: install the package valgrind again", err)
	}
	how := fmt.Sprintf("simulated by %s callgrind: %s", strings.TrimSpace(string(version)), cacheWords)
	if threads {
		how += ", all threads on one CPU"
	}
	return Way{
		Name: mark.Simulated, How: how, Brackets: threads,
		Wrap: func(c process.Command, dir string) process.Command { return underCallgrind(path, c, dir, threads) },
		Repeats: func(name string) (work.Promise, bool) {
			p, ok := simulatedRepeats[name]
			return p, ok
		},
		Read: dumps{}.read,
	}, nil
}

const dumpName = "callgrind.out"

// underCallgrind starts the worker in the simulator, which begins to simulate
// and, in the thread that does, to collect when the worker asks for it; or to
// collect in all threads as soon as it simulates.
func underCallgrind(valgrind string, c process.Command, dir string, threads bool) process.Command {
	collect := "no"
	if threads {
		collect = "yes"
	}
	args := []string{
		"-q", "--tool=callgrind", "--cache-sim=yes", "--branch-sim=yes",
		"--I1=" + firstLevel, "--D1=" + firstLevel, "--LL=" + lastLevel,
		"--instr-atstart=no", "--collect-atstart=" + collect, "--dump-instr=yes",
		"--callgrind-out-file=" + filepath.Join(dir, dumpName),
		c.Path,
	}
	c = steadied(c)
	c.Path, c.Args = valgrind, append(args, c.Args...)
	return c
}

// dumps keeps what was learnt of the programs that wrote them.
type dumps map[string]func(address uint64) bool

// read reads the dumps in dir: they are numbered from 1, one per stretch.
func (d dumps) read(program, dir string, seen int) ([]map[string]float64, error) {
	leftOut, known := d[program]
	if !known {
		var err error
		if leftOut, err = housekeeper(program); err != nil {
			return nil, err
		}
		d[program] = leftOut
	}
	var all []map[string]float64
	for {
		f, err := os.Open(filepath.Join(dir, dumpName+"."+strconv.Itoa(seen+len(all)+1)))
		if errors.Is(err, fs.ErrNotExist) {
			return all, nil
		}
		if err != nil {
			return nil, err
		}
		events, err := parseDump(f, leftOut)
		f.Close()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", filepath.Base(f.Name()), err)
		}
		all = append(all, fromEvents(events))
	}
}

// eventNames are callgrind's: instructions, first-level misses of instructions,
// reads and writes, last-level misses of the same, and branches, conditional and
// indirect, executed and mispredicted.
var eventNames = []string{"Ir", "I1mr", "D1mr", "D1mw", "ILmr", "DLmr", "DLmw", "Bc", "Bcm", "Bi", "Bim"}

// fromEvents takes callgrind's events together to what a processor would count.
// References and misses are those of the last level, as a processor's are.
func fromEvents(e map[string]float64) map[string]float64 {
	return map[string]float64{
		"instructions":     e["Ir"],
		"branches":         e["Bc"] + e["Bi"],
		"mispredictions":   e["Bcm"] + e["Bim"],
		"cache-references": e["I1mr"] + e["D1mr"] + e["D1mw"],
		"cache-misses":     e["ILmr"] + e["DLmr"] + e["DLmw"],
	}
}
