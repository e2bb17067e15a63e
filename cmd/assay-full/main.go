// Command assay-full is assay with the peers that bring many modules along:
// pebble and badger beside the stores of family lsm, pebble's table writer
// beside those of family flush. It is a module of its own, so that no user of
// assay has to build them. catalog.go is a link to assay's own: there is one
// list of families.
package main

import (
	"os"

	"assay/cmd/assay-full/heavy"
	"assay/cmd/cli"
	"assay/engines/flush"
	"assay/engines/lsm"
	"assay/runner/lab"
)

func main() { os.Exit(cli.Main(rooms(), os.Args[1:], cli.System())) }

// rooms is assay's catalog with the heavy peers in their families.
func rooms() []lab.Room {
	all := catalog()
	for i := range all {
		switch all[i].Name {
		case lsm.Family.Name:
			all[i] = heavy.Stores().Erase()
		case flush.Family.Name:
			all[i] = heavy.Writers().Erase()
		}
	}
	return all
}
