package result

// Claim is a published figure beside the measured one.
type Claim struct {
	Key
	Variant      string  `json:"variant"`
	Base         string  `json:"base,omitempty"` // set when the figure is a ratio to this variant
	Unit         string  `json:"unit"`
	BaseWorkload string  `json:"base_workload,omitempty"` // set when the figure is a ratio to this workload
	Source       string  `json:"source"`
	Published    float64 `json:"published"`
	Measured     float64 `json:"measured"`
	Lo           float64 `json:"lo"` // reproduced when Lo <= measured <= Hi
	Hi           float64 `json:"hi"`
	Bound        float64 `json:"bound,omitempty"` // a physical limit on the same scale, 0 when none is known
	Reproduced   bool    `json:"reproduced"`
	Note         string  `json:"note,omitempty"`
}

// Wrong is a variant whose answers differ from the model's, or its peers'.
type Wrong struct {
	Key
	Variant string `json:"variant"`
	At      string `json:"at"` // the first differing key
	Detail  string `json:"detail"`
}

// Failure is a row that could not be measured.
type Failure struct {
	Key
	Variant string `json:"variant,omitempty"`
	Reason  string `json:"reason"`
}

// Ranking says whether the order of the variants under one scenario is the order alone.
type Ranking struct {
	Key
	Order    []string `json:"order"`    // best first
	Holds    bool     `json:"holds"`    // no pair that was decided alone is decided the other way here
	Sentence string   `json:"sentence"` // in words
}

// Curve is the growth of one variant's time with a swept parameter.
type Curve struct {
	Family   string  `json:"family"`
	Op       string  `json:"op"`
	Variant  string  `json:"variant"`
	Workload string  `json:"workload"`
	Field    string  `json:"field"`              // the swept field, "count"
	Scenario string  `json:"scenario,omitempty"` // empty means alone on the machine
	Points   []Point `json:"points"`
	Models   []Model `json:"models"` // best first
	Claim    string  `json:"claim"`  // what the points carry: "O(n)", or "cannot tell O(n) from O(n log n)"
	Slope    float64 `json:"slope"`  // log-log
	SlopeLo  float64 `json:"slope_lo"`
	SlopeHi  float64 `json:"slope_hi"`
}

// Point is one size of a sweep: nanoseconds per operation with its 95 % interval.
type Point struct {
	N  float64 `json:"n"`
	Ns float64 `json:"ns"`
	Lo float64 `json:"lo"`
	Hi float64 `json:"hi"`
}

// Model is a + b*f(n) with the chance that it is this one of the five.
type Model struct {
	Name   string  `json:"name"` // O(1), O(log n), O(n), O(n log n), O(n^2)
	A      float64 `json:"a"`
	B      float64 `json:"b"`
	Weight float64 `json:"weight"`
}
