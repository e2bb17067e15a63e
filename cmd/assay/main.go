// Command assay compares interchangeable variants of storage-engine parts and
// says which wins, by how much, how sure it is, and why.
package main

import (
	"os"

	"assay/cmd/cli"
)

func main() { os.Exit(cli.Main(catalog(), os.Args[1:], cli.System())) }
