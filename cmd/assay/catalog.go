package main

import (
	"assay/engines/blockcache"
	"assay/engines/bloom"
	"assay/engines/flush"
	"assay/engines/ids"
	"assay/engines/ingest"
	"assay/engines/lsm"
	"assay/engines/merge"
	"assay/engines/page"
	"assay/engines/postings"
	"assay/engines/suffix"
	"assay/engines/surround"
	"assay/engines/tombstone"
	"assay/runner/lab"
)

// catalog lists the families. A new family is its package and a line here.
func catalog() []lab.Room {
	return []lab.Room{
		page.Family.Erase(),
		bloom.Family.Erase(),
		flush.Family.Erase(),
		lsm.Family.Erase(),
		ingest.Family.Erase(),
		tombstone.Family.Erase(),
		merge.Family.Erase(),
		ids.Family.Erase(),
		blockcache.Family.Erase(),
		postings.Family.Erase(),
		suffix.Family.Erase(),
		surround.Family.Erase(),
	}
}
