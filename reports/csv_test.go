package reports

import (
	"encoding/csv"
	"reflect"
	"slices"
	"strings"
	"testing"

	"assay/reports/internal/fixture"
	"assay/runner/result"
)

// jsonColumns lists the fields of a result.json object as the CSV format spells
// them: nested objects as object_field, the interval as ratio_lo and ratio_hi.
func jsonColumns(t reflect.Type, prefix string) []string {
	out := []string{}
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		kind := f.Type
		if kind.Kind() == reflect.Pointer {
			kind = kind.Elem()
		}
		switch {
		case f.Anonymous:
			out = append(out, jsonColumns(kind, prefix)...)
		case kind.Kind() == reflect.Struct:
			out = append(out, jsonColumns(kind, name+"_")...)
		default:
			out = append(out, prefix+name)
		}
	}
	return out
}

func TestCSVHasAColumnForEveryFieldOfComparisonsAndUnits(t *testing.T) {
	t.Parallel()
	elsewhere := map[string]string{"lo": "ratio_lo", "hi": "ratio_hi", "warnings": "note", "null": "role", "peer": "role"}
	for _, kind := range []reflect.Type{reflect.TypeFor[result.Comparison](), reflect.TypeFor[result.Stat]()} {
		for _, name := range jsonColumns(kind, "") {
			if kind == reflect.TypeFor[result.Comparison]() && elsewhere[name] != "" {
				name = elsewhere[name]
			}
			if !slices.Contains(csvColumns(), name) {
				t.Errorf("%s: field %q has no column", kind, name)
			}
		}
	}
}

func TestCSVFillsBothClocksAndWhatSpreads(t *testing.T) {
	t.Parallel()
	records, err := csv.NewReader(strings.NewReader(render(t, "csv", fixture.Page()))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	at := func(r []string, column string) string { return r[slices.Index(records[0], column)] }
	seen := map[string]bool{}
	for _, r := range records[1:] {
		if at(r, "row") != "comparison" || at(r, "unit") != "ns/op" {
			continue
		}
		for _, column := range []string{"wall_ratio", "cpu_lo", "p50_hi", "p99_ratio", "components_layout", "evidence", "why"} {
			seen[column] = seen[column] || at(r, column) != ""
		}
		if at(r, "wall_ratio") == "" || at(r, "components_slice") == "" {
			t.Fatalf("a timed comparison without its clocks and components: %q", r)
		}
	}
	for column, filled := range seen {
		if !filled {
			t.Errorf("no row fills %s", column)
		}
	}
}
