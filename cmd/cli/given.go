package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"

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
	smoke := typed("smoke")
	switch {
	case on != nil && smoke != nil && on.Value.String() == "true" && smoke.Value.String() == "true":
		return errors.New("--smoke and --until-decided exclude each other: a smoke run decides nothing")
	case restarts != nil && restarts.Value.String() == "0":
		return errors.New("--restarts 0: an interval needs at least 2")
	case restarts != nil && on != nil && on.Value.String() == "true":
		return errors.New("--restarts and --until-decided exclude each other")
	}
	if err := unsaid(c.Flags()); err != nil {
		return err
	}
	for _, name := range []string{"variants", "profile", "scenario"} {
		if typed(name) == nil {
			continue
		}
		list, err := c.Flags().GetStringSlice(name)
		if err != nil {
			continue
		}
		switch list = words(list); {
		case len(list) == 0:
			return fmt.Errorf("--%s: an empty list: name one, or leave the flag out", name)
		case name == "profile" && len(list) > 1 && slices.Contains(list, "none"):
			return errors.New("--profile: none and other profiles exclude each other")
		}
	}
	if f := typed("n"); f != nil {
		if n, err := c.Flags().GetInt("n"); err == nil && n < 1 {
			return fmt.Errorf("--n %d: give the number of functions to show, from 1", n)
		}
	}
	return nil
}

// unsaid refuses --base "": in a script an unset variable comes as an empty text,
// and would be taken for the default.
func unsaid(flags *pflag.FlagSet) (err error) {
	flags.Visit(func(f *pflag.Flag) {
		if err == nil && f.Value.Type() == "string" && strings.TrimSpace(f.Value.String()) == "" {
			err = fmt.Errorf("--%s %q: an empty value: give one, or leave the flag out", f.Name, f.Value.String())
		}
	})
	return err
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
