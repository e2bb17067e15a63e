package code

import (
	"debug/dwarf"
	"debug/elf"
	"fmt"
	"slices"
)

// Inlining is what the compiler inlined where, as the debugging information has
// it.
type Inlining struct {
	into map[string][]string // function -> the functions it was inlined into
	of   map[string][]string // function -> the functions that were inlined into it
}

// Into lists the functions that contain a function's body, each once.
func (n Inlining) Into(name string) []string { return n.into[name] }

// Of lists the functions whose bodies a function contains, each once.
func (n Inlining) Of(name string) []string { return n.of[name] }

// Inlining reads the debugging information. A program built without it (go run
// and go test do so) is an error.
func (p *Program) Inlining() (Inlining, error) {
	f, err := elf.Open(p.path)
	if err != nil {
		return Inlining{}, err
	}
	defer f.Close()
	data, err := f.DWARF()
	if err != nil || f.Section(".debug_info") == nil && f.Section(".zdebug_info") == nil {
		return Inlining{}, fmt.Errorf("%s has no debugging information: build it with go build", p.path)
	}
	r := inlineReader{names: map[dwarf.Offset]string{}, is: map[dwarf.Offset]dwarf.Offset{}, of: map[dwarf.Offset][]dwarf.Offset{}}
	if err := r.read(data.Reader()); err != nil {
		return Inlining{}, fmt.Errorf("%s: debugging information: %w", p.path, err)
	}
	return r.inlining(), nil
}

// inlineReader collects by place, since functions are used before they are named.
type inlineReader struct {
	names map[dwarf.Offset]string         // of functions that have one; the others point to them
	is    map[dwarf.Offset]dwarf.Offset   // function without a name -> the abstract one that has it
	of    map[dwarf.Offset][]dwarf.Offset // function -> the abstract functions inlined into it
}

func (r *inlineReader) read(d *dwarf.Reader) error {
	var within []dwarf.Offset // the functions around the current entry, 0 for other entries
	for {
		e, err := d.Next()
		if err != nil || e == nil {
			return err
		}
		if e.Tag == 0 { // the end of a list of children
			within = within[:max(0, len(within)-1)]
			continue
		}
		origin, derived := e.Val(dwarf.AttrAbstractOrigin).(dwarf.Offset)
		at := dwarf.Offset(0) // no function lies there: a unit begins with its header
		switch e.Tag {
		case dwarf.TagSubprogram:
			at = e.Offset
			if name, ok := e.Val(dwarf.AttrName).(string); ok {
				r.names[at] = name
			}
			if derived {
				r.is[at] = origin
			}
		case dwarf.TagInlinedSubroutine:
			if f := innermost(within); derived && f != 0 && !slices.Contains(r.of[f], origin) {
				r.of[f] = append(r.of[f], origin)
			}
		}
		if e.Children {
			within = append(within, at)
		}
	}
}

// name is that of a function at a place.
func (r *inlineReader) name(at dwarf.Offset) string {
	if origin, ok := r.is[at]; ok {
		at = origin
	}
	return r.names[at]
}

func innermost(within []dwarf.Offset) dwarf.Offset {
	for _, at := range slices.Backward(within) {
		if at != 0 {
			return at
		}
	}
	return 0
}

func (r *inlineReader) inlining() Inlining {
	n := Inlining{into: map[string][]string{}, of: map[string][]string{}}
	for at, origins := range r.of {
		f := r.name(at)
		for _, origin := range origins {
			if g := r.names[origin]; f != "" && g != "" {
				n.of[f], n.into[g] = append(n.of[f], g), append(n.into[g], f)
			}
		}
	}
	for _, lists := range []map[string][]string{n.of, n.into} {
		for f := range lists {
			slices.Sort(lists[f])
			lists[f] = slices.Compact(lists[f])
		}
	}
	return n
}
