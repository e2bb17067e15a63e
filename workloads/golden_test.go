package workloads

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
)

// A stored result names its workload and seed only, so the same words must
// draw the same numbers in every later version.
func TestStreamsOfSeedOneNeverChange(t *testing.T) {
	t.Parallel()
	var exact, rounded strings.Builder
	for _, text := range append(integerLaws(), "go-identifiers", "realistic,valuesize=12,valuebytes=random,keyformat=hex,access=hotspot:0.1/0.9") {
		d, out := load(t, text, 5000), &exact
		if strings.Contains(text, "zipf") {
			out = &rounded
		}
		fmt.Fprintf(out, "%s\n", text)
		for _, p := range []Population{Present, Absent, Fresh} {
			fmt.Fprintf(out, "  %v\n", p)
			for i, r := range records(t, d, p, 600) {
				if i%200 == 199 {
					fmt.Fprintf(out, "    %d: %s = %x at %d\n", i, r.Key, r.Value, r.Index)
				}
			}
		}
	}
	golden(t, "streams.golden.txt", exact.String())
	if runtime.GOARCH == "amd64" { // logarithms may round otherwise elsewhere
		golden(t, "streams-zipf.golden.txt", rounded.String())
	}
}
