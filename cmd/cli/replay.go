package cli

import (
	"strings"

	"assay/runner/plan"
	"assay/workloads"
)

// readable opens the files that the plan's workloads replay, so that a mistake
// in one is told in one line before anything is built, made or measured.
func readable(p plan.Plan) error {
	seen := map[string]bool{}
	for _, g := range p.Groups {
		if seen[g.Workload] || !strings.Contains(g.Workload, "replay:") {
			continue
		}
		seen[g.Workload] = true
		spec, err := workloads.Parse(g.Workload)
		if err != nil {
			return err
		}
		if _, err := spec.Load(p.Seed, 1); err != nil { // reads all of the file, keeps one entry
			return err
		}
	}
	return nil
}
