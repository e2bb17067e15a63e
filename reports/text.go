package reports

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"assay/reports/outline"
	"assay/reports/table"
)

// TextOptions adapts the text format to where it is read.
type TextOptions struct {
	Colour bool // ANSI colours; the caller knows about terminals and NO_COLOR
	Width  int  // columns; 0 means 100
}

const defaultWidth = 100

// Text prints a view for a terminal. Tables wider than the width are split by
// columns, paragraphs are wrapped. It returns the first error of the writer.
func Text(w io.Writer, v View, opts TextOptions) error {
	if opts.Width <= 0 {
		opts.Width = defaultWidth
	}
	out := bufio.NewWriter(w)
	last := outline.Block{}
	for i, b := range outline.Lay(v).All() {
		if b.Table != nil && (last.Notes != nil || last.Table != nil) {
			out.WriteByte('\n')
		}
		if err := textBlock(out, b, i == 0, opts); err != nil {
			return fmt.Errorf("text report: %w", err)
		}
		last = b
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("text report: %w", err)
	}
	return nil
}

func plainText(v View, w io.Writer) error { return Text(w, v, TextOptions{}) }

// textBlock prints one block; write errors stick to the buffer until Flush.
func textBlock(out *bufio.Writer, b outline.Block, first bool, opts TextOptions) error {
	paint := func(s string, t table.Tone) string {
		if !opts.Colour {
			return s
		}
		return table.Paint(s, t)
	}
	switch {
	case b.Heading != "":
		textHeading(out, b, first, opts)
	case b.Table != nil:
		s, err := table.Terminal(*b.Table, opts.Width, opts.Colour)
		if err != nil {
			return err
		}
		out.WriteString(s)
	case b.Notes != nil:
		for _, n := range b.Notes {
			fmt.Fprintln(out, wrap(n.Mark+" "+n.Text, opts.Width, "  "))
		}
	case b.Items != nil:
		for _, s := range b.Items {
			fmt.Fprintln(out, wrap("- "+s, opts.Width, "  "))
		}
	case b.Code != "":
		fmt.Fprintf(out, "    %s\n", b.Code) // never wrapped: it is there to be copied
	case b.Fold != nil: // a terminal cannot fold; report.md and the page have the details
		fmt.Fprintln(out, paint(wrap(b.Fold.Summary, opts.Width, ""), b.Tone))
	case b.Para != "":
		fmt.Fprintln(out, paint(wrap(b.Para, opts.Width, ""), b.Tone))
	}
	return nil
}

func textHeading(out *bufio.Writer, b outline.Block, first bool, opts TextOptions) {
	if !first {
		out.WriteByte('\n')
	}
	s := b.Heading
	if opts.Colour {
		s = "\x1b[1m" + s + "\x1b[0m"
	}
	fmt.Fprintln(out, s)
	if rule := map[int]string{1: "═", 2: "─"}[b.Level]; rule != "" {
		fmt.Fprintln(out, strings.Repeat(rule, min(opts.Width, utf8.RuneCountInString(b.Heading))))
	}
}

// glue holds a number and its percent sign together while a paragraph is cut
// into words; no clean text contains it.
const glue = "\x00"

// wrap breaks a paragraph at spaces; later lines start with the indent.
func wrap(s string, width int, indent string) string {
	var out strings.Builder
	used := 0
	for i, word := range strings.Fields(strings.ReplaceAll(s, " %", glue+"%")) {
		word = strings.ReplaceAll(word, glue, " ")
		n := utf8.RuneCountInString(word)
		switch {
		case i == 0:
		case used+1+n > width:
			out.WriteString("\n" + indent)
			used = utf8.RuneCountInString(indent)
		default:
			out.WriteByte(' ')
			used++
		}
		out.WriteString(word)
		used += n
	}
	return out.String()
}
