package reports

import (
	"bytes"
	"fmt"
	"io"
	"iter"
	"runtime"
	"sync"

	"assay/reports/html"
	"assay/reports/plots"
)

// WriteAll makes the files of a report's folder: report.md, index.html, and
// every figure as SVG and PNG. It asks the caller for each by name, so that the
// caller can make files appear whole (write aside, then rename on Close).
//
// Files are rendered side by side and handed over one after another, always in
// the same order: create is never called twice at once. It stops at the first
// error, and closes what it opened even then; an error of Close is an error of
// the report, since it may be the write that failed.
func WriteAll(v View, create func(name string) (io.WriteCloser, error)) error {
	files := []file{
		{"report.md", func(w io.Writer) error { return writeMarkdown(v, w) }},
		{"index.html", func(w io.Writer) error { return html.Write(v, w) }},
	}
	for _, f := range plots.Figures(v) {
		files = append(files, file{f.Name + ".svg", f.SVG}, file{f.Name + ".png", f.PNG})
	}
	for i, r := range rendered(files) {
		if r.err != nil {
			return fmt.Errorf("report file %s: %w", files[i].name, r.err)
		}
		if err := writeFile(files[i].name, create, r.data); err != nil {
			return err
		}
	}
	return nil
}

// file is one file of the folder and how it is rendered.
type file struct {
	name  string
	write func(io.Writer) error
}

// outcome is a rendered file, or why there is none.
type outcome struct {
	data []byte
	err  error
}

// runAhead is how many files a worker may be ahead of what is taken: more than
// are rendered while the page is, which takes as long as twenty figures.
const runAhead = 32

// rendered renders files by as many workers as there are processors and yields
// them in their order. No more than some dozens wait to be taken, so that a report of
// a thousand figures does not pile up in memory.
func rendered(files []file) iter.Seq2[int, outcome] {
	return func(yield func(int, outcome) bool) {
		workers := runtime.GOMAXPROCS(0)
		results := make([]chan outcome, len(files))
		for i := range results {
			results[i] = make(chan outcome, 1)
		}
		begin, stop := make(chan int), make(chan struct{})
		ahead := make(chan struct{}, runAhead*workers) // begun and not yet taken
		var busy sync.WaitGroup
		for range workers {
			busy.Go(func() {
				for i := range begin {
					var out bytes.Buffer
					err := files[i].write(&out)
					results[i] <- outcome{out.Bytes(), err}
				}
			})
		}
		busy.Go(func() {
			defer close(begin)
			for i := range files {
				select {
				case ahead <- struct{}{}:
					begin <- i
				case <-stop:
					return
				}
			}
		})
		defer busy.Wait()
		defer close(stop)
		for i := range files {
			if !yield(i, <-results[i]) {
				return
			}
			<-ahead
		}
	}
}

func writeFile(name string, create func(string) (io.WriteCloser, error), data []byte) (err error) {
	w, err := create(name)
	if err != nil {
		return fmt.Errorf("report file %s: %w", name, err)
	}
	defer func() {
		if e := w.Close(); e != nil && err == nil {
			err = fmt.Errorf("report file %s: %w", name, e)
		}
	}()
	if _, err := w.Write(data); err != nil {
		return fmt.Errorf("report file %s: %w", name, err)
	}
	return nil
}
