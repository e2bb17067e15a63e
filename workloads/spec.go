package workloads

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Spec is a parsed workload. It is a plain comparable value: equal specs draw
// equal streams from equal seeds. Get one from [Parse]; the zero Spec draws
// nothing.
type Spec struct {
	keys, values, access  string // canonical laws, "" if not given
	keyFormat, valueBytes string // "" if not given
	count                 int    // as given, or as WithCount says
	silent                bool   // count came from WithCount and is not written
	universe              uint64 // 0 if not given
	keySize, valueSize    int    // 0 if not given
	batch                 int    // 0 if not given
}

// The defaults of fields that are not given.
const (
	defaultUniverse  = 1 << 32
	defaultValueSize = 8
	maxUniverse      = 1 << 53 // ranks are float64 inside zipf
	maxCount         = 1 << 30
	maxBytes         = 1 << 20
	maxBatch         = 1 << 20
)

// Named is something a workload can be made of, for lists and help.
type Named struct {
	// Name is a name or the form of a distribution, such as "zipf:S".
	Name string
	// Kind is "preset", "trace" or "distribution".
	Kind string
	// Example is a workload that Parse accepts and that needs no file; ""
	// for the form that replays one.
	Example string
	// Doc is one line.
	Doc string
}

// Names lists every preset, shipped trace and form of distribution.
func Names() []Named {
	names := append(presets(), shipped()...)
	for _, f := range forms() {
		names = append(names, Named{f.syntax, "distribution", f.example, f.doc})
	}
	return names
}

// String returns the canonical text: Parse(s.String()) equals s, unless
// [Spec.WithCount] set a count that the text did not have.
func (s Spec) String() string {
	if s.keys == "" {
		return ""
	}
	parts := []string{s.keys}
	for _, f := range fields() {
		if text := f.get(s); text != "" && f.name != "keys" {
			parts = append(parts, f.name+"="+text)
		}
	}
	return strings.Join(parts, ",")
}

// Count returns the number of entries to load, 0 when not given.
func (s Spec) Count() int { return s.count }

// Batch returns how many entries belong together, 0 when not given.
func (s Spec) Batch() int { return s.batch }

// Values returns the law of values that s names, "" where the values come with
// the keys.
func (s Spec) Values() string { return s.values }

// WithCount returns s with a count of n, 0 for none. It is for defaults that
// a family or a smoke test fills in: the text of s, and with it the name of
// the workload in results, stays what the user wrote, except that a count
// written there is replaced. [Spec.With] writes one.
func (s Spec) WithCount(n int) Spec {
	s.silent = s.silent || s.count == 0
	s.count = max(n, 0)
	return s
}

// With returns s with one field set, as if it had been written in the text,
// for sweeps over a field. It fails as Parse does.
func (s Spec) With(field, value string) (Spec, error) {
	if s.keys == "" && field != "keys" {
		return Spec{}, errors.New("workload: With needs a parsed spec")
	}
	with, err := s.set(field, value)
	if err == nil {
		err = with.check()
	}
	if err != nil {
		return Spec{}, fmt.Errorf("workload %q with %s=%s: %w", s, field, value, err)
	}
	return with, nil
}

// Text says why keys are strings, which only a replayed file has: the place of
// its first key, and the rule of numbers that it breaks; nil where they are
// integers. Draw strings with [Data.Records]. It opens the file to see its
// first key; a file that cannot be read counts as integers here and is an error
// in Load.
func (s Spec) Text() error {
	keys, err := parseShape(s.keys)
	if err != nil {
		return nil
	}
	return sniffText(keys)
}

// set applies one field without looking at the others.
func (s Spec) set(name, value string) (Spec, error) {
	var names []string
	for _, f := range fields() {
		if f.name != name {
			names = append(names, f.name)
			continue
		}
		err := f.set(&s, strings.TrimSpace(value))
		if err != nil {
			err = fmt.Errorf("%s: %w", name, err)
		}
		return s, err
	}
	return s, fmt.Errorf("unknown field %q%s (fields: %s)", name, didYouMean(name, names), strings.Join(names, ", "))
}

// check holds the rules between fields.
func (s Spec) check() error {
	if s.keys == "" {
		return errors.New("no keys; begin with a name or keys=DISTRIBUTION")
	}
	if s.universe == 0 {
		return nil
	}
	keys, err := parseShape(s.keys)
	if err != nil {
		return err
	}
	values := keys
	if s.values != "" {
		if values, err = parseShape(s.values); err != nil {
			return err
		}
	}
	if !keys.universe && !values.universe {
		return errors.New("universe: only zipf and hotspot keys or values draw from one; leave it out")
	}
	return nil
}

// formatCount writes a number of which 0 means "not given".
func formatCount[T int | uint64](n T) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatUint(uint64(n), 10)
}
