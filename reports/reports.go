// Package reports turns what a run found into something to read: text for a
// terminal, Markdown for a pull request, CSV and JSON for other programs,
// figures, and one offline page.
//
// Every renderer is a pure function from a View to bytes: it reads no file, no
// clock and no random source, so the same View always gives the same report.
// Reading a results folder into a View, and making files appear whole (written
// aside, then renamed), is the caller's work.
//
// The data flow is the list of packages: view holds the values, digest groups
// them, words and story phrase them, outline lays them out, table and plots draw
// them, html makes the page.
package reports

import (
	"io"

	"assay/reports/html"
	"assay/reports/view"
)

// View is everything a report shows. Its parts live in package view, so that the
// renderers below this package can share them.
type View = view.View

// Format is one way to print a View.
type Format struct {
	Name  string // as --format spells it
	Ext   string // of a file in this format, with its dot
	Doc   string // one line
	Write func(v View, w io.Writer) error
}

// Formats lists the formats that are one stream of bytes. A new format is a
// file and a line here.
func Formats() []Format {
	return []Format{
		{"text", ".txt", "tables as benchstat prints them, with intervals and verdicts", plainText},
		{"markdown", ".md", "the same tables for a pull request", writeMarkdown},
		{"csv", ".csv", "one line per figure, for other programs", writeCSV},
		{"json", ".json", "the result as result.json holds it", writeJSON},
		{"benchfmt", ".bench", "one line per case in the Go benchmark format", writeBench},
		{"html", ".html", "one offline page with figures", html.Write},
	}
}
