package code

import (
	"fmt"
	"testing"

	"github.com/google/pprof/profile"
)

func TestSamplesBelongToTheFunctionThatHoldsTheCode(t *testing.T) {
	t.Parallel()
	lines := func(names ...string) *profile.Location {
		l := &profile.Location{}
		for _, name := range names {
			l.Line = append(l.Line, profile.Line{Function: &profile.Function{Name: name}})
		}
		return l
	}
	p := &profile.Profile{Sample: []*profile.Sample{
		{Location: []*profile.Location{lines("inlined", "holder"), lines("caller")}, Value: []int64{1, 60}},
		{Location: []*profile.Location{lines("holder"), lines("caller")}, Value: []int64{1, 20}},
		{Location: []*profile.Location{lines("caller")}, Value: []int64{1, 10}},
		{Location: []*profile.Location{lines("runtime.asyncPreempt"), lines("holder")}, Value: []int64{1, 9}},
		{Location: []*profile.Location{lines("rare")}, Value: []int64{1, 1}},
		{Value: []int64{1, 0}},
	}}
	if got := fmt.Sprint(HotFunctions(p, 0.05)); got != "[{holder 0.8} {caller 0.1}]" {
		t.Errorf("got %s", got)
	}
	if got := HotFunctions(&profile.Profile{}, 0); len(got) != 0 {
		t.Errorf("of nothing: %v", got)
	}
}
