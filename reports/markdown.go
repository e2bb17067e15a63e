package reports

import (
	"fmt"
	"html"
	"io"
	"slices"
	"strings"

	"assay/reports/outline"
	"assay/reports/table"
)

// commentLimit is a little less than the 65,536 characters that a comment on
// the common forges may hold.
const commentLimit = 60_000

// writeMarkdown prints a view for a pull-request comment: pipe tables, headings
// from the second level down, details folded, everything from outside escaped.
// When a run is too large for a comment, first the details give way and then the
// last tables; what was found, what was published and what it rests on always
// stay, and the cut is said.
func writeMarkdown(v View, w io.Writer) error {
	parts := outline.Lay(v)
	if all, err := markdown(parts.All()); err != nil {
		return err
	} else if len(all) > commentLimit {
		parts.Tables = unfolded(parts.Tables)
	}
	before, err := markdown(parts.Opening)
	if err != nil {
		return err
	}
	after, err := markdown(slices.Concat(parts.Growth, parts.Ladders, parts.Claims, parts.Closing))
	if err != nil {
		return err
	}
	left := commentLimit - len(before) - len(after)
	scenarios, err := fit(parts.Scenarios, left/3)
	if err != nil {
		return err
	}
	sketches, err := fit(parts.Sketches, left/5)
	if err != nil {
		return err
	}
	tables, err := fit(parts.Tables, left-len(scenarios)-len(sketches))
	if err != nil {
		return err
	}
	if _, err := io.WriteString(w, before+tables+scenarios+sketches+strings.TrimSuffix(after, "\n")); err != nil {
		return fmt.Errorf("markdown report: %w", err)
	}
	return nil
}

// fit prints blocks up to the heading with which they would pass a limit in
// bytes, and says what it left out.
func fit(blocks []outline.Block, limit int) (string, error) {
	out := ""
	for _, group := range byHeading(blocks) {
		s, err := markdown(group)
		if err != nil {
			return "", err
		}
		if len(out)+len(s) > limit {
			return out + "**The other tables do not fit a comment; the text and CSV formats have all of them.**\n\n", nil
		}
		out += s
	}
	return out, nil
}

// unfolded keeps of folded details only what they sum up to.
func unfolded(blocks []outline.Block) []outline.Block {
	out := slices.Clone(blocks)
	for i, b := range out {
		if b.Fold != nil {
			out[i] = outline.Block{Para: b.Fold.Summary}
		}
	}
	return out
}

// byHeading cuts blocks before each heading.
func byHeading(blocks []outline.Block) [][]outline.Block {
	out := [][]outline.Block{}
	for _, b := range blocks {
		if b.Heading != "" || len(out) == 0 {
			out = append(out, nil)
		}
		out[len(out)-1] = append(out[len(out)-1], b)
	}
	return out
}

// markdown prints blocks with an empty line after each.
func markdown(blocks []outline.Block) (string, error) {
	var out strings.Builder
	for _, b := range blocks {
		if err := markdownBlock(&out, b); err != nil {
			return "", fmt.Errorf("markdown report: %w", err)
		}
		out.WriteByte('\n')
	}
	return out.String(), nil
}

func markdownBlock(out *strings.Builder, b outline.Block) error {
	switch {
	case b.Heading != "":
		fmt.Fprintf(out, "%s %s\n", strings.Repeat("#", b.Level+1), table.Escape(b.Heading))
	case b.Table != nil:
		s, err := table.Markdown(*b.Table)
		if err != nil {
			return err
		}
		out.WriteString(s)
	case b.Notes != nil:
		for _, n := range b.Notes {
			// Two spaces at the end break the line and keep the notes one paragraph.
			fmt.Fprintf(out, "%s %s  \n", table.Escape(n.Mark), table.Escape(n.Text))
		}
	case b.Items != nil:
		for _, s := range b.Items {
			fmt.Fprintf(out, "- %s\n", table.Escape(s))
		}
	case b.Code != "":
		fence := "```"
		for strings.Contains(b.Code, fence) {
			fence += "`"
		}
		fmt.Fprintf(out, "%s\n%s\n%s\n", fence, b.Code, fence)
	case b.Fold != nil:
		inner, err := markdown(b.Fold.Blocks)
		if err != nil {
			return err
		}
		// The forges read a summary as HTML, where Markdown's own escapes would show.
		fmt.Fprintf(out, "<details><summary>%s</summary>\n\n%s\n</details>\n", html.EscapeString(b.Fold.Summary), inner)
	case b.Tone == table.Loud:
		fmt.Fprintf(out, "**%s**\n", table.Escape(b.Para))
	case b.Para != "":
		fmt.Fprintf(out, "%s\n", table.Escape(b.Para))
	}
	return nil
}
