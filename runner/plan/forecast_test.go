package plan_test

import (
	"testing"
	"time"

	"assay/runner/plan"
)

func TestTheForecastFollowsThePlan(t *testing.T) {
	t.Parallel()
	of := func(o plan.Options) (build, check, timing, passes time.Duration) {
		p, err := plan.Make(rooms(), o)
		if err != nil {
			t.Fatal(err)
		}
		return p.Forecast(rooms())
	}
	small := plan.Options{Select: []string{"page/fill/raw,nibble"}, Budget: 20 * time.Second}
	build, check, timing, passes := of(small)
	if build != 0 || check < 150*time.Millisecond || check > time.Second || timing != 20*time.Second || passes != 0 {
		t.Errorf("two arms take %v, %v, %v and %v", build, check, timing, passes)
	}
	more := small
	more.Layouts, more.Profile, more.Latency = 8, []string{"cpu", "heap"}, true
	if build, same, _, passes := of(more); build < 4*time.Second || same != check || passes < 3*time.Second || passes > 6*time.Second {
		t.Errorf("eight layouts take %v, the check %v, four profiles and a latency %v", build, same, passes)
	}
	large := small
	large.Workloads = []string{"uniform:0-1000,count=1000000"}
	if _, slow, _, _ := of(large); slow < check+time.Second {
		t.Errorf("a million entries for each of two arms are checked in %v", slow)
	}
	large.Budget = time.Second
	if _, _, timing, _ := of(large); timing <= time.Second {
		t.Errorf("two restarts of two arms of a million entries take %v", timing)
	}
	fixed := small
	fixed.Budget, fixed.Restarts = time.Second, 100
	if _, _, timing, _ := of(fixed); timing < 6*time.Second {
		t.Errorf("a hundred restarts of two arms take %v", timing)
	}
	crowd := small
	crowd.Budget, crowd.Select, crowd.Profile = time.Second, []string{"page"}, plan.Profiles{}.Kinds()
	if _, _, _, passes := of(crowd); passes != 30*time.Second {
		t.Errorf("the profiles of a crowd take %v, whatever else they are granted", passes)
	}
	again := small
	again.Scenarios = []string{"alone", "cpu"}
	if _, once, _, _ := of(again); once != check {
		t.Errorf("the same cases beside a neighbour are checked again: %v, not %v", once, check)
	}
}
