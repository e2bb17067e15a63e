package trial

import (
	"io"
	"sync/atomic"
)

// tapped counts what is written by one goroutine and asked about by another.
type tapped struct {
	to io.Writer
	n  atomic.Int64
}

func (c *tapped) Write(p []byte) (int, error) {
	n, err := c.to.Write(p)
	c.n.Add(int64(n))
	return n, err
}
