package cli

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"assay/reports/table"
	clean "assay/reports/words"
	"assay/runner/gate"
	"assay/runner/gate/ci"
	"assay/runner/samples/whole"
)

// refused tells the world why nothing was judged, and returns the error for the
// command line. An old JUnit file must not go on saying that all is well.
func (a *app) refused(f *gateFlags, err error) error {
	text := firstLine(err.Error())
	r := gate.Report{Verdict: "error", Sentence: text, Problems: []gate.Problem{{Kind: "error", Name: "assay gate", Text: text, Place: placeIn(text, f)}}}
	return exit{exitError, errors.Join(errors.New(text), a.tellCI(f, r))}
}

// placeIn finds FILE:LINE at the beginning of a complaint about one of the gate's files.
func placeIn(text string, f *gateFlags) gate.Place {
	for _, file := range []string{f.budgets, f.baseline} {
		rest, found := strings.CutPrefix(text, file+":")
		if !found || file == "" {
			continue
		}
		number, _, _ := strings.Cut(rest, ":")
		if line, err := strconv.Atoi(number); err == nil {
			return gate.Place{File: file, Line: line}
		}
	}
	return gate.Place{}
}

// tellCI writes what other programs read: the JUnit file, and under a runner of
// Actions annotations, step summary and outputs.
func (a *app) tellCI(f *gateFlags, r gate.Report) error {
	if f.junit != "" {
		var out bytes.Buffer
		if err := ci.JUnit(&out, r); err != nil {
			return err
		}
		if err := whole.Write(f.junit, out.Bytes()); err != nil {
			return fmt.Errorf("--junit: %w", err)
		}
	}
	if onActions() {
		for _, x := range ci.Annotations(r, ci.Source(os.DirFS("."))) {
			x.Place.File = fromWorkspace(x.Place.File)
			fmt.Fprintln(a.commands, x) // a runner reads both outputs, and results are alone on the other
		}
	}
	if file := os.Getenv("GITHUB_STEP_SUMMARY"); file != "" {
		text, err := summary(r)
		if err != nil {
			return err
		}
		if err := appendTo(file, text); err != nil {
			return fmt.Errorf("step summary: %w", err)
		}
	}
	if file := os.Getenv("GITHUB_OUTPUT"); file != "" {
		if err := appendTo(file, ci.Outputs(r)); err != nil {
			return fmt.Errorf("step outputs: %w", err)
		}
	}
	return nil
}

// fromWorkspace names a file as the runner does, from the top of the checkout.
func fromWorkspace(file string) string {
	top := os.Getenv("GITHUB_WORKSPACE")
	if file == "" || top == "" {
		return file
	}
	full, err := filepath.Abs(file)
	if err != nil {
		return file
	}
	rel, err := filepath.Rel(top, full)
	if err != nil || strings.HasPrefix(rel, "..") {
		return file
	}
	return filepath.ToSlash(rel)
}

func appendTo(file, text string) error {
	out, err := os.OpenFile(file, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	_, err = out.WriteString(text)
	return errors.Join(err, out.Close())
}

// The most rows of a table. A runner drops a summary of more than a megabyte,
// and nobody reads hundreds of lines in a log; the JSON has them all.
const (
	summaryRows = 500
	printedRows = 50
)

// summary is the report in Markdown.
func summary(r gate.Report) (string, error) {
	var out strings.Builder
	fmt.Fprintf(&out, "### assay gate: %s\n\n%s\n\n", table.Escape(r.Verdict), table.Escape(clean.Clean(r.Sentence)))
	t, left := gateTable(r, summaryRows)
	if len(t.Rows) > 0 {
		text, err := table.Markdown(t)
		if err != nil {
			return "", err
		}
		out.WriteString(text + "\n")
	}
	if left > 0 {
		fmt.Fprintf(&out, "and %d more rows\n\n", left)
	}
	for _, p := range r.Problems {
		fmt.Fprintf(&out, "- **%s**: %s\n", table.Escape(p.Kind), table.Escape(clean.Clean(p.Text)))
	}
	for _, n := range r.Notes {
		fmt.Fprintf(&out, "- %s\n", table.Escape(clean.Clean(n)))
	}
	return out.String() + "\n", nil
}

// gateTable shows the rows that are not simply within their budgets, and says
// how many it left out. New rows are a note of the report.
func gateTable(r gate.Report, most int) (t table.Table, left int) {
	t.Columns = []table.Column{
		{Title: "row"}, {Title: "unit"}, {Title: "status"}, {Title: "change"}, {Title: "budget", Right: true},
	}
	tones := map[string]table.Tone{"regression": table.Bad, "missing": table.Loud, "improved": table.Good, "undecided": table.Dim}
	for _, x := range r.Rows {
		tone, shown := tones[x.Status]
		if !shown {
			continue
		}
		if len(t.Rows) == most {
			left++
			continue
		}
		t.Rows = append(t.Rows, []table.Cell{
			{Text: clean.Clean(x.Name)}, {Text: clean.Clean(x.Unit)}, {Text: x.Status, Tone: tone}, {Text: moved(x)}, {Text: x.Budget},
		})
	}
	return t, left
}

// moved is the change of a time with its interval, or both values of a count
// with as many digits as a small difference needs.
func moved(x gate.Row) string {
	if x.Verdict != "" {
		return clean.Interval(x.Ratio, x.Lo, x.Hi)
	}
	text := digits(x.Before) + " to " + digits(x.After)
	if x.Before != nil && x.After != nil && *x.Before > 0 {
		text += fmt.Sprintf(", %+.3g%%", 100*(*x.After / *x.Before - 1))
	}
	return text
}

func digits(x *float64) string {
	if x == nil {
		return "nothing"
	}
	return strconv.FormatFloat(*x, 'g', 9, 64)
}
