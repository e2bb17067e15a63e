package counters

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// parseDump adds up the events of a callgrind dump, instruction by instruction,
// without those at addresses that leftOut names. The totals that the dump itself
// gives are checked against all instructions together.
//
// A dump is lines of text. One that begins with a position (the address of an
// instruction and a line number, or how far they are from the last) holds what
// that instruction cost, unless the line before was "calls=": then it is what a
// call from there cost, which the instructions called tell again.
func parseDump(r io.Reader, leftOut func(address uint64) bool) (map[string]float64, error) {
	d := dump{leftOut: leftOut}
	lines := bufio.NewReaderSize(r, 64<<10)
	for {
		line, err := lines.ReadString('\n')
		if errors.Is(err, io.EOF) {
			break // a last line without an end is not whole
		}
		if err != nil {
			return nil, err
		}
		if err := d.line(strings.TrimSuffix(line, "\n")); err != nil {
			return nil, err
		}
	}
	return d.sums()
}

// dump is a dump being read.
type dump struct {
	leftOut   func(address uint64) bool
	positions int // subpositions of a position, the address first
	events    []string
	address   uint64
	call      bool // the line before was calls=
	kept      []uint64
	all       []uint64
	totals    []uint64
}

func (d *dump) line(line string) error {
	if line == "" || line[0] == '#' {
		return nil
	}
	if c := line[0]; c >= '0' && c <= '9' || c == '+' || c == '-' || c == '*' {
		return d.cost(strings.Fields(line))
	}
	key, text, _ := strings.Cut(line, ":")
	switch {
	case strings.HasPrefix(line, "calls="):
		d.call = true
	case key == "positions":
		names := strings.Fields(text)
		if len(names) == 0 || names[0] != "instr" {
			return fmt.Errorf("the dump has positions %q, want instr first", text)
		}
		d.positions = len(names)
	case key == "events":
		d.events = strings.Fields(text)
		d.kept, d.all = make([]uint64, len(d.events)), make([]uint64, len(d.events))
	case key == "totals":
		var err error
		d.totals, err = d.numbers(strings.Fields(text))
		return err
	}
	return nil
}

func (d *dump) cost(fields []string) error {
	if d.positions == 0 || len(fields) < d.positions {
		return fmt.Errorf("no dump of callgrind: a line of %d fields with %d positions", len(fields), d.positions)
	}
	if err := d.move(fields[0]); err != nil {
		return err
	}
	if d.call {
		d.call = false
		return nil
	}
	ns, err := d.numbers(fields[d.positions:])
	if err != nil {
		return err
	}
	out := d.leftOut(d.address)
	for i, n := range ns {
		d.all[i] += n
		if !out {
			d.kept[i] += n
		}
	}
	return nil
}

// move takes the address of a position: as it is, or how far it is from the last.
func (d *dump) move(text string) error {
	if text == "*" {
		return nil
	}
	by, relative := strings.CutPrefix(text, "+")
	sign := uint64(1)
	if down, ok := strings.CutPrefix(text, "-"); ok {
		by, relative, sign = down, true, ^uint64(0)
	}
	n, err := strconv.ParseUint(by, 0, 64)
	if err != nil {
		return fmt.Errorf("%.20q is no address", text)
	}
	if relative {
		n = d.address + sign*n
	}
	d.address = n
	return nil
}

// numbers reads counts; those that are 0 at the end of a line are left out.
func (d *dump) numbers(fields []string) ([]uint64, error) {
	if len(fields) > len(d.events) {
		return nil, fmt.Errorf("no dump of callgrind: %d counts for %d events", len(fields), len(d.events))
	}
	ns := make([]uint64, len(d.events))
	for i, text := range fields {
		n, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("event %s counts %.20q, which is no number", d.events[i], text)
		}
		ns[i] = n
	}
	return ns, nil
}

func (d *dump) sums() (map[string]float64, error) {
	if d.totals == nil {
		return nil, errors.New("no whole dump of callgrind: it has no totals")
	}
	events := map[string]float64{}
	for i, name := range d.events {
		if d.all[i] != d.totals[i] {
			return nil, fmt.Errorf("the instructions of the dump have %d %s in all, its totals say %d", d.all[i], name, d.totals[i])
		}
		events[name] = float64(d.kept[i])
	}
	for _, name := range eventNames {
		if _, ok := events[name]; !ok {
			return nil, fmt.Errorf("the dump has no event %s: install a valgrind whose callgrind simulates caches and branches", name)
		}
	}
	return events, nil
}
