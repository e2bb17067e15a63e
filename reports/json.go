package reports

import (
	"fmt"
	"io"

	"assay/runner/result"
	"assay/runner/samples"
)

// writeJSON prints the result byte for byte as result.json holds it. Lists that
// the schema promises are never null, so that readers need not test for it.
func writeJSON(v View, w io.Writer) error {
	data, err := samples.EncodeResult(withLists(v.Result))
	if err != nil {
		return fmt.Errorf("json report: %w (a figure that is not finite cannot be stored: leave it out of the result)", err)
	}
	if _, err := w.Write(data); err != nil {
		return fmt.Errorf("json report: %w", err)
	}
	return nil
}

func withLists(r result.Result) result.Result {
	r.Command = list(r.Command)
	r.Cases = list(r.Cases)
	r.Comparisons = list(r.Comparisons)
	r.Wrong = list(r.Wrong)
	r.Failed = list(r.Failed)
	r.Warnings = list(r.Warnings)
	r.Profiles = list(r.Profiles)
	return r
}

func list[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}
