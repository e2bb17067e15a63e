package gobench

import (
	"context"
	"debug/buildinfo"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"assay/runner/gobench/build"
	"assay/runner/gobench/code"
	"assay/runner/gobench/overlay"
	"assay/runner/gobench/sides"
)

// takeBinaries uses test binaries that were built elsewhere. They are no workers.
func (p *preparation) takeBinaries() error {
	s := p.out.Source
	s.whole = true
	dir, err := filepath.Abs(p.Dir)
	if err != nil {
		return err
	}
	family := ""
	var versions [2]string
	for i, side := range []string{baseSide, headSide} {
		path, err := filepath.Abs(p.Bins[i])
		if err != nil {
			return err
		}
		info, err := buildinfo.ReadFile(path)
		if err != nil {
			return fmt.Errorf("--bin %s is no Go test binary: %w", p.Bins[i], err)
		}
		if i == 0 {
			if family = strings.TrimSuffix(info.Path, ".test"); family == "" || family == "command-line-arguments" {
				family = strings.TrimSuffix(filepath.Base(path), ".test")
			}
		}
		s.sides[side] = map[string]binary{family: {paths: []string{path}, dir: dir}}
		versions[i] = info.GoVersion
	}
	p.builtBy(versions[0], versions[1])
	p.out.Base, p.out.Head = p.Bins[0], p.Bins[1]
	p.wholeRuns("binaries built elsewhere cannot be run slice by slice")
	return nil
}

// builtBy records the toolchains of both sides.
func (p *preparation) builtBy(base, head string) {
	p.out.GoVersion = head
	if base != head {
		p.out.GoVersion = base + " and " + head
		p.out.Warnings = append(p.out.Warnings, fmt.Sprintf("base is built by %s and head by %s: the difference is the toolchain's too", base, head))
	}
}

func (p *preparation) wholeRuns(why string) {
	p.out.Source.whole = true
	if p.Counters != "" && p.Counters != "none" {
		p.Counters, why = "none", "nothing is counted, and "+why
	}
	p.out.Warnings = append(p.out.Warnings, why+": whole runs of the binaries are compared, on the wall clock, which takes longer to see the same difference")
}

// side is one of the two revisions while it is being built.
type side struct {
	name, rev, words string
	dir              string // the user's folder, on this side
	tools            build.Toolchain
	overlay          string // path; empty: its testing package has an unknown shape
	packages         []build.Package
	unreadable       map[string]string
	built            build.Binaries
	broken           map[string]string
}

// buildSides places, lists and builds both revisions.
func (p *preparation) buildSides(ctx context.Context) error {
	if _, err := build.Find(ctx, p.Dir); err != nil {
		return err
	}
	repo, err := sides.Open(ctx, p.Dir)
	if err != nil {
		return err
	}
	both, err := p.revisions(ctx, repo)
	if err != nil {
		return err
	}
	p.Say(fmt.Sprintf("base is %s, head is %s", both[0].words, both[1].words))
	p.out.Base, p.out.Head = both[0].words, both[1].words
	for _, s := range both {
		if err := p.place(ctx, repo, s); err != nil {
			return err
		}
	}
	if both[0].overlay == "" || both[1].overlay == "" {
		both[0].overlay, both[1].overlay = "", ""
		p.wholeRuns("the toolchain's package testing has a shape this assay does not know (" + both[0].tools.Version + ", " + both[1].tools.Version + ")")
	}
	p.builtBy(both[0].tools.Version, both[1].tools.Version)
	if len(both[0].packages)+len(both[1].packages) == 0 {
		return p.none(both)
	}
	return p.compile(ctx, both)
}

// none says that there is nothing to compare, and why where the go command knows.
func (p *preparation) none(both []*side) error {
	in := strings.Join(p.Packages, " ")
	for _, s := range both {
		paths := slices.Sorted(maps.Keys(s.unreadable))
		if len(paths) == 0 {
			continue
		}
		why := s.unreadable[paths[0]]
		in += ": " + why
		if strings.Contains(why, "go.work") {
			in += ": start in a module of the workspace, or name packages of one"
		}
		break
	}
	if p.Bench == "." {
		return fmt.Errorf("no benchmark is found in %s", in)
	}
	return fmt.Errorf("no benchmark matches --bench %q in %s", p.Bench, in)
}

// revisions resolves what is compared.
func (p *preparation) revisions(ctx context.Context, repo sides.Repo) ([]*side, error) {
	base, head := &side{name: baseSide}, &side{name: headSide, rev: sides.Worktree, words: "the working tree"}
	var err error
	if p.Head != "" && p.Head != sides.Worktree {
		if head.rev, err = repo.Commit(ctx, p.Head); err != nil {
			return nil, err
		}
		head.words = short(head.rev) + " (" + p.Head + ")"
	}
	switch p.Base {
	case sides.Worktree:
		base.rev, base.words = sides.Worktree, "the working tree"
	case "":
		branch := ""
		if base.rev, branch, err = repo.Base(ctx); err != nil {
			return nil, err
		}
		base.words = short(base.rev) + " (merge base with " + branch + ")"
		if err := p.somethingChanged(ctx, repo, base, head); err != nil {
			return nil, err
		}
	default:
		if base.rev, err = repo.Commit(ctx, p.Base); err != nil {
			return nil, err
		}
		base.words = short(base.rev) + " (" + p.Base + ")"
	}
	return []*side{base, head}, nil
}

// somethingChanged refuses to compare a clean default branch with itself: who
// wants that says --base HEAD.
func (p *preparation) somethingChanged(ctx context.Context, repo sides.Repo, base, head *side) error {
	at := head.rev
	if head.rev == sides.Worktree {
		dirty, err := repo.Dirty(ctx)
		if err != nil || dirty {
			return err
		}
		if at, err = repo.Commit(ctx, "HEAD"); err != nil {
			return err
		}
	}
	if at != base.rev {
		return nil
	}
	return fmt.Errorf("%s is what %s holds: nothing to compare; name another revision with --base REV, such as --base HEAD~1", head.words, base.words)
}

func short(hash string) string { return hash[:min(10, len(hash))] }

// place writes a side out and finds its toolchain, overlay and packages.
func (p *preparation) place(ctx context.Context, repo sides.Repo, s *side) error {
	root := filepath.Join(p.out.Source.scratch, s.name)
	for _, sub := range []string{"overlay", "bin", "go"} {
		if err := os.MkdirAll(filepath.Join(root, sub), 0o700); err != nil {
			return err
		}
	}
	var err error
	if s.dir, err = repo.Place(ctx, s.rev, filepath.Join(root, "src")); err != nil {
		return fmt.Errorf("%s: %w", s.words, err)
	}
	if s.tools, err = build.Find(ctx, s.dir); err != nil {
		return fmt.Errorf("%s: %w", s.words, err)
	}
	s.overlay, err = overlay.Write(s.tools.Root, s.tools.GOOS, filepath.Join(root, "overlay"))
	if err == nil {
		err = build.Testing(ctx, s.dir, s.overlay, filepath.Join(root, "go"))
	}
	if err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		s.overlay = ""
	}
	s.packages, s.unreadable, err = build.List(ctx, s.dir, p.flags, p.Packages, p.wants())
	if err != nil {
		return fmt.Errorf("%s: %w", s.words, err)
	}
	return nil
}

// wants filters top-level benchmarks by the first part of the pattern. A
// pattern of alternatives with parts is left to package testing.
func (p *preparation) wants() func(string) bool {
	first, _, parts := strings.Cut(p.Bench, "/")
	re, err := regexp.Compile(first)
	if err != nil || parts && strings.Contains(p.Bench, "|") {
		return func(string) bool { return true }
	}
	return re.MatchString
}

// keep records what was built and what was not. A side of which nothing builds is an error.
func (p *preparation) keep(s *side) error {
	binaries := map[string]binary{}
	for _, pkg := range s.packages {
		if paths, ok := s.built[pkg.Path]; ok && s.broken[pkg.Path] == "" {
			binaries[pkg.Path] = binary{paths: paths, dir: pkg.Dir}
		}
	}
	for _, pkg := range s.packages {
		if why, bad := s.broken[pkg.Path]; bad {
			if len(binaries) == 0 {
				return fmt.Errorf("%s does not build: %s", s.words, why)
			}
			p.fail(pkg.Path, "", fmt.Sprintf("%s does not build: %s", s.name, why))
		}
	}
	for pkg, why := range s.unreadable {
		switch {
		case len(s.packages) == 0:
			return errors.New(s.words + ": " + why)
		case slices.ContainsFunc(s.packages, func(x build.Package) bool { return x.Path == pkg }) || slices.Contains(p.Packages, pkg):
			p.fail(pkg, "", s.name+": "+why)
		}
	}
	p.out.Source.sides[s.name] = binaries
	return nil
}

// onOneSide takes packages out that did not build on the other side: their
// failure is recorded already, and their benchmarks would each be one more.
func (p *preparation) onOneSide(s *side, both []*side) {
	for _, other := range both {
		for pkg := range other.broken {
			delete(p.out.Source.sides[s.name], pkg)
		}
	}
	for pkg := range s.built {
		if slices.ContainsFunc(both, func(o *side) bool { return o.unreadable[pkg] != "" }) {
			delete(p.out.Source.sides[s.name], pkg)
		}
	}
}

// compareCode finds the machine code that differs. A binary that cannot be read
// has no labels.
func (p *preparation) compareCode() {
	s := p.out.Source
	for pkg, base := range s.sides[baseSide] {
		if head, ok := s.sides[headSide][pkg]; ok {
			if d, err := code.Compare(base.paths[0], head.paths[0]); err == nil {
				p.code[pkg] = d
			}
		}
	}
}

// labelCode labels the rows that run the same machine code on both sides.
func (p *preparation) labelCode(rows []row) {
	reaches := map[[2]string]bool{} // sub-benchmarks share their function
	for _, r := range rows {
		d, ok := p.code[r.pkg]
		if !ok {
			continue
		}
		top, _, _ := strings.Cut(r.name, "/")
		k := [2]string{r.pkg, top}
		if _, known := reaches[k]; !known {
			reaches[k] = d.Reaches(top)
		}
		if !reaches[k] {
			p.out.Source.notes[r.pkg+" "+r.name] = "same machine code on both sides in all that it reaches: a difference is data, layout or chance"
		}
	}
	p.code = nil // megabytes
}
