package samples

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"assay/runner/plan"
	"assay/runner/trial"
)

var ignoreOwn = cmpopts.IgnoreUnexported(Run{})

// runOf is what Open should make of the records.
func runOf(dir string, records []Record) *Run {
	run := &Run{Dir: dir, Plan: testPlan()}
	for _, r := range records {
		switch {
		case r.Check != nil:
			run.Checks = append(run.Checks, *r.Check)
		case r.Restart != nil:
			run.Restarts = append(run.Restarts, *r.Restart)
		case r.Latency != nil:
			run.Latencies = append(run.Latencies, *r.Latency)
		case r.Profile != nil:
			run.Profiles = append(run.Profiles, *r.Profile)
		case r.Failure != nil:
			run.Failures = append(run.Failures, *r.Failure)
		case r.Warning != "":
			run.Warnings = append(run.Warnings, r.Warning)
		case r.Tail != nil:
			run.Tail = r.Tail
		}
	}
	return run
}

func TestAStoredRunReadsBackAsItWas(t *testing.T) {
	t.Parallel()
	dir := write(t, testRecords()...)
	run, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	want := runOf(dir, testRecords())
	want.Head = testHead()
	want.Head.Schema, want.Head.Plan = journalSchema, digest(read(t, dir, planFile))
	if diff := cmp.Diff(want, run, ignoreOwn); diff != "" {
		t.Error(diff)
	}
	for _, name := range []string{journalFile, planFile, benchFile} {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Mode().Perm() != 0o644 {
			t.Errorf("%s: %v, %v", name, info, err)
		}
	}
}

// anyRestart draws restarts that keep the journal's rules.
func anyRestart(t *rapid.T) Restart {
	arms := rapid.IntRange(1, 4).Draw(t, "arms")
	n := rapid.IntRange(0, 12).Draw(t, "slices")
	column := func(name string, least int64) []int64 {
		return rapid.SliceOfN(rapid.Int64Min(least), n, n).Draw(t, name)
	}
	r := Restart{
		Group: rapid.IntRange(0, 2).Draw(t, "group"), Index: rapid.Int().Draw(t, "index"), Seed: rapid.Uint64().Draw(t, "seed"),
		At: rapid.Float64().Draw(t, "at"), Took: rapid.Float64().Draw(t, "took"),
		Order: rapid.SliceOfN(rapid.IntRange(0, arms-1), n, n).Draw(t, "order"),
		Ops:   column("ops", 1), Wall: column("wall", 0), Thread: column("thread", 0), Process: column("process", 0), Switches: column("switches", 0),
		Endings: []trial.Ending{},
	}
	for i := range arms {
		r.Arms = append(r.Arms, plan.Arm{Name: rapid.String().Draw(t, "name"), Variant: "v", Batches: i, Inject: rapid.Float64().Draw(t, "inject")})
	}
	return r
}

func TestEveryRestartSurvivesTheJournal(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		restarts := rapid.SliceOfN(rapid.Custom(anyRestart), 0, 4).Draw(r, "restarts")
		var records []Record
		for i := range restarts {
			records = append(records, Record{Restart: &restarts[i]})
		}
		run, err := Open(write(t, records...))
		if err != nil {
			r.Fatal(err)
		}
		if diff := cmp.Diff(restarts, run.Restarts, cmpopts.EquateEmpty()); diff != "" {
			r.Fatal(diff)
		}
	})
}

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

func TestWhatWasAppendedIsReadableBeforeClose(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "run")
	j, err := Create(dir, testPlan(), testHead())
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	for i := range 5 {
		if err := j.Append(Record{Restart: new(testRestart(0, i))}); err != nil {
			t.Fatal(err)
		}
		run, err := Open(dir)
		if err != nil || len(run.Restarts) != i+1 || run.Tail != nil {
			t.Fatalf("after restart %d: %v, %v", i, run, err)
		}
		if lines := strings.Count(string(read(t, dir, benchFile)), "\nBenchmark"); lines != 2*(i+1) {
			t.Fatalf("after restart %d: %d lines in %s", i, lines, benchFile)
		}
	}
}

// TestAFlippedBitIsNeverTakenForAMeasurement flips every bit of a stored run's
// journal, in turn. The gzip header has bytes that say nothing (a date, an
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

func TestAPlanThatWasTouchedIsRefused(t *testing.T) {
	t.Parallel()
	dir := write(t, testRecords()...)
	good := string(read(t, dir, planFile))
	for name, c := range map[string]struct{ text, want string }{
		"edited":      {strings.Replace(good, `"realistic,count=40000"`, `"full"`, 1), "plan.json was changed after the run: restore it, or measure again"},
		"groups gone": {strings.Replace(good, `"groups":`, `"grups":`, 1), "plan.json was changed after the run"},
		"newer":       {strings.Replace(good, plan.Schema, "assay-plan/2", 1), `plan.json: schema "assay-plan/2", this assay reads "assay-plan/1": use the assay that wrote it`},
		"newer types": {`{"schema":"assay-plan/9","groups":7}`, `schema "assay-plan/9"`},
		"cut":         {good[:len(good)/2], "the file is damaged, restore it or measure again"},
		"empty":       {"", "plan.json:1: unexpected end of JSON input"},
		"type":        {strings.Replace(good, `"rows": 2`, `"rows": "two"`, 1), "plan.json:13: json: cannot unmarshal"},
	} {
		overwrite(t, []byte(c.text), dir, planFile)
		_, err := Open(dir)
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: error %v, want %s", name, err, c.want)
		}
	}
	overwrite(t, []byte(good), dir, planFile)
	if _, err := Open(dir); err != nil {
		t.Error(err)
	}
}

func TestOpenSaysWhatIsMissing(t *testing.T) {
	t.Parallel()
	empty := t.TempDir()
	_, err := Open(empty)
	wantError(t, err, empty+" is no results folder", "plan.json")
	dir := write(t)
	overwrite(t, []byte("not gzip at all, but long enough"), dir, journalFile)
	_, err = Open(dir)
	wantError(t, err, journalFile, "is not a gzip file", "the run cannot be read")
	if err := os.Remove(filepath.Join(dir, journalFile)); err != nil {
		t.Fatal(err)
	}
	_, err = Open(dir)
	wantError(t, err, "no journal", journalFile)
}

func TestCreateRefusesAFolderThatIsUsed(t *testing.T) {
	t.Parallel()
	for _, name := range []string{journalFile, planFile, benchFile, resultFile} {
		dir := t.TempDir()
		overwrite(t, []byte("precious"), dir, name)
		_, err := Create(dir, testPlan(), testHead())
		wantError(t, err, "already holds a run; choose another with --out DIR")
		if string(read(t, dir, name)) != "precious" {
			t.Errorf("%s was overwritten", name)
		}
	}
}

func TestCreateInAPlaceThatCannotBeWrittenLeavesNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	overwrite(t, nil, dir, "file")
	_, err := Create(filepath.Join(dir, "file"), testPlan(), testHead())
	wantError(t, err, "results folder", "not a directory", "choose another with --out DIR")
	_, err = Create(filepath.Join(dir, "file", "run"), testPlan(), testHead())
	wantError(t, err, "results folder", "not a directory", "choose another with --out DIR")

	bad := testPlan()
	bad.Alpha = zero / zero // JSON has no such number
	_, err = Create(filepath.Join(dir, "run"), bad, testHead())
	wantError(t, err, "NaN")
	if _, err := Create(filepath.Join(dir, "run"), testPlan(), testHead()); err != nil {
		t.Errorf("after a failure the folder counts as used: %v", err)
	}
}

var zero float64

func TestAFullDiskIsAClearErrorAndWhatWasWrittenStays(t *testing.T) {
	t.Parallel()
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip("no /dev/full here: " + err.Error())
	}
	defer full.Close()
	for _, spoil := range []func(*Journal){
		func(j *Journal) { j.zip = gzip.NewWriter(full) },
		func(j *Journal) { j.bench.w = full },
	} {
		dir := filepath.Join(t.TempDir(), "run")
		j, err := Create(dir, testPlan(), testHead())
		if err != nil {
			t.Fatal(err)
		}
		if err := j.Append(Record{Restart: new(testRestart(0, 0))}); err != nil {
			t.Fatal(err)
		}
		spoil(j)
		err = j.Append(Record{Restart: new(testRestart(0, 1))})
		wantError(t, err, "results folder", "no space left on device", "free some space or choose another place with --out DIR")
		j.file.Close()
		j.text.Close()
		if run, err := Open(dir); err != nil || len(run.Restarts) < 1 {
			t.Errorf("what came before: %v, %v", run, err)
		}
	}
}

func TestAppendRefusesWhatItCouldNotReadBack(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "run")
	j, err := Create(dir, testPlan(), testHead())
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	bad := testRestart(0, 0)
	bad.Took = zero / zero
	wantError(t, j.Append(Record{Restart: &bad}), "journal", "NaN")
	wantError(t, j.Append(Record{}), "journal", "an empty record")
	if run, err := Open(dir); err != nil || len(run.Restarts) != 0 {
		t.Errorf("%v, %v", run, err)
	}
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
