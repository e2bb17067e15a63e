package cli

import (
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"assay/runner/lab"
	"assay/workloads"
)

// listing is `assay list --json`.
type listing struct {
	Families  []listedFamily   `json:"families"`
	Workloads []listedWorkload `json:"workloads"`
}

type listedFamily struct {
	Name       string       `json:"name"`
	Doc        string       `json:"doc"`
	Base       string       `json:"base"`
	Isolated   bool         `json:"isolated"` // one process per variant
	Operations []listedName `json:"operations"`
	Variants   []listedName `json:"variants"`
	Beside     []listedName `json:"beside,omitempty"` // scenarios of the family's own
	Units      []lab.Unit   `json:"units"`
	Workloads  []string     `json:"workloads"`
}

type listedName struct {
	Name string `json:"name"`
	Doc  string `json:"doc"`
	Peer bool   `json:"peer,omitempty"`
	Null bool   `json:"null,omitempty"`
}

type listedWorkload struct {
	Name    string `json:"name"`
	Kind    string `json:"kind"`
	Example string `json:"example,omitempty"`
	Doc     string `json:"doc"`
}

func newList(a *app) *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:     "list",
		Short:   "Show families, operations, variants and workloads",
		Example: "  assay list\n  assay list --json",
		Args:    noWords,
		RunE: func(*cobra.Command, []string) error {
			l := a.listing()
			if asJSON {
				return a.encode(l)
			}
			return l.print(a.Out)
		},
	}
	jsonFlag(c.Flags(), &asJSON, "JSON")
	return c
}

func (a *app) listing() listing {
	var l listing
	for _, r := range a.rooms {
		if r.Hidden {
			continue
		}
		f := listedFamily{Name: r.Name, Doc: r.Doc, Base: r.Base, Isolated: r.Isolated, Units: r.Units, Workloads: r.Workloads}
		ops, variants := map[string]bool{}, map[string]bool{}
		for _, c := range r.Cases {
			if !ops[c.Op] {
				ops[c.Op] = true
				f.Operations = append(f.Operations, listedName{Name: c.Op, Doc: c.OpDoc})
			}
			if !variants[c.Variant] {
				variants[c.Variant] = true
				f.Variants = append(f.Variants, listedName{Name: c.Variant, Doc: c.Doc, Peer: c.Peer, Null: c.Null})
			}
		}
		for _, n := range r.Beside {
			f.Beside = append(f.Beside, listedName{Name: n.Op, Doc: n.OpDoc})
		}
		l.Families = append(l.Families, f)
	}
	for _, n := range workloads.Names() {
		l.Workloads = append(l.Workloads, listedWorkload{n.Name, n.Kind, n.Example, n.Doc})
	}
	return l
}

func (l listing) print(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, f := range l.Families {
		paired := "arms share a process"
		if f.Isolated {
			paired = "one process per variant, in lock-step"
		}
		fmt.Fprintf(t, "%s\t%s (%s)\n", f.Name, f.Doc, paired)
		fmt.Fprintln(t, "  operations")
		for _, o := range f.Operations {
			fmt.Fprintf(t, "    %s\t%s\n", o.Name, o.Doc)
		}
		fmt.Fprintln(t, "  variants")
		for _, v := range f.Variants {
			doc := v.Doc
			if v.Name == f.Base {
				doc += " (base)"
			}
			if v.Peer {
				doc += " (peer)"
			}
			fmt.Fprintf(t, "    %s\t%s\n", v.Name, doc)
		}
		if len(f.Beside) > 0 {
			fmt.Fprintln(t, "  scenarios of its own")
		}
		for _, n := range f.Beside {
			fmt.Fprintf(t, "    %s\t%s\n", n.Name, n.Doc)
		}
		fmt.Fprintln(t)
	}
	fmt.Fprintln(t, "workloads")
	for _, n := range l.Workloads {
		fmt.Fprintf(t, "  %s\t%s: %s\n", n.Name, n.Kind, n.Doc)
	}
	return t.Flush()
}
