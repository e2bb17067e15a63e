package runner

import (
	"fmt"
	"math"
	"path/filepath"

	"github.com/google/pprof/profile"

	"assay/profiles"
	"assay/runner/plan"
	"assay/runner/samples"
	"assay/runner/samples/whole"
	"assay/runner/trial"
	"assay/runner/verdict"
)

// recordings are the profiles taken so far, by file.
type recordings struct {
	order   []string
	parts   map[string][]*profile.Profile
	traces  map[string][]byte
	records []samples.Profiled
}

func (f *recordings) add(p *profiled, t plan.Trial, got trial.ProfileReport) error {
	if f.parts == nil {
		f.parts, f.traces = map[string][]*profile.Profile{}, map[string][]byte{}
	}
	rec := samples.Profiled{
		Group: p.g.index, Arm: p.arm.Name, Kind: p.kind, File: p.file(), Restart: t.Restart,
		Ops: got.Ops, CPU: got.CPU, Process: got.Process, NsPerOp: got.CPU * 1e9 / float64(got.Ops),
	}
	if verdict.OwnProcess(p.g.Group) {
		rec.NsPerOp = got.Process * 1e9 / float64(got.Ops)
	}
	_, known := f.parts[rec.File]
	if p.kind == "trace" {
		f.traces[rec.File] = got.Profile
		f.parts[rec.File] = nil
	} else {
		one, err := profiles.Pass{
			Kind: p.kind, Family: t.Family, Op: t.Op, Variant: p.arm.Name, Workload: t.Workload,
			Restart: t.Restart, Whole: got.Whole, Before: got.Before, Data: got.Profile,
		}.Profile()
		if err != nil {
			return err
		}
		rec.Sampled = profiles.Sampled(one)
		rec.Period = one.Period
		f.parts[rec.File] = append(f.parts[rec.File], one)
	}
	if !known {
		f.order = append(f.order, rec.File)
	}
	f.records = append(f.records, rec)
	return nil
}

// write makes the files, and then the records that name them: a record must
// never name a file that is not there.
func (f *recordings) write(j *samples.Journal) error {
	for _, file := range f.order {
		data, err := f.traces[file], error(nil)
		if f.parts[file] != nil {
			data, err = profiles.Merge(f.parts[file])
		}
		if err == nil {
			err = whole.Write(filepath.Join(j.Dir, file), data)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
	}
	for i := range f.records {
		if err := j.Append(samples.Record{Profile: &f.records[i]}); err != nil {
			return err
		}
	}
	for _, text := range missed(f.order, f.records) {
		if err := j.Append(samples.Record{Warning: text}); err != nil {
			return err
		}
	}
	return nil
}

const (
	missedShare = 0.2 // of CPU time without samples, or of samples without CPU time
	missedSigma = 4   // and so many standard deviations of the number of samples
)

// missed compares the samples of each CPU profile with the CPU time its slices
// took, which lies between the thread's and the process's. Chance alone makes n
// samples differ by the root of n.
func missed(files []string, records []samples.Profiled) []string {
	var out []string
	for _, file := range files {
		var cpu, process, sampled, period float64
		for _, r := range records {
			if r.File == file && r.Kind == "cpu" {
				cpu, process, sampled, period = cpu+r.CPU, process+r.Process, sampled+r.Sampled, float64(r.Period)/1e9
			}
		}
		used := math.Max(math.Min(cpu, process), math.Min(math.Max(cpu, process), sampled))
		off := math.Abs(sampled - used)
		if period > 0 && off > missedShare*used && off > missedSigma*math.Sqrt(used*period) {
			out = append(out, fmt.Sprintf("%s: samples account for %.3g s where %.3g s of CPU time were used: the kernel's timer loses some or counts some twice; believe shares more than times", file, sampled, used))
		}
	}
	return out
}
