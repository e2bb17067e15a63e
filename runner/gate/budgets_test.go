package gate

import (
	"strings"
	"testing"
)

func TestARuleIsAPatternAUnitAndASignedPercentage(t *testing.T) {
	t.Parallel()
	b, err := ParseBudgets("b.txt", []byte("# a comment\r\n\n page/*: ns/op +2% # why\r\nexample.com/m/Get/a:b#01: B/op -0.5%\n"))
	if err != nil {
		t.Fatal(err)
	}
	if len(b.rules) != 2 {
		t.Fatalf("%d rules, want 2", len(b.rules))
	}
	first, second := b.rules[0], b.rules[1]
	if first.pattern != "page/*" || first.unit != "ns/op" || first.String() != "+2%" || first.source() != "b.txt:3" {
		t.Errorf("first rule %+v", first)
	}
	if second.pattern != "example.com/m/Get/a:b#01" || second.unit != "B/op" || second.String() != "-0.5%" || second.source() != "b.txt:4" {
		t.Errorf("second rule %+v", second)
	}
}

func TestAMistakeInABudgetsFileIsNamedWithItsLineAndRule(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, want string }{
		{"", "b.txt holds no rule"},
		{"# only this\n", "b.txt holds no rule"},
		{"page/* ns/op +2%", `b.txt:1: "page/* ns/op +2%": no colon and space after the pattern`},
		{": ns/op +2%", `b.txt:1: ": ns/op +2%": no colon and space after the pattern`},
		{"\npage/*:ns/op +2%", `b.txt:2: "page/*:ns/op +2%": no colon and space`},
		{"page/*: ns/op", `b.txt:1: "page/*: ns/op": 1 words after the pattern`},
		{"page/*: ns/op +2% more", "3 words after the pattern"},
		{"page/*: ns/op + 2%", "3 words after the pattern"},
		{"page /*: ns/op +2%", "the pattern holds a space"},
		{"page/*: ns/op 2%", `the budget "2%" is not a signed percentage`},
		{"page/*: ns/op +2", `the budget "+2" is not a signed percentage`},
		{"page/*: ns/op +%", `the budget "+%" is not a signed percentage`},
		{"page/*: ns/op +NaN%", "is not a signed percentage"},
		{"page/*: ns/op +1e9%", "is not a signed percentage"},
		{"page/*: ns/op +1.2.3%", "is not a signed percentage"},
		{"page/*: ns/op +-2%", "is not a signed percentage"},
		{"page/*: ns/op +1001%", "above 1000%, which allows everything"},
		{"page/*: entries/page -101%", "above 100%, which allows everything"},
		{"a: ns/op +1%\nb: ns/op +1%\na: ns/op +2%", `b.txt:3: "a: ns/op +2%": line 1 has the same pattern and unit`},
		{"a: ns/op +1%\n\xff", "b.txt is not UTF-8 text"},
	} {
		_, err := ParseBudgets("b.txt", []byte(c.text))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: error %v, want %q", c.text, err, c.want)
		} else if strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: the error has more than one line: %v", c.text, err)
		}
	}
}

func FuzzABudgetsFileIsReadOrRefused(f *testing.F) {
	f.Add("page/*: ns/op +2%\n", "page/fill/raw")
	f.Add("# x\n*a*b?: B/op -100%", "aab")
	f.Add("\xff\x00: : +%", "")
	f.Fuzz(func(t *testing.T, text, name string) {
		b, err := ParseBudgets("b", []byte(text))
		if err != nil {
			if len(err.Error()) == 0 || strings.Contains(err.Error(), "\n") {
				t.Errorf("no clear line: %q", err)
			}
			return
		}
		for _, r := range b.rules {
			matches(r.pattern, name)
			if r.share < 0 || r.share > 10 || r.unit == "" || r.pattern == "" || r.place.Line < 1 {
				t.Errorf("rule %+v", r)
			}
		}
	})
}
