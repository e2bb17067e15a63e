package merge

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"sort"

	"assay/workloads"
)

// pattern says in how many runs the loaded keys are and how those lie.
type pattern struct {
	runs    int
	stretch int     // mean length of a stretch of neighbours that go to one run; 0 cuts the keys into equal parts
	rewrite float64 // share of the keys that an older run has as well
	first   float64 // share of the stretches that go to the newest run; 0 is an equal one
}

// deal is the loaded keys, sorted and dealt out to runs.
type deal struct {
	runs   [][]Entry
	orders [][]uint32 // for each run, where its entries stand among all dealt
	size   int        // entries dealt
	at     int        // entries merged since the start
	now    [][]Entry
}

// newDeal deals the keys of the data out.
func newDeal(data *workloads.Data, seed uint64, p pattern) *deal {
	keys := make([]Entry, len(data.Entries))
	for i, e := range data.Entries {
		keys[i] = Entry{e.Key, e.Value}
	}
	slices.SortFunc(keys, func(a, b Entry) int { return cmp.Compare(a.Key, b.Key) })
	keys = slices.CompactFunc(keys, func(a, b Entry) bool { return a.Key == b.Key })
	d := &deal{runs: make([][]Entry, p.runs), orders: make([][]uint32, p.runs), now: make([][]Entry, p.runs)}
	g := rand.New(rand.NewPCG(seed, 0x6d65726765))
	run, left := 0, 0
	for i, e := range keys {
		if left == 0 {
			run, left = p.next(g, i, len(keys))
		}
		left--
		d.give(run, e)
		if g.Float64() < p.rewrite {
			d.give((run+1+g.IntN(p.runs-1))%p.runs, Entry{e.Key, ^e.Value})
		}
	}
	return d
}

// next says which run the next stretch goes to, and how long it is.
func (p pattern) next(g *rand.Rand, i, keys int) (run, length int) {
	if p.stretch == 0 {
		run = i * p.runs / keys
		return run, max(1, (run+1)*keys/p.runs-i)
	}
	length = 1
	if p.stretch > 1 { // geometric
		length = 1 + int(math.Log(1-g.Float64())/math.Log(1-1/float64(p.stretch)))
	}
	if p.first > 0 && g.Float64() >= p.first {
		return 1 + g.IntN(p.runs-1), length
	}
	if p.first > 0 {
		return 0, length
	}
	return g.IntN(p.runs), length
}

func (d *deal) give(run int, e Entry) {
	d.runs[run] = append(d.runs[run], e)
	d.orders[run] = append(d.orders[run], uint32(d.size))
	d.size++
}

// take returns the runs of the next entries in key order, at most so many, from
// the start again behind the end; n is how many they hold.
func (d *deal) take(most int) (runs [][]Entry, n int) {
	if d.at == d.size {
		d.at = 0
	}
	n = min(most, d.size-d.at)
	for i, orders := range d.orders {
		d.now[i] = d.runs[i][place(orders, d.at):place(orders, d.at+n)]
	}
	d.at += n
	return d.now, n
}

// place is where in a run the entries from a place among all begin.
func place(orders []uint32, among int) int {
	return sort.Search(len(orders), func(i int) bool { return int(orders[i]) >= among })
}
