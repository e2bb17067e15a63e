package sketch

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
)

// Machine is what the resources of one machine cost.
type Machine struct {
	Schema    string     `json:"schema"`
	CPU       string     `json:"cpu"`      // model: times of another mean nothing here
	Virtual   string     `json:"virtual"`  // hypervisor; "" when none was seen
	Kernel    string     `json:"kernel"`   // release
	Measured  string     `json:"measured"` // RFC 3339
	Load      float64    `json:"load"`     // runnable tasks when it was measured
	Constants []Constant `json:"constants"`
}

// Constant is what one of a resource costs, in nanoseconds: the median of short
// slices and their quartiles.
type Constant struct {
	Resource string  `json:"resource"`
	Level    string  `json:"level,omitempty"` // of loads: which cache holds the set by its nominal size
	Size     int64   `json:"size,omitempty"`  // of the set that loads fell in, in bytes
	Ns       float64 `json:"ns"`
	Lo       float64 `json:"lo"` // a quarter of the slices were below
	Hi       float64 `json:"hi"` // a quarter were above
	Slices   int     `json:"slices"`
	Clock    string  `json:"clock"` // cpu or wall
}

const machineSchema = "assay-machine/1"

// Encode renders a machine as its file holds it.
func (m Machine) Encode() ([]byte, error) {
	m.Schema = machineSchema
	data, err := json.MarshalIndent(m, "", " ")
	return append(data, '\n'), err
}

// Decode reads what Encode wrote. A file of another schema, or with a constant
// that is no positive time, is an error: such a figure would price everything wrong.
func Decode(data []byte) (Machine, error) {
	var m Machine
	if err := json.Unmarshal(data, &m); err != nil {
		return Machine{}, err
	}
	if m.Schema != machineSchema {
		return Machine{}, fmt.Errorf("schema %q, this assay reads %q", m.Schema, machineSchema)
	}
	if m.CPU == "" {
		return Machine{}, errors.New("it names no CPU")
	}
	for _, c := range m.Constants {
		loads := c.Resource == Load || c.Resource == Overlapped
		if !Known(c.Resource) || !(c.Ns > 0) || math.IsInf(c.Ns, 0) || loads != (c.Size > 0) {
			return Machine{}, fmt.Errorf("constant %q of %v ns in %d bytes is none", c.Resource, c.Ns, c.Size)
		}
	}
	return m, nil
}

// Each returns the time of one of a resource, in nanoseconds; for loads, of one
// in a random place of set bytes. It is false where that was not measured.
//
// Between two measured sets the time is interpolated over the logarithm of the
// size, and beyond the first and the last it is theirs. (To give each cache the
// share of the set that fits into it was tried; it believes the nominal sizes,
// of which a virtual machine may get a part, and knows nothing of the misses of
// the address translation, which grow with the set.)
func (m Machine) Each(resource string, set float64) (ns float64, ok bool) {
	if resource != Load && resource != Overlapped {
		i := slices.IndexFunc(m.Constants, func(c Constant) bool { return c.Resource == resource })
		if i < 0 {
			return 0, false
		}
		return m.Constants[i].Ns, true
	}
	var below *Constant
	for _, c := range m.sets(resource) {
		if size := float64(c.Size); set <= size {
			if below == nil {
				return c.Ns, true
			}
			at := math.Log(set/float64(below.Size)) / math.Log(size/float64(below.Size))
			return below.Ns + at*(c.Ns-below.Ns), true
		}
		below = &c
	}
	if below == nil {
		return 0, false
	}
	return below.Ns, true
}

// waits says that the resource's time is not CPU time.
func (m Machine) waits(resource string) bool {
	return slices.ContainsFunc(m.Constants, func(c Constant) bool { return c.Resource == resource && c.Clock == "wall" })
}

// sets are the constants of loads, the smallest set first.
func (m Machine) sets(resource string) []Constant {
	var out []Constant
	for _, c := range m.Constants {
		if c.Resource == resource {
			out = append(out, c)
		}
	}
	slices.SortStableFunc(out, func(a, b Constant) int { return cmp.Compare(a.Size, b.Size) })
	return out
}
