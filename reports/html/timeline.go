package html

import (
	"encoding/json"
	"fmt"
	"math"

	"assay/reports/view"
	"assay/reports/words"
)

// The timelines as their script reads them. Times are integers: a restart's in
// milliseconds, a slice's as a step of tenths of a millisecond from the slice
// before it, and values in grains.
type (
	timelineSets struct {
		Sets []timelineSet `json:"sets"`
	}
	timelineSet struct {
		Title    string            `json:"title"`
		Clock    string            `json:"clock"`
		Slices   int               `json:"slices"`
		Grain    float64           `json:"grain"` // nanoseconds per operation
		Arms     []timelineArm     `json:"arms"`
		Restarts []timelineRestart `json:"restarts"`
	}
	timelineArm struct {
		Name   string  `json:"name"`
		Median float64 `json:"median"`
		P5     float64 `json:"p5"`
		P95    float64 `json:"p95"`
		Drift  float64 `json:"drift"`
	}
	timelineRestart struct {
		At     int   `json:"at"`
		Points []int `json:"p"` // arm, step, value, …
	}
)

// timelineJSON is the timelines in at most limit bytes: the first ones where
// not all fit; nil without any. Names are cleaned here, as everywhere; what
// markup they hold stays text, since json.Marshal escapes "<".
func timelineJSON(all []view.Timeline, limit int) (data []byte, cut bool, err error) {
	sets := timelineSets{}
	for _, t := range all {
		if s, ok := newTimelineSet(t); ok {
			sets.Sets = append(sets.Sets, s)
		}
	}
	for len(sets.Sets) > 0 {
		if data, err = json.Marshal(sets); err != nil {
			return nil, cut, fmt.Errorf("html report: %w", err)
		}
		if len(data) <= limit {
			return data, cut, nil
		}
		sets.Sets, cut = sets.Sets[:min(len(sets.Sets)-1, len(sets.Sets)*limit/len(data))], true
	}
	return nil, cut, nil
}

func newTimelineSet(t view.Timeline) (timelineSet, bool) {
	s := timelineSet{Title: words.Clean(t.Family + "/" + t.Op + " " + t.Workload), Clock: words.Clean(t.Clock), Slices: t.Slices, Restarts: []timelineRestart{}}
	if t.Scenario != "" {
		s.Title += ", " + words.Clean(t.Scenario)
	}
	for _, a := range t.Arms {
		s.Arms = append(s.Arms, timelineArm{words.Clean(a.Name), digits(a.Median), digits(a.P5), digits(a.P95), digits(a.Drift)})
	}
	least := math.Inf(1)
	for _, r := range t.Restarts {
		for _, ns := range r.Ns {
			if ns > 0 {
				least = min(least, ns)
			}
		}
	}
	if math.IsInf(least, 1) {
		return s, false
	}
	s.Grain = digits(least / 2000)
	for _, r := range t.Restarts {
		out, last := timelineRestart{At: int(math.Round(1e3 * r.At)), Points: []int{}}, 0
		for i, ns := range r.Ns {
			at := int(math.Round(1e4 * r.Off[i]))
			out.Points = append(out.Points, r.Arm[i], at-last, int(math.Round(min(ns/s.Grain, 1e12))))
			last = at
		}
		s.Restarts = append(s.Restarts, out)
	}
	return s, true
}

// digits keeps five significant digits; what is not finite is 0.
func digits(x float64) float64 {
	if x == 0 || math.IsNaN(x) || math.IsInf(x, 0) {
		return 0
	}
	scale := math.Pow(10, 4-math.Floor(math.Log10(math.Abs(x))))
	if math.IsInf(scale, 0) || scale == 0 {
		return x
	}
	return math.Round(x*scale) / scale
}
