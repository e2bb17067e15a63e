package html

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"html"
	"html/template"
	"io"
	"strings"

	"assay/reports/plots"
)

// inline turns a figure into SVG that lives under the page's content policy.
//
// Two things stand in the way of the drawing library's own document: it styles
// by style attributes, which the policy forbids (everything would be black), and
// its ink is dark on any background. So styles become presentation attributes,
// and the text colour becomes currentColor; the page's style sheet lightens the
// other colours in the dark. Only the elements and attributes listed here pass.
func inline(f plots.Figure) (template.HTML, error) {
	var doc bytes.Buffer
	if err := f.Inline(&doc); err != nil {
		return "", err
	}
	var out strings.Builder
	d := xml.NewDecoder(&doc)
	for {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			// The text of every node and attribute was escaped on the way out.
			return template.HTML(out.String()), nil //nolint:gosec // see above
		}
		if err != nil {
			return "", fmt.Errorf("figure %s: %w", f.Name, err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			open(&out, t, f)
		case xml.EndElement:
			fmt.Fprintf(&out, "</%s>", t.Name.Local)
		case xml.CharData:
			if s := strings.TrimSpace(string(t)); s != "" {
				out.WriteString(html.EscapeString(s))
			}
		}
	}
}

func open(out *strings.Builder, t xml.StartElement, f plots.Figure) {
	if t.Name.Local == "svg" {
		fmt.Fprintf(out, `<svg viewBox="%d 6 %g %g" role="img" aria-label="%s">`, crop, f.Wide-2*crop, f.High-8, html.EscapeString(f.Title+". "+f.Alt))
		return
	}
	out.WriteString("<" + t.Name.Local)
	for _, a := range t.Attr {
		switch a.Name.Local {
		case "style":
			styles(out, a.Value)
		case "d", "transform", "x", "y":
			fmt.Fprintf(out, ` %s="%s"`, a.Name.Local, html.EscapeString(a.Value))
		}
	}
	out.WriteString(">")
}

// styles writes a style attribute as presentation attributes. The font family
// comes from the style sheet, and values that are the default are left out.
func styles(out *strings.Builder, style string) {
	for _, decl := range strings.Split(style, ";") {
		name, value, ok := strings.Cut(strings.TrimSpace(decl), ":")
		if !ok || value == "normal" {
			continue
		}
		switch name {
		case "fill", "stroke":
			if value == inkHex {
				value = "currentColor"
			}
		case "font-size":
			value = strings.TrimSuffix(value, "px")
		case "fill-opacity", "stroke-opacity", "stroke-width", "stroke-dasharray", "stroke-dashoffset", "font-weight":
		default:
			continue
		}
		fmt.Fprintf(out, ` %s="%s"`, name, html.EscapeString(value))
	}
}

// inkHex is the text colour of package plots as its documents spell it; a test
// holds the two together.
const inkHex = "#1F2328"

// crop is what the page cuts off a figure's margins, in points: it has its own.
const crop = 12
