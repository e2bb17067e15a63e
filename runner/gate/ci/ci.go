// Package ci says what a gate found in the words of machines that read it:
// annotations, outputs and a guard for GitHub Actions and what imitates it, and
// a JUnit file for everybody else. No token and no service is needed.
//
// The names in a report come from the code under test, so in a pull request
// from whoever sent it. A runner that reads commands from the log obeys any
// line that looks like one; everything here is escaped so that a name can be
// read and never obeyed.
package ci

import (
	"fmt"
	"strings"

	"assay/runner/gate"
)

// Annotation is a remark beside a line of the source. A file of "" stands for none.
type Annotation struct {
	Level   string // error, warning or notice
	Place   gate.Place
	Title   string
	Message string
}

// most is how many annotations of a level a step can show; the summary has all.
const most = 10

// Annotations lists what a reviewer should see beside the code: what is worse,
// missing or failed as errors, what is undecided as warnings, gains as notices. The place of a row comes from locate, which may know the
// benchmark's source, and otherwise from the row, which may know the
// baseline's line. Past ten of a level the rest is counted in the last.
func Annotations(r gate.Report, locate func(family, op string) gate.Place) []Annotation {
	var all []Annotation
	add := func(level, title, family, op, text string, place gate.Place) {
		if at := locate(family, op); at.File != "" {
			place = at
		}
		all = append(all, Annotation{level, place, title, text})
	}
	for _, p := range r.Problems {
		add("error", p.Kind+": "+p.Name, p.Family, p.Op, p.Text, p.Place)
	}
	for _, x := range r.Rows {
		if level := levelOf(x.Status); level != "" {
			add(level, x.Status+": "+x.Name, x.Family, x.Op, x.Text, x.Place)
		}
	}
	return cut(all)
}

func levelOf(status string) string {
	switch status {
	case "regression", "missing":
		return "error"
	case "undecided":
		return "warning"
	case "improved":
		return "notice"
	}
	return ""
}

// cut keeps the first ten of each level.
func cut(all []Annotation) []Annotation {
	count, last := map[string]int{}, map[string]int{}
	var kept []Annotation
	for _, a := range all {
		if count[a.Level]++; count[a.Level] <= most {
			last[a.Level] = len(kept)
			kept = append(kept, a)
		}
	}
	for level, n := range count {
		if n > most {
			kept[last[level]].Message += fmt.Sprintf(" (and %d more: see the summary)", n-most)
		}
	}
	return kept
}

// String is the workflow command, one line without its end.
func (a Annotation) String() string {
	properties := []string{}
	if a.Place.File != "" {
		properties = append(properties, "file="+property(a.Place.File))
		if a.Place.Line > 0 {
			properties = append(properties, fmt.Sprintf("line=%d", a.Place.Line))
		}
	}
	properties = append(properties, "title="+property(a.Title))
	return "::" + a.Level + " " + strings.Join(properties, ",") + "::" + data(a.Message)
}

// data escapes the text of a command as the runner will read it.
func data(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(s)
}

// property escapes the value of a property, which a comma or a colon would end.
func property(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C").Replace(s)
}

// Outputs are the lines for the file of step outputs: words and numbers of the
// gate's own, nothing that came from outside.
func Outputs(r gate.Report) string {
	return fmt.Sprintf("verdict=%s\nregressions=%d\nimprovements=%d\nundecided=%d\nmissing=%d\n",
		r.Verdict, r.Regressions, r.Improvements, r.Undecided, r.Missing)
}

// Guard makes a text safe to print into a log that is read for commands: a line
// that begins with two colons, and "##[" anywhere in one, would be obeyed.
func Guard(text string) string {
	lines := strings.Split(strings.ReplaceAll(text, "\r", ""), "\n")
	for i, line := range lines {
		line = strings.ReplaceAll(line, "##[", "# #[")
		if bare := strings.TrimSpace(line); strings.HasPrefix(bare, "::") {
			line = strings.Replace(line, "::", ": :", 1)
		}
		lines[i] = line
	}
	return strings.Join(lines, "\n")
}
