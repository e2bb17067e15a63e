// Package code looks at the machine code of a program: how large a function is,
// how many branches, calls and bounds checks it has, where the compiler inlined
// it, and whether two functions are the same code at different places.
//
// Its limits first. It reads Go programs in ELF files for amd64 and arm64, not
// position-independent ones. A count of instructions in a function says nothing
// of how often they run. A bounds check is told by what happens when it fails, a
// call of runtime.panicBounds or one of its older names, so that a check that
// the compiler proved away is none.
package code

import (
	"debug/elf"
	"debug/gosym"
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// ErrUnreadable says that a file is not of the kind this package reads.
var ErrUnreadable = errors.New("no Go program in an ELF file at a fixed address, for amd64 or arm64")

// Function is the machine code of one function. What the compiler inlined into
// it belongs to it.
type Function struct {
	Name         string `json:"name"`
	Size         int    `json:"bytes"` // without the padding behind it
	Instructions int    `json:"instructions"`
	Branches     int    `json:"conditional_branches"`
	Guards       int    `json:"guards"`            // of the branches: those to a panic or to the growth of the stack
	Indirect     int    `json:"indirect_branches"` // jumps and calls to an address that is computed
	Calls        int    `json:"calls"`             // of other functions, without panics and the growth of the stack
	Checks       int    `json:"bounds_checks"`
	Opaque       int    `json:"opaque,omitempty"` // instructions the disassembler does not know: part of what they do is not counted

	Lines []Line `json:"-"`
	sum   uint64
}

// Line is one instruction.
type Line struct {
	Offset int    // from the start of the function
	Text   string // in the syntax of Go's assembler
	File   string // of the source, with its folder
	Number int    // of the line
	Mark   string // what it counts as: branch, guard, indirect, call, check or nothing
}

// Program is an open program.
type Program struct {
	path  string
	text  []byte
	start uint64
	table *gosym.Table
	names map[string]*gosym.Func
	isa   isa
}

// Open reads the code of a program and its table of functions, which programs
// without symbols have too.
func Open(path string) (*Program, error) {
	f, err := elf.Open(path)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnreadable, err)
	}
	defer f.Close()
	text, lines := f.Section(".text"), f.Section(".gopclntab")
	if text == nil || lines == nil || f.Type != elf.ET_EXEC {
		return nil, fmt.Errorf("%w: %s", ErrUnreadable, path)
	}
	p := &Program{path: path, start: text.Addr, names: map[string]*gosym.Func{}}
	switch f.Machine {
	case elf.EM_X86_64:
		p.isa = amd64{}
	case elf.EM_AARCH64:
		p.isa = arm64{}
	default:
		return nil, fmt.Errorf("%w: %s", ErrUnreadable, path)
	}
	if p.text, err = text.Data(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnreadable, err)
	}
	data, err := lines.Data()
	if err == nil {
		p.table, err = gosym.NewTable(nil, gosym.NewLineTable(data, text.Addr))
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnreadable, err)
	}
	for i := range p.table.Funcs {
		p.names[p.table.Funcs[i].Name] = &p.table.Funcs[i]
	}
	return p, nil
}

// Match lists the functions whose names match, in the order of their addresses.
func (p *Program) Match(pattern *regexp.Regexp) []string {
	var names []string
	for _, f := range p.table.Funcs {
		if pattern.MatchString(f.Name) {
			names = append(names, f.Name)
		}
	}
	return names
}

// Has says whether the program has a function of its own of that name: one that
// was inlined everywhere is in its callers alone.
func (p *Program) Has(name string) bool { return p.names[name] != nil }

// Function disassembles one function.
func (p *Program) Function(name string) (Function, error) {
	f := p.names[name]
	if f == nil {
		return Function{}, fmt.Errorf("%s has no function %s of its own: it is inlined everywhere, unused, or spelt otherwise", p.path, name)
	}
	from, to := f.Entry-p.start, f.End-p.start
	if f.Entry < p.start || from > to || to > uint64(len(p.text)) {
		return Function{}, fmt.Errorf("%s: the code of %s is not where the table says", p.path, name)
	}
	d := disassembly{p: p, entry: f.Entry, code: p.isa.trim(p.text[from:to])}
	return d.function(name), nil
}

// Same says whether two functions are the same code: byte by byte, with what
// their relative fields point to in place of the fields.
func Same(a, b Function) bool { return a.sum == b.sum && a.Size == b.Size }

// place words an address in a function: "name" or "name+12".
func (p *Program) place(address uint64) string {
	f := p.table.PCToFunc(address)
	switch {
	case f == nil:
		return ""
	case f.Entry == address:
		return f.Name
	}
	return fmt.Sprintf("%s+%d", f.Name, address-f.Entry)
}

// source is the line that an instruction comes from: page/encoder.go:12.
func (p *Program) source(address uint64) (file string, line int) {
	file, line, _ = p.table.PCToLine(address)
	parts := strings.Split(file, "/")
	return strings.Join(parts[max(0, len(parts)-2):], "/"), line
}

// checking says that a function is called when a bounds check fails.
func checking(name string) bool {
	for _, prefix := range []string{"runtime.panicBounds", "runtime.panicIndex", "runtime.panicSlice", "runtime.goPanic"} {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}

// guarding says that a function is called where the code gives up or has to make
// room: panics, and the growth of the stack.
func guarding(name string) bool {
	return checking(name) || strings.HasPrefix(name, "runtime.panic") || strings.HasPrefix(name, "runtime.morestack") || name == "runtime.gopanic"
}
