package plots

import (
	"bytes"
	"regexp"
	"strings"
	"testing"
)

func TestATextOnItsRightEndStaysThereInAWiderFont(t *testing.T) {
	t.Parallel()
	f := Figure{Name: "texts", Wide: 200, High: 60, draw: func(p pen) {
		p.text(labelStyle, 10, 10, left, "begins here")
		p.text(labelStyle, 190, 20, right, "")
		p.text(labelStyle, 190, 30, right, "+12.5% [+11 +14]")
		p.text(labelStyle, 100, 40, middle, "stands around")
	}}
	var out bytes.Buffer
	if err := f.SVG(&out); err != nil {
		t.Fatal(err)
	}
	texts := regexp.MustCompile(`(?s)<text x="([^"]*)".*?</text>`).FindAllStringSubmatch(out.String(), -1)
	if len(texts) != 3 {
		t.Fatalf("%d texts, want 3", len(texts))
	}
	for i, want := range []bool{false, true, false} {
		if got := strings.Contains(texts[i][0], `style="text-anchor:end;`); got != want {
			t.Errorf("text %d ends at its place: %v, want %v: %s", i, got, want, texts[i][0])
		}
	}
	if texts[1][1] != "190" {
		t.Errorf("the text ends at %s, want 190", texts[1][1])
	}
}
