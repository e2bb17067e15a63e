package gate

import "testing"

func TestAPatternMeansNamesAndWhatLiesUnderThem(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		pattern, name string
		want          bool
	}{
		{"page/fill/nibble", "page/fill/nibble", true},
		{"page/fill/nibble", "page/fill/nibble2", false},
		{"page", "page/fill/nibble", true},
		{"page/fill", "page/fill/nibble", true},
		{"pag", "page/fill/nibble", false},
		{"page/*", "page/fill/nibble", true},
		{"*/nibble", "page/fill/nibble", true},
		{"page/*/nibble", "page/fill/nibble", true},
		{"page/*/nibble", "page/fill/offset-nibble", false},
		{"page/*nibble", "page/fill/offset-nibble", true},
		{"*", "example.com/a/b/Encode/size=1", true},
		{"example.com/a/*/Encode", "example.com/a/b/Encode/size=1", true},
		{"page/f?ll/raw", "page/fill/raw", true},
		{"page/f?ll/raw", "page/fll/raw", false},
		{"a[b]*", "a[b]c", true},
		{"*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaa", false},
		{"p?ge", "päge/x", true},
		{"", "", true},
		{"", "page", false},
	} {
		if got := matches(c.pattern, c.name); got != c.want {
			t.Errorf("matches(%q, %q) = %v", c.pattern, c.name, got)
		}
	}
}
