package counters

import (
	"debug/elf"
	"debug/gosym"
	"errors"
	"fmt"
	"path"
	"strings"
)

// housekeeper tells the addresses of a program's housekeeping from others. It
// reads the table that every Go program carries for its tracebacks, so that
// programs without symbols, such as those of go run and go test, can be counted.
func housekeeper(program string) (func(address uint64) bool, error) {
	f, err := elf.Open(program)
	if err != nil {
		return nil, fmt.Errorf("the worker's program: %w", err)
	}
	defer f.Close()
	lines, text := f.Section(".gopclntab"), f.Section(".text")
	if lines == nil || text == nil || f.Type != elf.ET_EXEC {
		return nil, errors.New("the worker's program is no Go program at a fixed address: build it without -buildmode=pie")
	}
	data, err := lines.Data()
	if err != nil {
		return nil, fmt.Errorf("the worker's program: %w", err)
	}
	table, err := gosym.NewTable(nil, gosym.NewLineTable(data, text.Addr))
	if err != nil {
		return nil, fmt.Errorf("the worker's program: %w", err)
	}
	known := map[uint64]bool{} // function entry -> housekeeping
	return func(address uint64) bool {
		fn := table.PCToFunc(address)
		if fn == nil {
			return false // of the C library
		}
		out, seen := known[fn.Entry]
		if !seen {
			file, _, _ := table.PCToLine(fn.Entry)
			out = housekeeping(file, fn.Name)
			known[fn.Entry] = out
		}
		return out
	}, nil
}

// housekeeping says that a function is one by which the Go runtime switches
// goroutines, threads and processors (its P's), or divides the heap into pages.
// How often it does so, and how long it takes, depends on the clock and on how
// busy the machine is, not on the operation: where an operation reads files,
// that alone made instructions differ by 1.3 % from run to run. What is left out
// is a few hundred instructions for a switch or a run of pages, and some 170 for
// each system call.
func housekeeping(file, function string) bool {
	name, ok := strings.CutPrefix(function, "runtime.")
	helper := !strings.Contains(function, ".") && strings.Contains("/"+file, "/runtime/") // of its assembly code
	if !ok && !helper {
		return false
	}
	base := path.Base(file)
	if housekeepingFiles[base] || strings.HasPrefix(base, "lock_") || strings.HasPrefix(base, "sys_linux_") {
		return true
	}
	name, _, _ = strings.Cut(name, ".abi0")
	return housekeepingFunctions[name]
}

var (
	housekeepingFiles = map[string]bool{
		"proc.go": true, "preempt.go": true, "os_linux.go": true, "mgclimit.go": true, "netpoll.go": true, "netpoll_epoll.go": true,
		"time.go": true, "time_nofake.go": true, "nonwindows_stub.go": true, "time_linux_amd64.s": true,
		"mpagealloc.go": true, "mpagealloc_64bit.go": true, "mpallocbits.go": true, "mpagecache.go": true, "mranges.go": true, "mgcscavenge.go": true,
	}
	// Those of files that hold other functions too.
	housekeepingFunctions = map[string]bool{
		"newstack": true, "morestack": true, "morestack_noctxt": true, "mcall": true, "gogo": true, "systemstack": true,
		"systemstack_switch": true, "gosave_systemstack_switch": true, "(*mcache).prepareForSweep": true, "nanotime1": true,
	}
)
