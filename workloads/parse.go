package workloads

import (
	"fmt"
	"strings"
)

// Parse reads a workload in the notation of the package comment. It opens no
// file. An error is one line that names the field and the rule.
func Parse(text string) (Spec, error) {
	s, err := parse(text)
	if err != nil {
		return Spec{}, fmt.Errorf("workload %q: %w", text, err)
	}
	return s, nil
}

func parse(text string) (Spec, error) {
	var s Spec
	seen := make(map[string]bool)
	for i, part := range strings.Split(text, ",") {
		part = strings.TrimSpace(part)
		name, value, ok := strings.Cut(part, "=")
		switch {
		case part == "":
			return s, fmt.Errorf("nothing where field %d should be; give a name or field=value", i+1)
		case i == 0 && (!ok || strings.Contains(name, ":")):
			name, value = "keys", part // "=" may be in the name of a file to replay
		case !ok:
			return s, fmt.Errorf("%q is not field=value (a name can only come first, and a file name cannot hold a comma)", part)
		}
		if seen[name] {
			return s, fmt.Errorf("%s: given twice", name)
		}
		seen[name] = true
		var err error
		if s, err = s.set(name, value); err != nil {
			return s, err
		}
	}
	return s, s.check()
}

// A field is one thing a spec can say. get returns "" for "not given".
type field struct {
	name string
	get  func(Spec) string
	set  func(*Spec, string) error
}

// fields lists the fields in the order of the canonical text.
func fields() []field {
	return []field{
		{
			"keys", func(s Spec) string { return s.keys },
			func(s *Spec, text string) error { return setShape(&s.keys, text) },
		},
		{
			"values", func(s Spec) string { return s.values },
			func(s *Spec, text string) error { return setShape(&s.values, text) },
		},
		{
			"count", func(s Spec) string {
				if s.silent {
					return ""
				}
				return formatCount(s.count)
			},
			func(s *Spec, text string) error {
				s.silent = false
				return setNumber(&s.count, text, 1, maxCount)
			},
		},
		{
			"access", func(s Spec) string { return s.access },
			func(s *Spec, text string) error { return setAccess(&s.access, text) },
		},
		{
			"universe", func(s Spec) string { return formatCount(s.universe) },
			func(s *Spec, text string) error { return setNumber(&s.universe, text, 2, maxUniverse) },
		},
		{
			"keysize", func(s Spec) string { return formatCount(s.keySize) },
			func(s *Spec, text string) error { return setNumber(&s.keySize, text, 1, maxBytes) },
		},
		{
			"keyformat", func(s Spec) string { return s.keyFormat },
			func(s *Spec, text string) error { return setWord(&s.keyFormat, text, "decimal", "hex", "key_") },
		},
		{
			"valuesize", func(s Spec) string { return formatCount(s.valueSize) },
			func(s *Spec, text string) error { return setNumber(&s.valueSize, text, 1, maxBytes) },
		},
		{
			"valuebytes", func(s Spec) string { return s.valueBytes },
			func(s *Spec, text string) error { return setWord(&s.valueBytes, text, "zero", "random") },
		},
		{
			"batch", func(s Spec) string { return formatCount(s.batch) },
			func(s *Spec, text string) error { return setBatch(&s.batch, text) },
		},
	}
}

func setShape(to *string, text string) error {
	parsed, err := parseShape(text)
	*to = parsed.text
	return err
}

func setNumber[T int | uint64](to *T, text string, least, most uint64) error {
	n, err := parseNumber(text)
	if err != nil || n < least || n > most {
		return fmt.Errorf("%q is not a number from %d to %d", text, least, most)
	}
	*to = T(n)
	return nil
}

// setBatch takes powers of two: an injected slowdown divides batches.
func setBatch(to *int, text string) error {
	n, err := parseNumber(text)
	if err != nil || n < 1 || n > maxBatch || n&(n-1) != 0 {
		return fmt.Errorf("%q is not a power of two from 1 to %d", text, maxBatch)
	}
	*to = int(n)
	return nil
}

func setWord(to *string, text string, words ...string) error {
	for _, w := range words {
		if text == w {
			*to = w
			return nil
		}
	}
	return fmt.Errorf("%q is not one of %s%s", text, strings.Join(words, ", "), didYouMean(text, words))
}

func setAccess(to *string, text string) error {
	name, _, _ := strings.Cut(text, ":")
	switch name {
	case "zipf", "hotspot":
		return setShape(to, text)
	}
	if err := setWord(to, text, "uniform", "sequential"); err != nil {
		words := []string{"uniform", "sequential", "zipf", "hotspot"}
		return fmt.Errorf("%q is not one of uniform, sequential, zipf:S, hotspot:F/P%s", text, didYouMean(name, words))
	}
	return nil
}
