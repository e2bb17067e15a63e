package main

import (
	"assay/engines/page"
	"assay/runner/lab"
)

// catalog lists the families. A new family is its package and a line here.
func catalog() []lab.Room {
	return []lab.Room{
		page.Family.Erase(),
	}
}
