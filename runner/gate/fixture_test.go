package gate

import (
	"assay/runner/host"
	"assay/runner/lab"
	"assay/runner/result"
)

// counted is an exact unit with a value.
func counted(x float64, better string) result.Stat {
	return result.Stat{Mean: &x, N: 100, Better: better, Exact: true}
}

// simulated is a count that repeats to .2 %.
func simulated(x float64) result.Stat {
	return result.Stat{Mean: &x, N: 100, Better: lab.Lower, Exact: true, How: "a simulator", Within: 0.002}
}

func noisy(x float64) result.Stat {
	return result.Stat{Median: &x, Lo: &x, Hi: &x, N: 10, Better: lab.Lower}
}

func key(family, op string) result.Key {
	return result.Key{Family: family, Op: op, Workload: "w"}
}

func timeOf(k result.Key, base, variant string, ratio, lo, hi float64, verdict string) result.Comparison {
	return result.Comparison{
		Key: k, Unit: "ns/op", Base: base, Variant: variant, Ratio: ratio, Lo: lo, Hi: hi,
		Verdict: verdict, Threshold: 0.01, MDE: 0.02, Restarts: 20,
	}
}

// labRun is a run of two variants and the floor, with one timed comparison.
func labRun() Run {
	fill := key("page", "fill")
	r := result.Result{
		Run: "r", Seed: 1, Host: host.Host{GoVersion: "go1.26.3", Arch: "amd64", CPU: "a CPU"},
		Control: result.Control{Verdict: "same"},
	}
	for variant, entries := range map[string]float64{"raw": 511, "nibble": 758.606481481482} {
		r.Cases = append(r.Cases, result.Case{Key: fill, Variant: variant, Units: map[string]result.Stat{
			"allocs/op": counted(0, lab.Lower), "B/op": counted(200, lab.Lower),
			"entries/page": counted(entries, lab.Higher), "ns/op": noisy(90),
		}})
	}
	r.Cases = append(r.Cases, result.Case{Key: fill, Variant: "null", Null: true, Units: map[string]result.Stat{"allocs/op": counted(9, lab.Lower)}})
	r.Comparisons = []result.Comparison{timeOf(fill, "raw", "nibble", 1.46, 1.44, 1.48, "slower")}
	return Run{Result: r, Dir: "results/r"}
}

// abRun is a run of two revisions: one benchmark of two packages each.
func abRun() Run {
	r := result.Result{Run: "ab", Seed: 7, Threshold: 0.01, Host: host.Host{GoVersion: "go1.26.3", Arch: "amd64"}, Control: result.Control{Verdict: "undecided"}}
	for _, family := range []string{"example.com/m", "example.com/m/sub"} {
		k := key(family, "Encode/size=10")
		for _, side := range []string{base, head} {
			r.Cases = append(r.Cases, result.Case{Key: k, Variant: side, Units: map[string]result.Stat{
				"allocs/op": counted(3, lab.Lower), "B/op": counted(96, lab.Lower), "ns/op": noisy(50),
			}})
		}
		r.Comparisons = append(r.Comparisons, timeOf(k, base, head, 1.001, 0.997, 1.005, "same"))
	}
	return Run{Result: r, Dir: "results/ab"}
}

// set changes a unit of a case.
func (r *Run) set(variant, unit string, s result.Stat) {
	for _, c := range r.Cases {
		if c.Variant == variant {
			c.Units[unit] = s
			return
		}
	}
}
