package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"assay/profiles/flame"
	"assay/profiles/perop"
	"assay/runner/samples/whole"
)

func newProfileFlame(a *app) *cobra.Command {
	f := &profileFlags{}
	out, format := "", "html"
	c := &cobra.Command{
		Use:   "flame RUN [VARIANT [BASE]]",
		Short: "Write a flame graph, or the difference of two, as one offline page",
		Long: "Writes the call tree of VARIANT per operation as a page that needs no network,\n" +
			"beside that of BASE where one is named: frames are then coloured by what they\n" +
			"cost more or less. --format speedscope writes a file for that viewer instead.",
		Example: "  assay profile flame results/latest nibble raw --op page/get-hit --out why.html\n  assay profile flame results/latest nibble --op page/get-hit --format speedscope --out nibble.json",
		Args:    runAndVariants(3),
		RunE: func(_ *cobra.Command, args []string) error {
			if format != "html" && format != "speedscope" {
				return fmt.Errorf("unknown format %q%s", format, suggestFrom(format, []string{"html", "speedscope"}))
			}
			s, err := a.stored(args[0], *f)
			if err != nil {
				return err
			}
			return a.profileFlame(s, args[1:], format, out)
		},
	}
	f.register(c)
	c.Flags().StringVar(&out, "out", "", "the `FILE` to write (default flame.html or flame.speedscope.json)")
	c.Flags().StringVar(&format, "format", format, "html or speedscope")
	return c
}

func (a *app) profileFlame(s stored, args []string, format, out string) error {
	base, variant, err := s.sides(args)
	if err != nil {
		return err
	}
	m, err := perop.MeasureOf(s.kind)
	if err != nil {
		return err
	}
	side, err := s.flameSide(variant)
	if err != nil {
		return err
	}
	title := s.title() + ", " + variant
	var below *flame.Side
	if base != "" {
		b, err := s.flameSide(base)
		if err != nil {
			return err
		}
		below, title = &b, title+" over "+base
	}
	g, err := flame.Build(side, below, m.Unit)
	if err != nil {
		return err
	}
	data, err := g.Page(title)
	file := "flame.html"
	if format == "speedscope" {
		data, err = g.Speedscope(title)
		file = "flame.speedscope.json"
	}
	if err != nil {
		return err
	}
	if out != "" {
		file = out
	}
	if err := whole.Write(file, data); err != nil {
		return err
	}
	fmt.Fprintln(a.Out, file)
	return nil
}

// flameSide is a variant's profile with the operations it covers.
func (s stored) flameSide(arm string) (flame.Side, error) {
	side, err := s.store.Side(s.group, arm, s.kind)
	if err != nil {
		return flame.Side{}, err
	}
	out := flame.Side{Name: arm, Profile: side.Profile}
	for _, p := range side.Passes {
		out.Ops += p.Ops
	}
	return out, nil
}
