package cli

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestTheGuardHoldsHoweverItsInputIsCut(t *testing.T) {
	t.Parallel()
	text := "fine\n::error::boo\n  ::warning::x\na ##[group]b\nlast ##[x]"
	want := "fine\n: :error::boo\n  : :warning::x\na # #[group]b\nlast # #[x]"
	for size := 1; size <= len(text); size++ {
		var out strings.Builder
		g := &guard{to: &out}
		for from := 0; from < len(text); from += size {
			part := text[from:min(len(text), from+size)]
			if n, err := g.Write([]byte(part)); n != len(part) || err != nil {
				t.Fatalf("%d, %v", n, err)
			}
		}
		g.flush()
		if out.String() != want {
			t.Fatalf("in parts of %d: %q", size, out.String())
		}
	}
}

func TestTheGuardLeavesTheMeaningOfJSON(t *testing.T) {
	t.Parallel()
	names := map[string]string{"a": "##[group]x", "b": "::error::y", "c": "###[", "d": `##\[`}
	text, err := json.MarshalIndent(names, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	g := &guard{to: &out}
	if _, err := g.Write(append(text, '\n')); err != nil {
		t.Fatal(err)
	}
	g.flush()
	var got map[string]string
	if err := json.Unmarshal([]byte(out.String()), &got); err != nil {
		t.Fatal(err)
	}
	for k, v := range names {
		if got[k] != v {
			t.Errorf("%s is read as %q, was %q", k, got[k], v)
		}
	}
	if strings.Contains(out.String(), "##[") || strings.Contains(out.String(), "\n::") {
		t.Errorf("a runner would obey: %s", out.String())
	}
}
