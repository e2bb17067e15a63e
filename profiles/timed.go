package profiles

import (
	"slices"

	"github.com/google/pprof/profile"
)

// The labels that samples of timed slices carry. Operations of one variant are
// merged into one file, and restarts of one operation: the labels part them again.
const (
	labelFamily   = "family"
	labelOp       = "op"
	labelVariant  = "variant"
	labelWorkload = "workload"
	labelPhase    = "phase"
	labelRestart  = "restart"

	// labelThread marks work that other threads did for timed slices (the
	// collector, goroutines from before the slice), which the process's CPU time
	// contains and the thread's does not.
	labelThread = "thread"

	phaseTimed       = "timed"
	threadBackground = "background"
)

// Timed returns the part of a profile that was sampled in timed slices of one
// operation under one workload, over all restarts; an empty name means any. The
// samples are shared with p, the value is not to be changed.
func Timed(p *profile.Profile, op, workload string) *profile.Profile {
	return keep(p, func(s *profile.Sample) bool {
		return isTimed(s) && (op == "" || labelled(s, labelOp, op)) && (workload == "" || labelled(s, labelWorkload, workload))
	})
}

// keep is a shallow copy of p with the samples that pass.
func keep(p *profile.Profile, pass func(*profile.Sample) bool) *profile.Profile {
	return &profile.Profile{
		SampleType: p.SampleType, DefaultSampleType: p.DefaultSampleType,
		Sample:  slices.DeleteFunc(slices.Clone(p.Sample), func(s *profile.Sample) bool { return !pass(s) }),
		Mapping: p.Mapping, Location: p.Location, Function: p.Function, Comments: p.Comments,
		DropFrames: p.DropFrames, KeepFrames: p.KeepFrames,
		TimeNanos: p.TimeNanos, DurationNanos: p.DurationNanos, PeriodType: p.PeriodType, Period: p.Period,
	}
}

func labelled(s *profile.Sample, key, value string) bool {
	v := s.Label[key]
	return len(v) == 1 && v[0] == value
}
