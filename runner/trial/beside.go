package trial

import "sync/atomic"

// garbage keeps the antagonist's allocations from being optimised away.
type garbage struct{ next atomic.Pointer[[]byte] }

// antagonise starts what the scenario asks for inside this process and returns
// how to stop it. Only "gc" lives here: a neighbour that makes garbage shares
// the collector, its assists and its write barriers with the code under test.
// The other antagonists are processes of their own.
func antagonise(kind string) (stop func()) {
	if kind != "gc" {
		return func() {}
	}
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		keep := make([]garbage, 4096)
		for i := 0; ; i++ {
			select {
			case <-done:
				return
			default:
			}
			b := make([]byte, 512+i%1024)
			keep[i%len(keep)].next.Store(&b)
		}
	}()
	return func() { close(done); <-ended }
}
