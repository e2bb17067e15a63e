package plan

import "slices"

// CheckCounters refuses what is no word of --counters: by what the work of an
// operation is counted. auto is hardware counters where the host has them, else
// the simulator.
func CheckCounters(word string) error {
	ways := []string{"auto", "perf", "simulated", "none"}
	if word == "" || slices.Contains(ways, word) {
		return nil
	}
	return unknown("way of counting", word, ways)
}
