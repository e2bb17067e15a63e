package cli

import (
	"context"
	"fmt"

	"github.com/google/pprof/profile"
	"github.com/spf13/cobra"

	"assay/profiles/web"
)

func newProfileWeb(a *app) *cobra.Command {
	f := &profileFlags{}
	c := &cobra.Command{
		Use:   "web RUN [VARIANT [BASE]]",
		Short: "Open the profile of an operation in pprof's own web view",
		Long: "Serves pprof's web view of VARIANT on this machine alone, as a difference where\n" +
			"BASE is named, until ^C. Only samples of timed slices are in it. A browser is\n" +
			"opened from a terminal; elsewhere the address is printed and nothing more.",
		Example: "  assay profile web results/latest nibble --op page/get-hit\n  assay profile web results/latest nibble raw --op page/get-hit",
		Args:    runAndVariants(3),
		RunE: func(c *cobra.Command, args []string) error {
			s, err := a.stored(args[0], *f)
			if err != nil {
				return err
			}
			return a.profileWeb(c.Context(), s, args[1:])
		},
	}
	f.register(c)
	return c
}

// profileWeb hands the profiles to pprof's view.
func (a *app) profileWeb(ctx context.Context, s stored, args []string) error {
	base, variant, err := s.sides(args)
	if err != nil {
		return err
	}
	side, err := s.flameSide(variant)
	if err != nil {
		return err
	}
	var below *profile.Profile
	if base != "" {
		b, err := s.flameSide(base)
		if err != nil {
			return err
		}
		below = b.Profile.Copy()
		below.Scale(side.Ops / b.Ops) // a difference per operation, whoever ran more of them
	}
	err = web.Serve(ctx, web.View{
		Profile: side.Profile, Base: below, Browser: isTerminal(a.Out),
		Ready: func(url string) {
			fmt.Fprintln(a.Out, url)
			fmt.Fprintln(a.Err, "assay: ^C ends it")
		},
	})
	if ctx.Err() != nil {
		return exit{exitInterrupted, nil}
	}
	return err
}
