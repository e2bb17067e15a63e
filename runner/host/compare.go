package host

import (
	"fmt"
	"strings"
)

// Comparable returns nil when times measured on h and o may be set side by
// side, and otherwise an error with every reason: another CPU model,
// architecture, operating system or Go version. What is unknown on either side
// is a reason too. Exact units need no such leave.
func (h Host) Comparable(o Host) error {
	var reasons []string
	for _, f := range []struct{ name, here, there string }{
		{"the CPU model", h.CPU, o.CPU},
		{"the architecture", h.Arch, o.Arch},
		{"the operating system", h.OS, o.OS},
		{"the Go version", h.GoVersion, o.GoVersion},
	} {
		switch {
		case f.here == "" || f.there == "":
			reasons = append(reasons, f.name+" is unknown")
		case f.here != f.there:
			reasons = append(reasons, fmt.Sprintf("%s differs (%s, %s)", f.name, f.here, f.there))
		}
	}
	if len(reasons) == 0 {
		return nil
	}
	return fmt.Errorf("host: times may not be compared: %s: measure both sides on one machine with one toolchain", strings.Join(reasons, ", "))
}
