package trial

import "runtime/metrics"

// memory is what the process has allocated and collected so far.
type memory struct {
	allocs, bytes, gcs uint64
	gcCPU              float64
}

// readMemory looks at the runtime's counters; it stops nothing.
func readMemory() memory {
	s := []metrics.Sample{
		{Name: "/gc/heap/allocs:objects"},
		{Name: "/gc/heap/allocs:bytes"},
		{Name: "/gc/cycles/total:gc-cycles"},
		{Name: "/cpu/classes/gc/total:cpu-seconds"},
	}
	metrics.Read(s)
	return memory{allocs: s[0].Value.Uint64(), bytes: s[1].Value.Uint64(), gcs: s[2].Value.Uint64(), gcCPU: s[3].Value.Float64()}
}
