package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/google/pprof/profile"
	"github.com/spf13/cobra"

	"assay/profiles"
	"assay/profiles/code"
	"assay/runner"
	"assay/runner/plan"
	"assay/runner/samples"
)

// codeFlags are the words of `assay profile code`.
type codeFlags struct {
	functions []string
	run       string
	asm, json bool
}

func newProfileCode(a *app) *cobra.Command {
	f := &codeFlags{}
	c := &cobra.Command{
		Use:   "code FAMILY/OP/VARIANT...",
		Short: "Show the machine code of hot functions: bytes, branches, calls, bounds checks",
		Long: "Looks at the machine code of this program: the functions that a variant names as\n" +
			"its own, or those that a CPU profile finds hot (of a stored run, or taken now), or\n" +
			"those that --func names. What the compiler inlined into a function belongs to it.",
		Example: "  assay profile code page/fill/offset-nibble-switch,offset-nibble-table,offset-nibble\n" +
			"  assay profile code page/get-hit/raw,nibble --run results/latest\n" +
			"  assay profile code --func 'encodings/page\\.size' --asm",
		RunE: func(c *cobra.Command, args []string) error { return a.profileCode(c.Context(), f, args) },
	}
	flags := c.Flags()
	flags.StringArrayVar(&f.functions, "func", nil, "functions by name, a `REGEXP` over import path and name (repeatable)")
	flags.StringVar(&f.run, "run", "", "take the hot functions from the CPU profiles of this results `FOLDER`")
	flags.BoolVar(&f.asm, "asm", false, "print the annotated assembly, variants side by side")
	jsonFlag(flags, &f.json, "JSON")
	return c
}

// codeOf is the machine code of one variant of one operation, or of the
// functions that --func named.
type codeOf struct {
	Family    string     `json:"family,omitempty"`
	Op        string     `json:"op,omitempty"`
	Variant   string     `json:"variant,omitempty"`
	From      string     `json:"from"` // how the functions were found: named, declared or profile
	Functions []codeRow  `json:"functions"`
	Total     codeSums   `json:"total"`
	Told      string     `json:"published,omitempty"`
	Same      []string   `json:"same_machine_code,omitempty"` // the variants before it whose functions are the same, byte by byte
	arm       plan.Arm   // what is profiled
	group     plan.Group // and where
	hot       []code.Hot // its functions, with their shares of a profile's samples
}

// codeRow is one function.
type codeRow struct {
	code.Part
	Into []string `json:"inlined_into,omitempty"` // other functions that hold its body too
	Of   []string `json:"holds,omitempty"`        // functions that were inlined into it
}

// codeSums are the figures of all functions of a variant together.
type codeSums struct {
	Size     int `json:"bytes"`
	Branches int `json:"conditional_branches"`
	Guards   int `json:"guards"`
	Indirect int `json:"indirect_branches"`
	Calls    int `json:"calls"`
	Checks   int `json:"bounds_checks"`
}

func (a *app) profileCode(ctx context.Context, f *codeFlags, args []string) error {
	if len(args) == 0 && len(f.functions) == 0 {
		return errors.New("profile code takes a selection such as page/fill/offset-nibble, or --func REGEXP")
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	program, err := code.Open(self)
	if err != nil {
		return err
	}
	all, err := a.codeSelection(ctx, f, args, program, self)
	if err != nil {
		return err
	}
	inlining, noInlining := program.Inlining()
	for i := range all {
		if err := all[i].read(program, inlining); err != nil {
			return err
		}
		for _, before := range all[:i] {
			if before.sameCode(all[i]) {
				all[i].Same = append(all[i].Same, before.name())
			}
		}
	}
	if f.json {
		return a.encode(struct {
			Variants []codeOf `json:"variants"`
		}{all})
	}
	if noInlining != nil {
		fmt.Fprintf(a.Err, "assay: where functions were inlined is unknown: %v\n", noInlining)
	}
	return a.printCode(all, noInlining == nil, f.asm)
}

// codeSelection says whose code is looked at, and which functions.
func (a *app) codeSelection(ctx context.Context, f *codeFlags, args []string, program *code.Program, self string) ([]codeOf, error) {
	named, err := matching(program, f.functions)
	if err != nil {
		return nil, err
	}
	if len(args) == 0 {
		return []codeOf{{From: "named", hot: named}}, nil
	}
	p, err := plan.Make(a.rooms, plan.Options{Select: args, Seed: 1, Alpha: 0.01, Budget: time.Second})
	if err != nil {
		return nil, err
	}
	var all []codeOf
	for _, g := range p.Groups {
		if g.Control {
			continue
		}
		for _, arm := range g.Arms {
			c := codeOf{Family: g.Family, Op: g.Op, Variant: arm.Name, arm: arm, group: g, From: "named", hot: named}
			if len(named) == 0 {
				if err := a.hotCode(ctx, f, p, &c, program, self); err != nil {
					return nil, fmt.Errorf("%s: %w", c.name(), err)
				}
			}
			all = append(all, c)
		}
	}
	return all, nil
}

func matching(program *code.Program, patterns []string) ([]code.Hot, error) {
	var hot []code.Hot
	for _, text := range patterns {
		pattern, err := regexp.Compile(text)
		if err != nil {
			return nil, fmt.Errorf("--func %q: %w", text, err)
		}
		names := program.Match(pattern)
		if len(names) == 0 {
			return nil, fmt.Errorf("--func %q matches no function of this program: one that is inlined everywhere has no code of its own", text)
		}
		for _, name := range names {
			hot = append(hot, code.Hot{Name: name})
		}
	}
	return hot, nil
}

const hotMillis = 400 // of a profile taken for the purpose

// hotCode finds the functions of a variant: those it declares, else those of a
// stored or a fresh CPU profile.
func (a *app) hotCode(ctx context.Context, f *codeFlags, p plan.Plan, c *codeOf, program *code.Program, self string) error {
	room, err := plan.FindRoom(a.rooms, c.Family)
	if err != nil {
		return err
	}
	x, err := plan.FindCase(room, c.Op, c.arm.Variant)
	if err != nil {
		return err
	}
	if len(x.Functions) > 0 && f.run == "" {
		c.From, c.Told = "declared", x.Told
		for _, name := range x.Functions {
			c.hot = append(c.hot, code.Hot{Name: name})
		}
		return nil
	}
	c.From = "profile"
	sampled, err := a.sampled(ctx, f, p, c, self)
	if err != nil {
		return err
	}
	for _, h := range code.HotFunctions(sampled, code.HotShare) {
		if program.Has(h.Name) {
			c.hot = append(c.hot, h)
		}
	}
	if len(c.hot) == 0 {
		return errors.New("no function stands out in its CPU profile: name some with --func REGEXP")
	}
	return nil
}

// sampled is the CPU profile of a variant's timed slices.
func (a *app) sampled(ctx context.Context, f *codeFlags, p plan.Plan, c *codeOf, self string) (*profile.Profile, error) {
	if f.run != "" {
		return storedProfile(f.run, c)
	}
	t := plan.Trial{
		Mode: "profile", Profile: "cpu", Family: c.Family, Op: c.Op, Workload: c.group.Workload, Arms: []plan.Arm{c.arm},
		Seed: p.Seed, SliceNS: c.group.SliceNS, GC: p.GC, Millis: hotMillis, Restart: 1, Catalog: p.Catalog,
	}
	got, err := runner.Lab{{Path: self, Args: []string{"worker"}}}.Profile(ctx, c.group, t)
	if err != nil {
		return nil, err
	}
	taken, err := profile.ParseData(got.Profile)
	if err != nil {
		return nil, err
	}
	return profiles.Timed(taken, "", ""), nil
}

func storedProfile(dir string, c *codeOf) (*profile.Profile, error) {
	run, err := samples.Open(dir)
	if err != nil {
		return nil, err
	}
	for _, p := range run.Profiles {
		g := run.Plan.Groups[p.Group]
		if p.Kind != "cpu" || g.Family != c.Family || g.Op != c.Op || p.Arm != c.Variant {
			continue
		}
		data, err := os.ReadFile(filepath.Join(run.Dir, p.File))
		if err != nil {
			return nil, err
		}
		stored, err := profile.ParseData(data)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.File, err)
		}
		return profiles.Timed(stored, c.Op, ""), nil
	}
	return nil, fmt.Errorf("%s holds no CPU profile of it: run it with --profile cpu, or leave out --run to take one now", dir)
}

// read disassembles the functions.
func (c *codeOf) read(program *code.Program, inlining code.Inlining) error {
	for _, h := range c.hot {
		f, err := program.Function(h.Name)
		if err != nil {
			return err
		}
		c.Functions = append(c.Functions, codeRow{Part: code.Part{Function: f, Share: h.Share}, Into: inlining.Into(h.Name), Of: inlining.Of(h.Name)})
		t := &c.Total
		t.Size, t.Branches, t.Guards = t.Size+f.Size, t.Branches+f.Branches, t.Guards+f.Guards
		t.Indirect, t.Calls, t.Checks = t.Indirect+f.Indirect, t.Calls+f.Calls, t.Checks+f.Checks
	}
	return nil
}

// sameCode says that two variants have the same functions, by their bytes.
func (c *codeOf) sameCode(o codeOf) bool {
	return c.From != "named" && code.Alike(c.parts(), o.parts(), c.From == "profile", o.From == "profile")
}

func (c *codeOf) parts() []code.Part {
	all := make([]code.Part, len(c.Functions))
	for i, f := range c.Functions {
		all[i] = f.Part
	}
	return all
}

func (c *codeOf) name() string {
	return strings.Trim(c.Family+"/"+c.Op+"/"+c.Variant, "/")
}
