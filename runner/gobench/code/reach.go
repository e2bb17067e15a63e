package code

import (
	"encoding/binary"
	"regexp"
	"strings"
)

// Reaches says whether the benchmark may run a function whose machine code
// differs: whether a path of calls, addresses taken and tables leads to one, on
// either side. What the initialisers of packages refer to counts as well, for a
// benchmark may call it through a variable. In doubt the answer is yes.
//
// Methods may also be reached through an interface that is made at run time,
// which no table shows; where the benchmark asks for one, by a type assertion to
// an interface or by reflection, every changed method counts.
func (d *Difference) Reaches(benchmark string) bool {
	if len(d.Changed) == 0 {
		return false
	}
	changed := map[string]bool{}
	for _, name := range d.Changed {
		changed[name] = true
	}
	return d.base.reaches(benchmark, changed) || d.head.reaches(benchmark, changed)
}

func (x *image) reaches(benchmark string, changed map[string]bool) bool {
	if x.movable {
		return true // addresses in its tables are filled in when it starts
	}
	var run, initial []string
	home := ""
	for name := range x.functions {
		switch {
		case strings.HasSuffix(name, "."+benchmark):
			run = append(run, name)
			home = firstElement(name)
		case initialiser.MatchString(name):
			initial = append(initial, name)
		}
	}
	if len(run) == 0 {
		return true
	}
	w := walk{image: x, seen: map[string]bool{}, tables: map[uint64]bool{}}
	w.from(run)
	dynamic := w.asksForInterfaces(func(string) bool { return true })
	w.from(initial)
	dynamic = dynamic || w.asksForInterfaces(func(name string) bool { return firstElement(name) == home })
	for name := range changed {
		if w.seen[name] || dynamic && method.MatchString(name) {
			return true
		}
	}
	return false
}

var (
	initialiser = regexp.MustCompile(`\.(init(\.\d+)?|TestMain|map\.init\.\d+)$`)
	method      = regexp.MustCompile(`\.\(\*[^)]+\)\.|[^/]\.[A-Za-z_]\w*\.[A-Za-z_]`)
	// What makes an interface at run time, or calls a method by its number.
	makers = regexp.MustCompile(`^(runtime\.(typeAssert|getitab|assertE2I2?|interfaceSwitch)|reflect\.(Value\.(Call|Method|MethodByName|Interface)|Value\.call))$`)
)

// firstElement of the import path in a symbol's name: who wrote the code.
func firstElement(symbol string) string {
	first, _, found := strings.Cut(symbol, "/")
	if !found {
		first, _, _ = strings.Cut(symbol, ".")
	}
	return first
}

// walk follows references from function to function.
type walk struct {
	*image
	seen   map[string]bool
	tables map[uint64]bool // addresses of data that were read
	todo   []string
}

// from adds all that the functions lead to. The runtime and package testing
// are ends: they call nothing of the user's but what was handed to them.
func (w *walk) from(names []string) {
	for _, name := range names {
		w.add(name)
	}
	for len(w.todo) > 0 {
		name := w.todo[len(w.todo)-1]
		w.todo = w.todo[:len(w.todo)-1]
		if strings.HasPrefix(name, "runtime.") || strings.HasPrefix(name, "testing.") {
			continue
		}
		for _, address := range w.functions[name].refers {
			w.follow(address)
		}
	}
}

func (w *walk) add(name string) {
	if !w.seen[name] {
		w.seen[name] = true
		w.todo = append(w.todo, name)
	}
}

// asksForInterfaces says whether a reached function of the chosen ones makes
// interfaces at run time.
func (w *walk) asksForInterfaces(chosen func(name string) bool) bool {
	for name := range w.seen {
		if strings.HasPrefix(name, "runtime.") || strings.HasPrefix(name, "testing.") || !chosen(name) {
			continue
		}
		for _, address := range w.functions[name].refers {
			if s, ok := w.symbolAt(address); ok && makers.MatchString(s.Name) {
				return true
			}
		}
	}
	return false
}

// largestTable bounds the data read behind one symbol.
const largestTable = 1 << 20

// follow goes where an address points: to a function, or to data that may hold
// addresses of functions or of further tables. In a collection without names of
// its own (function values, for example) it reads the one word it points to.
func (w *walk) follow(address uint64) {
	todo := []uint64{address}
	for len(todo) > 0 {
		address = todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		s, ok := w.symbolAt(address)
		if ok && w.isFunction(s.Name) {
			w.add(s.Name)
			continue
		}
		from, size := address, uint64(8)
		if ok && !collection(s.Name) && s.Size > 8 && s.Size <= largestTable {
			from, size = s.Value, s.Size
		}
		if w.tables[from] {
			continue
		}
		w.tables[from] = true
		for at := from; at+8 <= from+size; at += 8 {
			if word, ok := w.word(at); ok && w.mapped(word) {
				todo = append(todo, word)
			}
		}
	}
}

func (x *image) isFunction(name string) bool { _, ok := x.functions[name]; return ok }

// word is the data at an address.
func (x *image) word(address uint64) (uint64, bool) {
	for _, s := range x.data {
		if address >= s.start && address-s.start+8 <= uint64(len(s.bytes)) {
			return binary.LittleEndian.Uint64(s.bytes[address-s.start:]), true
		}
	}
	return 0, false
}

// mapped says whether an address lies in the text or in the data.
func (x *image) mapped(address uint64) bool {
	if address >= x.start && address-x.start < uint64(len(x.text)) {
		return true
	}
	for _, s := range x.data {
		if address >= s.start && address-s.start < uint64(len(s.bytes)) {
			return true
		}
	}
	return false
}
