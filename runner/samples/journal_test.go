package samples

import (
	"compress/gzip"
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
