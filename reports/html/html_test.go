package html

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"assay/reports/internal/fixture"
	"assay/reports/plots"
	"assay/reports/view"
	"assay/runner/result"
)

func render(t *testing.T, v view.View) string {
	t.Helper()
	var out bytes.Buffer
	if err := Write(v, &out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// tags and attributes that the page may hold; anything else got in through a name.
const (
	allowedTags = " !doctype a b body caption code dd details div dl dt figcaption figure g h1 h2 h3 h4 head header html li main meta nav p path pre rect " +
		"section span style summary svg table tbody td text th thead title tr ul "
	allowedAttrs = " aria-hidden aria-label aria-labelledby charset class colspan content d fill fill-opacity font-size font-weight height href html http-equiv id lang name " +
		"open role scope stroke stroke-dasharray stroke-dashoffset stroke-opacity stroke-width tabindex text-anchor transform viewBox width x y " +
		"data-flame data-flame-show data-timeline "
)

func TestHostileNamesAddNoMarkup(t *testing.T) {
	t.Parallel()
	page := render(t, fixture.Hostile())
	if n := strings.Count(page, "<script"); n != 5 { // two of data, three of program
		t.Fatalf("%d scripts", n)
	}
	page = regexp.MustCompile(`(?s)<(style|script)[^>]*>.*?</(style|script)>`).ReplaceAllString(page, "")
	for _, m := range regexp.MustCompile(`<(/?)([a-zA-Z!][^\s>/]*)([^>]*)>`).FindAllStringSubmatch(page, -1) {
		if !strings.Contains(allowedTags, " "+m[2]+" ") {
			t.Fatalf("element %s", m[0])
		}
		rest := regexp.MustCompile(`"[^"]*"`).ReplaceAllString(m[3], "")
		for _, a := range regexp.MustCompile(`[^\s=/]+`).FindAllString(rest, -1) {
			if !strings.Contains(allowedAttrs, " "+a+" ") {
				t.Fatalf("attribute %q in %s", a, m[0])
			}
		}
	}
}

func TestLinksStayInTheResultsFolder(t *testing.T) {
	t.Parallel()
	local := regexp.MustCompile(`^(#[a-z0-9-]+|\.\./[A-Za-z0-9._/-]+|[a-z0-9-]+\.(svg|png))$`)
	for _, m := range regexp.MustCompile(`(?:href|src)="([^"]*)"`).FindAllStringSubmatch(render(t, fixture.Hostile()), -1) {
		if !local.MatchString(m[1]) || strings.Contains(m[1][min(3, len(m[1])):], "..") {
			t.Errorf("link %s", m[1])
		}
	}
	for name, want := range map[string]string{"samples.bench": "../samples.bench", "profiles/a.pb.gz": "../profiles/a.pb.gz", "../up": "", "/etc/passwd": "", "javascript:x": "", "a/../b": "", `a\b`: "", "a b\x1b[31m": ""} {
		if got := newFile(name).Link; got != want {
			t.Errorf("%q links to %q, want %q", name, got, want)
		}
	}
}

func TestPageLoadsNothingFromOutside(t *testing.T) {
	t.Parallel()
	page := render(t, fixture.Page())
	for _, bad := range []string{"http://", "https://", "//cdn", "url(", "@import", "src=", "<img", "<link", ` style="`} {
		if strings.Contains(page, bad) {
			t.Errorf("the page holds %s", bad)
		}
	}
}

func TestPolicyNamesTheHashesOfTheStyleSheetAndTheScripts(t *testing.T) {
	t.Parallel()
	page := render(t, fixture.Page())
	policy := regexp.MustCompile(`Security-Policy" content="([^"]*)"`).FindStringSubmatch(page)[1]
	policy = strings.NewReplacer("&#39;", "'", "&#43;", "+").Replace(policy)
	if !strings.HasPrefix(policy, "default-src 'none'; ") || strings.Contains(policy, "unsafe") {
		t.Errorf("the policy is %s", policy)
	}
	for element, want := range map[string]int{"style": 1, "script": 3} {
		found := regexp.MustCompile(`(?s)<`+element+`>(.*?)</`+element+`>`).FindAllStringSubmatch(page, -1)
		if len(found) != want {
			t.Errorf("%d elements %s, want %d", len(found), element, want)
		}
		for _, f := range found {
			sum := sha256.Sum256([]byte(f[1]))
			if hash := "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"; !strings.Contains(policy, hash) {
				t.Errorf("the policy lacks %s of a %s: it would do nothing", hash, element)
			}
		}
	}
}

func TestAPageWithoutGraphsBringsNoScript(t *testing.T) {
	t.Parallel()
	v := fixture.Page()
	v.Flames, v.Timelines = nil, nil
	if page := render(t, v); strings.Contains(page, "<script") || strings.Contains(page, "script-src") {
		t.Error("a page with nothing to zoom runs a script")
	}
}

func TestThePageAnswersInTheOrderAReaderAsks(t *testing.T) {
	t.Parallel()
	page, at := render(t, fixture.Page()), 0
	for _, want := range []string{`id="answer"`, `id="much"`, `id="tables"`, `id="claims"`, `id="why"`, `id="flame"`, `id="sure"`, `id="timeline"`, `id="repeat"`} {
		i := strings.Index(page, want)
		if i < at {
			t.Fatalf("%s stands at %d, before what it follows at %d", want, i, at)
		}
		at = i
	}
}

func TestEveryReasonLeadsToItsGraph(t *testing.T) {
	t.Parallel()
	page := render(t, fixture.Page())
	if !strings.Contains(page, "31% fewer branches") {
		t.Error("a comparison's reason is not on the page")
	}
	v := fixture.Page()
	for i := range v.Result.Comparisons {
		if c := &v.Result.Comparisons[i]; c.Variant == "nibble" && c.Op == "get-hit" && c.Workload == "realistic" && c.Scenario == "" {
			c.Why = "all of it is in find"
		}
	}
	if page := render(t, v); !strings.Contains(page, `href="#flame" data-flame-show="0,1,0"`) {
		t.Error("the reason has no link to set 0, side 1 against side 0")
	}
}

func TestFiguresFollowTheReadersColours(t *testing.T) {
	t.Parallel()
	used := map[string]bool{}
	for _, f := range plots.Figures(fixture.Page()) {
		if f.Kind == plots.Flames || f.Kind == plots.Slices {
			continue // files only: the page draws these itself
		}
		svg, err := inline(f)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(svg), `fill="currentColor"`) {
			t.Errorf("%s has no text in the colour of the page", f.Name)
		}
		for _, m := range regexp.MustCompile(`(fill|stroke)="(#[0-9A-F]{6})"`).FindAllString(string(svg), -1) {
			used[m] = true
		}
	}
	for colour := range used {
		name, value, _ := strings.Cut(colour, "=")
		if rule := fmt.Sprintf("svg [%s=%s]{", name, value); !strings.Contains(styleSheet, rule) && !midtone(value) {
			t.Errorf("no dark rule for %s: it would be hard to see at night", colour)
		}
	}
}

// midtone colours are light enough for a dark page and dark enough for a light one.
func midtone(value string) bool { return strings.Contains(`"#CC79A7" "#E69F00"`, value) }

func TestEveryHeadingLevelFollowsItsParent(t *testing.T) {
	t.Parallel()
	last := 0
	for _, m := range regexp.MustCompile(`<h([1-6])`).FindAllStringSubmatch(render(t, fixture.Page()), -1) {
		level := int(m[1][0] - '0')
		if level > last+1 {
			t.Fatalf("h%d follows h%d: screen readers lose their place", level, last)
		}
		last = level
	}
}

func TestAHugeRunStaysBelowAMegabyteAndSaysSo(t *testing.T) {
	t.Parallel()
	page := render(t, fixture.Huge())
	if len(page) > MaxBytes {
		t.Errorf("%d bytes", len(page))
	}
	for _, want := range []string{"have all of them", "not shown here"} {
		if !strings.Contains(page, want) {
			t.Errorf("things are left out and %q is not said", want)
		}
	}
}

func TestAnEmptyViewIsAPage(t *testing.T) {
	t.Parallel()
	if page := render(t, view.View{}); !strings.Contains(page, "Nothing was compared") {
		t.Error("an empty run does not say that it is empty")
	}
}

func TestMatrixShowsWrongBeforeAnyVerdict(t *testing.T) {
	t.Parallel()
	v := fixture.Page()
	for _, c := range v.Result.Comparisons {
		v.Result.Wrong = append(v.Result.Wrong, result.Wrong{Key: c.Key, Variant: c.Variant})
	}
	if page := render(t, v); strings.Contains(page, `<td class="f">`) || !strings.Contains(page, "answers wrongly") {
		t.Error("a variant that answers wrongly still shows a verdict")
	}
}
