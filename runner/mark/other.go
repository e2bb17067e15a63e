//go:build !linux

package mark

import "errors"

func openCalls() (*Marker, error) {
	return nil, errors.New("system calls are counted on Linux alone")
}

func openPerf(string) (*Marker, error) {
	return nil, errors.New("hardware counters are read on Linux alone")
}
