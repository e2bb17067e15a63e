package tree

import (
	"fmt"
	"maps"
	"os"
	"slices"

	"assay/engines/lsm/disk"
	"assay/engines/lsm/part"
	"assay/engines/lsm/wal"
)

const logExtension = ".log"

// recover brings the tree to where the last process left it: the tables of the
// manifest, and the logs that are not in a table yet. Files that nothing names
// are what a process died over, and are removed.
func (t *Tree) recover() error {
	m, found, err := disk.ReadManifest(t.dir)
	if err != nil {
		return err
	}
	files, err := disk.Numbered(t.dir)
	if err != nil {
		return err
	}
	if !found {
		if len(files) > 0 {
			return fmt.Errorf("%s: tables but no MANIFEST: restore it, or remove the numbered files to begin anew", t.dir)
		}
		return t.commit(disk.Manifest{Format: t.format.Name(), Next: 1, Log: 1})
	}
	if m.Format != t.format.Name() {
		return fmt.Errorf("%s: the tables are of format %q and this store writes %q: open it with the variant that made it", t.dir, m.Format, t.format.Name())
	}
	t.manifest = m
	for _, n := range m.Tables {
		table, err := t.format.Open(disk.Path(t.dir, n))
		if err != nil {
			return err
		}
		t.tables = slices.Insert(t.tables, 0, table)
	}
	logs, err := t.sweep(files)
	if err != nil {
		return err
	}
	return t.replay(logs)
}

// sweep removes what nothing names and returns the logs to replay, oldest
// first. A number above the manifest's next is a log that was begun, or a table
// that was never finished: the extension tells which.
func (t *Tree) sweep(files map[uint64][]string) (logs []uint64, err error) {
	for _, n := range slices.Sorted(maps.Keys(files)) {
		t.manifest.Next = max(t.manifest.Next, n+1)
		switch {
		case slices.Contains(t.manifest.Tables, n):
		case n >= t.manifest.Log && slices.Contains(files[n], logExtension):
			logs = append(logs, n)
		default:
			if err := disk.Remove(t.dir, n, files[n]); err != nil {
				return nil, err
			}
		}
	}
	return logs, nil
}

// replay reads logs back into memtables and flushes those, so that a store
// never opens with more than tables. Dying in the middle of it is harmless: the
// logs are still named, and putting the same entries again in the same order
// changes nothing.
func (t *Tree) replay(logs []uint64) error {
	for i, n := range logs {
		path := disk.Path(t.dir, n) + logExtension
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		m := t.parts.Memtable()
		sealed, err := wal.Replay(path, data, func(e part.Entry) { m.Set(e, t.hash(e.Key)) })
		if err != nil {
			return err
		}
		if !sealed && i+1 < len(logs) {
			return &part.Corrupt{File: path, Offset: int64(len(data)), What: "the log ends without its seal, and a later log exists"}
		}
		if m.Len() > 0 {
			t.frozen = append(t.frozen, m)
		}
	}
	if len(logs) == 0 {
		return nil
	}
	if err := t.Flush(); err != nil {
		return err
	}
	return t.forgetLogs()
}
