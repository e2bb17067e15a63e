package host

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os/exec"
	"strconv"

	"assay/runner/clock"
)

// Finding is one thing that assay can or cannot do on this machine, as data
// for whoever prints it.
type Finding struct {
	Name  string `json:"name"`
	OK    bool   `json:"ok"`
	Value string `json:"value"` // what was found, with its unit
	Why   string `json:"why"`   // what it is for, or why it fails
	Mend  string `json:"mend"`  // what to do; "" when OK
}

// Doctor tries what a run may need and reports each in a fixed order. It
// takes about 25 ms, mostly to time the clocks. Source is the directory of
// assay's own source, "" when the caller found none.
func Doctor(h Host, source string) []Finding {
	paranoid, _ := tree{root: "/"}.read("proc/sys/kernel/perf_event_paranoid")
	return diagnose(h, source, probes{
		clock: clock.System(), supports: clock.Supports(), look: exec.LookPath,
		perf: countInstructions, paranoid: paranoid,
	})
}

// probes are the ways in which a diagnosis touches the machine.
type probes struct {
	clock    clock.Clock
	supports clock.Support
	look     func(program string) (path string, err error)
	perf     func() (instructions uint64, err error)
	paranoid string // kernel.perf_event_paranoid; "" when unreadable
}

func diagnose(h Host, source string, p probes) []Finding {
	all := clockFindings(p)
	count, err := p.perf()
	all = append(all, perfFinding(count, err, p.paranoid))
	all = append(all, pressureFinding(h), limitFinding(h))
	for _, t := range []struct{ name, program, why, mend string }{
		{"go toolchain", "go", "builds the layouts and revisions that are compared", "install Go and put it in PATH"},
		{"valgrind", "valgrind", "counts instructions where the CPU's counters are out of reach", "install the package valgrind"},
	} {
		path, err := p.look(t.program)
		all = append(all, present(t.name, path, err == nil, t.why, t.mend))
	}
	return append(all, present("source", source, source != "",
		"lets a run build assay anew with other layouts", "run from a checkout of assay"))
}

func present(name, value string, ok bool, why, mend string) Finding {
	if ok {
		return Finding{Name: name, OK: true, Value: value, Why: why}
	}
	return Finding{Name: name, Value: "not found", Why: why, Mend: mend}
}

func pressureFinding(h Host) Finding {
	const name = "pressure (PSI)"
	if !h.Knows("pressure_cpu") {
		return Finding{
			Name: name, Value: "unknown", Why: "the kernel does not say how long tasks wait for a CPU",
			Mend: "boot Linux 4.20 or later with psi=1",
		}
	}
	return Finding{
		Name: name, OK: true, Value: fmt.Sprintf("cpu %.1f %%", h.PressureCPU),
		Why: "shows whether other work disturbs a run",
	}
}

func limitFinding(h Host) Finding {
	f := Finding{
		Name: "cpu limit", OK: true, Value: "none", Why: "a quota stops the program for part of each period",
	}
	if h.CPULimit > 0 {
		f.Value = strconv.FormatFloat(h.CPULimit, 'g', 4, 64) + " CPUs"
	}
	switch {
	case !h.Knows("cpu_limit"):
		f.OK, f.Value, f.Mend = false, "unknown", "mount the cgroup file system, or see what the container was given"
	case tightLimit(h):
		f.OK, f.Mend = false, mendLimit
	}
	return f
}

// perfFinding tells apart the ways in which a hardware counter can be missing,
// since each has another mend. Portable error classes stand for errno: ENOENT,
// EACCES and EPERM, and ENOSYS and EOPNOTSUPP; Value names the exact one.
func perfFinding(count uint64, err error, paranoid string) Finding {
	f := Finding{Name: "hardware counters", Why: "count instructions and cache misses at full speed"}
	level, notNumber := strconv.Atoi(paranoid)
	const valgrind = ", or count under valgrind"
	switch {
	case err == nil && count > 0:
		f.OK, f.Value = true, fmt.Sprintf("available (%d instructions counted)", count)
		return f
	case err == nil:
		f.Value, f.Why = "silent", "the counter opens and counts nothing, as on some virtual machines"
		f.Mend = "give the virtual machine a PMU" + valgrind
	case errors.Is(err, fs.ErrNotExist):
		f.Why = "the kernel sees no performance counters in this CPU, as on most virtual machines"
		f.Mend = "give the virtual machine a PMU" + valgrind
	case errors.Is(err, fs.ErrPermission) && notNumber == nil && level > 2:
		f.Why = "kernel.perf_event_paranoid is " + paranoid + ", which forbids counters without privilege"
		f.Mend = "run sysctl kernel.perf_event_paranoid=2 as root" + valgrind
	case errors.Is(err, fs.ErrPermission):
		f.Why = "the system call is forbidden although kernel.perf_event_paranoid is " + cmp.Or(paranoid, "unreadable") +
			": a container's seccomp profile or a security module does so"
		f.Mend = "allow perf_event_open and add CAP_PERFMON to the container" + valgrind
	case errors.Is(err, errors.ErrUnsupported):
		f.Why = "the kernel, its CPU driver or this operating system does not support the counter"
		f.Mend = "boot a Linux with perf events" + valgrind
	default:
		f.Why, f.Mend = "the counter failed in an unusual way", "read the error"+valgrind
	}
	if err != nil {
		f.Value = err.Error()
	}
	return f
}
