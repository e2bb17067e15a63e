package disk

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"assay/engines/lsm/part"
)

// Manifest says which files are the store. It is the commit point: a table
// exists once a manifest that names it has been renamed into place.
type Manifest struct {
	Format string   // of the tables
	Next   uint64   // number of the next file
	Log    uint64   // logs below this number are in tables; they may be removed
	Tables []uint64 // oldest first
}

const (
	manifestName  = "MANIFEST"
	spareName     = "MANIFEST.spare"
	manifestTitle = "assay-lsm 1"
)

// Append appends the text of the manifest: one line per fact, then a checksum
// of all lines before it.
func (m Manifest) Append(to []byte) []byte {
	from := len(to)
	to = fmt.Appendf(to, "%s\nformat %s\nnext %d\nlog %d\n", manifestTitle, m.Format, m.Next, m.Log)
	for _, n := range m.Tables {
		to = fmt.Appendf(to, "table %d\n", n)
	}
	return fmt.Appendf(to, "crc %08x\n", part.Checksum(0, to[from:]))
}

// Write makes m the manifest of the folder: it is written to the spare file,
// which then changes places with the manifest, so that the manifest is the old
// one or the new one, whole.
//
// Rejected, as measured with 49 tables a flush: a new file renamed over the old
// one, because ext4 writes a file out to the device before it lets it take
// another's place (2 ms, more than the table); a new file under a new name,
// because ext4 avoids the inodes of files just removed, at .3 ms a file; a log
// of changes, because a log cut short cannot be told from a shorter one.
func (m Manifest) Write(dir string) error {
	path, spare := filepath.Join(dir, manifestName), filepath.Join(dir, spareName)
	text := m.Append(nil)
	f, err := os.OpenFile(spare, os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteAt(text, 0)
	if err := errors.Join(err, f.Truncate(int64(len(text))), f.Close()); err != nil {
		return err
	}
	return exchange(spare, path)
}

// ReadManifest reads the manifest of a folder; found is false in a folder that has none.
func ReadManifest(dir string) (m Manifest, found bool, err error) {
	path := filepath.Join(dir, manifestName)
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return Manifest{}, false, nil
	}
	if err != nil {
		return Manifest{}, false, err
	}
	m, err = ParseManifest(path, data)
	return m, true, err
}

// ParseManifest reads the text of a manifest; path is for messages.
func ParseManifest(path string, data []byte) (Manifest, error) {
	bad := func(at int, what string) (Manifest, error) {
		return Manifest{}, &part.Corrupt{File: path, Offset: int64(at), What: what}
	}
	at := bytes.LastIndex(data, []byte("crc "))
	if at < 0 || (at > 0 && data[at-1] != '\n') {
		return bad(len(data), "the manifest has no last line with a checksum: it is cut short")
	}
	if want := fmt.Sprintf("crc %08x\n", part.Checksum(0, data[:at])); string(data[at:]) != want {
		return bad(at, "the checksum of the manifest does not match its lines")
	}
	var m Manifest
	from := 0
	for i, line := range strings.SplitAfter(string(data[:at]), "\n") {
		if line != "" && !m.take(i, strings.TrimSuffix(line, "\n")) {
			return bad(from, fmt.Sprintf("line %d of the manifest is not understood: %.40q", i+1, line))
		}
		from += len(line)
	}
	return m, nil
}

// take reads one line.
func (m *Manifest) take(i int, line string) bool {
	if i == 0 {
		return line == manifestTitle
	}
	word, value, _ := strings.Cut(line, " ")
	if word == "format" {
		m.Format = value
		return i == 1
	}
	n, err := strconv.ParseUint(value, 10, 63)
	switch word {
	case "next":
		m.Next = n
	case "log":
		m.Log = n
	case "table":
		if n >= m.Next || slices.Contains(m.Tables, n) {
			return false
		}
		m.Tables = append(m.Tables, n)
	default:
		return false
	}
	return err == nil
}
