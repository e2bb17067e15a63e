package cli

import (
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// heard refuses what was typed and would go unheard. The zero of a flag means
// its default further down, so only here can --restarts 0 be told from silence.
func heard(c *cobra.Command, _ []string) error {
	typed := func(name string) *pflag.Flag {
		if f := c.Flags().Lookup(name); f != nil && f.Changed {
			return f
		}
		return nil
	}
	restarts, on := typed("restarts"), typed("until-decided")
	switch {
	case restarts != nil && restarts.Value.String() == "0":
		return errors.New("--restarts 0: an interval needs at least 2")
	case restarts != nil && on != nil && on.Value.String() == "true":
		return errors.New("--restarts and --until-decided exclude each other")
	}
	for _, name := range []string{"variants", "profile", "scenario"} {
		if typed(name) == nil {
			continue
		}
		if list, err := c.Flags().GetStringSlice(name); err == nil && len(words(list)) == 0 {
			return fmt.Errorf("--%s: an empty list: name one, or leave the flag out", name)
		}
	}
	if f := typed("n"); f != nil {
		if n, err := c.Flags().GetInt("n"); err == nil && n < 1 {
			return fmt.Errorf("--n %d: give the number of functions to show, from 1", n)
		}
	}
	return nil
}

// tooEarly ends a run that ^C stopped before its first measurement.
func tooEarly() error {
	return exit{exitInterrupted, errors.New("interrupted: nothing was measured yet")}
}

// badValue says what a flag takes in place of the complaint of its parser.
func badValue(e *pflag.InvalidValueError) error {
	takes, known := map[string]string{
		"duration": "give a time with its unit, such as 30s",
		"int":      "give a whole number",
		"uint64":   "give a whole number from 0",
		"bool":     "give true or false, or the flag alone",
	}[e.GetFlag().Value.Type()]
	if !known {
		return e
	}
	return fmt.Errorf("--%s %q: %s", e.GetFlag().Name, e.GetValue(), takes)
}

// borrowed holds the verbs that cobra brings along to the rules of the others:
// left alone they answer an unknown word with a page of help and exit 0.
func borrowed(root *cobra.Command) {
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	for _, c := range root.Commands() {
		switch c.Name() {
		case "help":
			c.Example = "  assay help run\n  assay help profile diff"
			c.Args = helpTopic
		case "completion":
			c.Example = "  assay completion bash"
			c.Args = unknownVerb
			c.RunE = func(c *cobra.Command, _ []string) error { return c.Help() }
			for _, shell := range c.Commands() {
				shell.Example = "  assay completion " + shell.Name()
			}
		}
	}
}

// helpTopic accepts the path of a verb.
func helpTopic(c *cobra.Command, args []string) error {
	at := c.Root()
	for _, word := range args {
		subs := at.Commands()
		i := slices.IndexFunc(subs, func(sub *cobra.Command) bool { return sub.Name() == word })
		if i < 0 {
			return unknownVerb(at, []string{word})
		}
		at = subs[i]
	}
	return nil
}
