package reports

import (
	"bytes"
	"strings"
	"testing"

	"assay/reports/internal/fixture"
	"assay/reports/plots"
)

func TestALadderMatchesItsGolden(t *testing.T) {
	t.Parallel()
	for name, file := range map[string]string{"text": "ladder.txt", "markdown": "ladder.md"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := normal([]byte(render(t, name, fixture.Ladder())))
			// What surrounds the ladder has goldens of its own.
			from, to := bytes.Index(got, []byte("The ladder of lsm")), bytes.Index(got, []byte("26.4 % is the speed-up"))
			if from < 0 || to < from {
				t.Fatalf("no ladder in\n%s", got)
			}
			golden(t, file, append(got[from:to:to], '\n'))
		})
	}
}

func TestThePageHasTheLadder(t *testing.T) {
	t.Parallel()
	page := render(t, "html", fixture.Ladder())
	for _, want := range []string{"The ladder of lsm", "told / before", "0.482 [0.468 0.501]", "share of false positives", "26.4 % is the speed-up", "ladder-lsm-sequential-keyformat-key-measured"} {
		if !strings.Contains(page, want) {
			t.Errorf("no %q on the page", want)
		}
	}
}

func TestALadderIsDrawnOnceAsToldAndOnceAsMeasured(t *testing.T) {
	t.Parallel()
	var names []string
	for _, f := range plots.Figures(fixture.Ladder()) {
		if f.Kind != plots.Stacked {
			continue
		}
		names = append(names, f.Name)
		var svg, png bytes.Buffer
		if err := f.SVG(&svg); err != nil {
			t.Error(err)
		}
		if err := f.PNG(&png); err != nil || png.Len() < 1000 {
			t.Errorf("%d bytes of PNG, %v", png.Len(), err)
		}
		told := strings.HasSuffix(f.Name, "told")
		if total := strings.Contains(svg.String(), ">24.56 s<"); total != told {
			t.Errorf("%s: the lowest step's 9.32 + 15.24 s are shown: %v", f.Name, total)
		}
		if flush := strings.Contains(svg.String(), ">flush<"); flush == told {
			t.Errorf("%s: the phase that was not published is in the legend: %v", f.Name, flush)
		}
	}
	if len(names) != 2 {
		t.Errorf("figures %q, want two", names)
	}
}
