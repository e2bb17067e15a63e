package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// A notebook as this program needs it; what it does not name it keeps.
type (
	notebook = map[string]any
	object   = map[string]any
)

// tidy fails on the first cell with an error, and takes out what differs from
// machine to machine and from run to run for no reason: times of execution, and
// paths of temporary folders.
func tidy(data []byte) ([]byte, error) {
	var n notebook
	if err := json.Unmarshal(data, &n); err != nil {
		return nil, fmt.Errorf("no notebook came out: %w", err)
	}
	cells, ok := n["cells"].([]any)
	if !ok {
		return nil, errors.New("the notebook has no cells")
	}
	for i, c := range cells {
		cell, ok := c.(object)
		if !ok {
			return nil, fmt.Errorf("cell %d is no object", i+1)
		}
		if meta, ok := cell["metadata"].(object); ok {
			delete(meta, "execution")
		}
		outputs, _ := cell["outputs"].([]any)
		for _, o := range outputs {
			if out, ok := o.(object); ok {
				if why := failed(out); why != "" {
					return nil, fmt.Errorf("cell %d: %s", i+1, why)
				}
			}
		}
	}
	if meta, ok := n["metadata"].(object); ok {
		delete(meta, "language_info") // of the toolchain that happened to run it
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	if err := enc.Encode(n); err != nil {
		return nil, err
	}
	return temporary.ReplaceAll(out.Bytes(), []byte("TEMP")), nil
}

var (
	temporary = regexp.MustCompile(`/tmp/[A-Za-z0-9_./-]+`)
	trouble   = regexp.MustCompile(`(?m)^(panic: .*|exit status \d+|fatal error: .*|.*FAIL\b.*)$`)
)

// failed says what is wrong with an output, or nothing.
func failed(out object) string {
	if out["output_type"] == "error" {
		return strings.TrimSpace(fmt.Sprint(out["ename"], ": ", out["evalue"]))
	}
	if out["output_type"] != "stream" {
		return ""
	}
	text := joined(out["text"])
	if !trouble.MatchString(text) {
		return ""
	}
	first, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	return first
}

// joined is a text that a notebook may keep as lines.
func joined(v any) string {
	lines, ok := v.([]any)
	if !ok {
		return fmt.Sprint(v)
	}
	var s strings.Builder
	for _, l := range lines {
		s.WriteString(fmt.Sprint(l))
	}
	return s.String()
}
