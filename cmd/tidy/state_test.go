package tidy

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"path"
	"strings"
)

// state holds that a package keeps nothing: no init, and no package-level
// variable that is written after it is declared.
func (house *tree) state(g *group, report reporter) {
	for _, f := range g.files {
		for _, d := range f.ast.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Recv == nil && d.Name.Name == "init" {
					report("state", house.at(d), "init runs behind the reader's back: write a literal, or a function that is called where it is needed")
				}
			case *ast.GenDecl:
				if d.Tok == token.VAR {
					house.declared(d, report)
				}
			}
		}
	}
	info := house.resolve(g)
	for _, f := range g.files {
		if !f.built {
			continue
		}
		w := writes{house: house, info: info, report: report}
		ast.Inspect(f.ast, w.visit)
	}
}

// declared finds variables that only make sense when somebody writes to them.
func (house *tree) declared(d *ast.GenDecl, report reporter) {
	for _, s := range d.Specs {
		spec, ok := s.(*ast.ValueSpec)
		if !ok || spec.Names[0].Name == "_" {
			continue
		}
		if what := mutableType(spec.Type); what != "" {
			report("state", house.at(spec), "%s is a %s that every caller shares: make it a field of a value that is handed down", spec.Names[0].Name, what)
		}
		for _, v := range spec.Values {
			if what := mutableValue(v); what != "" {
				report("state", house.at(spec), "%s is a %s that every caller shares: make it a field of a value that is handed down", spec.Names[0].Name, what)
			}
		}
	}
}

func mutableType(t ast.Expr) string {
	switch t := t.(type) {
	case *ast.ChanType:
		return "channel"
	case *ast.SelectorExpr:
		if id, ok := t.X.(*ast.Ident); ok && (id.Name == "sync" || id.Name == "atomic") {
			return id.Name + "." + t.Sel.Name
		}
	case *ast.IndexExpr: // atomic.Pointer[T]
		return mutableType(t.X)
	case *ast.StarExpr:
		return mutableType(t.X)
	}
	return ""
}

func mutableValue(v ast.Expr) string {
	switch v := v.(type) {
	case *ast.CallExpr:
		if id, ok := v.Fun.(*ast.Ident); ok && (id.Name == "make" || id.Name == "new") {
			return "fresh " + id.Name
		}
	case *ast.UnaryExpr:
		if _, ok := v.X.(*ast.CompositeLit); ok && v.Op == token.AND {
			return "pointer"
		}
	case *ast.CompositeLit:
		return mutableType(v.Type)
	}
	return ""
}

// resolve finds what each name means. Imports are stand-ins: the rule needs to
// know that a name is a package, not what is in it, so nothing is built.
func (house *tree) resolve(g *group) *types.Info {
	info := &types.Info{Uses: map[*ast.Ident]types.Object{}, Selections: map[*ast.SelectorExpr]*types.Selection{}}
	var files []*ast.File
	for _, f := range g.files {
		if f.built {
			files = append(files, f.ast)
		}
	}
	config := types.Config{Importer: standIn{}, Error: func(error) {}, FakeImportC: true}
	config.Check(g.folder, house.fset, files, info) //nolint:errcheck // stand-ins cannot type-check, names resolve all the same
	return info
}

// standIn imports every package as an empty one of the likely name.
type standIn struct{}

func (standIn) Import(p string) (*types.Package, error) {
	name := path.Base(p)
	if len(name) > 1 && name[0] == 'v' && strings.Trim(name[1:], "0123456789") == "" {
		name = path.Base(path.Dir(p))
	}
	made := types.NewPackage(p, name)
	made.MarkComplete()
	return made, nil
}

// writes finds whatever changes a package-level variable.
type writes struct {
	house  *tree
	info   *types.Info
	report reporter
}

func (w writes) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.AssignStmt:
		if n.Tok != token.DEFINE {
			for _, to := range n.Lhs {
				w.changed(to, "is assigned to")
			}
		}
	case *ast.IncDecStmt:
		w.changed(n.X, "is counted up or down")
	case *ast.RangeStmt:
		if n.Tok == token.ASSIGN {
			w.changed(n.Key, "is assigned to")
			w.changed(n.Value, "is assigned to")
		}
	case *ast.UnaryExpr:
		if n.Op == token.AND && !w.foreign(n.X) {
			w.changed(n.X, "has its address taken")
		}
	case *ast.CallExpr:
		w.call(n)
	}
	return true
}

// call finds the built-in functions that write, and methods that take the address.
func (w writes) call(n *ast.CallExpr) {
	switch fun := n.Fun.(type) {
	case *ast.Ident:
		if _, builtin := w.info.Uses[fun].(*types.Builtin); builtin && (fun.Name == "delete" || fun.Name == "clear" || fun.Name == "copy") {
			w.changed(n.Args[0], "is written by "+fun.Name)
		}
	case *ast.SelectorExpr:
		s := w.info.Selections[fun]
		if s == nil || s.Kind() != types.MethodVal {
			return
		}
		method, ok := s.Obj().Type().(*types.Signature)
		if !ok || method.Recv() == nil {
			return
		}
		if _, byPointer := method.Recv().Type().(*types.Pointer); byPointer {
			w.changed(fun.X, "has its address taken by "+fun.Sel.Name)
		}
	}
}

// changed reports a write whose root is a package-level variable.
func (w writes) changed(target ast.Expr, how string) {
	name := w.root(target)
	if name != "" {
		w.report("state", w.house.at(target), "the package-level variable %s %s: make it a field of a value that is handed down, or a literal that nobody writes", name, how)
	}
}

// foreign reports whether an expression is a variable of another package.
// Taking its address is what some libraries ask for, and writes nothing;
// writing through that address is for review to see.
func (w writes) foreign(e ast.Expr) bool {
	sel, ok := e.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	id, ok := sel.X.(*ast.Ident)
	if !ok {
		return false
	}
	_, ok = w.info.Uses[id].(*types.PkgName)
	return ok
}

// root names the package-level variable that an expression reaches into.
func (w writes) root(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		if v, ok := w.info.Uses[e].(*types.Var); ok && v.Pkg() != nil && v.Parent() == v.Pkg().Scope() {
			return v.Name()
		}
	case *ast.SelectorExpr:
		if id, ok := e.X.(*ast.Ident); ok {
			if p, ok := w.info.Uses[id].(*types.PkgName); ok {
				return fmt.Sprintf("%s of %s", e.Sel.Name, p.Imported().Path())
			}
		}
		return w.root(e.X)
	case *ast.IndexExpr:
		return w.root(e.X)
	case *ast.StarExpr:
		return w.root(e.X)
	case *ast.ParenExpr:
		return w.root(e.X)
	case *ast.SliceExpr:
		return w.root(e.X)
	}
	return ""
}
