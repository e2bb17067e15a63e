package host

import (
	"strings"
	"testing"
)

func TestQuotaOfEachForm(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		quota, period string
		cpus          float64
		ok            bool
	}{
		{"150000", "100000", 1.5, true},
		{"max", "100000", 0, true},
		{"-1", "100000", 0, true},
		{"max", "", 0, false},
		{"0", "100000", 0, false},
		{"100000", "0", 0, false},
		{"100000", "-5", 0, false},
		{"1e5", "100000", 0, false},
	} {
		if cpus, ok := parseQuota(c.quota, c.period); cpus != c.cpus || ok != c.ok {
			t.Errorf("parseQuota(%q, %q) = %v, %v, want %v, %v", c.quota, c.period, cpus, ok, c.cpus, c.ok)
		}
	}
}

func TestSizeOfEachForm(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]int64{
		"48K": 48 << 10, "36M": 36 << 20, "512": 512,
		"": 0, "K": 0, "-1K": 0, "12G": 0, "9223372036854775807K": 0,
	} {
		if got, ok := parseSize(s); got != want || ok != (want > 0) {
			t.Errorf("parseSize(%q) = %d, %v, want %d", s, got, ok, want)
		}
	}
}

func TestUsableCPUsFollowGo(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		cpus  int
		limit float64
		want  int
	}{{8, 0, 8}, {8, 1.5, 2}, {8, 2.5, 3}, {8, 0.1, 2}, {1, 0.5, 1}, {4, 16, 4}} {
		if got := usableCPUs(Host{CPUs: c.cpus, CPULimit: c.limit}); got != c.want {
			t.Errorf("%d CPUs limited to %v: %d usable, want %d", c.cpus, c.limit, got, c.want)
		}
	}
}

func FuzzCgroupStaysBelowItsMount(f *testing.F) {
	f.Add("0::/a/b")
	f.Add("4:cpu,cpuacct:/docker/x\n0::/")
	f.Add("0::/../../etc")
	f.Add("::::\n0::")
	f.Fuzz(func(t *testing.T, text string) {
		v1, v2 := parseCgroup(text)
		for _, dir := range append(ancestors(v1), ancestors(v2)...) {
			if dir[0] != '/' || strings.Contains(dir+"/", "/../") {
				t.Fatalf("%q leads to %q", text, dir)
			}
		}
	})
}

func FuzzQuotaAndSizeAreNeverNegative(f *testing.F) {
	f.Add("150000", "100000")
	f.Add("max", "100000")
	f.Add("-9223372036854775808", "1")
	f.Add("48K", "0x10")
	f.Fuzz(func(t *testing.T, a, b string) {
		if cpus, ok := parseQuota(a, b); !sane(cpus) || !ok && cpus != 0 {
			t.Fatalf("parseQuota(%q, %q) = %v, %v", a, b, cpus, ok)
		}
		if n, ok := parseSize(a); n < 0 || ok != (n > 0) {
			t.Fatalf("parseSize(%q) = %v, %v", a, n, ok)
		}
	})
}

func FuzzCPUInfoSurvivesGarbage(f *testing.F) {
	f.Add("model name\t: X\nflags\t: fpu hypervisor\n")
	f.Add("CPU part: 0xd0c\n:\n::")
	f.Fuzz(func(t *testing.T, text string) {
		if info := parseCPUInfo(text); info.hypervisor && !info.flags {
			t.Fatalf("a flag without flags in %q", text)
		}
	})
}

func FuzzWarningReadsBackOrFails(f *testing.F) {
	f.Add("warn load: load 3 is above the CPU count, 2; wait")
	f.Add("info : ; ")
	f.Add("bad check: message; mend")
	f.Fuzz(func(t *testing.T, text string) {
		var w Warning
		if w.UnmarshalText([]byte(text)) == nil && w.String() != text {
			t.Fatalf("%q reads as %+v, which writes %q", text, w, w.String())
		}
	})
}

func FuzzLockFileSurvivesGarbage(f *testing.F) {
	f.Add([]byte(`{"pid":12,"command":"assay run","start":"2026-01-01T12:00:00Z"}`))
	f.Add([]byte(`{"pid":-1}`))
	f.Add([]byte(`{`))
	f.Fuzz(func(t *testing.T, text []byte) {
		if h, err := parseHolder(text); err == nil && h.PID <= 0 {
			t.Fatalf("%q names pid %d without an error", text, h.PID)
		}
	})
}
