package samples

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"assay/runner/host"
	"assay/runner/hotcode"
	"assay/runner/plan"
	"assay/runner/result"
	"assay/runner/samples/work"
	"assay/runner/sketch"
	"assay/runner/trial"
)

// Record is one line of the journal; exactly one field is set.
type Record struct {
	Head    *Head           `json:"head,omitempty"`
	Check   *Checked        `json:"check,omitempty"`
	Restart *Restart        `json:"restart,omitempty"`
	Latency *Latencies      `json:"latency,omitempty"`
	Profile *Profiled       `json:"profile,omitempty"`
	Count   *work.Pass      `json:"count,omitempty"`
	Code    *hotcode.Code   `json:"code,omitempty"`
	Failure *result.Failure `json:"failure,omitempty"`
	Warning string          `json:"warning,omitempty"`
	Tail    *Tail           `json:"tail,omitempty"`
}

// seal begins every line of the journal: the digest of the rest of the line.
// The checksum of gzip comes at the end of the file, which a crash cuts off;
// without one of its own, a damaged record could pass for a measured one.
const seal = `{"sum":"0123456789abcdef",`

// sealed renders a record as a line of the journal.
func sealed(r Record) ([]byte, error) {
	data, err := json.Marshal(r)
	if err != nil {
		return nil, err
	}
	if len(data) <= len("{}") {
		return nil, errors.New("an empty record")
	}
	rest := data[1:] // of its opening brace
	return fmt.Appendf(make([]byte, 0, len(seal)+len(rest)+1), `{"sum":"%s",%s`+"\n", digest(rest), rest), nil
}

// unsealed reads a line of the journal.
func unsealed(line []byte) (Record, error) {
	var r Record
	line = bytes.TrimSuffix(line, []byte("\n"))
	if len(line) < len(seal) || string(line[:len(seal)]) != `{"sum":"`+digest(line[len(seal):])+`",` {
		return r, errors.New("its content is not what its sum says")
	}
	err := json.Unmarshal(line, &r)
	return r, err
}

// Head opens a journal.
type Head struct {
	Schema  string    `json:"schema"`
	Started string    `json:"started"` // RFC 3339
	Commit  string    `json:"commit"`
	Plan    string    `json:"plan"` // digest of plan.json: finds edits by hand
	Host    host.Host `json:"host"`

	// Machine is what the resources of this machine cost, nil where nobody had
	// calibrated it: a run keeps the prices that its sketches were made with.
	Machine *sketch.Machine `json:"machine,omitempty"`
}

// Tail closes the journal of a run that came to its end, or was stopped in good order.
type Tail struct {
	Partial bool      `json:"partial"`
	Host    host.Host `json:"host"` // as it was at the end, with what was seen during the run
}

// Checked is the untimed pass of one group.
type Checked struct {
	Group  int           `json:"group"`
	Checks []trial.Check `json:"checks"`
}

// Latencies is the latency pass of one group.
type Latencies struct {
	Group int             `json:"group"`
	Arms  []trial.Latency `json:"arms"`
}

// Profiled is one profiling pass: one operation of one variant under one
// profiler, in a process of its own.
type Profiled struct {
	Group   int     `json:"group"`
	Arm     string  `json:"arm"`
	Kind    string  `json:"kind"` // cpu, heap, allocs, mutex, block or trace
	File    string  `json:"file"` // relative to the folder
	Restart int     `json:"restart,omitempty"`
	Ops     int64   `json:"ops"`
	CPU     float64 `json:"cpu"`               // seconds of thread CPU time in timed slices
	Process float64 `json:"process,omitempty"` // seconds of the process's CPU time for them
	Sampled float64 `json:"sampled,omitempty"` // cpu: seconds that the timed samples stand for
	Period  int64   `json:"period,omitempty"`  // between samples: nanoseconds, or bytes
	NsPerOp float64 `json:"ns_op"`             // with the profiler on, by the clock that times the group
}

// Restart is one sample: fresh processes, fresh inputs, a random order. The
// slices are columns of equal length; Order indexes Arms.
type Restart struct {
	Group    int            `json:"group"`
	Index    int            `json:"index"`
	Layout   int            `json:"layout"`
	Seed     uint64         `json:"seed"`
	At       float64        `json:"at"`   // seconds since the run began
	Took     float64        `json:"took"` // seconds, set-up included
	Arms     []plan.Arm     `json:"arms"`
	Order    []int          `json:"order"`
	Ops      []int64        `json:"ops"`
	Wall     []int64        `json:"wall"`     // nanoseconds
	Thread   []int64        `json:"thread"`   // nanoseconds of this thread's CPU time
	Process  []int64        `json:"process"`  // nanoseconds of the process's CPU time
	Switches []int64        `json:"switches"` // involuntary context switches
	Endings  []trial.Ending `json:"endings"`  // one per worker process: one, or one per arm
}
