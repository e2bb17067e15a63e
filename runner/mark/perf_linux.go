package mark

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"unsafe"

	"golang.org/x/sys/unix"
)

// event is one hardware counter.
type event struct {
	name   string
	config uint64
}

// events are opened as one group, so that the kernel runs all of them at the
// same time or none. The first leads.
var events = []event{
	{"instructions", unix.PERF_COUNT_HW_INSTRUCTIONS},
	{"branches", unix.PERF_COUNT_HW_BRANCH_INSTRUCTIONS},
	{"mispredictions", unix.PERF_COUNT_HW_BRANCH_MISSES},
	{"cache-references", unix.PERF_COUNT_HW_CACHE_REFERENCES},
	{"cache-misses", unix.PERF_COUNT_HW_CACHE_MISSES},
}

// openPerf opens a group of counters of the calling thread. The leader must
// open; of the others those that this processor has.
func openPerf(log string) (*Marker, error) {
	g := perfGroup{leader: -1}
	for _, e := range events {
		fd, err := openEvent(e, g.leader)
		if err != nil && g.leader < 0 {
			return nil, fmt.Errorf("%s from perf_event_open: %w", unix.ErrnoName(err.(unix.Errno)), err) //nolint:errorlint // PerfEventOpen returns nothing else
		}
		if err != nil {
			continue
		}
		if g.leader < 0 {
			g.leader = fd
		}
		g.fds, g.names = append(g.fds, fd), append(g.names, e.name)
	}
	var err error
	if g.log, err = os.OpenFile(log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600); err != nil {
		return nil, errors.Join(err, g.close())
	}
	return &Marker{begin: g.begin, end: g.end, close: g.close}, nil
}

func openEvent(e event, leader int) (int, error) {
	attr := unix.PerfEventAttr{
		Type: unix.PERF_TYPE_HARDWARE, Config: e.config,
		Size:        uint32(unsafe.Sizeof(unix.PerfEventAttr{})),
		Read_format: unix.PERF_FORMAT_GROUP | unix.PERF_FORMAT_TOTAL_TIME_ENABLED | unix.PERF_FORMAT_TOTAL_TIME_RUNNING,
		// User mode alone is what paranoid level 2, the usual one, allows.
		Bits: unix.PerfBitExcludeKernel | unix.PerfBitExcludeHv,
	}
	if leader < 0 {
		attr.Bits |= unix.PerfBitDisabled
	}
	return unix.PerfEventOpen(&attr, 0, -1, leader, unix.PERF_FLAG_FD_CLOEXEC)
}

// perfGroup is an open group and the file its counts go to.
type perfGroup struct {
	leader int
	fds    []int
	names  []string
	log    *os.File
}

func (g *perfGroup) begin() error {
	if err := g.control(unix.PERF_EVENT_IOC_RESET); err != nil {
		return err
	}
	return g.control(unix.PERF_EVENT_IOC_ENABLE)
}

func (g *perfGroup) end() error {
	if err := g.control(unix.PERF_EVENT_IOC_DISABLE); err != nil {
		return err
	}
	counts, err := g.read()
	if err != nil {
		return err
	}
	line, err := FormatCounts(counts)
	if err != nil {
		return err
	}
	_, err = g.log.Write(line)
	return err
}

func (g *perfGroup) control(request uint) error {
	if err := unix.IoctlSetInt(g.leader, request, unix.PERF_IOC_FLAG_GROUP); err != nil {
		return fmt.Errorf("hardware counters: %w", err)
	}
	return nil
}

// read takes the group's values: their number, the time enabled, the time
// running, then one for each counter. A group that had to share the processor's
// counters did not run all the time and counted too little; scaling that up
// would guess, so it is an error.
func (g *perfGroup) read() (map[string]float64, error) {
	const head = 3
	raw := make([]byte, 8*(head+len(g.fds)))
	n, err := unix.Read(g.leader, raw)
	if err != nil || n != len(raw) {
		return nil, fmt.Errorf("hardware counters: %d of %d bytes read: %w", n, len(raw), err)
	}
	field := func(i int) uint64 { return binary.NativeEndian.Uint64(raw[8*i:]) }
	if enabled, running := field(1), field(2); running < enabled {
		return nil, fmt.Errorf("hardware counters: they ran for %d of %d ns because something else uses them too: stop it, or count with --counters simulated", running, enabled)
	}
	counts := map[string]float64{}
	for i, name := range g.names {
		counts[name] = float64(field(head + i))
	}
	return counts, nil
}

func (g *perfGroup) close() error {
	var err error
	for _, fd := range g.fds {
		err = errors.Join(err, unix.Close(fd))
	}
	if g.log != nil {
		err = errors.Join(err, g.log.Close())
	}
	return err
}
