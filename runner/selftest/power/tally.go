package main

import (
	"math"

	"assay/runner/selftest"
	"assay/runner/stats"
)

// reading is a method with the level at which its word counts.
type reading struct {
	method string
	alpha  float64
}

// readings, the one under test first. One trial of go test serves both levels.
func readings() []reading {
	return []reading{{"assay", selftest.Alpha}, {"go test", 0.05}, {"go test", 0.01}, {"alternating", 0.05}, {"alternating", 0.01}}
}

// says is the claim about the slowed side: 1 slower, -1 faster, 0 none.
func (r reading) says(t trial) int {
	if t.method == "assay" {
		return map[string]int{"slower": 1, "faster": -1}[t.verdict]
	}
	switch {
	case !(t.p < r.alpha):
		return 0
	case t.ratio > 1:
		return 1
	case t.ratio < 1:
		return -1
	}
	return 0
}

// cell is what a reading made of one planted effect.
type cell struct {
	effect float64
	n      int
	found  int // called slower; where nothing was planted, called anything: false alarms
	wrong  int // called faster although a slowdown was planted
}

// share is found of n with its Clopper-Pearson interval.
func (c cell) share() stats.Interval { return stats.ClopperPearson(c.found, c.n, 0.95) }

// summary is a reading of all trials of one time per comparison.
type summary struct {
	reading
	seconds  float64
	cells    []cell // in the order of effects
	n        int
	median   float64 // of the errors of the estimate, relative
	p90      float64
	took     float64 // median seconds of a comparison
	tookMost float64 // median seconds of those that did not end early; NaN if all did
}

// summarise has one summary per time and reading that has trials, in that order.
func summarise(trials []trial) []summary {
	var sums []summary
	for _, seconds := range []float64{shortest, longest} {
		for _, r := range readings() {
			if s := r.sum(trials, seconds); s.n > 0 {
				sums = append(sums, s)
			}
		}
	}
	return sums
}

func (r reading) sum(trials []trial, seconds float64) summary {
	s := summary{reading: r, seconds: seconds}
	for _, e := range effects() {
		s.cells = append(s.cells, cell{effect: e})
	}
	var errors, took, full []float64
	for _, t := range trials {
		if t.method != r.method || t.seconds != seconds {
			continue
		}
		s.n++
		errors, took = append(errors, math.Abs(t.ratio/t.truth-1)), append(took, t.took)
		if !t.early {
			full = append(full, t.took)
		}
		for i := range s.cells {
			if s.cells[i].effect == t.effect {
				s.cells[i].count(r.says(t))
			}
		}
	}
	s.median, s.p90 = stats.Median(errors), stats.Quantile(errors, 0.9)
	s.took, s.tookMost = stats.Median(took), stats.Median(full)
	return s
}

func (c *cell) count(claim int) {
	c.n++
	switch {
	case claim == 0:
	case claim == 1 || c.effect == 0:
		c.found++
	default:
		c.wrong++
	}
}
