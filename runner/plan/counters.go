package plan

// CounterWays lists the words of --counters: by what the work of an operation is
// counted. auto is hardware counters where the host has them, else the simulator.
func CounterWays() []string { return []string{"auto", "perf", "simulated", "none"} }
