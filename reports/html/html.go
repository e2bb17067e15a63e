// Package html makes the one-page report: a single offline file that loads
// nothing, runs nothing it did not bring, and stays below a megabyte.
//
// Everything from outside goes through html/template; the only trusted parts
// are the style sheet of this package and figures rewritten by inline. The page
// forbids the rest by a content policy of hashes, so even an escape that were
// forgotten could not run.
package html

import (
	"bytes"
	"crypto/sha256"
	_ "embed" // the template and the style sheet
	"encoding/base64"
	"fmt"
	"html/template"
	"io"

	"assay/reports/plots"
	"assay/reports/view"
)

//go:embed page.tmpl
var pageTemplate string

//go:embed style.css
var styleSheet string

// MaxBytes is the size no page passes. Figures that do not fit are linked
// instead of shown, and tables beyond it are left to the other formats; the
// page says so.
const MaxBytes = 1_000_000

// Write makes the page of a view. Figures are expected beside it, as
// plots.Figure.Name with the extensions .svg and .png.
func Write(v view.View, w io.Writer) error {
	t, err := template.New("page").Funcs(template.FuncMap{"tone": toneClass, "cell": cellClass, "caption": caption, "within": within}).Parse(pageTemplate)
	if err != nil {
		return fmt.Errorf("html report: %w", err)
	}
	p := newPage(v)
	p.Policy = policy(styleSheet)
	p.Style = template.CSS(styleSheet)
	size, err := fitTables(t, &p)
	if err != nil {
		return err
	}
	if err := p.addFigures(plots.Figures(v), size); err != nil {
		return err
	}
	if err := t.Execute(w, p); err != nil {
		return fmt.Errorf("html report: %w", err)
	}
	return nil
}

// Measures of a page's pictures in bytes: the frame around one, the least that
// any drawing takes, and how many frames a page may hold.
const (
	frameBytes = 1000
	leastSVG   = 4000
	maxFrames  = 200
)

// addFigures shows the figures in their order as long as they fit a page that has
// size bytes already. Of the others it keeps the frame, which links their files.
func (p *page) addFigures(figures []plots.Figure, size int) error {
	p.Fewer = len(figures) > maxFrames
	figures = figures[:min(len(figures), maxFrames)]
	size += frameBytes * len(figures)
	for _, f := range figures {
		pic := picture{Name: f.Name, Title: f.Title, Alt: f.Alt}
		if size+leastSVG < MaxBytes {
			svg, err := inline(f)
			if err != nil {
				return fmt.Errorf("html report: %w", err)
			}
			if size+len(svg) < MaxBytes {
				pic.SVG = svg
				size += len(svg)
			}
		}
		p.add(f.Kind, pic)
	}
	return nil
}

// tableShare is how much of the page the words and tables may take.
const tableShare = MaxBytes * 3 / 4

// fitTables cuts the tables of a huge run until the page without figures fits
// its share, and returns its size in bytes.
func fitTables(t *template.Template, p *page) (int, error) {
	for {
		var probe bytes.Buffer
		if err := t.Execute(&probe, p); err != nil {
			return 0, fmt.Errorf("html report: %w", err)
		}
		if probe.Len() <= tableShare || len(p.Tables) == 0 {
			return probe.Len(), nil
		}
		keep := min(len(p.Tables)*tableShare/probe.Len(), len(p.Tables)-1)
		p.Tables, p.Cut = p.Tables[:keep], true
	}
}

// policy is the page's content policy: nothing from anywhere, but this style
// sheet and images within the page. A script would add its own hash here.
func policy(style string) string {
	sum := sha256.Sum256([]byte(style))
	return "default-src 'none'; img-src data:; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; base-uri 'none'; form-action 'none'"
}
