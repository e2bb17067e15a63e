package surround

import (
	"fmt"
	"maps"

	"assay/runner/lab"
)

// model is the obviously right history: every vote of every validator, and a
// comparison with all of them, as the definition words it. It shares no code
// with the variants.
type model struct{ votes map[uint32][]Vote }

func newModel(*lab.Env) (History, error) { return &model{map[uint32][]Vote{}}, nil }

func (m *model) Check(validator uint32, v Vote) (Verdict, int, error) {
	if v.Source > v.Target || v.Target > 1<<63-1 {
		return Safe, 0, fmt.Errorf("vote %v", v)
	}
	for _, old := range m.votes[validator] {
		if v.Source < old.Source && v.Target > old.Target {
			return Surrounds, 0, nil
		}
		if v.Source > old.Source && v.Target < old.Target {
			return Surrounded, 0, nil
		}
	}
	return Safe, 0, nil
}

func (m *model) Append(records []Record, _ bool) error {
	next := maps.Clone(m.votes)
	for i, r := range records {
		v, old := r.Vote, next[r.Validator]
		if v.Source > v.Target || v.Target > 1<<63-1 || r.Validator >= 1<<20 {
			return fmt.Errorf("record %d: %v", i, r)
		}
		if n := len(old); n > 0 && (v.Target <= old[n-1].Target || v.Source < old[n-1].Source) {
			return fmt.Errorf("record %d: %v does not follow %v", i, r, old[n-1])
		}
		next[r.Validator] = append(old, v) // behind what m.votes knows of
	}
	m.votes = next
	return nil
}

func (m *model) Bytes() (int64, error) { return 0, nil }
func (m *model) Written() int64        { return 0 }
func (m *model) Close() error          { return nil }

// null keeps nothing and allows everything.
type null struct{}

func newNull(*lab.Env) (History, error) { return null{}, nil }

func (null) Check(uint32, Vote) (Verdict, int, error) { return Safe, 0, nil }
func (null) Append([]Record, bool) error              { return nil }
func (null) Bytes() (int64, error)                    { return 0, nil }
func (null) Written() int64                           { return 0 }
func (null) Close() error                             { return nil }
