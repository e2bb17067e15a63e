package plan

// Trial is everything a worker process needs to know about one restart of one
// group. It travels as JSON in the open request.
type Trial struct {
	Mode     string  `json:"mode"` // time, check, count, latency, profile
	Family   string  `json:"family"`
	Op       string  `json:"op"`
	Workload string  `json:"workload"`
	Arms     []Arm   `json:"arms"`
	Seed     uint64  `json:"seed"`
	SliceNS  int64   `json:"slice_ns"` // calibration target
	GC       string  `json:"gc"`       // default, off, or a GOGC value
	Small    bool    `json:"small,omitempty"`
	Rate     float64 `json:"rate,omitempty"`    // latency: operations per second, open loop; 0 = closed
	Millis   int     `json:"millis,omitempty"`  // latency, profile: how long to run each arm
	Profile  string  `json:"profile,omitempty"` // profile: one of Profiles' kinds
	Restart  int     `json:"restart,omitempty"` // profile: which pass of this arm it is, from 1
	Hertz    int     `json:"hertz,omitempty"`   // profile: samples per second of CPU time
	Catalog  string  `json:"catalog"`           // digest of the catalog the runner has; the worker must have the same
	Count    string  `json:"count,omitempty"`   // count: perf, simulated or calls
	Log      string  `json:"log,omitempty"`     // count: the file that hardware counters are written to
	Beside   string  `json:"beside,omitempty"`  // an antagonist inside the worker: gc
}

// Arm is one contestant of a trial.
type Arm struct {
	Name    string  `json:"name"`             // as shown: nibble, nibble#2
	Variant string  `json:"variant"`          // as listed: nibble
	Batches int     `json:"batches"`          // per slice; 0 asks the worker to calibrate
	Inject  float64 `json:"inject,omitempty"` // a known slowdown: run ceil(N(1+d)) operations, report N
}
