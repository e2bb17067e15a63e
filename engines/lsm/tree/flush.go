package tree

import (
	"errors"
	"fmt"
	"slices"

	"assay/engines/lsm/disk"
	"assay/engines/lsm/part"
)

// Flush writes every memtable as a table of its own, the oldest first. Each
// table counts once it is named by the manifest, so that a process that dies
// in the middle leaves all tables completed before.
func (t *Tree) Flush() error {
	if t.closed {
		return errClosed
	}
	if err := t.freeze(); err != nil {
		return err
	}
	for len(t.frozen) > 0 {
		m := t.frozen[0]
		table, number, err := t.build(m.Cursor(), m.Len())
		if err != nil {
			return fmt.Errorf("%s: flush: %w", t.dir, err)
		}
		next := t.manifest
		next.Tables = append(next.Tables[:len(next.Tables):len(next.Tables)], number)
		if err := t.commit(next); err != nil {
			table.Close()
			return err
		}
		t.tables = append([]part.Table{table}, t.tables...)
		t.frozen[0] = nil
		t.frozen = t.frozen[1:]
	}
	if t.parts.Log {
		return t.forgetLogs()
	}
	return nil
}

// Compact merges all tables into one and drops the entries that were replaced
// or deleted: below the only table there is nothing that a deletion must hide.
// Memtables are left alone.
func (t *Tree) Compact() error {
	if t.closed {
		return errClosed
	}
	if len(t.tables) == 0 {
		return nil
	}
	cursors, most := make([]part.Cursor, len(t.tables)), 0
	for i, table := range t.tables {
		cursors[i] = table.Cursor()
		most += table.Len()
	}
	merged, err := newMerge(cursors)
	if err != nil {
		return fmt.Errorf("%s: compaction: %w", t.dir, err)
	}
	table, number, err := t.build(&living{merged}, most)
	if err != nil {
		return fmt.Errorf("%s: compaction: %w", t.dir, err)
	}
	old := t.manifest.Tables
	next := t.manifest
	next.Tables = []uint64{number}
	if err := t.commit(next); err != nil {
		table.Close()
		return err
	}
	replaced := t.tables
	t.tables = []part.Table{table}
	return t.discard(replaced, old)
}

// discard closes tables that no manifest names any more and removes their
// files. It asks the folder for their names, because only the format knows how
// many it made.
func (t *Tree) discard(tables []part.Table, numbers []uint64) error {
	files, err := disk.Numbered(t.dir)
	if err != nil {
		return err
	}
	for _, table := range tables {
		err = errors.Join(err, table.Close())
	}
	for _, n := range numbers {
		err = errors.Join(err, disk.Remove(t.dir, n, files[n]))
	}
	return err
}

// build writes a table of what the cursor has, at most so many entries.
func (t *Tree) build(from part.Cursor, most int) (part.Table, uint64, error) {
	number := t.manifest.Next
	t.manifest.Next++
	b, err := t.format.Create(disk.Path(t.dir, number), most)
	if err != nil {
		return nil, 0, err
	}
	var e part.Entry
	for {
		more, err := from.Next(&e)
		if err == nil && more {
			err = b.Add(e, t.hash(e.Key))
		}
		if err != nil {
			b.Abort()
			return nil, 0, err
		}
		if !more {
			break
		}
	}
	table, err := b.Finish()
	return table, number, err
}

// commit makes a manifest the store's.
func (t *Tree) commit(next disk.Manifest) error {
	if err := next.Write(t.dir); err != nil {
		return err
	}
	t.manifest = next
	return nil
}

// forgetLogs removes all logs; what they hold is in tables.
func (t *Tree) forgetLogs() error {
	next := t.manifest
	next.Log = next.Next
	if err := t.commit(next); err != nil {
		return err
	}
	files, err := disk.Numbered(t.dir)
	if err != nil {
		return err
	}
	for n, extensions := range files {
		if !slices.Contains(extensions, logExtension) {
			continue
		}
		if err := disk.Remove(t.dir, n, []string{logExtension}); err != nil {
			return err
		}
	}
	return nil
}
