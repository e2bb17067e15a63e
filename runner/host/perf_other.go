//go:build !linux

package host

import (
	"errors"
	"fmt"
)

func countInstructions() (uint64, error) {
	return 0, fmt.Errorf("no perf_event_open on this operating system: %w", errors.ErrUnsupported)
}
