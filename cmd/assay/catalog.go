package main

import (
	"assay/engines/bloom"
	"assay/engines/flush"
	"assay/engines/lsm"
	"assay/engines/page"
	"assay/runner/lab"
)

// catalog lists the families. A new family is its package and a line here.
func catalog() []lab.Room {
	return []lab.Room{
		page.Family.Erase(),
		bloom.Family.Erase(),
		flush.Family.Erase(),
		lsm.Family.Erase(),
	}
}
