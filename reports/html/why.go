package html

import (
	"fmt"
	"slices"
	"strings"

	"assay/reports/story"
	"assay/reports/view"
	"assay/reports/words"
	"assay/runner/result"
)

// whyGroup is the reasons under one operation and workload.
type whyGroup struct {
	Name string // "page/get-hit, realistic"
	Whys []why
}

// why is the reason of one decided comparison.
type why struct {
	Versus   string // "nibble against raw"
	Delta    string // "+38.7% ns/op"
	Tone     string // class of the style sheet
	Sentence string
	Show     string // set, variant and base of the flame graph that shows it; empty without one
}

// whys lists the comparisons that say where their difference comes from, and
// what to say when none does.
func whys(v view.View) (list []whyGroup, none string) {
	at := map[result.Key]int{}
	for _, c := range v.Result.Comparisons {
		if c.Why == "" {
			continue
		}
		i, seen := at[c.Key]
		if !seen {
			i = len(list)
			at[c.Key], list = i, append(list, whyGroup{Name: story.Subject(c.Key, "")})
		}
		w := why{
			Versus: words.Clean(c.Variant) + " against " + words.Clean(c.Base), Delta: strings.TrimPrefix(words.Delta(c.Ratio)+" ", "– ") + words.Clean(c.Unit), // a ratio to or of nothing is none
			Sentence: words.Clean(c.Why), Show: show(v.Flames, c),
		}
		switch class(c.Verdict) {
		case "f":
			w.Tone = "good"
		case "s":
			w.Tone = "bad"
		}
		list[i].Whys = append(list[i].Whys, w)
	}
	switch {
	case len(v.Flames) > 0:
		none = "No difference could be traced to a function with certainty; the graphs show what was sampled."
	case len(v.Tops) > 0:
		none = "No difference could be traced to a function with certainty; the tables show what was sampled."
	default:
		none = "No profile was taken: --profile cpu,heap says where differences come from."
	}
	return list, none
}

// show finds the flame graph of a comparison.
func show(flames []view.Flame, c result.Comparison) string {
	kinds := []string{"cpu"}
	if c.Unit != "ns/op" {
		kinds = []string{"allocs", "heap"}
	}
	for i, f := range flames {
		v, b := slices.Index(f.Sides, c.Variant), slices.Index(f.Sides, c.Base)
		if f.Key == c.Key && slices.Contains(kinds, f.Kind) && v >= 0 && b >= 0 {
			return fmt.Sprintf("%d,%d,%d", i, v, b)
		}
	}
	return ""
}
