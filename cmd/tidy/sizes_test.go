package tidy

import (
	"fmt"
	"go/ast"
	"go/token"
	"strings"
)

// sizes holds the lengths of files and functions.
func (house *tree) sizes(g *group, report reporter) {
	for _, f := range g.files {
		if f.lines > maxFileLines {
			report("size", f.path+":1", "the file has %d lines, the house allows %d: split it by what its parts are about", f.lines, maxFileLines)
		}
		for _, d := range f.ast.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			n := house.fset.Position(fn.End()).Line - house.fset.Position(fn.Pos()).Line + 1
			if n > maxFunctionLines {
				report("size", house.at(fn), "%s has %d lines, the house allows %d: give a part of it a name", fn.Name.Name, n, maxFunctionLines)
			}
		}
	}
}

// exports bounds what a package asks its reader to learn. Methods do not count.
func (house *tree) exports(g *group, report reporter) {
	if g.name == "main" || strings.HasSuffix(g.name, "_test") {
		return
	}
	var names []string
	for _, f := range g.files {
		if f.test || !f.built {
			continue
		}
		for _, d := range f.ast.Decls {
			names = append(names, exportedNames(d)...)
		}
	}
	if len(names) > maxExported {
		report("exports", g.files[0].path+":1", "package %s exports %d names, the house allows %d: keep some to itself, or part the package (%s)", g.folder, len(names), maxExported, strings.Join(names, " "))
	}
}

func exportedNames(d ast.Decl) (names []string) {
	keep := func(id *ast.Ident) {
		if id.IsExported() {
			names = append(names, id.Name)
		}
	}
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Recv == nil {
			keep(d.Name)
		}
	case *ast.GenDecl:
		for _, s := range d.Specs {
			switch s := s.(type) {
			case *ast.TypeSpec:
				keep(s.Name)
			case *ast.ValueSpec:
				for _, id := range s.Names {
					keep(id)
				}
			}
		}
	}
	return names
}

// methods bounds the contracts: a wide interface is implemented by nobody new.
func (house *tree) methods(g *group, report reporter) {
	local := map[string]*ast.InterfaceType{}
	for _, f := range g.files {
		for name, it := range interfaces(f.ast) {
			local[name] = it
		}
	}
	for _, f := range g.files {
		for name, it := range interfaces(f.ast) {
			if n := countMethods(it, local, 0); n > maxMethods {
				report("methods", house.at(it), "interface %s has %d methods, the house allows %d: part it by who calls them", name, n, maxMethods)
			}
		}
	}
}

// interfaces lists a file's interface types; one without a name goes by its place.
func interfaces(f *ast.File) map[string]*ast.InterfaceType {
	out, named := map[string]*ast.InterfaceType{}, map[*ast.InterfaceType]bool{}
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.TypeSpec:
			if it, ok := n.Type.(*ast.InterfaceType); ok {
				out[n.Name.Name], named[it] = it, true
			}
		case *ast.InterfaceType:
			if !named[n] {
				out[fmt.Sprintf("without a name (%d)", len(out))] = n
			}
		}
		return true
	})
	return out
}

// countMethods counts through embedded interfaces of the same package; one of
// another package counts as one.
func countMethods(it *ast.InterfaceType, local map[string]*ast.InterfaceType, depth int) int {
	n := 0
	for _, field := range it.Methods.List {
		switch t := field.Type.(type) {
		case *ast.Ident:
			if inner := local[t.Name]; inner != nil && depth < maxMethods {
				n += countMethods(inner, local, depth+1)
			}
		case *ast.SelectorExpr:
			n++
		case *ast.FuncType:
			n += len(field.Names)
		}
	}
	return n
}

// docs holds that every package and every exported name says what it is.
func (house *tree) docs(g *group, report reporter) {
	if strings.HasSuffix(g.name, "_test") {
		return
	}
	described := false
	for _, f := range g.files {
		described = described || !f.test && f.ast.Doc.Text() != ""
		if f.test || g.name == "main" {
			continue
		}
		for _, d := range f.ast.Decls {
			house.documented(d, report)
		}
	}
	if !described {
		report("docs", g.files[0].path+":1", "package %s has no package comment: say what it is for and what its limits are, in doc.go or above one package clause", g.folder)
	}
}

func (house *tree) documented(d ast.Decl, report reporter) {
	missing := func(id *ast.Ident) {
		report("docs", house.at(id), "%s is exported and has no comment: say what it is, its unit and when it fails", id.Name)
	}
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Name.IsExported() && d.Doc == nil && (d.Recv == nil || exportedReceiver(d.Recv) && !wellKnown[d.Name.Name]) {
			missing(d.Name)
		}
	case *ast.GenDecl:
		if d.Tok == token.IMPORT {
			return
		}
		for _, s := range d.Specs {
			switch s := s.(type) {
			case *ast.TypeSpec:
				if s.Name.IsExported() && d.Doc == nil && s.Doc == nil && s.Comment == nil {
					missing(s.Name)
				}
			case *ast.ValueSpec:
				for _, id := range s.Names {
					if id.IsExported() && d.Doc == nil && s.Doc == nil && s.Comment == nil {
						missing(id)
					}
				}
			}
		}
	}
}

// wellKnown methods mean the same on every type.
var wellKnown = map[string]bool{
	"Error": true, "Unwrap": true, "String": true, "Len": true, "Less": true, "Swap": true,
	"Write": true, "Read": true, "Close": true, "MarshalJSON": true, "UnmarshalJSON": true,
}

func exportedReceiver(recv *ast.FieldList) bool {
	t := recv.List[0].Type
	for {
		switch x := t.(type) {
		case *ast.StarExpr:
			t = x.X
		case *ast.IndexExpr:
			t = x.X
		case *ast.IndexListExpr:
			t = x.X
		case *ast.Ident:
			return x.IsExported()
		default:
			return false
		}
	}
}
