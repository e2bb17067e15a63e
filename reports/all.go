package reports

import (
	"fmt"
	"io"

	"assay/reports/html"
	"assay/reports/plots"
)

// WriteAll makes the files of a report's folder: report.md, index.html, and
// every figure as SVG and PNG. It asks the caller for each by name, so that the
// caller can make files appear whole (write aside, then rename on Close).
//
// It stops at the first error, and closes what it opened even then; an error of
// Close is an error of the report, since it may be the write that failed.
func WriteAll(v View, create func(name string) (io.WriteCloser, error)) error {
	files := []struct {
		name  string
		write func(io.Writer) error
	}{
		{"report.md", func(w io.Writer) error { return writeMarkdown(v, w) }},
		{"index.html", func(w io.Writer) error { return html.Write(v, w) }},
	}
	for _, f := range files {
		if err := writeFile(f.name, create, f.write); err != nil {
			return err
		}
	}
	for _, f := range plots.Figures(v) {
		if err := writeFile(f.Name+".svg", create, f.SVG); err != nil {
			return err
		}
		if err := writeFile(f.Name+".png", create, f.PNG); err != nil {
			return err
		}
	}
	return nil
}

func writeFile(name string, create func(string) (io.WriteCloser, error), write func(io.Writer) error) (err error) {
	w, err := create(name)
	if err != nil {
		return fmt.Errorf("report file %s: %w", name, err)
	}
	defer func() {
		if e := w.Close(); e != nil && err == nil {
			err = fmt.Errorf("report file %s: %w", name, e)
		}
	}()
	if err := write(w); err != nil {
		return fmt.Errorf("report file %s: %w", name, err)
	}
	return nil
}
