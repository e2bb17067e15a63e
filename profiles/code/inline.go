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
	r := inlineReader{names: map[dwarf.Offset]string{}, of: map[string][]dwarf.Offset{}}
	err = r.readNames(data.Reader())
	if err == nil {
		err = r.read(data.Reader())
	}
	if err != nil {
		return Inlining{}, fmt.Errorf("%s: debugging information: %w", p.path, err)
	}
	return r.inlining(), nil
}

type inlineReader struct {
	names map[dwarf.Offset]string   // of functions that have one; the others point to them
	of    map[string][]dwarf.Offset // function -> the abstract functions inlined into it
}

// readNames is a pass of its own: functions are used before they are named.
func (r *inlineReader) readNames(d *dwarf.Reader) error {
	for {
		e, err := d.Next()
		if err != nil || e == nil {
			return err
		}
		if e.Tag == dwarf.TagSubprogram {
			if name, ok := e.Val(dwarf.AttrName).(string); ok {
				r.names[e.Offset] = name
			}
		}
		if e.Tag != dwarf.TagCompileUnit {
			d.SkipChildren()
		}
	}
}

func (r *inlineReader) read(d *dwarf.Reader) error {
	var within []string // the functions around the current entry, "" for other entries
	for {
		e, err := d.Next()
		if err != nil || e == nil {
			return err
		}
		if e.Tag == 0 { // the end of a list of children
			within = within[:max(0, len(within)-1)]
			continue
		}
		name := r.function(e)
		if e.Tag == dwarf.TagInlinedSubroutine {
			origin, ok := e.Val(dwarf.AttrAbstractOrigin).(dwarf.Offset)
			if f := innermost(within); ok && f != "" && !slices.Contains(r.of[f], origin) {
				r.of[f] = append(r.of[f], origin)
			}
		}
		if e.Children {
			within = append(within, name)
		}
	}
}

// function names an entry that is a function.
func (r *inlineReader) function(e *dwarf.Entry) string {
	if e.Tag != dwarf.TagSubprogram {
		return ""
	}
	if origin, ok := e.Val(dwarf.AttrAbstractOrigin).(dwarf.Offset); ok {
		return r.names[origin]
	}
	return r.names[e.Offset]
}

func innermost(within []string) string {
	for _, name := range slices.Backward(within) {
		if name != "" {
			return name
		}
	}
	return ""
}

func (r *inlineReader) inlining() Inlining {
	n := Inlining{into: map[string][]string{}, of: map[string][]string{}}
	for f, origins := range r.of {
		for _, origin := range origins {
			if g := r.names[origin]; g != "" {
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
