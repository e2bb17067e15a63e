package overlay

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/printer"
	"go/token"
	"slices"
)

// where an insertion goes, seen from the statement it belongs to.
type where int

const (
	before where = iota
	after
	instead
)

// place is one edit: text goes before, after or instead of every statement of
// the function that prints as the code says; an empty code means the beginning of
// the function. It must be found exactly as often as stated.
type place struct {
	function string // receiver.name
	code     string
	at       where
	text     string
	times    int
}

const memory = "runtime.ReadMemStats(&memStats)"

// places are the edits. Text stays on the line of its statement, so that the
// line numbers of profiles and panics are the original's.
var places = []place{
	{"B.StartTimer", memory, instead, "assayMemStats(b)", 1},
	{"B.StartTimer", "b.start = highPrecisionTimeNow()", before, "assayStart(b); ", 1},
	{"B.StopTimer", "b.duration += highPrecisionTimeSince(b.start)", after, "; assayStop(b)", 1},
	{"B.StopTimer", memory, instead, "assayMemStats(b)", 1},
	{"B.ResetTimer", memory, instead, "assayMemStats(b)", 1},
	{"B.ResetTimer", "b.netBytes = 0", after, "; assayReset(b)", 1},
	{"B.runN", "runtime.GC()", instead, "assayGC(b)", 1},
	{"B.runN", "b.benchFunc(b)", after, "; assayReturned(b)", 1},
	{"B.RunParallel", "", before, "assayParallel(b); ", 1},
	{"B.loopSlowPath", "", before, "if assayLooping(b) { return assayLoop(b) }; ", 1},
	{"benchState.processBench", "", before, "if assayServe(b) { return }; ", 1},
	{"B.Run", "benchName, ok, partial = b.bstate.match.fullName(&b.common, name)", after, "; ok, partial = assayWants(benchName, ok, partial)", 1},
	{"B.Run", "if sub.run1() {\n\tsub.run()\n}", before, "assayTarget(sub); ", 1},
	{"B.Run", "b.add(sub.result)", before, "assayRan(sub); ", 1},
	{"runBenchmarks", "main.runN(1)", before, "assayBegin(); ", 1},
	{"runBenchmarks", "main.runN(1)", after, "; assayOver()", 1},
}

// edit returns the text of benchmark.go with the calls inserted, and which of
// the loop sources fits it.
func edit(text []byte) (edited []byte, loop string, err error) {
	files := token.NewFileSet()
	f, err := parser.ParseFile(files, "benchmark.go", text, parser.SkipObjectResolution)
	if err != nil {
		return nil, "", fmt.Errorf("%w: %w", ErrShape, err)
	}
	if loop, err = loopShape(f); err != nil {
		return nil, "", err
	}
	functions := map[string]*ast.FuncDecl{}
	for _, d := range f.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok && fn.Body != nil {
			functions[nameOf(fn)] = fn
		}
	}
	var edits []insertion
	for _, p := range places {
		found, err := p.find(files, functions[p.function])
		if err != nil {
			return nil, "", err
		}
		edits = append(edits, found...)
	}
	return apply(text, edits), loop, nil
}

// insertion replaces the bytes [from, to) by text.
type insertion struct {
	from, to int
	text     string
}

func (p place) find(files *token.FileSet, fn *ast.FuncDecl) ([]insertion, error) {
	if fn == nil {
		return nil, fmt.Errorf("%w: there is no %s", ErrShape, p.function)
	}
	at := func(pos token.Pos) int { return files.Position(pos).Offset }
	if p.code == "" {
		i := at(fn.Body.Lbrace) + 1
		return []insertion{{i, i, " " + p.text}}, nil
	}
	var found []insertion
	ast.Inspect(fn.Body, func(n ast.Node) bool {
		s, ok := n.(ast.Stmt)
		if !ok || printed(files, s) != p.code {
			return true
		}
		switch from, to := at(s.Pos()), at(s.End()); p.at {
		case before:
			found = append(found, insertion{from, from, p.text})
		case after:
			found = append(found, insertion{to, to, p.text})
		case instead:
			found = append(found, insertion{from, to, p.text})
		}
		return true
	})
	if len(found) != p.times {
		return nil, fmt.Errorf("%w: %s has %q %d times, not %d", ErrShape, p.function, p.code, len(found), p.times)
	}
	return found, nil
}

func apply(text []byte, edits []insertion) []byte {
	slices.SortStableFunc(edits, func(a, b insertion) int { return a.from - b.from })
	var out bytes.Buffer
	done := 0
	for _, e := range edits {
		out.Write(text[done:e.from])
		out.WriteString(e.text)
		done = e.to
	}
	out.Write(text[done:])
	return out.Bytes()
}

func printed(files *token.FileSet, n ast.Node) string {
	var b bytes.Buffer
	config := printer.Config{Mode: printer.RawFormat, Tabwidth: 1}
	if err := config.Fprint(&b, files, n); err != nil {
		return ""
	}
	return b.String()
}

// nameOf is Type.Method or Function.
func nameOf(fn *ast.FuncDecl) string {
	if fn.Recv == nil || len(fn.Recv.List) != 1 {
		return fn.Name.Name
	}
	t := fn.Recv.List[0].Type
	if star, ok := t.(*ast.StarExpr); ok {
		t = star.X
	}
	if id, ok := t.(*ast.Ident); ok {
		return id.Name + "." + fn.Name.Name
	}
	return fn.Name.Name
}

// loopShape tells how type B keeps the state of b.Loop: Go 1.24.0 counted in
// loopN up to b.N, later versions in a struct of their own.
func loopShape(f *ast.File) (string, error) {
	shape := ""
	ast.Inspect(f, func(n ast.Node) bool {
		t, ok := n.(*ast.TypeSpec)
		if !ok || t.Name.Name != "B" {
			return true
		}
		s, ok := t.Type.(*ast.StructType)
		if !ok {
			return false
		}
		for _, field := range s.Fields.List {
			for _, name := range field.Names {
				switch name.Name {
				case "loop":
					shape = "loop_fields"
				case "loopN":
					shape = "loop_n"
				}
			}
		}
		return false
	})
	if shape == "" {
		return "", fmt.Errorf("%w: type B keeps no state of b.Loop", ErrShape)
	}
	return shape, nil
}
