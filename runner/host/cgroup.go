package host

import (
	"math"
	"path"
	"strconv"
	"strings"
)

// readLimit finds the CPU quota of this process's control group: the smallest
// of its own and its ancestors', since each holds for all below it.
func (h *Host) readLimit(t tree) {
	text, ok := t.read("proc/self/cgroup")
	if !ok {
		h.unknown(false, "cpu_limit")
		return
	}
	v1, v2 := parseCgroup(text)
	seen := false
	note := func(cpus float64, ok bool) {
		seen = seen || ok
		if cpus > 0 && (h.CPULimit == 0 || cpus < h.CPULimit) {
			h.CPULimit = cpus
		}
	}
	for _, dir := range ancestors(v2) {
		for _, mount := range []string{"sys/fs/cgroup", "sys/fs/cgroup/unified"} {
			note(t.quotaV2(path.Join(mount, dir)))
			// The root group of a machine has no cpu.max: it has no limit.
			seen = seen || dir == "/" && t.has(path.Join(mount, "cgroup.controllers"))
		}
	}
	for _, dir := range ancestors(v1) {
		for _, mount := range []string{"sys/fs/cgroup/cpu", "sys/fs/cgroup/cpu,cpuacct"} {
			note(t.quotaV1(path.Join(mount, dir)))
		}
	}
	h.unknown(seen, "cpu_limit")
}

// parseCgroup returns the path of the process in the version 1 hierarchy of
// the cpu controller and in the version 2 hierarchy; "" where it has none.
// Each line is "hierarchy:controllers:path", with 0 and no controllers for
// version 2 (man 7 cgroups).
func parseCgroup(text string) (v1, v2 string) {
	for line := range strings.Lines(text) {
		part := strings.SplitN(strings.TrimRight(line, "\n"), ":", 3)
		if len(part) < 3 {
			continue
		}
		if part[0] == "0" && part[1] == "" {
			v2 = part[2]
		}
		for controller := range strings.SplitSeq(part[1], ",") {
			if controller == "cpu" {
				v1 = part[2]
			}
		}
	}
	return v1, v2
}

// ancestors lists dir and the groups above it, up to "/". A container that
// sees the path of its host finds no such folders, but its own limit at "/".
func ancestors(dir string) []string {
	if dir == "" {
		return nil
	}
	dir = path.Clean("/" + dir) // also drops any "..": we never leave the mount
	all := []string{dir}
	for dir != "/" {
		dir = path.Dir(dir)
		all = append(all, dir)
	}
	return all
}

func (t tree) quotaV2(dir string) (cpus float64, ok bool) {
	text, ok := t.read(path.Join(dir, "cpu.max"))
	if !ok {
		return 0, false
	}
	quota, period, _ := strings.Cut(text, " ")
	return parseQuota(quota, period)
}

func (t tree) quotaV1(dir string) (cpus float64, ok bool) {
	quota, ok1 := t.read(path.Join(dir, "cpu.cfs_quota_us"))
	period, ok2 := t.read(path.Join(dir, "cpu.cfs_period_us"))
	if !ok1 || !ok2 {
		return 0, false
	}
	return parseQuota(quota, period)
}

// parseQuota divides two counts of microseconds. "max" and negative quotas
// mean that there is no limit, which is 0 CPUs.
func parseQuota(quota, period string) (cpus float64, ok bool) {
	p, err := strconv.ParseInt(strings.TrimSpace(period), 10, 64)
	if err != nil || p <= 0 {
		return 0, false
	}
	if quota == "max" {
		return 0, true
	}
	q, err := strconv.ParseInt(strings.TrimSpace(quota), 10, 64)
	if err != nil || q == 0 {
		return 0, false
	}
	return math.Max(0, float64(q)/float64(p)), true
}
