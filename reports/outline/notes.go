package outline

import (
	"fmt"
	"slices"

	"assay/reports/digest"
	"assay/reports/words"
	"assay/runner/result"
)

// marks numbers a comparison's warnings and adds them to the table's notes.
func (b *builder) marks(c result.Comparison, notes *[]Note) string {
	out, warnings := "", slices.Clone(c.Warnings)
	if slow, differs := digest.SlowMode(c); differs {
		change := words.Interval(slow.Ratio, slow.Lo, slow.Hi)
		said := fmt.Sprintf("the slowest slices changed by %s: a change in the slow mode", change)
		if slow.Lo <= 1 && slow.Hi >= 1 {
			said = fmt.Sprintf("the slowest slices did not change with the others (%s): the slow mode stayed", change)
		}
		warnings = append(warnings, said)
	}
	for _, w := range warnings {
		text := words.Clean(w)
		mark, ok := b.notes[text]
		if !ok {
			mark = superscript(len(b.notes) + 1)
			b.notes[text] = mark
		}
		out += " " + mark
		if !contains(*notes, mark) {
			*notes = append(*notes, Note{mark, text})
		}
	}
	return out
}

func contains(notes []Note, mark string) bool {
	for _, n := range notes {
		if n.Mark == mark {
			return true
		}
	}
	return false
}

func superscript(n int) string {
	digits, out := []rune("⁰¹²³⁴⁵⁶⁷⁸⁹"), ""
	for _, d := range fmt.Sprint(n) {
		out += string(digits[d-'0'])
	}
	return out
}
