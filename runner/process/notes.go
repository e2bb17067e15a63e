package process

import (
	"strings"
	"sync"
)

// notesBytes is how much is kept of each end of what a worker writes on
// standard error. The beginning is kept as well because a Go program that dies
// says why in one line and then prints the stacks of all its goroutines.
const notesBytes = 4 << 10

// notes keeps the beginning and the end of a worker's standard error.
type notes struct {
	mu          sync.Mutex
	first, last []byte
}

func (n *notes) Write(b []byte) (int, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	room := min(len(b), notesBytes-len(n.first))
	n.first = append(n.first, b[:room]...)
	n.last = append(n.last, b[room:]...)
	if extra := len(n.last) - notesBytes; extra > 0 {
		n.last = append(n.last[:0], n.last[extra:]...)
	}
	return len(b), nil
}

// reason is the line that says why a worker died, to end an error message: the
// Go runtime's where there is one, else the first of all.
func (n *notes) reason() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	first := ""
	for line := range strings.Lines(string(n.first) + string(n.last)) {
		line = strings.TrimSpace(line)
		for _, sign := range []string{"panic: ", "fatal error: ", "runtime: out of memory"} {
			if strings.HasPrefix(line, sign) {
				return ": " + line
			}
		}
		if first == "" && line != "" {
			first = ": " + line
		}
	}
	return first
}
