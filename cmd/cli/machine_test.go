package cli

import (
	"bytes"
	"regexp"
	"testing"

	"assay/runner/sketch"
)

func TestConstantsArePrintedWithTheirSpreadAndWhatTheyCount(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	a := &app{Surroundings: Surroundings{Out: &out}}
	err := a.printMachine(sketch.Machine{CPU: "one\x1b[31m", Measured: "2026-07-11T12:00:00Z", Load: 1.25, Constants: []sketch.Constant{
		{Resource: "load", Level: "L2", Size: 512 << 10, Ns: 3.75, Lo: 3.5, Hi: 4, Clock: "cpu"},
		{Resource: "fsync", Ns: 1e6, Lo: 9e5, Hi: 2e6, Clock: "wall"},
	}})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`(?m)^one[^\n\x1b]*, calibrated 2026-07-11T12:00:00Z at a load of 1\.2$`,
		`(?m)^load L2, 512 KiB +3\.75 +3\.5 to 4 +load +cpu +a load whose address`,
		`(?m)^fsync +1000000 +900000 to 2000000 +call +wall +fsync of a file`,
		`results.machine\.json`,
	} {
		if !regexp.MustCompile(want).Match(out.Bytes()) {
			t.Errorf("no line %s in\n%s", want, out.String())
		}
	}
}
