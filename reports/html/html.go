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
	"compress/flate"
	"crypto/sha256"
	_ "embed" // the template and the style sheet
	"encoding/base64"
	"errors"
	"fmt"
	"html/template"
	"io"

	"assay/profiles/flame"
	"assay/reports/plots"
	"assay/reports/view"
)

//go:embed page.tmpl
var pageTemplate string

//go:embed style.css
var styleSheet string

//go:embed timeline.js
var timelineScript string

// uPlot 1.6.32, with its licence.
//
//go:embed uplot.js
var plotScript string

//go:embed uplot.css
var plotStyle string

// MaxBytes is the size no page passes. Figures that do not fit are linked
// instead of shown, and tables beyond it are left to the other formats; the
// page says so.
const MaxBytes = 1_000_000

// Bytes that the data of the graphs may take before they are packed.
const (
	flameBytes    = 200_000
	timelineBytes = 250_000
)

// Write makes the page of a view. Figures are expected beside it, as
// plots.Figure.Name with the extensions .svg and .png.
func Write(v view.View, w io.Writer) error {
	t, err := template.New("page").Funcs(template.FuncMap{"tone": toneClass, "cell": cellClass, "caption": caption, "within": within}).Parse(pageTemplate)
	if err != nil {
		return fmt.Errorf("html report: %w", err)
	}
	p := newPage(v)
	if err := p.addGraphs(v); err != nil {
		return err
	}
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

// addGraphs brings the data of what can be zoomed and the scripts that draw it,
// none where there is nothing to draw; and the policy that admits these scripts,
// this style sheet and nothing else.
func (p *page) addGraphs(v view.View) error {
	graphs := make([]*flame.Graph, 0, len(v.Flames))
	for _, f := range v.Flames {
		graphs = append(graphs, f.Graph)
	}
	style, scripts := styleSheet, []string{}
	if len(graphs) > 0 {
		data, err := flame.Bundle(flameBytes, graphs...)
		if err != nil {
			return fmt.Errorf("html report: %w", err)
		}
		if data != nil {
			if p.FlameData, err = packed(data); err != nil {
				return err
			}
			scripts = append(scripts, flame.Script())
		}
	}
	data, cut, err := timelineJSON(v.Timelines, timelineBytes)
	if err != nil {
		return err
	}
	if data != nil {
		if p.TimelineData, err = packed(data); err != nil {
			return err
		}
		p.TimelineCut = cut
		scripts, style = append(scripts, plotScript, timelineScript), style+plotStyle
	}
	if len(scripts) > 0 {
		style += flame.Style()
	}
	p.Policy, p.Style = policy(style, scripts), template.CSS(style) //nolint:gosec // ours
	for _, s := range scripts {
		p.Scripts = append(p.Scripts, template.JS(s)) //nolint:gosec // ours
	}
	return nil
}

// packed is data as the scripts unpack it: base64 of a raw deflate stream, about
// half the text.
func packed(data []byte) (template.HTML, error) {
	var out bytes.Buffer
	to := base64.NewEncoder(base64.StdEncoding, &out)
	zip, err := flate.NewWriter(to, flate.BestCompression)
	if err == nil {
		_, err = zip.Write(data)
	}
	if err == nil {
		err = errors.Join(zip.Close(), to.Close())
	}
	if err != nil {
		return "", fmt.Errorf("html report: %w", err)
	}
	return template.HTML(out.String()), nil //nolint:gosec // letters and digits of base64
}

// Measures of a page's pictures in bytes: the frame around one, its line where it
// is only linked, the least that any drawing takes, and how many a page names.
const (
	frameBytes = 700
	linkBytes  = 220
	leastSVG   = 3000
	maxFigures = 400
)

// addFigures shows the figures in their order as long as they fit a page that has
// size bytes already, and links the others.
func (p *page) addFigures(figures []plots.Figure, size int) error {
	p.Fewer = len(figures) > maxFigures
	figures = figures[:min(len(figures), maxFigures)]
	size += linkBytes * len(figures)
	for _, f := range figures {
		pic := picture{Name: f.Name, Title: f.Title}
		switch f.Kind { // the page draws these itself, with zoom
		case plots.Flames:
			p.FlameArt = append(p.FlameArt, pic)
			continue
		case plots.Slices:
			p.TimelineArt = append(p.TimelineArt, pic)
			continue
		}
		if size+frameBytes+leastSVG < MaxBytes {
			svg, err := inline(f)
			if err != nil {
				return fmt.Errorf("html report: %w", err)
			}
			if grown := size - linkBytes + frameBytes + 3*len(f.Title) + len(svg); grown < MaxBytes {
				pic.SVG, size = svg, grown
			}
		}
		if pic.SVG == "" {
			p.Elsewhere = append(p.Elsewhere, pic)
			continue
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
// sheet, these scripts and images within the page.
func policy(style string, scripts []string) string {
	out := "default-src 'none'; img-src data:; style-src " + source(style)
	for i, s := range scripts {
		if i == 0 {
			out += "; script-src"
		}
		out += " " + source(s)
	}
	return out + "; base-uri 'none'; form-action 'none'"
}

// source names a text by its hash.
func source(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}
