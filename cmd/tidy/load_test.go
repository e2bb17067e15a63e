package tidy

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
)

const module = "assay"

// tree is the source tree, parsed.
type tree struct {
	fset    *token.FileSet
	groups  []*group
	texts   []text
	empty   []string // files with nothing in them
	machine []string // absolute paths that no file may name
}

// group is the files of one package in one folder. An external test package
// is a group of its own, and so is a program kept out by a build tag.
type group struct {
	folder string // slash path from the root, which is also its import path in the module
	name   string
	files  []*file
}

type file struct {
	path  string
	ast   *ast.File
	lines int
	test  bool
	built bool // by the current system
}

// text is any file of the tree that is not binary.
type text struct {
	path string
	data []byte
}

// finding is one broken rule.
type finding struct{ rule, place, text string }

// notOurs are folders whose content is made by runs and builds, not written.
var notOurs = []string{".git", "bin", "results"}

const largestText = 1 << 20

// load reads the tree. Folders called testdata and nested modules are no part
// of the program: only the rule on machine paths reads them.
func load(fsys fs.FS, machine []string) (*tree, error) {
	house := &tree{fset: token.NewFileSet(), machine: machine}
	groups := map[string]*group{}
	err := fs.WalkDir(fsys, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if slices.Contains(notOurs, d.Name()) {
				return fs.SkipDir
			}
			return nil
		}
		if !d.Type().IsRegular() {
			return nil
		}
		data, err := fs.ReadFile(fsys, p)
		if err != nil {
			return err
		}
		if len(data) == 0 {
			house.empty = append(house.empty, p)
		}
		if len(data) <= largestText && !bytes.Contains(data, []byte{0}) {
			house.texts = append(house.texts, text{p, data})
		}
		if path.Ext(p) != ".go" || foreign(fsys, path.Dir(p)) {
			return nil
		}
		return house.add(groups, p, data)
	})
	return house, err
}

// foreign reports whether a folder is no part of the module.
func foreign(fsys fs.FS, folder string) bool {
	for ; folder != "."; folder = path.Dir(folder) {
		base := path.Base(folder)
		if base == "testdata" || base[0] == '.' || base[0] == '_' {
			return true
		}
		if _, err := fs.Stat(fsys, folder+"/go.mod"); err == nil {
			return true
		}
	}
	return false
}

func (house *tree) add(groups map[string]*group, p string, data []byte) error {
	parsed, err := parser.ParseFile(house.fset, p, data, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return fmt.Errorf("%w: mend the syntax first", err)
	}
	if ast.IsGenerated(parsed) {
		return nil
	}
	key := path.Dir(p) + " " + parsed.Name.Name
	g := groups[key]
	if g == nil {
		g = &group{folder: path.Dir(p), name: parsed.Name.Name}
		groups[key] = g
		house.groups = append(house.groups, g)
	}
	g.files = append(g.files, &file{
		path: p, ast: parsed, lines: bytes.Count(data, []byte("\n")),
		test: strings.HasSuffix(p, "_test.go"), built: builds(p, data),
	})
	return nil
}

// builds reports whether the current system's build takes the file.
func builds(p string, data []byte) bool {
	ctx := build.Default
	ctx.OpenFile = func(string) (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(data)), nil }
	match, err := ctx.MatchFile(path.Dir(p), path.Base(p))
	return err == nil && match
}

// at gives the place of a node as file:line.
func (house *tree) at(n ast.Node) string {
	p := house.fset.Position(n.Pos())
	return fmt.Sprintf("%s:%d", p.Filename, p.Line)
}

// findings applies every rule, in the order of places.
func (house *tree) findings() []finding {
	var all []finding
	report := func(rule, place, format string, args ...any) {
		all = append(all, finding{rule, place, fmt.Sprintf(format, args...)})
	}
	for _, g := range house.groups {
		for _, check := range []func(*group, reporter){
			house.imports, house.sizes, house.exports, house.docs, house.methods, house.state, house.time, house.random,
		} {
			check(g, report)
		}
	}
	house.namesNoMachine(report)
	house.holdsNoEmptyFile(report)
	slices.SortStableFunc(all, func(a, b finding) int { return strings.Compare(a.order(), b.order()) })
	return all
}

// order sorts places by file, then by line as a number.
func (f finding) order() string {
	name, line, _ := strings.Cut(f.place, ":")
	return fmt.Sprintf("%s:%9s", name, line)
}

type reporter func(rule, place, format string, args ...any)

// within reports whether a folder matches a name of the lists: itself, or
// anything under it where the name ends in /... .
func within(name, folder string) bool {
	stem, deep := strings.CutSuffix(name, "/...")
	return folder == stem || deep && strings.HasPrefix(folder, stem+"/")
}

func anyWithin(names []string, folder string) bool {
	return slices.ContainsFunc(names, func(n string) bool { return within(n, folder) })
}
