package disk

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Path returns the path of a numbered file without its extension.
func Path(dir string, number uint64) string {
	return filepath.Join(dir, fmt.Sprintf("%06d", number))
}

// Numbered lists the extensions of the numbered files of a folder, by number.
func Numbered(dir string) (map[uint64][]string, error) {
	files, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	found := map[uint64][]string{}
	for _, f := range files {
		extension := filepath.Ext(f.Name())
		base := strings.TrimSuffix(f.Name(), extension)
		n, err := strconv.ParseUint(base, 10, 63)
		if err == nil && extension != "" && filepath.Base(Path(dir, n)) == base {
			found[n] = append(found[n], extension)
		}
	}
	return found, nil
}

// Remove takes away the files of a number that have one of the extensions.
func Remove(dir string, number uint64, extensions []string) error {
	for _, x := range extensions {
		if err := os.Remove(Path(dir, number) + x); err != nil {
			return err
		}
	}
	return nil
}
