//go:build !linux

package calibrate

import "errors"

// faults knows no way to fresh memory here.
func faults() (work, func() error, error) { return nil, nil, errors.ErrUnsupported }
