package host

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// Limits of fitness. Paired slices stay honest on busier machines than these,
// but intervals widen and wall time stops meaning anything.
const (
	maxPressureCPU    = 20.0 // percent of the last 10 s
	maxPressureMemory = 10.0
	maxPressureIO     = 20.0
	maxSteal          = 5.0 // percent of CPU time
	minAvailable      = .05 // share of memory
	maxSwapUsed       = 64 << 20
)

// check is one rule of fitness. It is silent when any fact it needs is
// unknown: the rules "blind" and "unknown" speak for those.
type check struct {
	name     string
	needs    []string // JSON keys of the facts
	severity Severity
	bad      func(Host) bool
	say      func(Host) string // message
	mend     string
}

// checks is never written to.
var checks = []check{
	{
		name:     "load",
		needs:    []string{"load"},
		severity: Unfit,
		bad:      func(h Host) bool { return h.Load > float64(h.CPUs) && !h.Knows("pressure_cpu") },
		say:      func(h Host) string { return fmt.Sprintf("load %.1f is above the CPU count, %d", h.Load, h.CPUs) },
		mend:     "stop other work or wait until it ends",
	}, {
		// Load looks back a minute, at the build of this program too; pressure
		// knows whether anybody waits now.
		name:     "past-load",
		needs:    []string{"load", "pressure_cpu"},
		severity: Info,
		bad:      func(h Host) bool { return h.Load > float64(h.CPUs) && h.PressureCPU <= maxPressureCPU },
		say: func(h Host) string {
			return fmt.Sprintf("the load of the last minute, %.1f, was above the CPU count, %d; now tasks wait for a CPU %.0f %% of the time", h.Load, h.CPUs, h.PressureCPU)
		},
		mend: "nothing, if that was a build that has ended",
	}, {
		name:     "cpu-pressure",
		needs:    []string{"pressure_cpu"},
		severity: Unfit,
		bad:      func(h Host) bool { return h.PressureCPU > maxPressureCPU },
		say: func(h Host) string {
			return fmt.Sprintf("tasks waited for a CPU during %.0f %% of the last 10 s, above %.0f %%", h.PressureCPU, maxPressureCPU)
		},
		mend: "stop other work or wait until it ends",
	}, {
		name:     "memory-pressure",
		needs:    []string{"pressure_memory"},
		severity: Warn,
		bad:      func(h Host) bool { return h.PressureMemory > maxPressureMemory },
		say: func(h Host) string {
			return fmt.Sprintf("tasks waited for memory during %.0f %% of the last 10 s", h.PressureMemory)
		},
		mend: "free memory before measuring",
	}, {
		name:     "io-pressure",
		needs:    []string{"pressure_io"},
		severity: Warn,
		bad:      func(h Host) bool { return h.PressureIO > maxPressureIO },
		say: func(h Host) string {
			return fmt.Sprintf("tasks waited for storage during %.0f %% of the last 10 s", h.PressureIO)
		},
		mend: "stop what reads or writes, or do not trust cases that use files",
	}, {
		name:     "steal",
		needs:    []string{"steal"},
		severity: Unfit,
		bad:      func(h Host) bool { return h.Steal > maxSteal },
		say: func(h Host) string {
			return fmt.Sprintf("the hypervisor gave %.1f %% of this machine's CPU time since boot to others", h.Steal)
		},
		mend: "measure on a machine with CPUs of its own",
	}, {
		name:     "memory",
		needs:    []string{"mem_total", "mem_available"},
		severity: Unfit,
		bad:      func(h Host) bool { return float64(h.MemAvailable) < minAvailable*float64(h.MemTotal) },
		say: func(h Host) string {
			return fmt.Sprintf("only %d of %d MiB of memory are available", h.MemAvailable>>20, h.MemTotal>>20)
		},
		mend: "free memory before measuring",
	}, {
		name:     "swap",
		needs:    []string{"swap_used"},
		severity: Warn,
		bad:      func(h Host) bool { return h.SwapUsed > maxSwapUsed },
		say:      func(h Host) string { return fmt.Sprintf("%d MiB are swapped out", h.SwapUsed>>20) },
		mend:     "free memory, or run swapoff -a",
	}, {
		name:     "clock-source",
		needs:    []string{"clock_source"},
		severity: Warn,
		bad:      func(h Host) bool { return !slices.Contains(fastClocks, h.ClockSource) },
		say:      func(h Host) string { return fmt.Sprintf("the kernel tells time by %s, which is slow", h.ClockSource) },
		mend:     "boot with a clock source such as tsc, or use longer slices",
	}, {
		name:     "cpu-limit",
		needs:    []string{"cpu_limit"},
		severity: Warn,
		bad:      tightLimit,
		say: func(h Host) string {
			return fmt.Sprintf("the container may use %.4g CPUs and is stopped for the rest of each period", h.CPULimit)
		},
		mend: mendLimit,
	}, {
		name:     "one-cpu",
		severity: Warn,
		bad:      func(h Host) bool { return h.CPUs == 1 },
		say:      func(Host) string { return "there is one CPU, which the garbage collector and the system share" },
		mend:     "use 2 or more CPUs",
	}, {
		name:     "gomaxprocs",
		severity: Warn,
		bad:      func(h Host) bool { return h.GOMAXPROCS != usableCPUs(h) },
		say: func(h Host) string {
			return fmt.Sprintf("GOMAXPROCS is %d where Go would choose %d", h.GOMAXPROCS, usableCPUs(h))
		},
		mend: "unset GOMAXPROCS, or compare only with runs that set it so",
	}, {
		name:     "governor",
		needs:    []string{"governor"},
		severity: Warn,
		bad:      func(h Host) bool { return h.Governor != "performance" },
		say:      func(h Host) string { return fmt.Sprintf("the frequency governor is %s", h.Governor) },
		mend:     "run cpupower frequency-set -g performance",
	}, {
		name:     "battery",
		needs:    []string{"power"},
		severity: Warn,
		bad:      func(h Host) bool { return h.Power == "battery" },
		say:      func(Host) string { return "the machine runs on its battery and may slow down at any time" },
		mend:     "plug it in",
	}, {
		name:     "boost",
		needs:    []string{"boost"},
		severity: Info,
		bad:      func(h Host) bool { return h.Boost == "on" },
		say:      func(Host) string { return "the CPU may boost its frequency, so heat and neighbours change its speed" },
		mend:     "turn boost off where figures must be repeatable from day to day",
	}, {
		name:     "virtual",
		needs:    []string{"virtual"},
		severity: Info,
		bad:      func(h Host) bool { return h.Virtual != "" },
		say: func(h Host) string {
			return fmt.Sprintf("this is a virtual machine (%s) with unseen neighbours", h.Virtual)
		},
		mend: "trust the null control, and compare only within one run",
	},
}

// mendLimit prefers a cpuset because a quota of whole CPUs still stops every
// thread for the rest of a period once their sum is used up.
const mendLimit = "give the container 2 or more whole CPUs, best by cpuset"

// tightLimit is true of a quota below 2 CPUs, or not of whole CPUs.
func tightLimit(h Host) bool {
	return h.CPULimit > 0 && (h.CPULimit < 2 || h.CPULimit != math.Trunc(h.CPULimit))
}

// fastClocks are the sources that a program reads without entering the kernel.
var fastClocks = []string{"tsc", "kvm-clock", "arch_sys_counter", "hyperv_clocksource_tsc_page", "riscv_clocksource"}

// usableCPUs is Go's own default for GOMAXPROCS (since 1.25): the CPU count,
// or the container's limit rounded up, but not below 2, if that is less.
func usableCPUs(h Host) int {
	if h.CPULimit <= 0 || h.CPULimit >= float64(h.CPUs) {
		return h.CPUs
	}
	return min(h.CPUs, max(2, int(math.Ceil(h.CPULimit))))
}

// oneLine keeps names that came from files from breaking the form of a
// warning in JSON.
var oneLine = strings.NewReplacer(";", ",", "\n", " ")

// judge fills Warnings and Fit from the table.
func (h *Host) judge() {
	for _, c := range checks {
		known := !slices.ContainsFunc(c.needs, func(key string) bool { return !h.Knows(key) })
		if known && c.bad(*h) {
			h.Warnings = append(h.Warnings, Warning{c.name, c.severity, oneLine.Replace(c.say(*h)), c.mend})
		}
	}
	if !h.Knows("load") && !h.Knows("pressure_cpu") {
		h.Warnings = append(h.Warnings, Warning{
			"blind", Unfit, "neither load nor CPU pressure can be read, so nothing says that the machine is idle",
			"make /proc readable, or measure on Linux",
		})
	}
	if len(h.Unknown) > 0 {
		h.Warnings = append(h.Warnings, Warning{
			"unknown", Info, "unreadable here: " + strings.Join(h.Unknown, ", "),
			"take these as unchecked, not as fine",
		})
	}
	h.Fit = !slices.ContainsFunc(h.Warnings, func(w Warning) bool { return w.Severity == Unfit })
}
