// Package words turns names, numbers and verdicts into the short texts every
// report shares: "758.7 [749 769]", "-31.2% [-31.9 -30.6]", "? (MDE 0.8%)".
//
// All formats take their phrases from here, so a terminal, a pull-request
// comment and a page can never disagree about what a run found.
package words

import (
	"strings"
	"unicode"
)

// Clean makes a name from outside safe to show: escape sequences and control
// characters go, line breaks and tabs become spaces, and the marks that turn
// the direction of writing go too, because a name that reorders its own row can
// make one variant's figures look like another's. Invalid UTF-8 becomes U+FFFD.
func Clean(s string) string {
	var b strings.Builder
	for _, r := range stripEscapes(strings.ToValidUTF8(s, "\uFFFD")) {
		switch {
		case r == '\n' || r == '\r' || r == '\t' || r == '\u2028' || r == '\u2029':
			b.WriteByte(' ')
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Co, r):
			// Cf holds the bidirectional marks, zero-width joiners and the byte-order mark.
		default:
			b.WriteRune(r)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// stripEscapes removes ANSI sequences whole. Removing only the ESC byte would
// leave "[31m" in the text.
func stripEscapes(s string) string {
	if !strings.ContainsAny(s, "\x1b\u009b") {
		return s
	}
	var b strings.Builder
	rs := []rune(s)
	for i := 0; i < len(rs); i++ {
		switch {
		case rs[i] == 0x9b:
			i = csiEnd(rs, i+1)
		case rs[i] != 0x1b:
			b.WriteRune(rs[i])
		case i+1 < len(rs) && rs[i+1] == '[':
			i = csiEnd(rs, i+2)
		case i+1 < len(rs) && rs[i+1] == ']':
			i = oscEnd(rs, i+2)
		}
	}
	return b.String()
}

// csiEnd returns the index of the final byte of a control sequence.
func csiEnd(rs []rune, i int) int {
	for i < len(rs) && (rs[i] < 0x40 || rs[i] > 0x7e) {
		i++
	}
	return i
}

// oscEnd returns the index of the end of an operating system command: BEL or ESC \.
func oscEnd(rs []rune, i int) int {
	for i < len(rs) {
		if rs[i] == 0x07 {
			return i
		}
		if rs[i] == 0x1b && i+1 < len(rs) && rs[i+1] == '\\' {
			return i + 1
		}
		i++
	}
	return i
}
