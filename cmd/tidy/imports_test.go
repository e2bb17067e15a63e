package tidy

import (
	"slices"
	"strconv"
	"strings"
)

// imports holds the order of floors and the packages that see less than it.
func (house *tree) imports(g *group, report reporter) {
	mine, own := floor(g.folder)
	if mine < 0 {
		report("imports", g.files[0].path+":1", "package %s has no place in the import order: add it to `floors` in cmd/tidy/tidy_test.go, above what it imports and below what imports it", g.folder)
		return
	}
	for _, f := range g.files {
		for _, spec := range f.ast.Imports {
			path, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				continue // the parser has seen to it
			}
			place := house.at(spec)
			folder, ours := strings.CutPrefix(path, module+"/")
			if !ours {
				house.standard(g, f, path, place, report)
				continue
			}
			theirs, name := floor(folder)
			switch {
			case folder == g.folder || name == own && strings.HasSuffix(own, "/..."):
			case theirs < 0:
				report("imports", place, "%s imports %s, which has no place in the import order: add it to `floors` in cmd/tidy/tidy_test.go", g.folder, folder)
			case theirs <= mine:
				report("imports", place, "%s imports %s, which does not stand below it: move what it needs further down, or hand it in as a value", g.folder, folder)
			case !permitted(g.folder, folder):
				report("imports", place, "%s imports %s: a package there sees only %s", g.folder, folder, strings.Join(narrow(g.folder), ", "))
			}
		}
	}
}

// standard holds that the plain libraries import nothing of other people's.
func (house *tree) standard(g *group, f *file, path, place string, report reporter) {
	first, _, _ := strings.Cut(path, "/")
	if !strings.Contains(first, ".") || !anyWithin(standardOnly, g.folder) || f.test && anyWithin(testingAids, path) {
		return
	}
	if f.test {
		report("imports", place, "%s imports %s: the tests of a plain library use the standard library, rapid and go-cmp", g.folder, path)
		return
	}
	report("imports", place, "%s imports %s: a plain library imports the standard library alone; write the few lines, or move the code that needs it up", g.folder, path)
}

// floor finds the line and the name a folder goes by, or -1. The longest name wins.
func floor(folder string) (line int, name string) {
	line = -1
	for i, names := range floors {
		for _, n := range names {
			if within(n, folder) && len(n) > len(name) {
				line, name = i, n
			}
		}
	}
	return line, name
}

// narrow lists what a folder may see where the order alone would allow more.
func narrow(folder string) []string {
	for name, sees := range stays {
		if within(name, folder) {
			return append([]string{name}, sees...)
		}
	}
	return nil
}

func permitted(from, to string) bool {
	sees := narrow(from)
	return sees == nil || slices.ContainsFunc(sees, func(n string) bool { return within(n, to) })
}
