package whole

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestAFileThatCannotAppearLeavesTheOldOneAndNoScraps(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "report.html")
	if err := Write(path, []byte("old")); err != nil {
		t.Fatal(err)
	}
	f, err := Create(filepath.Join(path, "inside")) // the folder is a file
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err == nil {
		t.Error("a file inside a file was written")
	}
	if data, err := os.ReadFile(path); err != nil || string(data) != "old" {
		t.Errorf("the old file holds %q (%v)", data, err)
	}
	if names, err := os.ReadDir(dir); err != nil || len(names) != 1 {
		t.Errorf("left behind: %v (%v)", names, err)
	}
}

func TestAFolderInTheWayIsSaidAndNothingIsWrittenBesideIt(t *testing.T) {
	t.Parallel()
	around := t.TempDir()
	dir := filepath.Join(around, "here")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := Write(dir, []byte("text")); err == nil || !strings.HasSuffix(err.Error(), "here is a folder: name a file in it") {
		t.Errorf("error %v", err)
	}
	if names, err := os.ReadDir(around); err != nil || len(names) != 1 {
		t.Errorf("left behind: %v (%v)", names, err)
	}
}
