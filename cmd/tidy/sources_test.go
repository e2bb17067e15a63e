package tidy

import (
	"bytes"
	"fmt"
	"go/ast"
	"path"
	"slices"
	"strconv"
	"strings"
)

// clockCalls read the clock; waits wait on it. A test may wait for a process
// and bound that wait, and never looks at how long something took.
var (
	clockCalls = map[string][]string{
		"time":                  {"Now", "Since", "Until"},
		"syscall":               {"Gettimeofday", "Getrusage"},
		"golang.org/x/sys/unix": {"ClockGettime", "Gettimeofday", "Getrusage"},
	}
	waits = map[string][]string{
		"time": {"Sleep", "After", "AfterFunc", "Tick", "NewTimer", "NewTicker"},
	}
)

// time holds that time enters through one package, so that a fake can replace it.
func (house *tree) time(g *group, report reporter) {
	if within(timeEntersAt, g.folder) {
		return
	}
	for _, f := range g.files {
		for _, c := range uses(f.ast, clockCalls) {
			report("time", house.at(c.node), "%s reads the clock here: take a clock.Clock and ask it, so that a test can decide what time it is", c.name)
		}
		if f.test {
			continue
		}
		for _, c := range uses(f.ast, waits) {
			report("time", house.at(c.node), "%s waits here: take a clock.Clock and call its Sleep, so that a test need not wait", c.name)
		}
	}
}

// seeded are the parts of math/rand/v2 that need a source of one's own.
var seeded = []string{"New", "NewPCG", "NewChaCha8", "NewZipf", "Rand", "PCG", "ChaCha8", "Zipf", "Source"}

// unseeded packages cannot repeat what they drew.
var unseeded = map[string]string{
	"math/rand":    "its top-level functions share one source, and its streams may change",
	"crypto/rand":  "it has no seed",
	"hash/maphash": "its seed differs in every process",
}

// random holds that every draw can be repeated from a seed.
func (house *tree) random(g *group, report reporter) {
	const mend = "draw from rand.New(rand.NewPCG(seed, stream)) of math/rand/v2"
	for _, f := range g.files {
		for _, spec := range f.ast.Imports {
			p, err := strconv.Unquote(spec.Path.Value)
			if why := unseeded[p]; err == nil && why != "" {
				report("random", house.at(spec), "%s is not for this house, %s: %s", p, why, mend)
			}
		}
		name := importedAs(f.ast, "math/rand/v2")
		if name == "" {
			continue
		}
		for _, sel := range selections(f.ast, name) {
			if !slices.Contains(seeded, sel.Sel.Name) {
				report("random", house.at(sel), "rand.%s draws from the source all programs share, which has no seed: %s", sel.Sel.Name, mend)
			}
		}
	}
}

type use struct {
	node ast.Node
	name string
}

// uses lists where a file names one of the given functions.
func uses(f *ast.File, functions map[string][]string) []use {
	var out []use
	for p, names := range functions {
		as := importedAs(f, p)
		if as == "" {
			continue
		}
		for _, sel := range selections(f, as) {
			if slices.Contains(names, sel.Sel.Name) {
				out = append(out, use{sel, path.Base(p) + "." + sel.Sel.Name})
			}
		}
	}
	return out
}

// importedAs returns the name a file gives to an import, or "".
func importedAs(f *ast.File, p string) string {
	for _, spec := range f.Imports {
		if spec.Path.Value != strconv.Quote(p) {
			continue
		}
		if spec.Name != nil {
			return spec.Name.Name
		}
		return path.Base(strings.TrimSuffix(p, "/v2"))
	}
	return ""
}

// selections lists the selectors X.Sel of a file whose X is the name.
func selections(f *ast.File, name string) []*ast.SelectorExpr {
	var out []*ast.SelectorExpr
	ast.Inspect(f, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			if id, ok := sel.X.(*ast.Ident); ok && id.Name == name {
				out = append(out, sel)
			}
		}
		return true
	})
	return out
}

// namesNoMachine holds that the tree means the same wherever it is checked out.
func (house *tree) namesNoMachine(report reporter) {
	for _, f := range house.texts {
		for n, line := range bytes.Split(f.data, []byte("\n")) {
			for _, p := range house.machine {
				if mentions(line, p) {
					report("machine", fmt.Sprintf("%s:%d", f.path, n+1), "the line names %s, a folder of one machine: write the path relative to the module, or $HOME", p)
					break
				}
			}
		}
	}
}

// holdsNoEmptyFile holds that every file says something: an empty one is what a
// redirected command left behind, committed by mistake.
func (house *tree) holdsNoEmptyFile(report reporter) {
	for _, p := range house.empty {
		report("empty", p, "the file is empty: remove it")
	}
}

// mentions finds an absolute path as a whole: not within a longer name.
func mentions(line []byte, p string) bool {
	for from := 0; ; {
		i := bytes.Index(line[from:], []byte(p))
		if i < 0 {
			return false
		}
		i += from
		end := i + len(p)
		if (i == 0 || !partOfPath(line[i-1])) && (end == len(line) || !partOfPath(line[end]) || line[end] == '/') {
			return true
		}
		from = end
	}
}

func partOfPath(c byte) bool {
	return c == '/' || c == '-' || c == '_' || c == '.' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}
