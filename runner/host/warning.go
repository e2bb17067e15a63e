package host

import (
	"fmt"
	"strings"
)

// Severity says what a warning means for the numbers of a run.
type Severity int

const (
	// Info is worth knowing and changes nothing.
	Info Severity = iota
	// Warn may cost precision or make numbers differ from other machines'.
	Warn
	// Unfit makes every time of the run doubtful; the run says so beside each.
	Unfit
)

func (s Severity) String() string {
	switch s {
	case Info:
		return "info"
	case Warn:
		return "warn"
	case Unfit:
		return "unfit"
	}
	return fmt.Sprintf("severity(%d)", int(s))
}

// Warning is one thing found about the machine, as data. In JSON it is the
// string "severity check: message; mend", and reads back from it.
type Warning struct {
	Check    string   // name of the check, such as "load"; no colon
	Severity Severity // Info, Warn or Unfit
	Message  string   // what was found, with its figure; no semicolon
	Mend     string   // what to do about it; no semicolon
}

// String gives the line that MarshalText gives.
func (w Warning) String() string {
	return fmt.Sprintf("%v %s: %s; %s", w.Severity, w.Check, w.Message, w.Mend)
}

// MarshalText makes a warning a string in JSON. The error is always nil.
func (w Warning) MarshalText() ([]byte, error) { return []byte(w.String()), nil }

// UnmarshalText reads what MarshalText wrote. It returns an error when the
// text has no severity, check, message and mend in their places.
func (w *Warning) UnmarshalText(text []byte) error {
	head, body, ok1 := strings.Cut(string(text), ": ")
	severity, check, ok2 := strings.Cut(head, " ")
	message, mend, ok3 := strings.Cut(body, "; ")
	if !ok1 || !ok2 || !ok3 || check == "" {
		return fmt.Errorf("host: warning %q is not \"severity check: message; mend\": was it edited by hand?", text)
	}
	for s := Info; s <= Unfit; s++ {
		if s.String() == severity {
			*w = Warning{Check: check, Severity: s, Message: message, Mend: mend}
			return nil
		}
	}
	return fmt.Errorf("host: warning %q begins with %q: want info, warn or unfit", text, severity)
}
