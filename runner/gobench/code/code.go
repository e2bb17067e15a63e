// Package code compares the machine code of two binaries function by function.
//
// Bytes alone would differ everywhere: calls and data are reached relative to
// the instruction, and one function more moves all that follow it. So every
// instruction is decoded, its relative field is blanked, and what it points to is
// compared by name instead. Contents of data are not compared: a difference
// between functions of one code is data, layout or chance, and a reader who
// knows that is what the comparison is for.
//
// It reads ELF binaries for amd64 that have a symbol table; for others there is
// no answer.
package code

import (
	"debug/elf"
	"errors"
	"fmt"
	"hash/fnv"
	"slices"
	"sort"
	"strings"

	"golang.org/x/arch/x86/x86asm"
)

// ErrUnreadable says that a binary is not of the kind this package reads.
var ErrUnreadable = errors.New("no ELF binary for amd64 with a symbol table")

// Changed names the functions whose machine code differs, or that only one of
// the two binaries has, in order.
func Changed(a, b string) ([]string, error) {
	fa, err := read(a)
	if err != nil {
		return nil, err
	}
	fb, err := read(b)
	if err != nil {
		return nil, err
	}
	var names []string
	for name, f := range fa.functions {
		g, ok := fb.functions[name]
		if !ok || f.sum != g.sum && !(f.opaque && g.opaque && alike(fa, fb, f, g)) {
			names = append(names, name)
		}
	}
	for name := range fb.functions {
		if _, ok := fa.functions[name]; !ok {
			names = append(names, name)
		}
	}
	// A name without a package is an assembly helper of the toolchain.
	names = slices.DeleteFunc(names, func(s string) bool { return !strings.Contains(s, ".") })
	slices.Sort(names)
	return names, nil
}

// binary is the text and the symbols of a file.
type binary struct {
	text      []byte
	start     uint64
	symbols   []elf.Symbol // by address
	functions map[string]function
}

// function is one function's code. Opaque ones hold instructions the decoder
// does not know, such as AVX.
type function struct {
	code   []byte
	at     uint64
	sum    uint64
	opaque bool
}

// read takes a binary apart.
func read(path string) (*binary, error) {
	f, err := elf.Open(path)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnreadable, err)
	}
	defer f.Close()
	section := f.Section(".text")
	all, err := f.Symbols()
	if err != nil || section == nil || f.Machine != elf.EM_X86_64 {
		return nil, ErrUnreadable
	}
	x := &binary{start: section.Addr, functions: map[string]function{}}
	if x.text, err = section.Data(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnreadable, err)
	}
	for _, s := range all {
		if kind := elf.ST_TYPE(s.Info); s.Section != elf.SHN_UNDEF && (kind == elf.STT_FUNC || kind == elf.STT_OBJECT) {
			x.symbols = append(x.symbols, s)
		}
	}
	sort.SliceStable(x.symbols, func(i, j int) bool { return x.symbols[i].Value < x.symbols[j].Value })
	for _, s := range x.symbols {
		from := s.Value - x.start
		if elf.ST_TYPE(s.Info) != elf.STT_FUNC || s.Value < x.start || from+s.Size > uint64(len(x.text)) || from+s.Size < from {
			continue
		}
		fn := function{code: x.text[from : from+s.Size], at: s.Value}
		fn.sum, fn.opaque = x.digest(fn.code, fn.at)
		fn.sum += x.functions[s.Name].sum // names may repeat, such as those of assembly helpers of two packages
		x.functions[s.Name] = fn
	}
	return x, nil
}

// digest hashes a function with its relative fields replaced by names.
func (x *binary) digest(code []byte, at uint64) (sum uint64, opaque bool) {
	h := fnv.New64a()
	for len(code) > 0 {
		inst, err := x86asm.Decode(code, 64)
		n := inst.Len
		if err != nil || n == 0 {
			n, opaque = 1, true
			h.Write(code[:n])
		} else if inst.PCRel > 0 {
			h.Write(code[:inst.PCRelOff])
			h.Write(code[inst.PCRelOff+inst.PCRel : n])
			target := at + uint64(n) + relative(code[inst.PCRelOff:inst.PCRelOff+inst.PCRel])
			h.Write([]byte(x.nameAt(target)))
		} else {
			h.Write(code[:n])
		}
		code, at = code[n:], at+uint64(n)
	}
	return h.Sum64(), opaque
}

// alike compares opaque functions byte by byte. Where they differ, a relative
// field of four bytes must be what differs: read as one, with nothing or one
// immediate byte behind it, it points to the same name on both sides.
func alike(x, y *binary, f, g function) bool {
	if len(f.code) != len(g.code) {
		return false
	}
	for i := 0; i < len(f.code); i++ {
		if f.code[i] == g.code[i] {
			continue
		}
		end := fieldEnd(x, y, f, g, i)
		if end == 0 {
			return false
		}
		i = end - 1
	}
	return true
}

// fieldEnd is where the relative field around byte i ends, 0 when there is
// none. Four ways to place a field are tried; one that points to a name counts
// before one that points into data without any.
func fieldEnd(x, y *binary, f, g function, i int) int {
	end := 0
	for from := max(0, i-3); from <= i && from+4 <= len(f.code); from++ {
		for _, next := range []int{from + 4, from + 5} {
			a := x.nameAt(f.at + uint64(next) + relative(f.code[from:from+4]))
			b := y.nameAt(g.at + uint64(next) + relative(g.code[from:from+4]))
			switch {
			case a != b || a == "?":
			case a != "data":
				return from + 4
			case end == 0:
				end = from + 4
			}
		}
	}
	return end
}

// relative reads a signed little-endian field.
func relative(field []byte) uint64 {
	var v uint64
	for i, b := range field {
		v |= uint64(b) << (8 * i)
	}
	shift := 64 - 8*len(field)
	return uint64(int64(v<<shift) >> shift)
}

// nameAt words an address: symbol and offset. Within collections of what the
// linker merges (strings, types) the place is the linker's affair.
func (x *binary) nameAt(address uint64) string {
	i := sort.Search(len(x.symbols), func(i int) bool { return x.symbols[i].Value > address })
	if i == 0 {
		return "?"
	}
	s := x.symbols[i-1]
	if i == len(x.symbols) && address >= s.Value+s.Size {
		return "?"
	}
	if address >= s.Value+max(1, s.Size) || strings.HasSuffix(s.Name, "*") || strings.HasPrefix(s.Name, "runtime.rodata") {
		return "data"
	}
	return fmt.Sprintf("%s+%d", s.Name, address-s.Value)
}
