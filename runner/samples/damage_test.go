package samples

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// openBytes is Open with the journal from memory: tens of thousands of small
// files take longer to write than to read.
func openBytes(dir string, journal []byte) (*Run, error) {
	data, err := json.MarshalIndent(testPlan(), "", " ")
	if err != nil {
		return nil, err
	}
	run := &Run{Dir: dir, Plan: testPlan(), planSum: digest(data)}
	return run, run.read(bytes.NewReader(journal), filepath.Join(dir, journalFile))
}

// TestAJournalCutAnywhereStillGivesItsWholeRecords cuts at every byte: what a
// crash or a full disk leaves.
func TestAJournalCutAnywhereStillGivesItsWholeRecords(t *testing.T) {
	t.Parallel()
	records := testRecords()
	dir := write(t, records...)
	whole := read(t, dir, journalFile)
	before := -1
	for cut := range whole {
		run, err := openBytes(dir, whole[:cut])
		if err != nil {
			if before >= 0 {
				t.Fatalf("cut at %d of %d: %v, though a shorter file was read", cut, len(whole), err)
			}
			wantError(t, err, "holds no whole record: nothing was measured")
			continue
		}
		n := len(run.Checks) + len(run.Restarts) + len(run.Latencies) + len(run.Profiles) + len(run.Failures)
		if run.Tail != nil {
			n++
		}
		if got := run.Warnings[len(run.Warnings)-1]; !strings.HasPrefix(got, "slices.jsonl.gz is cut off in record ") {
			t.Fatalf("cut at %d: warnings %q", cut, run.Warnings)
		}
		n += len(run.Warnings) - 1
		if n < before {
			t.Fatalf("cut at %d: %d records, %d in a shorter file", cut, n, before)
		}
		if n == before && cut%16 != 0 {
			continue // the same records as at the byte before
		}
		run.Warnings = run.Warnings[:len(run.Warnings)-1]
		want := runOf(dir, records[:n])
		want.Head = run.Head
		if diff := cmp.Diff(want, run, ignoreOwn, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("cut at %d: %s", cut, diff)
		}
		before = n
	}
	if before != len(records) {
		t.Errorf("the longest cut file gave %d of %d records", before, len(records))
	}
}

// TestAFlippedBitIsNeverTakenForAMeasurement flips a bit of every byte of a
// stored run's journal, and every bit of its beginning, in turn. The gzip header has bytes that say nothing (a date, an
// operating system), and in the trailer the same holds for none.
func TestAFlippedBitIsNeverTakenForAMeasurement(t *testing.T) {
	t.Parallel()
	dir := write(t, testRecords()[:4]...)
	whole := read(t, dir, journalFile)
	want, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	for bit := range 8 * len(whole) {
		if at := bit / 8; at >= 64 && bit%8 != at*5%8 {
			continue // of the many bytes of records, one bit each
		}
		damaged := bytes.Clone(whole)
		damaged[bit/8] ^= 1 << (bit % 8)
		run, err := openBytes(dir, damaged)
		if err != nil {
			if strings.Contains(err.Error(), "\n") || !strings.Contains(err.Error(), journalFile) {
				t.Fatalf("bit %d: %v", bit, err)
			}
			continue
		}
		for i, r := range run.Restarts {
			if diff := cmp.Diff(want.Restarts[i], r); diff != "" {
				t.Fatalf("bit %d: restart %d was read as %s", bit, i, diff)
			}
		}
		if diff := cmp.Diff(want, run, ignoreOwn); diff != "" && !strings.Contains(strings.Join(run.Warnings, " "), "cut off") {
			t.Fatalf("bit %d: %s", bit, diff)
		}
	}
}

// rewrite replaces the text of a journal, each line sealed anew when it should be.
func rewrite(t *testing.T, dir string, edit func(line string) string) {
	t.Helper()
	zip, err := gzip.NewReader(bytes.NewReader(read(t, dir, journalFile)))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(zip)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	for line := range strings.Lines(string(text)) {
		rest := edit(strings.TrimSuffix(line[len(seal):], "\n"))
		fmt.Fprintf(w, "{\"sum\":\"%s\",%s\n", digest([]byte(rest)), rest)
	}
	w.Close()
	overwrite(t, out.Bytes(), dir, journalFile)
}

func TestRecordsThatContradictThePlanAreErrors(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ from, to, want string }{
		"newer":      {`"schema":"assay-journal/1"`, `"schema":"assay-journal/2"`, `schema "assay-journal/2", this assay reads "assay-journal/1": use the assay that wrote it`},
		"group":      {`"restart":{"group":0`, `"restart":{"group":3`, "group 3 is not in the plan of 3"},
		"below":      {`"check":{"group":0`, `"check":{"group":-1`, "group -1 is not in the plan of 3"},
		"column":     {`"wall":[91200,`, `"wall":[`, "restart 0 of group 0 has columns of 4 and 3 slices"},
		"arm":        {`"order":[0,1,1,0]`, `"order":[0,1,2,0]`, "restart 0 of group 0: slice 2 is out of range"},
		"no ops":     {`"ops":[1000,`, `"ops":[0,`, "restart 0 of group 0: slice 0 is out of range"},
		"new kind":   {`"warning":"a restart`, `"omen":"a restart`, "record 4: it holds nothing that this assay knows: use the assay that wrote it"},
		"type":       {`"index":0`, `"index":"zero"`, "record 3: json: cannot unmarshal string"},
		"two heads":  {`"warning":"a restart was lost"`, `"head":{}`, "record 4: a journal has its head in its first record and nowhere else"},
		"no head":    {`"head":{`, `"tail":{`, "record 1: a journal has its head in its first record and nowhere else"},
		"other plan": {`"plan":"`, `"plan":"0`, "plan.json was changed after the run: restore it, or measure again"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := write(t, testRecords()...)
			edited := false
			rewrite(t, dir, func(line string) string {
				if edited {
					return line
				}
				changed := strings.Replace(line, c.from, c.to, 1)
				edited = changed != line
				return changed
			})
			if !edited {
				t.Fatalf("no line has %s", c.from)
			}
			_, err := Open(dir)
			wantError(t, err, journalFile, c.want)
		})
	}
}

func TestAnEditedLineIsFoundByItsSum(t *testing.T) {
	t.Parallel()
	dir := write(t, testRecords()...)
	zip, err := gzip.NewReader(bytes.NewReader(read(t, dir, journalFile)))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(zip)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	w.Write(bytes.Replace(text, []byte("91200"), []byte("91000"), 1))
	w.Close()
	overwrite(t, out.Bytes(), dir, journalFile)
	_, err = Open(dir)
	wantError(t, err, "record 3: its content is not what its sum says: the file is damaged, restore it or measure again")
}

func FuzzOpenNeverPanics(f *testing.F) {
	dir := write(f, testRecords()...)
	whole := read(f, dir, journalFile)
	f.Add(whole)
	f.Add(whole[:len(whole)/2])
	f.Add([]byte{})
	zip, err := gzip.NewReader(bytes.NewReader(whole))
	if err != nil {
		f.Fatal(err)
	}
	text, err := io.ReadAll(zip)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Fuzz(func(t *testing.T, data []byte) {
		if run, err := openBytes(dir, data); err == nil && run.Head.Schema != journalSchema {
			t.Fatal("a journal without a head is accepted")
		}
		for line := range bytes.Lines(data) { // also without the compression, which stops most damage
			if r, err := unsealed(line); err == nil {
				(&Run{Plan: testPlan()}).add(r, 2) //nolint:errcheck // only a panic is wrong here
			}
		}
	})
}
