package suffix

import (
	"fmt"

	"assay/runner/lab"
)

// The questions. Both are about a 32nd or a quarter of the terms where values
// are uniform; only the first is known when an index is built.
const (
	known = "/Step-2|Final"
	adHoc = "|Failed"
)

// steps and states make the end of a term from its entry's value.
const steps = 8

func states() []string { return []string{"Started", "Running", "Failed", "Final"} }

// termsOf makes a term of each loaded entry, each once: the key makes the guid,
// the value the step and the state.
func termsOf(env *lab.Env) []string {
	terms := make([]string, 0, len(env.Data.Entries))
	seen := make(map[string]bool, len(env.Data.Entries))
	for _, e := range env.Data.Entries {
		t := term(e.Key, e.Value)
		if !seen[t] {
			seen[t] = true
			terms = append(terms, t)
		}
	}
	return terms
}

func term(key, value uint64) string {
	a, b := mix(key), mix(key^0x5bd1e995)
	end := value % (steps * uint64(len(states())))
	return fmt.Sprintf("Workflows/%08x-%04x-%04x-%04x-%012x/Step-%d|%s",
		a>>32, a>>16&0xffff, a&0xffff, b>>48, b&(1<<48-1), end%steps+1, states()[end/steps])
}

// mix spreads every bit of x over the whole word and maps no two numbers to one
// (the finalizer of SplitMix64; Steele, Lea and Flood, 2014).
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
