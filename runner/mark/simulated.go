package mark

import (
	"errors"
	"fmt"
	"runtime"
)

// Requests to Valgrind, as its header files define them: a program under it
// executes a sequence of instructions that does nothing on a processor.
const (
	runningOnValgrind = 0x1001

	callgrind            = 'C'<<24 | 'T'<<16
	dumpCounts           = callgrind + 0
	toggleCollecting     = callgrind + 2
	startInstrumentation = callgrind + 4
)

// openSimulated begins to simulate. Valgrind is started with simulating and
// collecting off, so that loading the data is not slowed down for nothing.
func openSimulated() (*Marker, error) {
	if !requestsKnown {
		return nil, fmt.Errorf("this build for %s cannot ask valgrind for anything: simulated counts need amd64", runtime.GOARCH)
	}
	if request(runningOnValgrind) == 0 {
		return nil, errors.New("this process does not run under valgrind")
	}
	request(startInstrumentation)
	return &Marker{
		// Collecting is switched for the calling thread alone.
		begin: func() error { request(toggleCollecting); return nil },
		end:   func() error { request(toggleCollecting); request(dumpCounts); return nil },
		close: nothing,
	}, nil
}
