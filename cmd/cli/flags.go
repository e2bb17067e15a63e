package cli

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

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
