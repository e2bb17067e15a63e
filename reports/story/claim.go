package story

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"assay/reports/words"
	"assay/runner/result"
)

// Claim says whether one published figure reproduced, who published it, and why
// it did not.
func Claim(c result.Claim) string {
	published := "published " + words.Plain(c.Published)
	if by := words.Clean(c.Source); by != "" {
		published += " (" + by + ")"
	}
	s := fmt.Sprintf("%s; %s, measured %s %s", Subject(c.Key, c.Variant), published, words.Plain(c.Measured), ClaimUnit(c))
	if c.Reproduced {
		s = "Reproduced: " + s
	} else {
		s = fmt.Sprintf("NOT reproduced: %s, outside [%s %s]", s, words.Plain(c.Lo), words.Plain(c.Hi))
	}
	if note := words.Clean(c.Note); note != "" {
		return s + ". " + Sentence(note)
	}
	if !c.Reproduced {
		return s + ". No reason is known."
	}
	return s + "."
}

// Sentence makes a note from a catalog a sentence of its own: a capital first, a
// full stop last.
func Sentence(note string) string {
	note = strings.TrimSuffix(words.Clean(note), ".")
	if note == "" {
		return ""
	}
	first, size := utf8.DecodeRuneInString(note)
	return string(unicode.ToUpper(first)) + note[size:] + "."
}

// ClaimUnit is what a published figure counts: "entries/page", or "times raw in
// ns/op" for a ratio.
func ClaimUnit(c result.Claim) string {
	if c.BaseWorkload != "" {
		base := words.Clean(c.Base)
		if base == "" {
			base = "itself"
		}
		return "times " + base + " under " + words.Clean(c.BaseWorkload) + " in " + words.Clean(c.Unit)
	}
	if c.Base == "" {
		return words.Clean(c.Unit)
	}
	return "times " + words.Clean(c.Base) + " in " + words.Clean(c.Unit)
}

// Claims sums up the published figures, or returns "" where there are none.
func Claims(claims []result.Claim) string {
	if len(claims) == 0 {
		return ""
	}
	yes := 0
	for _, c := range claims {
		if c.Reproduced {
			yes++
		}
	}
	switch yes {
	case len(claims):
		return fmt.Sprintf("All %d published figures reproduced.", yes)
	case 0:
		return fmt.Sprintf("None of %s reproduced.", plural(len(claims), "published figure", "published figures"))
	}
	return fmt.Sprintf("%d of %d published figures reproduced; %d did not.", yes, len(claims), len(claims)-yes)
}
