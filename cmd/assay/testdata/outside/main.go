// Command linear is assay with a variant that lives in another module: it
// takes the published families, adds one variant, and calls assay's command.
package main

import (
	"os"
	"slices"

	layout "assay/encodings/page"

	"assay/cmd/cli"
	"assay/engines/page"
	"assay/runner/lab"
)

func main() {
	family := page.Family // a copy: the published family stays as it is
	family.Variants = append(slices.Clone(family.Variants), lab.Variant[layout.Format]{
		Name: "raw-linear", Doc: "raw, walked instead of searched", New: newLinear,
	})
	os.Exit(cli.Main([]lab.Room{family.Erase()}, os.Args[1:], cli.System()))
}

// linear is a raw page that is walked instead of searched.
type linear struct{ layout.Format }

func newLinear(*lab.Env) (layout.Format, error) { return linear{layout.Raw()}, nil }

// Get visits entries in key order until it has reached the key.
func (l linear) Get(p *layout.Buf, key uint64) (value uint64, ok bool) {
	l.Scan(p, func(k, v uint64) bool {
		if k == key {
			value, ok = v, true
		}
		return k < key
	})
	return value, ok
}
