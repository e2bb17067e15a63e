package samples

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"assay/runner/hotcode"
	"assay/runner/plan"
	"assay/runner/result"
	"assay/runner/samples/whole"
	"assay/runner/samples/work"
)

// The files of a results folder.
const (
	journalFile = "slices.jsonl.gz"
	planFile    = "plan.json"
	benchFile   = "samples.bench"
	resultFile  = "result.json"

	journalSchema = "assay-journal/1"
)

// Journal is a run being written.
type Journal struct {
	Dir   string
	file  *os.File
	zip   *gzip.Writer
	text  *os.File // samples.bench
	bench *bench
}

// Create makes the results folder with its plan and an open journal. It fails
// where the folder already holds a run: nothing is overwritten.
func Create(dir string, p plan.Plan, head Head) (*Journal, error) {
	if err := os.MkdirAll(filepath.Join(dir, "profiles"), 0o755); err != nil {
		return nil, fmt.Errorf("results folder: %w; choose another with --out DIR", err)
	}
	data, err := json.MarshalIndent(p, "", " ")
	if err != nil {
		return nil, err
	}
	head.Schema, head.Plan = journalSchema, digest(data)
	for _, name := range []string{planFile, benchFile, resultFile} {
		if _, err := os.Lstat(filepath.Join(dir, name)); err == nil {
			return nil, used(dir)
		}
	}
	f, err := os.OpenFile(filepath.Join(dir, journalFile), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if errors.Is(err, os.ErrExist) {
		return nil, used(dir)
	}
	if err != nil {
		return nil, fmt.Errorf("results folder: %w; choose another with --out DIR", err)
	}
	j := &Journal{Dir: dir, file: f, zip: gzip.NewWriter(f)}
	if err := j.begin(p, data, head); err != nil {
		// The folder was empty and nothing was measured: leave it as it was.
		if j.text != nil {
			j.text.Close()
		}
		j.file.Close()
		return nil, errors.Join(err, removeAll(dir, journalFile, planFile, benchFile))
	}
	return j, nil
}

// begin writes the plan and the heads of the journal and of samples.bench.
func (j *Journal) begin(p plan.Plan, data []byte, head Head) (err error) {
	if err := whole.Write(filepath.Join(j.Dir, planFile), data); err != nil {
		return err
	}
	if j.text, err = os.Create(filepath.Join(j.Dir, benchFile)); err != nil {
		return err
	}
	if j.bench, err = newBench(j.text, p, head); err != nil {
		return err
	}
	return j.Append(Record{Head: &head})
}

func used(dir string) error {
	return fmt.Errorf("results folder %s already holds a run; choose another with --out DIR", dir)
}

func removeAll(dir string, names ...string) error {
	var failed error
	for _, name := range names {
		if err := os.Remove(filepath.Join(dir, name)); err != nil && !errors.Is(err, os.ErrNotExist) {
			failed = errors.Join(failed, err)
		}
	}
	return failed
}

// Append writes one record through to the file system.
func (j *Journal) Append(r Record) error {
	line, err := sealed(r)
	if err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	if _, err = j.zip.Write(line); err == nil {
		err = j.zip.Flush()
	}
	switch {
	case err != nil:
	case r.Check != nil:
		err = j.bench.check(*r.Check)
	case r.Restart != nil:
		err = j.bench.restart(*r.Restart)
	}
	if err != nil {
		return fmt.Errorf("results folder: %w; what was written before can be read: free some space or choose another place with --out DIR", err)
	}
	return nil
}

// Close completes the files.
func (j *Journal) Close() error {
	return errors.Join(j.zip.Close(), j.file.Close(), j.text.Close())
}

// Run is a stored run, read back.
type Run struct {
	Dir       string
	Plan      plan.Plan
	Head      Head
	Checks    []Checked
	Restarts  []Restart
	Latencies []Latencies
	Profiles  []Profiled
	Counts    []work.Pass
	Code      *hotcode.Code // nil: not looked at
	Failures  []result.Failure
	Warnings  []string
	Tail      *Tail // nil: the run was cut off

	planSum string // digest of plan.json as it is now
}

// Open reads a stored run. A journal that ends in mid-record is read up to
// there; anything else that is not as this package writes it is an error that
// names the file and says what to do.
func Open(dir string) (*Run, error) {
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		dir = real // results/latest is a link; the run has a name of its own
	}
	run := &Run{Dir: dir}
	data, err := os.ReadFile(filepath.Join(dir, planFile))
	if err != nil {
		return nil, fmt.Errorf("%s is no results folder: %w", dir, err)
	}
	if err := decode(filepath.Join(dir, planFile), data, plan.Schema, "restore it or measure again", &run.Plan); err != nil {
		return nil, err
	}
	run.planSum = digest(data)
	if err := run.readJournal(filepath.Join(dir, journalFile)); err != nil {
		return nil, err
	}
	return run, nil
}

func (run *Run) readJournal(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("no journal: %w", err)
	}
	defer f.Close()
	return run.read(f, path)
}

// read takes the records of a journal; path is its name in messages.
func (run *Run) read(in io.Reader, path string) error {
	zip, err := gzip.NewReader(in)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return run.complete(path) // cut off within the first bytes
	}
	if err != nil {
		return fmt.Errorf("%s is not a gzip file (%w): the run cannot be read", path, err)
	}
	lines := bufio.NewReaderSize(zip, 64<<10)
	for n := 1; ; n++ {
		line, err := lines.ReadBytes('\n')
		if errors.Is(err, io.EOF) && len(line) == 0 {
			return run.complete(path)
		}
		if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
			run.Warnings = append(run.Warnings, fmt.Sprintf("%s is cut off in record %d: what came before it is reported", filepath.Base(path), n))
			return run.complete(path)
		}
		if err != nil {
			return fmt.Errorf("%s: record %d: %w: the file is damaged, restore it or measure again", path, n, err)
		}
		r, err := unsealed(line)
		if err != nil {
			return fmt.Errorf("%s: record %d: %w: the file is damaged, restore it or measure again", path, n, err)
		}
		if err := run.add(r, n); err != nil {
			return fmt.Errorf("%s: record %d: %w", path, n, err)
		}
	}
}

func (run *Run) complete(path string) error {
	if run.Head.Schema == "" {
		return fmt.Errorf("%s holds no whole record: nothing was measured", path)
	}
	return nil
}

func (run *Run) add(r Record, n int) error {
	if (n == 1) != (r.Head != nil) {
		return errors.New("a journal has its head in its first record and nowhere else")
	}
	switch {
	case r.Head != nil:
		if r.Head.Schema != journalSchema {
			return fmt.Errorf("schema %q, this assay reads %q: use the assay that wrote it", r.Head.Schema, journalSchema)
		}
		if r.Head.Plan != run.planSum {
			return fmt.Errorf("it belongs to another plan: %s was changed after the run: restore it, or measure again", filepath.Join(run.Dir, planFile))
		}
		run.Head = *r.Head
	case r.Check != nil:
		run.Checks = append(run.Checks, *r.Check)
		return run.inPlan(r.Check.Group)
	case r.Restart != nil:
		run.Restarts = append(run.Restarts, *r.Restart)
		return run.whole(*r.Restart)
	case r.Latency != nil:
		run.Latencies = append(run.Latencies, *r.Latency)
		return run.inPlan(r.Latency.Group)
	case r.Profile != nil:
		run.Profiles = append(run.Profiles, *r.Profile)
		return run.inPlan(r.Profile.Group)
	case r.Count != nil:
		run.Counts = append(run.Counts, *r.Count)
		return run.inPlan(r.Count.Group)
	case r.Code != nil:
		run.Code = r.Code
	case r.Failure != nil:
		run.Failures = append(run.Failures, *r.Failure)
	case r.Warning != "":
		run.Warnings = append(run.Warnings, r.Warning)
	case r.Tail != nil:
		run.Tail = r.Tail
	default:
		return errors.New("it holds nothing that this assay knows: use the assay that wrote it")
	}
	return nil
}

func (run *Run) inPlan(group int) error {
	if group < 0 || group >= len(run.Plan.Groups) {
		return fmt.Errorf("group %d is not in the plan of %d", group, len(run.Plan.Groups))
	}
	return nil
}

// whole checks that a restart's columns fit each other.
func (run *Run) whole(r Restart) error {
	n := len(r.Order)
	for _, column := range [][]int64{r.Ops, r.Wall, r.Thread, r.Process, r.Switches} {
		if len(column) != n {
			return fmt.Errorf("restart %d of group %d has columns of %d and %d slices", r.Index, r.Group, n, len(column))
		}
	}
	for i, a := range r.Order {
		if a < 0 || a >= len(r.Arms) || r.Ops[i] <= 0 {
			return fmt.Errorf("restart %d of group %d: slice %d is out of range", r.Index, r.Group, i)
		}
	}
	return run.inPlan(r.Group)
}
