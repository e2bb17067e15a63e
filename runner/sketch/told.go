package sketch

// Told is the sketch of one case beside what was measured.
type Told struct {
	Family   string  `json:"family"`
	Op       string  `json:"op"`
	Workload string  `json:"workload"`
	Scenario string  `json:"scenario,omitempty"`
	Variant  string  `json:"variant"`
	Measured float64 `json:"measured"` // nanoseconds per operation on Clock
	// Clock is "wall" where a term waits, else "cpu"; "" without an estimate.
	Clock string `json:"clock,omitempty"`
	// Estimate is the sum of the terms in nanoseconds per operation; 0 where this
	// machine was not calibrated, or lacks a constant that the sketch needs.
	Estimate float64 `json:"estimate,omitempty"`
	Ratio    float64 `json:"ratio,omitempty"` // measured over estimate
	Binds    string  `json:"binds,omitempty"` // the resource of the largest term
	Share    float64 `json:"share,omitempty"` // of the largest term in the estimate
	Terms    []Term  `json:"terms"`
}

// Term is one line of a sketch, priced.
type Term struct {
	Resource string  `json:"resource"`
	Count    float64 `json:"count"`         // per operation
	Set      float64 `json:"set,omitempty"` // bytes that loads fall in
	Each     float64 `json:"each,omitempty"`
	Ns       float64 `json:"ns,omitempty"` // Count x Each
}

// Price adds up what the terms about a variant cost. Entries is how many are
// loaded; unit returns the value of an exact unit of the case. It is false where
// no term is about the variant, or where a unit that one needs was not counted.
// Without a machine the terms are counts alone.
func Price(costs []Cost, m *Machine, variant string, entries int, unit func(name string) (float64, bool)) (Told, bool) {
	t := Told{Variant: variant}
	priced, largest := m != nil, 0.0
	clock := "cpu"
	for _, c := range costs {
		if !c.About(variant) {
			continue
		}
		count := c.Count
		if c.Unit != "" {
			x, ok := unit(c.Unit)
			if !ok {
				return Told{}, false
			}
			count *= x
		}
		term := Term{Resource: c.Resource, Count: count, Set: c.Set * float64(entries)}
		if m != nil {
			each, ok := m.Each(c.Resource, term.Set)
			term.Each, term.Ns = each, count*each
			priced = priced && ok
			if m.waits(c.Resource) {
				clock = "wall"
			}
		}
		if t.Estimate += term.Ns; term.Ns > largest {
			t.Binds, largest = c.Resource, term.Ns
		}
		t.Terms = append(t.Terms, term)
	}
	if !priced || t.Estimate <= 0 { // a sum with a hole in it would be called a limit
		t.Estimate, t.Binds = 0, ""
	} else {
		t.Share, t.Clock = largest/t.Estimate, clock
	}
	return t, len(t.Terms) > 0
}

// Beside sets the measured time, in nanoseconds per operation, beside the estimate.
func (t Told) Beside(ns float64) Told {
	t.Measured = ns
	if t.Estimate > 0 {
		t.Ratio = ns / t.Estimate
	}
	return t
}
