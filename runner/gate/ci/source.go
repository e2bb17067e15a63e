package ci

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"strings"

	"assay/runner/gate"
)

// Source finds benchmarks in the modules under a folder: the file, relative to
// the folder, and line at which the function of FAMILY/OP begins, where family
// is an import path and op the benchmark with its sub-benchmarks. What it
// cannot find has the zero Place: an annotation without a line is still one.
func Source(root fs.FS) func(family, op string) gate.Place {
	modules := map[string]string{} // module path -> folder
	known := false
	return func(family, op string) gate.Place {
		if family == "" {
			return gate.Place{}
		}
		if !known { // walked when first needed: most gates have nothing to say
			known = true
			findModules(root, modules)
		}
		folder, ok := folderOf(modules, family)
		if !ok {
			return gate.Place{}
		}
		name, _, _ := strings.Cut(op, "/")
		if !strings.HasPrefix(name, "Benchmark") {
			name = "Benchmark" + name
		}
		return function(root, folder, name)
	}
}

func findModules(root fs.FS, modules map[string]string) {
	// A folder that cannot be read has no benchmarks that can be found.
	_ = fs.WalkDir(root, ".", func(p string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return fs.SkipDir
		case d.IsDir() && p != "." && (strings.HasPrefix(d.Name(), ".") || strings.HasPrefix(d.Name(), "_") ||
			d.Name() == "testdata" || d.Name() == "vendor" || d.Name() == "node_modules"):
			return fs.SkipDir
		case d.Name() != "go.mod" || d.IsDir():
			return nil
		}
		data, err := fs.ReadFile(root, p)
		if err != nil {
			return nil
		}
		for line := range strings.Lines(string(data)) {
			if words := strings.Fields(line); len(words) >= 2 && words[0] == "module" {
				modules[strings.Trim(words[1], "\"`")] = path.Dir(p)
				break
			}
		}
		return nil
	})
}

// folderOf is the folder of a package: that of the longest module path before it.
func folderOf(modules map[string]string, family string) (folder string, ok bool) {
	best := ""
	for module, at := range modules {
		rest, in := strings.CutPrefix(family, module)
		if in && (rest == "" || rest[0] == '/') && len(module) >= len(best) {
			best, folder, ok = module, path.Join(at, rest), true
		}
	}
	return folder, ok && fs.ValidPath(folder)
}

func function(root fs.FS, folder, name string) gate.Place {
	entries, err := fs.ReadDir(root, folder)
	if err != nil {
		return gate.Place{}
	}
	for _, e := range entries {
		p := path.Join(folder, e.Name())
		if !strings.HasSuffix(p, "_test.go") {
			continue
		}
		data, err := fs.ReadFile(root, p)
		if err != nil {
			continue
		}
		files := token.NewFileSet()
		file, err := parser.ParseFile(files, p, data, parser.SkipObjectResolution)
		if err != nil {
			continue
		}
		for _, d := range file.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == name {
				return gate.Place{File: p, Line: files.Position(fn.Pos()).Line}
			}
		}
	}
	return gate.Place{}
}
