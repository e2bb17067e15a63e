package cli

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// turn is how a measuring verb waits for its turn on the machine.
type turn struct{ wait, noLock bool }

func (t *turn) register(flags *pflag.FlagSet) {
	flags.BoolVar(&t.wait, "wait", false, "wait for another assay run on this machine to end")
	flags.BoolVar(&t.noLock, "no-lock", false, "measure although another assay run is on this machine")
}

// common are the flags that run and ab have alike: by which rules they judge,
// where results go and how they are shown.
type common struct {
	threshold, alpha  string
	profile           []string
	out, name, format string
	json, strict      bool
	turn
}

func (f *common) register(flags *pflag.FlagSet, name string) {
	flags.StringVar(&f.threshold, "threshold", "", "smallest difference that matters (default 1%, or 2.5% with one layout of the code)")
	flags.StringVar(&f.alpha, "alpha", "0.01", "chance of any false alarm in the whole run")
	flags.StringSliceVar(&f.profile, "profile", []string{"none"}, "profiles to take in passes of their own: cpu,heap,allocs,mutex,block,trace or none")
	flags.StringVar(&f.out, "out", "", "results folder (default results/<time>-<name>)")
	flags.StringVar(&f.name, "name", name, "name of the run, part of the folder's")
	formatFlags(flags, &f.format, &f.json)
	flags.BoolVar(&f.strict, "strict", false, "exit 3 when a row stays undecided")
	f.turn.register(flags)
}

// rules reads the flags that say how to judge, and which profiles to take. A
// threshold of 0 means the default.
func (f *common) rules() (threshold, alpha float64, profile []string, err error) {
	if err = oneFormat(f.format, f.json); err != nil {
		return 0, 0, nil, err
	}
	for _, kind := range words(f.profile) {
		if kind != "none" {
			profile = append(profile, kind)
		}
	}
	if f.threshold != "" {
		if threshold, err = share("threshold", f.threshold); err != nil {
			return 0, 0, nil, err
		}
		if threshold == 0 {
			return 0, 0, nil, errors.New("--threshold 0: no measurement can show that two times are equal; give a share above 0, such as 0.1%")
		}
	}
	alpha, err = falseAlarms(f.alpha)
	return threshold, alpha, profile, err
}

// formatFlags are the words of every verb that prints a result.
func formatFlags(flags *pflag.FlagSet, format *string, asJSON *bool) {
	flags.StringVar(format, "format", "text", formatHelp())
	jsonFlag(flags, asJSON, "result.json")
}

// oneFormat refuses a format that is none, and two at once.
func oneFormat(format string, asJSON bool) error {
	if format != "text" && asJSON {
		return errors.New("--json and --format exclude each other")
	}
	_, err := formatNamed(format)
	return err
}

func jsonFlag(flags *pflag.FlagSet, to *bool, what string) {
	flags.BoolVar(to, "json", false, "print "+what+" and nothing else")
}

func seedFlag(flags *pflag.FlagSet, to *uint64) {
	flags.Uint64Var(to, "seed", 1, "seed of all that is drawn: inputs, orders, layouts")
}

func restartsFlag(flags *pflag.FlagSet, to *int) {
	flags.IntVar(to, "restarts", 0, "exactly so many restarts per row, instead of stopping when decided")
}

func flagNames(c *cobra.Command) []string {
	var names []string
	c.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	return names
}

// share reads 1% or 0.01.
func share(flag, text string) (float64, error) {
	number, percent := strings.CutSuffix(strings.TrimSpace(text), "%")
	x, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
	if err != nil || x != x {
		return 0, fmt.Errorf("--%s %q: give a share such as 1%% or 0.01", flag, text)
	}
	if percent {
		x /= 100
	}
	return x, nil
}

// falseAlarms reads --alpha. Its zero is refused here: to a plan it means the default.
func falseAlarms(text string) (float64, error) {
	x, err := share("alpha", text)
	if err == nil && !(x > 0 && x < 0.5) {
		err = fmt.Errorf("--alpha %s: the chance of a false alarm lies above 0 and below 0.5", text)
	}
	return x, err
}

// injections reads VARIANT=1%.
func injections(list []string) (map[string]float64, error) {
	out := map[string]float64{}
	for _, text := range list {
		name, amount, ok := strings.Cut(text, "=")
		if !ok || name == "" {
			return nil, fmt.Errorf("--inject %q: give VARIANT=SHARE, such as nibble#2=1%%", text)
		}
		x, err := share("inject", amount)
		if err != nil {
			return nil, err
		}
		if x <= 0 || x > 10 {
			return nil, fmt.Errorf("--inject %q: a slowdown lies above 0 and at most 1000%%", text)
		}
		out[name] = x
	}
	return out, nil
}

// words splits a comma list; a space inside a word stays.
func words(list []string) []string {
	var out []string
	for _, text := range list {
		for _, w := range strings.Split(text, ",") {
			if w = strings.TrimSpace(w); w != "" {
				out = append(out, w)
			}
		}
	}
	return out
}

// rate reads 1000 or 1000/s.
func rate(text string) (float64, error) {
	if text == "" {
		return 0, nil
	}
	x, err := strconv.ParseFloat(strings.TrimSuffix(text, "/s"), 64)
	if err != nil || x <= 0 {
		return 0, fmt.Errorf("--rate %q: give operations per second, such as 1000/s", text)
	}
	return x, nil
}

// countersFlag offers hardware counters to both, though ab refuses them: a flag
// says one thing at every verb.
func countersFlag(flags *pflag.FlagSet, to *string) {
	flags.StringVar(to, "counters", "none", "count instructions, branches, cache misses and system calls in passes of their own: auto, perf (not with ab: it sees one thread only), simulated or none")
}
