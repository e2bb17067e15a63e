package mark

import (
	"reflect"
	"strings"
	"testing"
)

func TestALogGivesBackWhatWasWrittenUpToAHalfLine(t *testing.T) {
	t.Parallel()
	want := []map[string]float64{{"instructions": 12, "branches": 0}, {}, {"write": 3}}
	var log []byte
	for _, counts := range want {
		line, err := FormatCounts(counts)
		if err != nil {
			t.Fatal(err)
		}
		log = append(log, line...)
	}
	for _, tail := range []string{"", `{"write":`, `{}`} {
		got, err := ParseCounts(append(log[:len(log):len(log)], tail...))
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("with %q behind it: %v, error %v", tail, got, err)
		}
	}
}

func FuzzALogIsReadOrRefusedWithItsLine(f *testing.F) {
	f.Add([]byte("{\"write\":1}\nnull\n[]\n"))
	f.Fuzz(func(t *testing.T, log []byte) {
		counts, err := ParseCounts(log)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "line ") {
				t.Fatalf("error %v names no line", err)
			}
			return
		}
		var again []byte
		for _, c := range counts {
			line, err := FormatCounts(c)
			if err != nil {
				t.Fatal(err)
			}
			again = append(again, line...)
		}
		got, err := ParseCounts(again)
		if err != nil || len(got) != len(counts) {
			t.Fatalf("%d stretches, %d when written again (%v)", len(counts), len(got), err)
		}
	})
}
