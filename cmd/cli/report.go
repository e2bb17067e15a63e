package cli

import (
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"assay/reports"
	"assay/runner/samples"
	"assay/runner/verdict"
)

func newReport(a *app) *cobra.Command {
	var format string
	c := &cobra.Command{
		Use:     "report DIR",
		Short:   "Rebuild the reports of a stored run",
		Long:    "Judges the stored slices again and rebuilds result.json and every file of the\nreport folder: the same bytes for the same input.",
		Example: "  assay report results/latest\n  assay report results/latest --format markdown",
		Args:    oneFolder,
		RunE: func(_ *cobra.Command, args []string) error {
			f, err := formatNamed(format)
			if err != nil {
				return err
			}
			return a.report(args[0], f)
		},
	}
	c.Flags().StringVar(&format, "format", "text", "what to print: text, markdown, csv, json, bench or html")
	return c
}

func oneFolder(c *cobra.Command, args []string) error {
	if len(args) != 1 {
		return fmt.Errorf("%s takes one results folder, such as results/latest", c.CommandPath())
	}
	return nil
}

func (a *app) report(dir string, f reports.Format) error {
	run, err := samples.Open(dir)
	if err != nil {
		return err
	}
	r := verdict.Analyse(run, a.rooms)
	v, err := a.view(run, r)
	if err != nil {
		return err
	}
	if err := writeReports(run.Dir, r, v); err != nil {
		return err
	}
	if f.Name == "text" {
		err = reports.Text(a.Out, v, reports.TextOptions{Colour: colour(a.Out), Width: width(a.Out)})
	} else {
		err = f.Write(v, a.Out)
	}
	fmt.Fprintf(a.Err, "assay: %s\n", filepath.Join(run.Dir, "report", "index.html"))
	return err
}
