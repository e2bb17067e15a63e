package cli

import (
	"io"
	"slices"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// usages are what each flag says at each verb that has it.
func usages() map[string]map[string]string {
	all := map[string]map[string]string{}
	var walk func(c *cobra.Command)
	walk = func(c *cobra.Command) {
		c.Flags().VisitAll(func(f *pflag.Flag) {
			if all[f.Name] == nil {
				all[f.Name] = map[string]string{}
			}
			all[f.Name][c.CommandPath()] = f.Usage
		})
		for _, sub := range c.Commands() {
			walk(sub)
		}
	}
	walk(newRoot(&app{Surroundings: Surroundings{Out: io.Discard, Err: io.Discard}}))
	return all
}

func TestAFlagSaysTheSameAtEveryVerb(t *testing.T) {
	t.Parallel()
	// These mean something of its own to each verb.
	own := []string{"alpha", "base", "bench", "budget", "clock", "format", "json", "layouts", "out", "profile", "strict", "threshold", "workload"}
	for name, verbs := range usages() {
		said := map[string]bool{}
		for _, usage := range verbs {
			said[usage] = true
		}
		if len(said) > 1 && !slices.Contains(own, name) {
			t.Errorf("--%s says different things: %v; declare it once", name, verbs)
		}
	}
}

func TestWhatRunAndABHaveAlikeSaysTheSame(t *testing.T) {
	t.Parallel()
	alike := 0
	for name, verbs := range usages() {
		run, inRun := verbs["assay run"]
		ab, inAB := verbs["assay ab"]
		if !inRun || !inAB || slices.Contains([]string{"base", "budget", "layouts"}, name) { // theirs mean different things
			continue
		}
		if alike++; run != ab {
			t.Errorf("--%s says %q at run and %q at ab: declare it once", name, run, ab)
		}
	}
	if alike < 12 {
		t.Errorf("only %d flags are alike", alike)
	}
}

func TestEveryVerbThatSaysSomethingSaysItAsJSON(t *testing.T) {
	t.Parallel()
	has := usages()["json"]
	for _, verb := range []string{"list", "run", "report", "compare", "ab", "gate", "bisect", "doctor", "selftest", "profile top", "profile diff", "profile code"} {
		if _, ok := has["assay "+verb]; !ok {
			t.Errorf("assay %s has no --json", verb)
		}
	}
}
