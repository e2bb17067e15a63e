package host

import (
	"math"

	"github.com/prometheus/procfs"
)

func (h *Host) readKernel(t tree) {
	release, ok := t.read("proc/sys/kernel/osrelease")
	h.Kernel = release
	h.unknown(ok, "kernel")
}

// readLoad finds who else wants this machine: load, pressure and steal.
func (h *Host) readLoad(t tree) {
	fs, ok := t.proc()
	if !ok {
		h.unknown(false, "load", "pressure_cpu", "pressure_memory", "pressure_io", "steal")
		return
	}
	load, ok := readLoadavg(fs)
	h.Load = load
	h.unknown(ok, "load")

	for _, r := range []struct {
		name string
		to   *float64
	}{{"cpu", &h.PressureCPU}, {"memory", &h.PressureMemory}, {"io", &h.PressureIO}} {
		line, ok := readPressure(fs, r.name)
		*r.to = line.Avg10
		h.unknown(ok, "pressure_"+r.name)
	}

	times, ok := readTimes(fs)
	if ok = ok && times.total > 0; ok {
		h.Steal = 100 * times.steal / times.total
	}
	h.unknown(ok, "steal")
}

func readLoadavg(fs procfs.FS) (float64, bool) {
	load, err := fs.LoadAvg()
	if err != nil || !sane(load.Load1) {
		return 0, false
	}
	return load.Load1, true
}

// readPressure returns the "some" line of a resource: a file that kernels
// built or started without PSI do not have.
func readPressure(fs procfs.FS, resource string) (procfs.PSILine, bool) {
	stats, err := fs.PSIStatsForResource(resource)
	if err != nil || stats.Some == nil || !sane(stats.Some.Avg10) {
		return procfs.PSILine{}, false
	}
	return *stats.Some, true
}

// cpuTimes are seconds of CPU time since boot, over all CPUs.
type cpuTimes struct{ steal, total float64 }

// readTimes leaves guest time out of the total, because user time has it.
func readTimes(fs procfs.FS) (cpuTimes, bool) {
	stat, err := fs.Stat()
	if err != nil {
		return cpuTimes{}, false
	}
	c := stat.CPUTotal
	total := c.User + c.Nice + c.System + c.Idle + c.Iowait + c.IRQ + c.SoftIRQ + c.Steal
	return cpuTimes{c.Steal, total}, sane(total) && sane(c.Steal)
}

func (h *Host) readMemory(t tree) {
	fs, ok := t.proc()
	if !ok {
		h.unknown(false, "mem_total", "mem_available", "swap_used")
		return
	}
	m, err := fs.Meminfo()
	if err != nil {
		m = procfs.Meminfo{}
	}
	h.MemTotal = bytesOf(m.MemTotalBytes)
	h.MemAvailable = bytesOf(m.MemAvailableBytes)
	h.unknown(m.MemTotalBytes != nil, "mem_total")
	h.unknown(m.MemAvailableBytes != nil, "mem_available")
	h.SwapUsed = max(0, bytesOf(m.SwapTotalBytes)-bytesOf(m.SwapFreeBytes))
	h.unknown(m.SwapTotalBytes != nil && m.SwapFreeBytes != nil, "swap_used")
}

func bytesOf(n *uint64) int64 {
	if n == nil {
		return 0
	}
	return int64(min(*n, math.MaxInt64))
}

// sane refuses what JSON could not hold and no kernel would say.
func sane(x float64) bool { return x >= 0 && !math.IsInf(x, 1) }
