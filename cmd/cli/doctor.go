package cli

import (
	"encoding/json"
	"fmt"
	"math"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"assay/runner/host"
)

func newDoctor(a *app) *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:     "doctor",
		Short:   "Say what this machine can and cannot support, and what to change",
		Example: "  assay doctor\n  assay doctor --json",
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			h := host.Inspect(a.Root)
			source, _ := sourceFolder()
			findings := host.Doctor(h, source)
			if asJSON {
				enc := json.NewEncoder(a.Out)
				enc.SetIndent("", " ")
				return enc.Encode(struct {
					Host     host.Host      `json:"host"`
					Findings []host.Finding `json:"findings"`
				}{h, findings})
			}
			return a.printDoctor(h, findings)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

func (a *app) printDoctor(h host.Host, findings []host.Finding) error {
	fmt.Fprintf(a.Out, "%s, %d CPUs, %s %s, %s\n\n", h.CPU, h.CPUs, h.OS, h.Kernel, h.GoVersion)
	t := tabwriter.NewWriter(a.Out, 0, 0, 2, ' ', 0)
	for _, f := range findings {
		mark := "yes"
		if !f.OK {
			mark = "no"
		}
		fmt.Fprintf(t, "%s\t%s\t%s\n", mark, f.Name, f.Value)
		if f.Why != "" {
			fmt.Fprintf(t, "\t\t%s\n", f.Why)
		}
		if f.Mend != "" {
			fmt.Fprintf(t, "\t\tmend: %s\n", f.Mend)
		}
	}
	if err := t.Flush(); err != nil {
		return err
	}
	fmt.Fprintln(a.Out)
	for _, w := range h.Warnings {
		fmt.Fprintln(a.Out, w)
	}
	if h.Fit {
		fmt.Fprintln(a.Out, "fit for measuring")
	} else {
		fmt.Fprintln(a.Out, "not fit for measuring: times from this host carry a warning")
	}
	return nil
}

func ratio(log float64) float64 {
	if math.IsNaN(log) {
		return 0
	}
	return math.Exp(log)
}
