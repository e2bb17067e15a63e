package html

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"html"
	"html/template"
	"io"
	"math"
	"regexp"
	"strconv"
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
//
// It also halves the text, since fifty figures share one page: coordinates have
// one decimal of a point, neighbouring paths that look alike become one, and
// what most texts have in common stands once at the top.
func inline(f plots.Figure) (template.HTML, error) {
	var doc bytes.Buffer
	if err := f.Inline(&doc); err != nil {
		return "", err
	}
	var out drawing
	d := xml.NewDecoder(&doc)
	for {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			out.endPath()
			// The text of every node and attribute was escaped on the way out.
			return template.HTML(out.text.String()), nil //nolint:gosec // see above
		}
		if err != nil {
			return "", fmt.Errorf("figure %s: %w", f.Name, err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			out.open(t, f)
		case xml.EndElement:
			if t.Name.Local != "path" {
				out.endPath()
				fmt.Fprintf(&out.text, "</%s>", t.Name.Local)
			}
		case xml.CharData:
			if s := strings.TrimSpace(string(t)); s != "" {
				out.endPath()
				out.text.WriteString(html.EscapeString(s))
			}
		}
	}
}

// drawing is SVG being written; a path is held back until one that looks
// different follows.
type drawing struct {
	text  strings.Builder
	d     strings.Builder // of the path held back
	looks string          // its other attributes; empty when there is none
}

func (o *drawing) endPath() {
	if o.looks != "" {
		fmt.Fprintf(&o.text, `<path d="%s"%s/>`, html.EscapeString(o.d.String()), o.looks)
	}
	o.d.Reset()
	o.looks = ""
}

func (o *drawing) open(t xml.StartElement, f plots.Figure) {
	if t.Name.Local == "path" {
		o.path(t)
		return
	}
	o.endPath()
	if t.Name.Local == "svg" {
		fmt.Fprintf(&o.text, `<svg viewBox="%d 6 %g %g" role="img" aria-label="%s" font-size="10" fill="currentColor">`,
			crop, f.Wide-2*crop, f.High-8, html.EscapeString(f.Title+". "+f.Alt))
		return
	}
	o.text.WriteString("<" + t.Name.Local)
	for _, a := range t.Attr {
		switch a.Name.Local {
		case "style":
			if strings.HasSuffix(a.Value, tickLooks) {
				o.text.WriteString(` class="t"`)
				if strings.Contains(a.Value, "text-anchor:end") {
					o.text.WriteString(` text-anchor="end"`)
				}
				continue
			}
			styles(&o.text, a.Value)
		case "x", "y":
			fmt.Fprintf(&o.text, ` %s="%s"`, a.Name.Local, html.EscapeString(rounded(a.Value)))
		case "transform":
			if t.Name.Local != "text" || a.Value != upright {
				fmt.Fprintf(&o.text, ` transform="%s"`, html.EscapeString(a.Value))
			}
		}
	}
	o.text.WriteString(">")
}

// tickLooks ends the style of the most frequent text, which has a class.
const tickLooks = "font-weight:normal;font-style:normal;font-size:9px;fill:#59636E"

// upright turns a text the right way up in a picture whose y grows upwards; the
// style sheet does it for every text without a transform of its own.
const upright = "scale(1, -1)"

// path writes a path, or adds it to the one before where the two look alike.
// Half-transparent ones stay apart: together they would not show through each other.
func (o *drawing) path(t xml.StartElement) {
	var d string
	var looks strings.Builder
	for _, a := range t.Attr {
		switch a.Name.Local {
		case "d":
			d = straightened(rounded(a.Value))
		case "style":
			styles(&looks, a.Value)
		case "transform":
			fmt.Fprintf(&looks, ` transform="%s"`, html.EscapeString(a.Value))
		}
	}
	if looks.String() != o.looks || strings.Contains(o.looks, "opacity") || looks.Len() == 0 {
		o.endPath()
	}
	o.d.WriteString(d)
	if o.looks = looks.String(); o.looks == "" {
		o.looks = " "
	}
}

// corners matches a straight line to a point.
var corners = regexp.MustCompile(`([ML])(-?[0-9.]+),(-?[0-9.]+)`)

// straightened spells the level and upright lines of a path as such: most are.
func straightened(d string) string {
	if strings.ContainsAny(d, "ACSQT") {
		return d
	}
	x, y := "", ""
	return corners.ReplaceAllStringFunc(d, func(step string) string {
		m := corners.FindStringSubmatch(step)
		lastX, lastY := x, y
		x, y = m[2], m[3]
		switch {
		case m[1] == "L" && x == lastX:
			return "V" + y
		case m[1] == "L" && y == lastY:
			return "H" + x
		}
		return step
	})
}

var decimals = regexp.MustCompile(`-?[0-9]+\.[0-9]+`)

// rounded writes the numbers of coordinates with one decimal.
func rounded(s string) string {
	return decimals.ReplaceAllStringFunc(s, func(n string) string {
		x, err := strconv.ParseFloat(n, 64)
		if err != nil {
			return n
		}
		return strconv.FormatFloat(math.Round(10*x)/10, 'f', -1, 64)
	})
}

// styles writes a style attribute as presentation attributes. The font family
// comes from the style sheet, and values that are the default are left out.
func styles(out *strings.Builder, style string) {
	text := strings.Contains(style, "font-size")
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
		case "fill-opacity", "stroke-opacity", "stroke-width", "stroke-dasharray", "stroke-dashoffset", "font-weight", "text-anchor":
		default:
			continue
		}
		if text && (name == "fill" && value == "currentColor" || name == "font-size" && value == "10") {
			continue // as the svg element says
		}
		fmt.Fprintf(out, ` %s="%s"`, name, html.EscapeString(value))
	}
}

// inkHex is the text colour of package plots as its documents spell it; a test
// holds the two together.
const inkHex = "#1F2328"

// crop is what the page cuts off a figure's margins, in points: it has its own.
const crop = 12
