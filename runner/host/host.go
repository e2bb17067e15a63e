// Package host says what the machine of a run is, whether it is fit to measure
// on, whether it stayed so, and keeps two runs from measuring at once.
//
// Its limits first. It reads Linux's /proc and /sys; elsewhere most facts are
// unknown, and a machine whose load nobody can read is called unfit. A fact
// that could not be read is listed in Host.Unknown and never counts as fine.
// What a hypervisor hides from its guests (its own load, the frequency of the
// CPU) stays hidden: the null control of a run is the last word, not this.
package host

import (
	"runtime"
	"slices"
	"strings"

	"github.com/klauspost/cpuid/v2"
)

// Host describes the machine of a run; every field is recorded in result.json.
// A field whose JSON key is in Unknown holds its zero value and means nothing.
type Host struct {
	CPU        string  `json:"cpu"`        // model name, as the CPU gives it
	CPUs       int     `json:"cpus"`       // logical CPUs this process may use
	GoVersion  string  `json:"goversion"`  // toolchain that built what is measured
	Load       float64 `json:"load"`       // runnable tasks, mean of the last minute
	GOMAXPROCS int     `json:"gomaxprocs"` // goroutines that may run at once

	OS          string  `json:"os"`           // GOOS
	Arch        string  `json:"arch"`         // GOARCH
	Kernel      string  `json:"kernel"`       // kernel release
	Virtual     string  `json:"virtual"`      // hypervisor; "" when none is seen
	CPULimit    float64 `json:"cpu_limit"`    // cgroup quota in CPUs; 0 when there is none
	Governor    string  `json:"governor"`     // frequency governor, or several with commas
	Boost       string  `json:"boost"`        // "on" or "off": frequencies above nominal
	Power       string  `json:"power"`        // "mains" or "battery"
	ClockSource string  `json:"clock_source"` // what the kernel tells time by

	MemTotal     int64 `json:"mem_total"`     // bytes
	MemAvailable int64 `json:"mem_available"` // bytes usable without swapping
	SwapUsed     int64 `json:"swap_used"`     // bytes

	// Pressure is the percentage of the last 10 s in which some task waited
	// for the resource (PSI, "some avg10").
	PressureCPU    float64 `json:"pressure_cpu"`
	PressureMemory float64 `json:"pressure_memory"`
	PressureIO     float64 `json:"pressure_io"`
	// Steal is the percentage of CPU time since boot that the hypervisor gave
	// to others. Watch has the steal of the run itself.
	Steal float64 `json:"steal"`

	// Caches of the first CPU, in bytes; 0 when it has none of that level.
	L1D int64 `json:"l1d"`
	L2  int64 `json:"l2"`
	L3  int64 `json:"l3"`

	// Fit is true when no warning is of severity Unfit.
	Fit bool `json:"fit"`
	// Warnings are strings in JSON; see Warning.
	Warnings []Warning `json:"warnings"`
	// Unknown lists the JSON keys of the facts that could not be read.
	Unknown []string `json:"unknown"`
}

// Inspect reads the facts of the machine and judges its fitness. It takes
// about half a millisecond and never fails: what it cannot read becomes unknown.
// Root is "/", or a directory that holds the proc and sys of another machine.
func Inspect(root string) Host { return inspect(root, thisProcess()) }

// Knows reports whether the fact of that JSON key could be read.
func (h Host) Knows(key string) bool { return !slices.Contains(h.Unknown, key) }

// process holds the facts that do not come from files.
type process struct {
	os, arch, goVersion string
	cpus, gomaxprocs    int
	brand, hypervisor   string // what the CPU says of itself; "" when it is silent
	l1d, l2, l3         int    // bytes; <= 0 when the CPU is silent
}

func thisProcess() process {
	c := &cpuid.CPU
	return process{
		os: runtime.GOOS, arch: runtime.GOARCH, goVersion: runtime.Version(),
		cpus: runtime.NumCPU(), gomaxprocs: runtime.GOMAXPROCS(0),
		brand: strings.TrimSpace(c.BrandName), hypervisor: hypervisorName(c.HypervisorVendorString),
		l1d: c.Cache.L1D, l2: c.Cache.L2, l3: c.Cache.L3,
	}
}

// hypervisorName drops the padding of the 12 bytes in which a hypervisor
// signs itself.
func hypervisorName(signature string) string {
	return strings.Trim(signature, " \x00")
}

func inspect(root string, p process) Host {
	h := Host{
		OS: p.os, Arch: p.arch, GoVersion: p.goVersion,
		CPUs: p.cpus, GOMAXPROCS: p.gomaxprocs,
		Warnings: []Warning{}, Unknown: []string{},
	}
	t := tree{root: root}
	h.readCPU(t, p)
	h.readTuning(t)
	h.readCaches(t, p)
	h.readLimit(t)
	h.readKernel(t)
	h.readLoad(t)
	h.readMemory(t)
	h.judge()
	return h
}

// unknown records the keys of facts that could not be read, unless known.
func (h *Host) unknown(known bool, keys ...string) {
	if !known {
		h.Unknown = append(h.Unknown, keys...)
	}
}
