package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"runtime/debug"
	"syscall"

	"github.com/spf13/cobra"

	"assay/reports"
	"assay/runner/plan"
	"assay/runner/samples"
)

func newReport(a *app) *cobra.Command {
	var show common // how it is printed
	var again rejudge
	c := &cobra.Command{
		Use:   "report DIR",
		Short: "Rebuild the reports of a stored run",
		Long: "Judges the stored slices again and rebuilds result.json, samples.bench where it\n" +
			"is missing, and every file of the report folder: the same bytes for the same\n" +
			"input. With --threshold, --alpha or --clock it prints what the run says by other\n" +
			"rules, and changes no file.",
		Example: "  assay report results/latest\n  assay report results/latest --format markdown\n  assay report results/latest --clock wall --threshold 5%",
		Args:    oneFolder,
		RunE: func(_ *cobra.Command, args []string) error {
			if err := oneFormat(show.format, show.json); err != nil {
				return err
			}
			return a.report(args[0], &show, again)
		},
	}
	formatFlags(c.Flags(), &show.format, &show.json)
	c.Flags().StringVar(&again.threshold, "threshold", "", "judge by another threshold, such as 5%")
	c.Flags().StringVar(&again.alpha, "alpha", "", "judge by another chance of a false alarm")
	c.Flags().StringVar(&again.clock, "clock", "", "judge by another clock: auto, cpu or wall")
	return c
}

// rejudge holds the rules a stored run is judged by instead of its own.
type rejudge struct{ threshold, alpha, clock string }

func (r rejudge) any() bool { return r != rejudge{} }

// apply changes the rules of a plan.
func (r rejudge) apply(p *plan.Plan) (err error) {
	if r.threshold != "" {
		if p.Threshold, err = share("threshold", r.threshold); err == nil && (p.Threshold <= 0 || p.Threshold >= 1) {
			err = fmt.Errorf("--threshold %s: give a share above 0 and below 1, such as 1%%", r.threshold)
		}
	}
	if r.alpha != "" && err == nil {
		p.Alpha, err = falseAlarms(r.alpha)
	}
	if r.clock != "" && err == nil {
		if p.Clock = r.clock; r.clock != "auto" && r.clock != "cpu" && r.clock != "wall" {
			err = fmt.Errorf("unknown clock %q%s", r.clock, suggestFrom(r.clock, []string{"auto", "cpu", "wall"}))
		}
	}
	return err
}

func oneFolder(c *cobra.Command, args []string) error {
	if len(args) != 1 {
		return fmt.Errorf("%s takes one results folder, such as results/latest", c.CommandPath())
	}
	return nil
}

func (a *app) report(dir string, show *common, again rejudge) error {
	// Hundreds of figures come and go: collecting half as often takes 45 MB more
	// and 6 % less time (medians of nine in turns).
	defer debug.SetGCPercent(debug.SetGCPercent(200))
	run, err := samples.Open(dir)
	if err != nil {
		return err
	}
	if err := again.apply(&run.Plan); err != nil {
		return err
	}
	r, err := a.analyse(run)
	if err != nil {
		return err
	}
	if !again.any() {
		if err := run.RestoreBench(); err != nil && !shut(err) {
			return err
		}
	}
	v, err := a.view(run, r)
	if err != nil {
		return err
	}
	var unwritten error
	if !again.any() {
		if unwritten = writeReports(run.Dir, r, v); unwritten != nil && !shut(unwritten) {
			return unwritten
		}
	}
	err = a.print(show, v, r)
	if err == nil && unwritten != nil {
		return unwritten
	}
	if !again.any() {
		fmt.Fprintf(a.Err, "assay: %s\n", filepath.Join(run.Dir, "report", "index.html"))
	}
	return err
}

// shut reports whether a folder takes no files. Its run can be read all the same.
func shut(err error) bool {
	return errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS) || errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT)
}

// formatHelp is what every --format says of itself.
func formatHelp() string {
	help := "what to print"
	for i, f := range reports.Formats() {
		sep := ", "
		switch i {
		case 0:
			sep = ": "
		case len(reports.Formats()) - 1:
			sep = " or "
		}
		help += sep + f.Name
	}
	return help
}
