package flame

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/google/pprof/profile"
)

// stack is a sample in a test's words: functions root first, and its value.
type stack struct {
	calls string // "main>get>load"; a "+" instead of ">" marks an inlined call
	value int64
}

// cpu makes a CPU profile of 10 ms per sample.
func cpu(stacks ...stack) *profile.Profile {
	p := &profile.Profile{
		SampleType: []*profile.ValueType{{Type: "samples", Unit: "count"}, {Type: "cpu", Unit: "nanoseconds"}},
		PeriodType: &profile.ValueType{Type: "cpu", Unit: "nanoseconds"}, Period: 1e7,
	}
	functions := map[string]*profile.Function{}
	function := func(name string) *profile.Function {
		if functions[name] == nil {
			functions[name] = &profile.Function{ID: uint64(len(functions) + 1), Name: name}
			p.Function = append(p.Function, functions[name])
		}
		return functions[name]
	}
	for _, s := range stacks {
		sample := &profile.Sample{Value: []int64{s.value / 1e7, s.value}}
		for _, place := range strings.Split(s.calls, ">") {
			loc := &profile.Location{ID: uint64(len(p.Location) + 1)}
			for _, name := range strings.Split(place, "+") {
				loc.Line = append([]profile.Line{{Function: function(name)}}, loc.Line...)
			}
			p.Location = append(p.Location, loc)
			sample.Location = append([]*profile.Location{loc}, sample.Location...)
		}
		p.Sample = append(p.Sample, sample)
	}
	return p
}

func pair(t *testing.T) *Graph {
	t.Helper()
	base := Side{"raw", cpu(stack{"main>get>find", 600e6}, stack{"main>get", 400e6}), 1e7}
	variant := Side{"nibble", cpu(stack{"main>get>find+load", 300e6}, stack{"main>get>decode", 900e6}), 5e6}
	g, err := Build(variant, &base, "ns/op")
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestValuesArePerOperationOnBothSides(t *testing.T) {
	t.Parallel()
	g := pair(t)
	if g.Total(0) != 100 || g.Total(1) != 240 {
		t.Errorf("the base takes %g and the variant %g ns/op, want 100 and 240", g.Total(0), g.Total(1))
	}
	if g.Samples(0) != 100 || g.Samples(1) != 120 {
		t.Errorf("%g and %g samples, want 100 and 120", g.Samples(0), g.Samples(1))
	}
	want := []function{{"decode", 180, 0}, {"find", 0, 60}, {"load", 60, 0}, {"get", 0, 40}}
	if got := g.functions(); !slices.Equal(got, want) {
		t.Errorf("functions by change: %v, want %v", got, want)
	}
}

func TestInlinedAndRecursiveCallsAreFramesOfTheirOwn(t *testing.T) {
	t.Parallel()
	g, err := Build(Side{"v", cpu(stack{"main>walk>walk+leaf", 10e6}, stack{"main>walk", 20e6}), 1}, nil, "ns/op")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	var walk func(f *frame, depth int)
	walk = func(f *frame, depth int) {
		got = append(got, fmt.Sprintf("%d %s %g", depth, f.name, f.self))
		for _, k := range f.kids {
			walk(k, depth+1)
		}
	}
	walk(g.trees[0].root, 0)
	want := []string{"0 all samples 0", "1 main 0", "2 walk 2e+07", "3 walk 0", "4 leaf 1e+07"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestWhatCannotBeDrawnIsAnErrorThatSaysWhy(t *testing.T) {
	t.Parallel()
	good, negative, torn := cpu(stack{"f", 1e7}), cpu(stack{"f", -1e7}), cpu(stack{"f", 1e7})
	torn.Sample[0].Value = torn.Sample[0].Value[:1]
	for _, c := range []struct {
		side Side
		unit string
		want string
	}{
		{Side{"v", nil, 1}, "ns/op", "no profile"},
		{Side{"v", good, 0}, "ns/op", "0 operations"},
		{Side{"v", good, math.NaN()}, "ns/op", "NaN operations"},
		{Side{"v", good, 1}, "B/op", "no value in B/op: the samples hold samples/count, cpu/nanoseconds"},
		{Side{"v", negative, 1}, "ns/op", "give both profiles"},
		{Side{"v", torn, 1}, "ns/op", "damaged"},
	} {
		if _, err := Build(c.side, nil, c.unit); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", c.unit, err, c.want)
		}
	}
	if _, err := Join("", "ns/op"); err == nil {
		t.Error("a graph of nothing is no error")
	}
}

func TestBytesAreCountedWhereTheyWereAllocated(t *testing.T) {
	t.Parallel()
	p := cpu(stack{"f", 7e7})
	p.SampleType = []*profile.ValueType{{Type: "alloc_objects", Unit: "count"}, {Type: "alloc_space", Unit: "bytes"}, {Type: "inuse_space", Unit: "bytes"}}
	p.Sample[0].Value = []int64{3, 96, 32}
	for unit, want := range map[string]float64{"B/op": 48, "allocs/op": 1.5} {
		g, err := Build(Side{"v", p, 2}, nil, unit)
		if err != nil || g.Total(0) != want {
			t.Errorf("%s: %v, want %g", unit, err, want)
		}
	}
}

// decoded is the compact form read back as the script reads it.
func decoded(t *testing.T, data []byte) bundle {
	t.Helper()
	var b bundle
	if err := json.Unmarshal(data, &b); err != nil {
		t.Fatal(err)
	}
	return b
}

func TestPruningKeepsEveryTotal(t *testing.T) {
	t.Parallel()
	stacks := []stack{{"main>hot", 1e10}}
	for i := range 500 {
		stacks = append(stacks, stack{fmt.Sprintf("main>cold%d", i), 1e6})
	}
	g, err := Build(Side{"v", cpu(stacks...), 1e6}, nil, "ns/op")
	if err != nil {
		t.Fatal(err)
	}
	data, err := g.JSON()
	if err != nil {
		t.Fatal(err)
	}
	s := decoded(t, data).Sets[0].Sides[0]
	sum := 0
	for i := 1; i < len(s.Tree); i += 3 {
		sum += s.Tree[i]
	}
	if got := float64(sum) * s.Grain; math.Abs(got-g.Total(0)) > 1e-5*g.Total(0) {
		t.Errorf("the pruned tree sums to %g, want %g", got, g.Total(0))
	}
	if len(s.Tree) != 4*3 {
		t.Errorf("%d frames are left, want the root, main, hot and the rest", len(s.Tree)/3)
	}
}

func TestTwoThousandFramesTakeSixtyKilobytes(t *testing.T) {
	t.Parallel()
	var stacks []stack
	for i := range 600 {
		stacks = append(stacks, stack{fmt.Sprintf("main>example.org/module/pkg%d.(*Type).Method>example.org/module/other.Function%d>leaf%d", i%20, i, i%50), 1e9})
	}
	g, err := Build(Side{"v", cpu(stacks...), 1e6}, nil, "ns/op")
	if err != nil {
		t.Fatal(err)
	}
	data, err := g.JSON()
	if err != nil {
		t.Fatal(err)
	}
	frames := len(decoded(t, data).Sets[0].Sides[0].Tree) / 3
	if len(data) > 30*frames || frames < 1200 {
		t.Errorf("%d frames take %d bytes, want at most 30 each", frames, len(data))
	}
}

func TestABundleFitsItsLimitOrIsNil(t *testing.T) {
	t.Parallel()
	var stacks []stack
	for i := range 300 {
		stacks = append(stacks, stack{fmt.Sprintf("main>f%d>g", i), int64(1e7 * (1 + i))})
	}
	g, err := Build(Side{"v", cpu(stacks...), 1}, nil, "ns/op")
	if err != nil {
		t.Fatal(err)
	}
	whole, _ := Bundle(math.MaxInt, g)
	small, err := Bundle(len(whole)/2, g)
	if err != nil || len(small) == 0 || len(small) > len(whole)/2 {
		t.Errorf("%d bytes of %d: %v", len(small), len(whole), err)
	}
	if none, err := Bundle(20, g); none != nil || err != nil {
		t.Errorf("20 bytes hold %s, %v", none, err)
	}
}

// hostile are names that would do harm if any of them became markup.
var hostile = []string{
	`</script><script>alert(1)</script>`, `<img src=x onerror=alert(1)>`, `"><b onmouseover=alert(1)>`, "a\u2028b", `<!--<script>`, `{{.}}`, "x\x00y\x1b[31m", "\u202etxt.exe", `]]>`,
}

func TestHostileSymbolsAddNoMarkup(t *testing.T) {
	t.Parallel()
	var stacks []stack
	for _, h := range hostile {
		stacks = append(stacks, stack{"main>" + strings.ReplaceAll(strings.ReplaceAll(h, ">", "\u203a"), "+", ""), 1e8}, stack{"main", 1e8})
	}
	p := cpu(stacks...)
	for i, f := range p.Function {
		f.Name = hostile[i%len(hostile)]
	}
	base := Side{hostile[0], p, 1}
	g, err := Build(Side{hostile[1], p, 2}, &base, "ns/op")
	if err != nil {
		t.Fatal(err)
	}
	page, err := g.Page(hostile[2])
	if err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(page, []byte("</script")); n != 2 {
		t.Errorf("%d script elements end, want the data and the program", n)
	}
	if i := bytes.IndexFunc(page, func(r rune) bool { return r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r)) }); i >= 0 {
		t.Errorf("the page holds the control character %q", page[i:i+4])
	}
	text := regexp.MustCompile(`(?s)<(style|script)[^>]*>.*?</(style|script)>`).ReplaceAll(page, nil)
	for _, bad := range []string{"<img", "<b ", "<!--", "<script"} {
		if bytes.Contains(text, []byte(bad)) {
			t.Errorf("the page holds %s", bad)
		}
	}
	data := regexp.MustCompile(`(?s)id="flame-data">(.*?)</script>`).FindSubmatch(page)
	if names := decoded(t, data[1]).Names; !slices.Contains(names, hostile[0]) || !slices.Contains(names, hostile[3]) {
		t.Errorf("the names came back as %q", names)
	}
}

func TestThePolicyAdmitsThisStyleAndThisScriptOnly(t *testing.T) {
	t.Parallel()
	page, err := pair(t).Page("a & b")
	if err != nil {
		t.Fatal(err)
	}
	content := string(regexp.MustCompile(`Security-Policy" content="([^"]*)"`).FindSubmatch(page)[1])
	content = strings.NewReplacer("&#39;", "'", "&#43;", "+").Replace(content)
	for _, element := range []string{"style", "script"} {
		body := regexp.MustCompile(`(?s)<` + element + `>(.*?)</` + element + `>`).FindSubmatch(page)
		if want := element + "-src '" + hash(string(body[1])) + "';"; !strings.Contains(content, want) {
			t.Errorf("the policy %s lacks %s", content, want)
		}
	}
	if !strings.HasPrefix(content, "default-src 'none'") || strings.Contains(string(page), "://") {
		t.Error("the page may load something, or names an outside address")
	}
}

func TestEqualProfilesGiveEqualBytes(t *testing.T) {
	t.Parallel()
	one, err := pair(t).Page("p")
	if err != nil {
		t.Fatal(err)
	}
	two, err := pair(t).Page("p")
	if err != nil || !bytes.Equal(one, two) {
		t.Errorf("two pages of the same profiles differ: %v", err)
	}
}

func TestSpeedscopeWeightsSumToEachSidesTotal(t *testing.T) {
	t.Parallel()
	g := pair(t)
	data, err := g.Speedscope("page/get-hit")
	if err != nil {
		t.Fatal(err)
	}
	var file speedscopeFile
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	for i, p := range file.Profiles {
		sum := 0.0
		for _, w := range p.Weights {
			sum += w
		}
		if sum != g.Total(i) || p.End != sum || p.Unit != "nanoseconds" || len(p.Samples) != len(p.Weights) {
			t.Errorf("%s: weights sum to %g until %g %s, want %g", p.Name, sum, p.End, p.Unit, g.Total(i))
		}
	}
	leaf := file.Profiles[1].Samples
	names := []string{}
	for _, n := range leaf[len(leaf)-1] {
		names = append(names, file.Shared.Frames[n].Name)
	}
	if got := strings.Join(names, ">"); got != "main>get>find>load" {
		t.Errorf("the last stack is %s, root first wanted", got)
	}
}
