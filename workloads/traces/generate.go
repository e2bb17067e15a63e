//go:build ignore

// Generate writes the two shipped traces, byte for byte the same on every
// run with the same Go toolchain's api folder:
//
//	go run generate.go [-out DIR]
//
// It needs the module proxy (or a warm module cache) for the archives that
// archives lists, and GOROOT/api for the identifiers.
package main

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"go/token"
	"io"
	"log"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// archives are the module zips whose tables of contents make zip-entries,
// in the order in which they lie in the imagined concatenated file. The
// mix is on purpose: many small source files, few large data files.
var archives = []string{
	"github.com/google/pprof@v0.0.0-20260906184651-6331bc6350fe",
	"golang.org/x/net@v0.59.0",
	"github.com/cockroachdb/pebble/v2@v2.1.7",
	"golang.org/x/text@v0.42.0",
	"github.com/hashicorp/terraform@v1.5.0",
	"golang.org/x/tools@v0.49.0",
	"gonum.org/v1/gonum@v0.17.0",
	"k8s.io/client-go@v0.31.0",
	"golang.org/x/arch@v0.32.0",
	"k8s.io/kubernetes@v1.31.0",
	"gonum.org/v1/plot@v0.17.0",
}

// lastAPI is the last release, go1.N, whose identifiers go-identifiers holds.
// It is fixed, so that a newer toolchain, which only
// appends files, writes the same trace.
const lastAPI = 26

func main() {
	log.SetFlags(0)
	out := flag.String("out", ".", "the folder to write to")
	flag.Parse()
	if err := run(*out); err != nil {
		log.Fatal("generate: ", err)
	}
}

func run(out string) error {
	entries, err := zipEntries()
	if err != nil {
		return err
	}
	if err := write(filepath.Join(out, "zip-entries.csv.gz"), entries); err != nil {
		return err
	}
	names, err := goIdentifiers()
	if err != nil {
		return err
	}
	return write(filepath.Join(out, "go-identifiers.txt.gz"), names)
}

// zipEntries returns one "offset,length" line per archive entry that holds
// data. A running base lays the archives one after another, as in one
// concatenated file: without it every archive would start again at 0 and
// keys of different archives would collide without meaning anything.
func zipEntries() ([]byte, error) {
	var text bytes.Buffer
	text.WriteString("# data offset, compressed length\n")
	base := int64(0)
	for _, module := range archives {
		path, err := download(module)
		if err != nil {
			return nil, err
		}
		size, err := appendEntries(&text, path, base)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", module, err)
		}
		base += size
	}
	return text.Bytes(), nil
}

// appendEntries writes the lines of one archive and returns its size.
func appendEntries(text io.Writer, path string, base int64) (int64, error) {
	info, err := os.Stat(path)
	if err != nil {
		return 0, err
	}
	archive, err := zip.OpenReader(path)
	if err != nil {
		return 0, err
	}
	defer archive.Close()
	for _, file := range archive.File {
		if file.CompressedSize64 == 0 {
			continue // folders and empty files share their neighbour's offset
		}
		offset, err := file.DataOffset()
		if err != nil {
			return 0, err
		}
		fmt.Fprintf(text, "%d,%d\n", base+offset, file.CompressedSize64)
	}
	return info.Size(), nil
}

// download returns the path of a module's zip in the module cache.
func download(module string) (string, error) {
	answer, err := exec.Command("go", "mod", "download", "-json", module).Output()
	var found struct{ Zip, Error string }
	if bad := json.Unmarshal(answer, &found); bad != nil || found.Zip == "" {
		return "", fmt.Errorf("go mod download %s: %w %s", module, errors.Join(err, bad), found.Error)
	}
	return found.Zip, nil
}

// goIdentifiers returns the distinct exported identifiers of the standard
// library, one a line, in a fixed shuffled order. Platform-specific lines
// are left out: they are mostly system call numbers.
func goIdentifiers() ([]byte, error) {
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return nil, err
	}
	var names []string
	for release := range lastAPI + 1 {
		file := "go1.txt"
		if release > 0 {
			file = fmt.Sprintf("go1.%d.txt", release)
		}
		text, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(root)), "api", file))
		if err != nil {
			return nil, err
		}
		for line := range strings.Lines(string(text)) {
			if name := identifier(line); name != "" {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	names = slices.Compact(names)
	order := rand.New(rand.NewPCG(1, 1))
	order.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	return []byte("# exported identifiers of the Go standard library\n" + strings.Join(names, "\n") + "\n"), nil
}

// identifier reads one line of an api file, for example
// "pkg net/http, method (*Client) Do(*Request) (*Response, error)", and
// returns "net/http.Client.Do", or "" for a line that names nothing.
func identifier(line string) string {
	line, _, _ = strings.Cut(strings.TrimSpace(line), " #")
	pkg, rest, ok := strings.Cut(strings.TrimPrefix(line, "pkg "), ", ")
	if !ok || strings.Contains(pkg, " ") {
		return ""
	}
	kind, rest, _ := strings.Cut(rest, " ")
	switch kind {
	case "const", "var", "func":
		return join(pkg, word(rest))
	case "method":
		receiver, method, _ := strings.Cut(rest, ") ")
		return join(pkg, word(strings.Trim(receiver, "(*")), word(method))
	case "type":
		name := word(rest)
		_, member, ok := strings.Cut(rest, " struct, ")
		if !ok {
			_, member, ok = strings.Cut(rest, " interface, ")
		}
		if ok && token.IsExported(word(member)) {
			return join(pkg, name, word(member))
		}
		return join(pkg, name)
	}
	return ""
}

// word returns the identifier that text starts with.
func word(text string) string {
	end := strings.IndexFunc(text, func(r rune) bool { return !token.IsIdentifier("x" + string(r)) })
	if end < 0 {
		return text
	}
	return text[:end]
}

func join(parts ...string) string { return strings.Join(parts, ".") }

func write(path string, text []byte) error {
	var packed bytes.Buffer
	w, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := w.Write(text); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	fmt.Printf("%s: %d lines, %d bytes packed\n", path, bytes.Count(text, []byte("\n")), packed.Len())
	return os.WriteFile(path, packed.Bytes(), 0o644)
}
