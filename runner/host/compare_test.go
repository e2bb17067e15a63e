package host

import (
	"strings"
	"testing"
)

func TestComparableNamesEveryReason(t *testing.T) {
	t.Parallel()
	here := Host{CPU: "A", Arch: "amd64", OS: "linux", GoVersion: "go1.26.0", Load: 1}
	same := here
	same.Load = 9
	if err := here.Comparable(same); err != nil {
		t.Errorf("load alone makes times incomparable: %v", err)
	}
	for name, change := range map[string]func(*Host){
		"CPU model":        func(h *Host) { h.CPU = "B" },
		"architecture":     func(h *Host) { h.Arch = "arm64" },
		"operating system": func(h *Host) { h.OS = "darwin" },
		"Go version":       func(h *Host) { h.GoVersion = "go1.25.0" },
	} {
		there := here
		change(&there)
		err := here.Comparable(there)
		if err == nil || !strings.Contains(err.Error(), name) || !strings.Contains(err.Error(), "differs") {
			t.Errorf("another %s: error is %v", name, err)
		}
	}
	err := here.Comparable(Host{})
	for _, name := range []string{"CPU model", "architecture", "operating system", "Go version"} {
		if err == nil || !strings.Contains(err.Error(), name+" is unknown") {
			t.Errorf("unknown %s is not a reason in: %v", name, err)
		}
	}
	if (Host{}).Comparable(Host{}) == nil {
		t.Error("two unknown machines pass for the same")
	}
}
