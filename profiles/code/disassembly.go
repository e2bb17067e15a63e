package code

import (
	"hash/fnv"
	"strconv"
	"strings"
)

// disassembly is one function being taken apart.
type disassembly struct {
	p     *Program
	entry uint64
	code  []byte
	list  []instruction
	index map[uint64]int // address -> place in list
}

func (d *disassembly) function(name string) Function {
	d.decode()
	f := Function{Name: name, Size: len(d.code), Instructions: len(d.list), sum: d.digest()}
	at := d.entry
	for _, x := range d.list {
		mark := d.mark(x)
		switch mark {
		case "branch":
			f.Branches++
		case "guard":
			f.Branches++
			f.Guards++
		case "indirect":
			f.Indirect++
		case "call":
			f.Calls++
		case "check":
			f.Checks++
		}
		if x.opaque {
			f.Opaque++
		}
		l := Line{Offset: int(at - d.entry), Text: d.local(x), Mark: mark}
		l.File, l.Number = d.p.source(at)
		f.Lines = append(f.Lines, l)
		at += uint64(x.length)
	}
	return f
}

// local is the text of an instruction, with targets within the function as
// offsets from its start, as the lines have them.
func (d *disassembly) local(x instruction) string {
	if _, inside := d.index[x.target]; !inside {
		return x.text
	}
	return strings.Replace(x.text, "0x"+strconv.FormatUint(x.target, 16), "+"+strconv.FormatUint(x.target-d.entry, 16), 1)
}

func (d *disassembly) decode() {
	d.index = map[uint64]int{}
	names := func(address uint64) (string, uint64) {
		f := d.p.table.PCToFunc(address)
		if f == nil {
			return "", 0
		}
		return f.Name, f.Entry
	}
	for rest, at := d.code, d.entry; len(rest) > 0; {
		x := d.p.isa.decode(rest, at, names)
		d.index[at] = len(d.list)
		d.list = append(d.list, x)
		rest, at = rest[x.length:], at+uint64(x.length)
	}
}

// mark says what an instruction counts as.
func (d *disassembly) mark(x instruction) string {
	switch x.kind {
	case branch:
		if d.guards(x.target) {
			return "guard"
		}
		return "branch"
	case computedJump, computedCall:
		return "indirect"
	case call:
		switch name := d.p.place(x.target); {
		case checking(name):
			return "check"
		case !guarding(name):
			return "call"
		}
	}
	return ""
}

// guardPath is how many instructions may lie between a branch and the panic it
// leads to: the panic's arguments are put in place.
const guardPath = 12

// guards says that the path from an address leads to a panic or to the growth of
// the stack, whatever the data.
func (d *disassembly) guards(address uint64) bool {
	for range guardPath {
		i, ok := d.index[address]
		if !ok {
			return false
		}
		x := d.list[i]
		switch x.kind {
		case call:
			return guarding(d.p.place(x.target))
		case jump:
			address = x.target
			continue
		case plain:
		default:
			return false
		}
		address += uint64(x.length)
	}
	return false
}

// digest hashes the code with what relative fields point to in place of the
// fields, since those differ wherever a function lies. A target within the
// function is where it is in it, so that code that calls itself is the same
// under another name; data have no names here, and how far apart they lie is the
// linker's affair, so that functions which differ in nothing but which constant
// they read count as the same.
func (d *disassembly) digest() uint64 {
	h := fnv.New64a()
	code := d.code
	for _, x := range d.list {
		from, to := x.relative[0], x.relative[1]
		if to == 0 {
			h.Write(code[:x.length])
		} else {
			h.Write(code[:from])
			h.Write(code[to:x.length])
			h.Write([]byte(d.target(x.to)))
		}
		code = code[x.length:]
	}
	return h.Sum64()
}

func (d *disassembly) target(address uint64) string {
	if i, ok := d.index[address]; ok {
		return "itself+" + strconv.Itoa(i)
	}
	return d.p.place(address)
}
