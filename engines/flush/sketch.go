package flush

import "assay/runner/sketch"

// flushSketch counts what was counted: the bytes that go into the page cache
// and the calls that take them there, and a copy for those that gather first.
// The direct variant has no page cache between it and the disk, and waits.
func flushSketch() []sketch.Cost {
	gathered := append(gathering(), "indexed-direct")
	return []sketch.Cost{
		{Resource: "syscall", Count: 1, Unit: writesPerEntry.Name},
		{Resource: "copy", Count: 1, Unit: bytesPerEntry.Name, Variants: gathered},
		{Resource: "write", Count: 1, Unit: bytesPerEntry.Name, Variants: append(gathering(), "per-field", "vectored")},
		{Resource: "disk", Count: 1, Unit: bytesPerEntry.Name, Variants: []string{"indexed-direct"}},
	}
}

// syncSketch counts an fsync for each table and the way of its bytes to the disk.
func syncSketch() []sketch.Cost {
	return []sketch.Cost{
		{Resource: "fsync", Count: 1.0 / entries},
		{Resource: "disk", Count: 1, Unit: bytesPerEntry.Name, Variants: append(gathering(), "per-field", "vectored")},
	}
}

// gathering lists the variants that put an entry together before they write it.
func gathering() []string {
	return []string{
		"per-entry", "buffered-4k", "buffered-16k", "buffered-64k", "buffered-256k", "buffered-1m",
		"slab", "slab-allocated", "slab-allocated-1m", "giant", "indexed", "indexed-checked", "goleveldb", "goleveldb-buffered",
	}
}
