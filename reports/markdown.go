package reports

import (
	"fmt"
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
// from the second level down, everything from outside escaped. When a run is too
// large for a comment, its last tables give way; what was found, what was
// published and what it rests on always stay, and the cut is said.
func writeMarkdown(v View, w io.Writer) error {
	parts := outline.Lay(v)
	before, err := markdown(parts.Opening)
	if err != nil {
		return err
	}
	after, err := markdown(slices.Concat(parts.Scenarios, parts.Growth, parts.Claims, parts.Closing))
	if err != nil {
		return err
	}
	tables, left := "", commentLimit-len(before)-len(after)
	for _, group := range byHeading(parts.Tables) {
		s, err := markdown(group)
		if err != nil {
			return err
		}
		if len(s) > left {
			tables += "**The other tables do not fit a comment; the text and CSV formats have all of them.**\n\n"
			break
		}
		tables, left = tables+s, left-len(s)
	}
	if _, err := io.WriteString(w, before+tables+strings.TrimSuffix(after, "\n")); err != nil {
		return fmt.Errorf("markdown report: %w", err)
	}
	return nil
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
	case b.Tone == table.Loud:
		fmt.Fprintf(out, "**%s**\n", table.Escape(b.Para))
	case b.Para != "":
		fmt.Fprintf(out, "%s\n", table.Escape(b.Para))
	}
	return nil
}
