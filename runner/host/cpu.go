package host

import (
	"cmp"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

const cpuDir = "sys/devices/system/cpu"

// readCPU finds the model of the CPU and the hypervisor above it. The files
// come first and the CPU's own word second, so that a tree describes itself.
func (h *Host) readCPU(t tree, p process) {
	text, _ := t.read("proc/cpuinfo")
	info := parseCPUInfo(text)
	h.CPU = cmp.Or(info.model, p.brand)
	h.unknown(h.CPU != "", "cpu")

	name, _ := t.read("sys/hypervisor/type")
	vendor, _ := t.read("sys/class/dmi/id/sys_vendor")
	switch {
	case info.hypervisor:
		h.Virtual = cmp.Or(p.hypervisor, name, vendor, "a hypervisor")
	case name != "":
		h.Virtual = name
	case t.has("proc/device-tree/hypervisor"):
		h.Virtual = "a hypervisor"
	default: // silence proves something only where CPUs have the flag to raise
		h.unknown(info.flags, "virtual")
	}
}

// cpuInfo is what /proc/cpuinfo says of the first CPU.
type cpuInfo struct {
	model             string
	flags, hypervisor bool // x86: the line of flags exists; it has "hypervisor"
}

// parseCPUInfo is ours because the parser of procfs understands only the
// format of the architecture it was compiled for, and a test tree, or a
// result read elsewhere, may come from another.
func parseCPUInfo(text string) cpuInfo {
	first := map[string]string{}
	for line := range strings.Lines(text) {
		key, value, ok := strings.Cut(line, ":")
		key = strings.TrimSpace(key)
		if _, seen := first[key]; ok && !seen {
			first[key] = strings.TrimSpace(value)
		}
	}
	info := cpuInfo{model: first["model name"]}
	if info.model == "" && first["CPU part"] != "" { // arm64 gives numbers, not names
		info.model = strings.Join([]string{
			"arm implementer", first["CPU implementer"], "part", first["CPU part"],
			"variant", first["CPU variant"], "revision", first["CPU revision"],
		}, " ")
	}
	flags := strings.Fields(first["flags"])
	info.flags = len(flags) > 0
	info.hypervisor = slices.Contains(flags, "hypervisor")
	return info
}

// readTuning finds what moves the frequency of the CPU, and the clock source.
func (h *Host) readTuning(t tree) {
	governors := t.each(cpuDir + "/cpu[0-9]*/cpufreq/scaling_governor")
	slices.Sort(governors)
	h.Governor = strings.Join(slices.Compact(governors), ",")
	h.unknown(h.Governor != "", "governor")

	if off, ok := t.read(cpuDir + "/intel_pstate/no_turbo"); ok {
		h.Boost = map[string]string{"0": "on", "1": "off"}[off]
	} else if on, ok := t.read(cpuDir + "/cpufreq/boost"); ok {
		h.Boost = map[string]string{"0": "off", "1": "on"}[on]
	}
	h.unknown(h.Boost != "", "boost")

	h.readPower(t)
	source, ok := t.read("sys/devices/system/clocksource/clocksource0/current_clocksource")
	h.ClockSource = source
	h.unknown(ok, "clock_source")
}

// readPower calls the machine battery-powered when a battery of its own is
// discharging; the batteries of mice and keyboards have the scope Device.
func (h *Host) readPower(t tree) {
	const dir = "sys/class/power_supply"
	if !t.has(dir) {
		h.unknown(false, "power")
		return
	}
	h.Power = "mains"
	supplies, _ := filepath.Glob(filepath.Join(t.root, dir, "*")) // the pattern is well formed
	for _, path := range supplies {
		name := dir + "/" + filepath.Base(path)
		kind, _ := t.read(name + "/type")
		scope, _ := t.read(name + "/scope")
		status, _ := t.read(name + "/status")
		if kind == "Battery" && scope != "Device" && status == "Discharging" {
			h.Power = "battery"
		}
	}
}

// readCaches takes the data and unified caches of the first CPU.
func (h *Host) readCaches(t tree, p process) {
	sizes := map[string]int64{}
	for i := range 8 { // machines have 3 to 5 indexes, numbered without gaps
		dir := cpuDir + "/cpu0/cache/index" + strconv.Itoa(i)
		level, ok := t.read(dir + "/level")
		if !ok {
			break
		}
		kind, _ := t.read(dir + "/type")
		text, _ := t.read(dir + "/size")
		if size, ok := parseSize(text); ok && kind != "Instruction" {
			sizes[level] = size
		}
	}
	if len(sizes) == 0 {
		sizes["1"], sizes["2"], sizes["3"] = int64(max(p.l1d, 0)), int64(max(p.l2, 0)), int64(max(p.l3, 0))
	}
	h.L1D, h.L2, h.L3 = sizes["1"], sizes["2"], sizes["3"]
	if h.L1D == 0 { // every CPU has one, so its absence means that nothing was read
		h.L2, h.L3 = 0, 0
		h.unknown(false, "l1d", "l2", "l3")
	}
}

// parseSize reads a size as sysfs writes it: digits and K, M or nothing.
func parseSize(s string) (bytes int64, ok bool) {
	unit := int64(1)
	switch {
	case strings.HasSuffix(s, "K"):
		unit = 1 << 10
	case strings.HasSuffix(s, "M"):
		unit = 1 << 20
	}
	n, err := strconv.ParseInt(strings.TrimRight(s, "KM"), 10, 64)
	if err != nil || n <= 0 || n > math.MaxInt64/unit {
		return 0, false
	}
	return n * unit, true
}
