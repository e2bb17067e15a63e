package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
)

const trialsFile = "trials.csv"

// header names the columns of trials.csv. Ratios are those of the slowed side to
// the other; empty cells are what the method does not give.
var header = []string{
	"at_s", "load", "method", "kernel", "seconds", "effect", "slowed_first", "seed",
	"took_s", "samples", "early", "truth", "ratio", "lo", "hi", "p", "verdict",
}

// book is trials.csv being written, a line after each trial.
type book struct {
	file *os.File
	csv  *csv.Writer
}

// openBook starts the book of a new run. Nothing is overwritten.
func openBook(dir string) (*book, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(filepath.Join(dir, trialsFile), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if errors.Is(err, os.ErrExist) {
		return nil, fmt.Errorf("%s already holds a run: choose another folder with --out", dir)
	}
	if err != nil {
		return nil, err
	}
	b := &book{file: f, csv: csv.NewWriter(f)}
	return b, b.write(header)
}

func (b *book) add(t trial) error { return b.write(row(t)) }

func (b *book) write(cells []string) error {
	if err := b.csv.Write(cells); err != nil {
		return err
	}
	b.csv.Flush()
	return b.csv.Error()
}

func (b *book) close() error { return b.file.Close() }

func row(t trial) []string {
	return []string{
		number(t.at), number(t.load), t.method, t.kernel, number(t.seconds), number(t.effect), strconv.FormatBool(t.first),
		strconv.FormatUint(t.seed, 10), number(t.took), strconv.Itoa(t.samples), strconv.FormatBool(t.early),
		number(t.truth), number(t.ratio), number(t.lo), number(t.hi), number(t.p), t.verdict,
	}
}

// number prints a value so that it reads back the same; what is not there is empty.
func number(x float64) string {
	if math.IsNaN(x) {
		return ""
	}
	return strconv.FormatFloat(x, 'g', -1, 64)
}

// readAll pools the trials of several books.
func readAll(files []string) ([]trial, error) {
	var all []trial
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		lines, err := csv.NewReader(f).ReadAll()
		f.Close()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if len(lines) == 0 || !slices.Equal(lines[0], header) {
			return nil, fmt.Errorf("%s does not begin with the columns of a %s", name, trialsFile)
		}
		for i, cells := range lines[1:] {
			t, err := parseRow(cells)
			if err != nil {
				return nil, fmt.Errorf("%s:%d: %w", name, i+2, err)
			}
			all = append(all, t)
		}
	}
	return all, nil
}

func parseRow(cells []string) (t trial, err error) {
	if len(cells) != len(header) {
		return t, fmt.Errorf("%d columns, want %d", len(cells), len(header))
	}
	r := reader{cells: cells}
	t = trial{at: r.number(), load: r.number(), method: r.text()}
	t.task = task{kernel: r.text(), seconds: r.number(), effect: r.number(), first: r.truth(), seed: r.whole()}
	t.took = r.number()
	t.samples, t.early = int(r.whole()), r.truth()
	t.outcome.truth, t.ratio, t.lo, t.hi, t.p, t.verdict = r.number(), r.number(), r.number(), r.number(), r.number(), r.text()
	return t, r.err
}

// reader takes the cells of a line one by one and remembers the first error.
type reader struct {
	cells []string
	at    int
	err   error
}

func (r *reader) text() string {
	r.at++
	return r.cells[r.at-1]
}

func (r *reader) number() float64 {
	s := r.text()
	if s == "" {
		return math.NaN()
	}
	x, err := strconv.ParseFloat(s, 64)
	r.note(err)
	return x
}

func (r *reader) whole() uint64 {
	x, err := strconv.ParseUint(r.text(), 10, 64)
	r.note(err)
	return x
}

func (r *reader) truth() bool {
	x, err := strconv.ParseBool(r.text())
	r.note(err)
	return x
}

func (r *reader) note(err error) {
	if err != nil && r.err == nil {
		r.err = fmt.Errorf("column %s: %w", header[r.at-1], err)
	}
}
