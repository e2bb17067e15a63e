package story

import (
	"fmt"
	"strings"

	"assay/reports/words"
	"assay/runner/host"
	"assay/runner/result"
)

// Host describes the machine of a run in one line. Facts that could not be read
// are left out here; HostFacts names them.
func Host(h host.Host) string {
	parts := []string{}
	add := func(key, text string) {
		if text != "" && h.Knows(key) {
			parts = append(parts, words.Clean(text))
		}
	}
	add("cpu", h.CPU)
	add("cpus", plural(h.CPUs, "CPU", "CPUs"))
	add("os", strings.TrimSpace(h.OS+"/"+h.Arch))
	add("goversion", h.GoVersion)
	add("load", fmt.Sprintf("load %.2g", h.Load))
	if h.Virtual != "" {
		add("virtual", "virtual ("+h.Virtual+")")
	}
	state := "fit"
	if !h.Fit {
		state = "UNFIT"
	}
	return "Host: " + strings.Join(parts, ", ") + "; " + state + "."
}

// HostFacts lists what is known about the machine, name and value, in a fixed
// order; a fact that could not be read says so.
func HostFacts(h host.Host) [][2]string {
	facts := []struct{ key, name, value string }{
		{"cpu", "CPU", h.CPU},
		{"cpus", "CPUs", fmt.Sprint(h.CPUs)},
		{"gomaxprocs", "GOMAXPROCS", fmt.Sprint(h.GOMAXPROCS)},
		{"cpu_limit", "CPU limit", limit(h.CPULimit)},
		{"l1d", "caches", fmt.Sprintf("L1d %s, L2 %s, L3 %s", size(h.L1D), size(h.L2), size(h.L3))},
		{"virtual", "hypervisor", orNone(h.Virtual)},
		{"governor", "governor", orNone(h.Governor)},
		{"boost", "boost", orNone(h.Boost)},
		{"power", "power", orNone(h.Power)},
		{"clock_source", "clock source", orNone(h.ClockSource)},
		{"load", "load", fmt.Sprintf("%.2f", h.Load)},
		{"steal", "steal since boot", fmt.Sprintf("%.2f%%", h.Steal)},
		{"pressure_cpu", "pressure, 10 s", fmt.Sprintf("CPU %.1f%%, memory %.1f%%, I/O %.1f%%", h.PressureCPU, h.PressureMemory, h.PressureIO)},
		{"mem_total", "memory", fmt.Sprintf("%s, %s free", size(h.MemTotal), size(h.MemAvailable))},
		{"swap_used", "swap used", size(h.SwapUsed)},
		{"kernel", "system", strings.TrimSpace(h.OS + "/" + h.Arch + " " + h.Kernel)},
		{"goversion", "Go", h.GoVersion},
	}
	out := make([][2]string, 0, len(facts))
	for _, f := range facts {
		value := words.Clean(f.value)
		if !h.Knows(f.key) {
			value = "unknown"
		}
		out = append(out, [2]string{f.name, value})
	}
	return out
}

// Repeat is the command that repeats a run, quoted for a shell, with its seed.
func Repeat(r result.Result) string {
	parts := []string{}
	seeded := false
	for _, a := range r.Command {
		seeded = seeded || a == "--seed" || strings.HasPrefix(a, "--seed=")
		parts = append(parts, quote(words.Clean(a)))
	}
	if len(parts) == 0 {
		return ""
	}
	if !seeded {
		parts = append(parts, fmt.Sprintf("--seed=%d", r.Seed))
	}
	return strings.Join(parts, " ")
}

func quote(s string) string {
	safe := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_./=:,@%+", r)
	}
	if s != "" && strings.TrimFunc(s, safe) == "" {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

func limit(cpus float64) string {
	if cpus <= 0 {
		return "none"
	}
	return fmt.Sprintf("%.4g", cpus)
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

// size prints bytes with a binary prefix.
func size(n int64) string {
	units := []string{"B", "KiB", "MiB", "GiB", "TiB"}
	v, i := float64(n), 0
	for v >= 1024 && i < len(units)-1 {
		v, i = v/1024, i+1
	}
	return fmt.Sprintf("%.4g %s", v, units[i])
}
