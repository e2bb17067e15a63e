package flush

// Writer appends sorted entries to one file at a time.
type Writer interface {
	// Begin starts a table in an empty file. After Finish, or after an error, a
	// Writer may begin another: its buffers serve again.
	Begin(f *File) error
	// Append adds an entry. Keys ascend, are distinct and have a byte or more,
	// as those of a store: pebble panics at an empty one. Neither slice may
	// change before Finish: a writer may hand them to the kernel as they are.
	Append(key, value []byte) error
	// Finish hands everything to the kernel. It neither syncs nor closes.
	Finish() error
}

// Decoder is a Writer whose tables hold more than plain interleaved entries.
type Decoder interface {
	Writer
	// Plain returns the entries of a finished table in the interleaved layout
	// of package entry, so that tables of all formats can be compared. Whatever
	// table holds, it returns an error and does not panic.
	Plain(table []byte) ([]byte, error)
}
