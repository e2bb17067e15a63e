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

// Difference is what two binaries do not share.
type Difference struct {
	// Changed names the functions whose machine code differs, or that only one
	// of the two has, in order.
	Changed []string

	base, head *image
}

// Compare reads two binaries of one program.
func Compare(base, head string) (*Difference, error) {
	a, err := read(base)
	if err != nil {
		return nil, err
	}
	b, err := read(head)
	if err != nil {
		return nil, err
	}
	return &Difference{Changed: changed(a, b), base: a, head: b}, nil
}

func changed(fa, fb *image) []string {
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
	return names
}

// image is the text, the data and the symbols of a file.
type image struct {
	text      []byte
	start     uint64
	data      []section
	movable   bool         // position-independent: its data holds no addresses yet
	symbols   []elf.Symbol // by address
	functions map[string]function
}

// section is data as it will lie in memory.
type section struct {
	start uint64
	bytes []byte
}

// function is one function's code. Opaque ones hold instructions the decoder
// does not know, such as AVX.
type function struct {
	code   []byte
	at     uint64
	sum    uint64
	opaque bool
	refers []uint64 // addresses outside itself, as often as they are used
}

// read takes a binary apart.
func read(path string) (*image, error) {
	f, err := elf.Open(path)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnreadable, err)
	}
	defer f.Close()
	text := f.Section(".text")
	all, err := f.Symbols()
	if err != nil || text == nil || f.Machine != elf.EM_X86_64 {
		return nil, ErrUnreadable
	}
	x := &image{start: text.Addr, functions: map[string]function{}, movable: f.Type != elf.ET_EXEC}
	if x.text, err = text.Data(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnreadable, err)
	}
	if x.data, err = readData(f); err != nil {
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
		x.digest(&fn)
		fn.sum += x.functions[s.Name].sum // names may repeat, such as those of assembly helpers of two packages
		fn.refers = append(fn.refers, x.functions[s.Name].refers...)
		x.functions[s.Name] = fn
	}
	return x, nil
}

// readData returns the sections that hold data the program starts with.
func readData(f *elf.File) ([]section, error) {
	var all []section
	for _, s := range f.Sections {
		if s.Type != elf.SHT_PROGBITS || s.Flags&elf.SHF_ALLOC == 0 || s.Flags&elf.SHF_EXECINSTR != 0 {
			continue
		}
		bytes, err := s.Data()
		if err != nil {
			return nil, err
		}
		all = append(all, section{s.Addr, bytes})
	}
	return all, nil
}

// digest hashes a function with its relative fields replaced by names, and
// collects what they point to.
func (x *image) digest(f *function) {
	h := fnv.New64a()
	code, at := f.code, f.at
	for len(code) > 0 {
		inst, err := x86asm.Decode(code, 64)
		n := inst.Len
		if err != nil || n == 0 || vector(code[0]) {
			n, f.opaque = 1, true
			h.Write(code[:n])
		} else if inst.PCRel > 0 {
			h.Write(code[:inst.PCRelOff])
			h.Write(code[inst.PCRelOff+inst.PCRel : n])
			target := at + uint64(n) + relative(code[inst.PCRelOff:inst.PCRelOff+inst.PCRel])
			h.Write([]byte(x.nameAt(target)))
			if target < f.at || target >= f.at+uint64(len(f.code)) {
				f.refers = append(f.refers, target)
			}
		} else {
			h.Write(code[:n])
		}
		code, at = code[n:], at+uint64(n)
	}
	f.sum = h.Sum64()
}

// vector says whether an instruction begins with a VEX or EVEX prefix. The
// decoder takes these for instructions of old that a 64-bit CPU does not have.
func vector(first byte) bool { return first == 0xc4 || first == 0xc5 || first == 0x62 }

// alike compares opaque functions byte by byte. Where they differ, a relative
// field of four bytes must be what differs: read as one, with nothing or one
// immediate byte behind it, it points to the same name on both sides.
func alike(x, y *image, f, g function) bool {
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
func fieldEnd(x, y *image, f, g function, i int) int {
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
func (x *image) nameAt(address uint64) string {
	s, ok := x.symbolAt(address)
	switch {
	case !ok && (len(x.symbols) == 0 || address < x.symbols[0].Value || address >= x.end()):
		return "?"
	case !ok || collection(s.Name):
		return "data"
	}
	return fmt.Sprintf("%s+%d", s.Name, address-s.Value)
}

func (x *image) end() uint64 {
	last := x.symbols[len(x.symbols)-1]
	return last.Value + last.Size
}

// symbolAt finds the symbol that holds an address.
func (x *image) symbolAt(address uint64) (elf.Symbol, bool) {
	i := sort.Search(len(x.symbols), func(i int) bool { return x.symbols[i].Value > address })
	if i == 0 || address >= x.symbols[i-1].Value+max(1, x.symbols[i-1].Size) {
		return elf.Symbol{}, false
	}
	return x.symbols[i-1], true
}

// collection says whether a symbol stands for many things that the linker merged.
func collection(name string) bool {
	return strings.HasSuffix(name, "*") || strings.HasPrefix(name, "runtime.rodata")
}
