package counters

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"assay/runner/mark"
	"assay/runner/process"
)

// ForBenchmarks is [Choose] for the benchmarks of test binaries, which may leave
// their work to any thread: all of them are counted, on one CPU.
func ForBenchmarks(ctx context.Context, word string) (Way, error) {
	if word == mark.Perf {
		return Way{}, errors.New("--counters perf cannot count benchmarks: the hardware counters follow one thread, and a benchmark may work in several; say --counters simulated")
	}
	return simulated(ctx, true)
}

// partsName is the file of the folder in which a test binary says what its
// stretches are made of, a line for each.
const partsName = "parts"

// Marked is the command of a test binary that marks, for a way of counting, what
// its benchmark times. (Its package testing has no package mark.)
func (w Way) Marked(c process.Command, dir string) (process.Command, error) {
	words := w.Name
	if w.Name == mark.Calls {
		seccomp, filter, err := mark.ForeignCalls()
		if err != nil {
			return c, err
		}
		words = fmt.Sprintf("%s %d %d %s", w.Name, seccomp, mark.MarkerCall, hex.EncodeToString(filter))
	}
	c.Env = append(slices.Clone(c.Env), "ASSAY_BENCH_MARK="+words, "ASSAY_BENCH_PARTS="+filepath.Join(dir, partsName))
	return c, nil
}

// Bracketed takes the brackets of the timer that a test binary has opened and
// closed since the last stretch, the newest last, together to the counts of the
// stretch that has just ended. Seen is how many there were before. What came
// before a reset of the timer does not count. Parts is how many do.
func Bracketed(brackets []map[string]float64, seen int, dir string) (counts map[string]float64, parts int, err error) {
	told, err := os.ReadFile(filepath.Join(dir, partsName))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, 0, err
	}
	lines := bytes.Split(bytes.TrimSpace(told), []byte("\n"))
	all := 0
	if words := bytes.Fields(lines[len(lines)-1]); len(words) == 2 {
		all, err = strconv.Atoi(string(words[0]))
		if err == nil {
			parts, err = strconv.Atoi(string(words[1]))
		}
	}
	if err != nil || parts < 1 || parts > len(brackets) || all != seen+len(brackets) {
		return nil, 0, fmt.Errorf("%d brackets of the timer were counted where the benchmark had %d, %d of them to count: its marks did not reach the counter", seen+len(brackets), all, parts)
	}
	counts = map[string]float64{}
	for _, one := range brackets[len(brackets)-parts:] {
		for name, n := range one {
			counts[name] += n
		}
	}
	return counts, parts, nil
}
