// Package plan turns what the user asked for into data: which groups of
// variants are compared, on which inputs, in which order, by which rules. It
// is pure and seeded, so that the same command gives the same plan, and a plan
// can be printed, stored and tested alone.
package plan

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"

	"assay/runner/lab"
)

// Schema is the version of plan.json that this package writes.
const Schema = "assay-plan/1"

// Plan is everything that decides what a run measures.
type Plan struct {
	Schema  string   `json:"schema"`
	Name    string   `json:"name"`
	Command []string `json:"command"`
	Seed    uint64   `json:"seed"`
	Catalog string   `json:"catalog"` // digest of the catalog the plan was made from

	Budget       float64  `json:"budget"`                     // seconds of timed restarts, set-up included; 0 = no limit
	Threshold    float64  `json:"threshold"`                  // smallest relative difference that matters
	Chosen       bool     `json:"threshold_chosen,omitempty"` // the threshold is assay's choice, not the user's
	Alpha        float64  `json:"alpha"`                      // chance of any false alarm in the whole run
	Rows         int      `json:"rows"`                       // timed comparisons that share alpha
	MinRestarts  int      `json:"min_restarts"`
	MaxRestarts  int      `json:"max_restarts"`
	Layouts      int      `json:"layouts"` // builds with functions in different places; 1 = as built
	GC           string   `json:"gc"`
	Clock        string   `json:"clock"` // auto, cpu or wall
	Profile      []string `json:"profile,omitempty"`
	Counters     string   `json:"counters,omitempty"`     // auto, perf, simulated or none
	LatencyRate  float64  `json:"latency_rate,omitempty"` // operations per second; 0 = closed loop
	Latency      bool     `json:"latency,omitempty"`
	Small        bool     `json:"small,omitempty"` // smoke sizes
	UntilDecided bool     `json:"until_decided,omitempty"`
	SweepField   string   `json:"sweep,omitempty"`

	Groups []Group `json:"groups"`
}

// Limited says that the budget is to end the timing: neither a number of
// restarts nor the last verdict is.
func (p Plan) Limited() bool {
	return p.Budget > 0 && !p.UntilDecided && p.MinRestarts < p.MaxRestarts
}

// Group is one comparison: the arms share inputs, restarts and order.
type Group struct {
	Family   string  `json:"family"`
	Op       string  `json:"op"`
	Workload string  `json:"workload"`
	Scenario string  `json:"scenario,omitempty"` // empty = alone
	Within   bool    `json:"within,omitempty"`   // the scenario is a neighbour of the family's own, in the arms' processes
	Base     string  `json:"base"`
	Arms     []Arm   `json:"arms"`              // the base first
	Isolated bool    `json:"isolated"`          // one worker process per arm, in lock-step
	Control  bool    `json:"control,omitempty"` // the base against itself
	SliceNS  int64   `json:"slice_ns"`
	Sweep    float64 `json:"sweep_value,omitempty"`
}

// Key names the group in messages: family/op under workload.
func (g Group) Key() string {
	s := fmt.Sprintf("%s/%s under %s", g.Family, g.Op, g.Workload)
	if g.Scenario != "" {
		s += " beside " + g.Scenario
	}
	if g.Control {
		s += " (control)"
	}
	return s
}

// Digest identifies a catalog: the names of all cases. Two builds with
// different catalogs must not work on one plan.
func Digest(rooms []lab.Room) string {
	h := fnv.New64a()
	for _, r := range rooms {
		if r.Hidden {
			continue
		}
		for _, c := range r.Cases {
			fmt.Fprintf(h, "%s/%s/%s %d %d\n", c.Family, c.Op, c.Variant, c.Count, c.Census)
		}
	}
	return fmt.Sprintf("%016x", h.Sum64())
}

// Mix derives the seed of a part from the seed of the whole (splitmix64).
func Mix(seed uint64, parts ...int) uint64 {
	for _, p := range parts {
		seed += 0x9e3779b97f4a7c15 * uint64(p+1)
		seed = (seed ^ seed>>30) * 0xbf58476d1ce4e5b9
		seed = (seed ^ seed>>27) * 0x94d049bb133111eb
		seed ^= seed >> 31
	}
	return seed
}

// Order returns the arms of so many rounds, one entry per slice. Each round is
// a random permutation followed by its reverse (for two arms: ABBA or BAAB), so
// that drift cancels within a round and no arm has a place of its own. A fixed
// order raised 4 to 69 % false alarms at a nominal 1 %.
func Order(seed uint64, arms, rounds int) []int {
	rng := rand.New(rand.NewPCG(seed, 0x6f72646572)) //nolint:gosec // reproducible by design
	order := make([]int, 0, 2*arms*rounds)
	for range rounds {
		p := rng.Perm(arms)
		order = append(order, p...)
		for i := range p {
			order = append(order, p[arms-1-i])
		}
	}
	return order
}
