package conform

import "assay/runner/lab"

// Pass is a harness that reads no clock: it hands an operation its slices and
// keeps what comes of them.
type Pass struct {
	Left    int  // slices to come
	Batches int  // of each slice; 0 means one
	Warm    int  // batches before each slice
	Extra   int  // operations on top of each slice
	Turns   bool // warm up and add only before every other slice
	Within  bool // keep only what is reported within slices, not of warming up

	Answering, Counting bool

	Digests []uint64             // after each slice
	Units   map[string][]float64 // what was reported

	t      *lab.T
	within bool
}

// Run runs a case and returns the digest of its answers. Length is the
// operations of a batch; 0 leaves the case's own.
func (p *Pass) Run(env lab.Env, c lab.Case, units []lab.Unit, length int) (digest uint64, err error) {
	p.Units = map[string][]float64{}
	p.t = lab.NewT(env, c, units, length, p)
	err = c.Run(p.t)
	return p.t.Digest(), err
}

// Next is the next slice.
func (p *Pass) Next() (warm, timed, extra int) {
	if p.Left == 0 {
		return 0, 0, 0
	}
	p.Left--
	if p.Turns && p.Left%2 == 0 {
		return 0, max(1, p.Batches), 0
	}
	return p.Warm, max(1, p.Batches), p.Extra
}

// Start begins a slice.
func (p *Pass) Start() { p.within = true }

// Stop ends a slice.
func (p *Pass) Stop(int) {
	p.within = false
	p.Digests = append(p.Digests, p.t.Digest())
}

// Pass says which pass it is.
func (p *Pass) Pass() (answering, counting bool) { return p.Answering, p.Counting }

// Observe keeps what an operation reports.
func (p *Pass) Observe(u lab.Unit, x float64) {
	if p.within || !p.Within {
		p.Units[u.Name] = append(p.Units[u.Name], x)
	}
}
