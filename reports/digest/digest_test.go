package digest

import (
	"math"
	"testing"

	"assay/runner/result"

	"github.com/google/go-cmp/cmp"
)

func key(op, workload string) result.Key {
	return result.Key{Family: "page", Op: op, Workload: workload}
}

func timeStat(ns float64) map[string]result.Stat {
	return map[string]result.Stat{Time: {Median: &ns, Better: "lower"}}
}

func countStat(unit string, v float64, better string) map[string]result.Stat {
	return map[string]result.Stat{unit: {Mean: &v, Min: &v, Max: &v, Better: better, Exact: true}}
}

func versus(k result.Key, variant string, ratio, lo, hi float64, verdict string) result.Comparison {
	return result.Comparison{Key: k, Unit: Time, Base: "raw", Variant: variant, Ratio: ratio, Lo: lo, Hi: hi, Verdict: verdict}
}

// timed is a result with a base, a floor and the given comparisons.
func timed(cs ...result.Comparison) result.Result {
	k := key("get", "w")
	r := result.Result{Comparisons: cs, Cases: []result.Case{
		{Key: k, Variant: "null", Null: true, Units: timeStat(1)}, {Key: k, Variant: "peer", Peer: true, Units: timeStat(9)}, {Key: k, Variant: "raw", Units: timeStat(10)},
	}}
	for _, c := range cs {
		r.Cases = append(r.Cases, result.Case{Key: k, Variant: c.Variant, Units: timeStat(10 * c.Ratio)})
	}
	return r
}

func TestRowsStandBaseFirstFloorLast(t *testing.T) {
	t.Parallel()
	g := Groups(timed(versus(key("get", "w"), "a", 0.9, 0.8, 0.95, "faster")))[0]
	names := []string{}
	for _, r := range g.Rows {
		names = append(names, r.Variant)
	}
	if diff := cmp.Diff([]string{"raw", "a", "peer", "null"}, names); diff != "" {
		t.Error(diff)
	}
}

func TestNothingOfTheResultIsLost(t *testing.T) {
	t.Parallel()
	r := timed()
	r.Wrong = []result.Wrong{{Key: key("get", "other"), Variant: "a"}}
	r.Failed = []result.Failure{{Key: key("put", "w"), Reason: "x"}}
	gs := Groups(r)
	if len(gs) != 3 || !gs[1].Rows[0].Loud() || !gs[2].Rows[0].Loud() {
		t.Errorf("wrong and failed rows without a case must make groups of their own: %+v", gs)
	}
}

func TestLeadersNeverOrdersWhatTheDataCannot(t *testing.T) {
	t.Parallel()
	k := key("get", "w")
	for name, c := range map[string]struct {
		cs   []result.Comparison
		want []string
	}{
		"clear winner":               {[]result.Comparison{versus(k, "a", 0.5, 0.49, 0.51, "faster"), versus(k, "b", 0.8, 0.79, 0.81, "faster")}, []string{"a"}},
		"overlapping winners":        {[]result.Comparison{versus(k, "a", 0.50, 0.48, 0.52, "faster"), versus(k, "b", 0.51, 0.49, 0.53, "faster")}, []string{"a", "b"}},
		"base wins":                  {[]result.Comparison{versus(k, "a", 1.5, 1.4, 1.6, "slower")}, []string{"raw"}},
		"undecided does not beat":    {[]result.Comparison{versus(k, "a", 0.9, 0.7, 1.1, "undecided"), versus(k, "b", 2, 1.9, 2.1, "slower")}, []string{"raw", "a"}},
		"nothing is decided":         {[]result.Comparison{versus(k, "a", 0.9, 0.7, 1.1, "undecided"), versus(k, "b", 20, 9, 30, "undecided")}, nil},
		"same shares the lead":       {[]result.Comparison{versus(k, "a", 1.001, 0.999, 1.003, "same"), versus(k, "b", 2, 1.9, 2.1, "slower")}, []string{"raw", "a"}},
		"decided behind undecided":   {[]result.Comparison{versus(k, "a", 0.8, 0.5, 1.2, "undecided"), versus(k, "b", 0.9, 0.88, 0.92, "faster")}, []string{"b", "a"}},
		"broken figures do not lead": {[]result.Comparison{versus(k, "a", math.NaN(), 0, 0, "faster"), versus(k, "b", 2, 1.9, 2.1, "slower")}, []string{"raw"}},
	} {
		got := Groups(timed(c.cs...))[0].Leaders(Time)
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestWrongRowsNeverLead(t *testing.T) {
	t.Parallel()
	k := key("get", "w")
	r := timed(versus(k, "a", 0.5, 0.4, 0.6, "faster"), versus(k, "b", 1.5, 1.4, 1.6, "slower"))
	r.Wrong = []result.Wrong{{Key: k, Variant: "a"}}
	if got := Groups(r)[0].Leaders(Time); len(got) != 1 || got[0] != "raw" {
		t.Errorf("leaders %v, want the base: the faster one answers wrongly", got)
	}
	r.Wrong = []result.Wrong{{Key: k, Variant: "raw"}}
	if got := Groups(r)[0].Leaders(Time); got != nil {
		t.Errorf("leaders %v over a base that answers wrongly", got)
	}
}

func TestExactLeadersFollowTheDirection(t *testing.T) {
	t.Parallel()
	for better, want := range map[string]string{"higher": "b", "lower": "raw"} {
		k := key("fill", "w")
		r := result.Result{
			Cases:       []result.Case{{Key: k, Variant: "raw", Units: countStat("u", 5, better)}, {Key: k, Variant: "b", Units: countStat("u", 7, better)}},
			Comparisons: []result.Comparison{{Key: k, Unit: "u", Base: "raw", Variant: "b", Ratio: 1.4, Verdict: "better"}},
		}
		if got := Groups(r)[0].Leaders("u"); len(got) != 1 || got[0] != want {
			t.Errorf("%s: leaders %v, want %s", better, got, want)
		}
	}
}

func TestGeomeanSaysOverHowManyWorkloads(t *testing.T) {
	t.Parallel()
	r := result.Result{}
	for i, w := range []string{"x", "y"} {
		k := key("get", w)
		r.Cases = append(r.Cases, result.Case{Key: k, Variant: "raw", Units: timeStat(10)}, result.Case{Key: k, Variant: "a", Units: timeStat([]float64{20, 80}[i])})
		r.Comparisons = append(r.Comparisons, versus(k, "a", []float64{2, 8}[i], 1, 9, "slower"))
	}
	r.Cases = append(r.Cases, result.Case{Key: key("get", "x"), Variant: "b", Units: timeStat(30)})
	want := []Mean{{"raw", 10, 0, 2}, {"a", 40, 4, 2}, {"b", 30, 0, 1}}
	same := cmp.Comparer(func(a, b float64) bool { return math.Abs(a-b) < 1e-9 })
	if diff := cmp.Diff(want, Geomeans(Groups(r), Time), same); diff != "" {
		t.Error(diff)
	}
}

func TestVaryingDropsConstantsAndInverses(t *testing.T) {
	t.Parallel()
	r := result.Result{}
	for i, v := range []string{"raw", "a"} {
		n := []float64{500, 800}[i]
		units := countStat("entries/page", n, "higher")
		for name, s := range countStat("bytes/entry", 8192/n, "lower") {
			units[name] = s
		}
		for name, s := range countStat("allocs/op", 0, "lower") {
			units[name] = s
		}
		for name, s := range countStat("writes/entry", []float64{4, 1}[i], "lower") {
			units[name] = s
		}
		r.Cases = append(r.Cases, result.Case{Key: key("fill", "w"), Variant: v, Units: units})
	}
	names := []string{}
	for _, u := range Varying(Groups(r)) {
		names = append(names, u.Name)
	}
	if diff := cmp.Diff([]string{"entries/page", "writes/entry"}, names); diff != "" {
		t.Error(diff)
	}
}

func TestTopicsMergeBenchmarksOfTwoRevisionsOnly(t *testing.T) {
	t.Parallel()
	build := func(variants ...string) result.Result {
		r := result.Result{}
		for _, op := range []string{"get", "put"} {
			for _, v := range variants {
				r.Cases = append(r.Cases, result.Case{Key: key(op, "w"), Variant: v, Null: v == "null", Units: timeStat(1)})
				if v != "raw" && v != "null" {
					r.Comparisons = append(r.Comparisons, versus(key(op, "w"), v, 1, 0.9, 1.1, "same"))
				}
			}
		}
		return r
	}
	for name, c := range map[string]struct {
		variants []string
		topics   int
	}{
		"base and head":          {[]string{"raw", "head"}, 1},
		"two contenders":         {[]string{"raw", "a", "b"}, 2},
		"a floor must be shown":  {[]string{"raw", "a", "null"}, 2},
		"nothing to compare yet": {[]string{"raw"}, 2},
	} {
		got := Topics(Groups(build(c.variants...)))
		if len(got) != c.topics || got[0].Merged != (c.topics == 1) {
			t.Errorf("%s: %d topics, merged %v, want %d", name, len(got), got[0].Merged, c.topics)
		}
	}
}
