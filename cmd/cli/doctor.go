package cli

import (
	"context"
	"fmt"
	"math"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"assay/runner/host"
	"assay/runner/sketch"
)

func newDoctor(a *app) *cobra.Command {
	var asJSON, calibrate bool
	c := &cobra.Command{
		Use:   "doctor",
		Short: "Say what this machine can and cannot support, and what to change",
		Long: "Tries what a run may need on this machine and says what is missing. With\n" +
			"--calibrate it also measures, in a few seconds, what a load, a copy, a system\n" +
			"call, a write or an fsync costs here, and keeps that in results/machine.json:\n" +
			"runs and reports then show each measured time beside its sketch.",
		Example: "  assay doctor\n  assay doctor --json\n  assay doctor --calibrate",
		Args:    noWords,
		RunE:    func(c *cobra.Command, _ []string) error { return a.doctor(c.Context(), asJSON, calibrate) },
	}
	jsonFlag(c.Flags(), &asJSON, "JSON")
	c.Flags().BoolVar(&calibrate, "calibrate", false, "measure what the resources of this machine cost, for the sketches of reports")
	return c
}

func (a *app) doctor(ctx context.Context, asJSON, calibrate bool) error {
	h := host.Inspect(a.Root)
	source, _ := sourceFolder()
	findings := host.Doctor(h, source)
	var m *sketch.Machine
	if calibrate {
		var err error
		if m, err = a.calibrate(ctx, h); err != nil {
			return err
		}
	}
	if asJSON {
		return a.encode(struct {
			Host     host.Host       `json:"host"`
			Findings []host.Finding  `json:"findings"`
			Machine  *sketch.Machine `json:"machine,omitempty"`
		}{h, findings, m})
	}
	if err := a.printDoctor(h, findings); err != nil || m == nil {
		return err
	}
	fmt.Fprintln(a.Out)
	return a.printMachine(*m)
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
