package gobench

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"assay/runner/gobench/build"
	"assay/runner/plan"
)

// Eight layouts leave an interval over them seven degrees of freedom: at the
// alpha of a dozen rows it is 1.35 times as wide as with sixteen, 1.46 times as
// with twenty-four. Over 12 benchmarks of which one side did 2 % more work, 5 s
// each, 8 layouts found 4, 16 found 8 and 8, 24 found 10. So where the number is
// left to assay, more are linked for as long as that takes a small part of the
// time that the benchmarks get.
const (
	autoLayouts    = 8
	mostLayouts    = 24
	autoLayoutsFor = 5 * time.Second // of budget per benchmark, from which on layouts are worth their links
	layoutsShare   = .25             // of the budget, at most, for those above eight
)

// compile builds both sides at the same time and keeps what both have. The first
// layout compiles and tells which packages do; the others are links alone.
func (p *preparation) compile(ctx context.Context, both []*side) error {
	source := p.out.Source
	seeds := make([]int, max(source.layouts, mostLayouts))
	for i := range seeds {
		if source.layouts > 1 {
			seeds[i] = int(plan.Mix(p.Seed, 17, i)>>33) + 1 // the linker takes a positive int; 0 means "in order"
		}
	}
	p.Say(fmt.Sprintf("building %d test binaries per side, %d layouts each", max(len(both[0].packages), len(both[1].packages)), source.layouts))
	for _, s := range both {
		s.built, s.broken = build.Binaries{}, map[string]string{}
	}
	if err := p.link(ctx, both, 0, seeds[:1]); err != nil {
		return err
	}
	began := p.Clock.Wall()
	if err := p.link(ctx, both, 1, seeds[1:source.layouts]); err != nil {
		return err
	}
	if n := source.layouts - 1; p.auto && n > 0 {
		took, budget := p.Clock.Wall()-began, p.Each*time.Duration(inCommon(both))
		more := affordable(took, n, budget)
		if more > 0 {
			p.Say(fmt.Sprintf("building %d layouts more, of %.2g s each", more, took.Seconds()/float64(n)))
		}
		if err := p.link(ctx, both, source.layouts, seeds[source.layouts:source.layouts+more]); err != nil {
			return err
		}
		source.layouts += more
	}
	for _, s := range both {
		if err := p.keep(s); err != nil {
			return err
		}
	}
	for _, s := range both {
		p.onOneSide(s, both)
	}
	return nil
}

// affordable is how many layouts more the budget can take, after n took so long.
func affordable(took time.Duration, n int, budget time.Duration) int {
	each := max(took/time.Duration(n), time.Millisecond)
	return min(mostLayouts-autoLayouts, int(layoutsShare*float64(budget)/float64(each)))
}

// inCommon is how many functions both sides have that can be compared.
func inCommon(both []*side) (n int) {
	for _, a := range both[0].packages {
		for _, b := range both[1].packages {
			if a.Path != b.Path || len(both[0].built[a.Path]) == 0 || len(both[1].built[b.Path]) == 0 {
				continue
			}
			for _, name := range a.Benchmarks {
				if slices.Contains(b.Benchmarks, name) {
					n++
				}
			}
		}
	}
	return n
}

// link adds a layout for each seed to both sides, of the packages that build so
// far. from is the number of layouts there are.
func (p *preparation) link(ctx context.Context, both []*side, from int, seeds []int) error {
	if len(seeds) == 0 {
		return nil
	}
	var wait sync.WaitGroup
	var errs [2]error
	for i, s := range both {
		packages := slices.DeleteFunc(slices.Clone(s.packages), func(pkg build.Package) bool { return s.broken[pkg.Path] != "" })
		wait.Go(func() {
			root := filepath.Join(p.out.Source.scratch, s.name)
			built, broken, err := build.Tests(ctx, build.Request{
				Dir: s.dir, Flags: p.flags, Overlay: s.overlay, Packages: packages,
				Out: filepath.Join(root, fmt.Sprint("bin", from)), Temp: filepath.Join(root, "go"), Seeds: seeds,
			})
			for pkg, paths := range built {
				s.built[pkg] = append(s.built[pkg], paths...)
			}
			maps.Copy(s.broken, broken)
			errs[i] = err
		})
	}
	wait.Wait()
	return cmp.Or(errs[0], errs[1])
}
