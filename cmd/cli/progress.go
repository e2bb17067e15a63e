package cli

import (
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"assay/runner"
	"assay/runner/clock"
)

// progress shows where a run stands: a bar with the time left on a terminal,
// plain lines at bounded intervals elsewhere.
type progress struct {
	out   io.Writer
	clock clock.Clock
	bars  *mpb.Progress
	bar   *mpb.Bar

	mu   sync.Mutex
	now  runner.Progress
	told told
}

// told is the last line that was printed off a terminal.
type told struct {
	any   bool
	stage string
	step  int
	at    time.Duration
}

// Off a terminal a line comes with every new stage, with every plainStep of the
// run and, as long as something happens, every plainLate; and never two within
// plainSoon.
const (
	plainStep = 0.10
	plainLate = 15 * time.Second
	plainSoon = 5 * time.Second
)

const barSteps = 1000

func newProgress(out io.Writer, clk clock.Clock) *progress {
	p := &progress{out: out, clock: clk}
	if !isTerminal(out) {
		return p
	}
	p.bars = mpb.New(mpb.WithOutput(out), mpb.WithWidth(40))
	p.bar = p.bars.AddBar(barSteps,
		mpb.BarRemoveOnComplete(),
		mpb.PrependDecorators(decor.Any(func(decor.Statistics) string { return p.label() })),
		mpb.AppendDecorators(decor.Any(func(decor.Statistics) string { return p.timeLeft() })))
	return p
}

func (p *progress) label() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return fmt.Sprintf("%-9s %-34.34s ", p.now.Stage, p.now.What)
}

func (p *progress) timeLeft() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.now.Left <= 0 {
		return ""
	}
	return fmt.Sprintf(" %s left", p.now.Left.Round(time.Second))
}

func (p *progress) show(now runner.Progress) {
	if now.Note != "" {
		p.note(now.Note)
		return
	}
	p.mu.Lock()
	p.now = now
	p.mu.Unlock()
	if p.bar != nil {
		p.bar.SetCurrent(min(barSteps-1, int64(now.Done*barSteps)))
		return
	}
	p.plain(now)
}

// plain prints where a run stands, if it is time to.
func (p *progress) plain(now runner.Progress) {
	line := told{any: true, stage: now.Stage, step: int(now.Done/plainStep + 1e-9), at: p.clock.Wall()}
	since := line.at - p.told.at
	news := line.stage != p.told.stage || line.step != p.told.step
	if p.told.any && (since < plainSoon || !news && since < plainLate) {
		return
	}
	p.told = line
	left := "time left not known yet"
	if now.Left > 0 {
		left = fmt.Sprintf("about %s left", max(time.Second, now.Left.Round(time.Second)))
	}
	fmt.Fprintf(p.out, "assay: %s %s: %.0f %%, %s\n", now.Stage, now.What, 100*now.Done, left)
}

// note tells something once, above the bar.
func (p *progress) note(text string) {
	if p.bars != nil {
		fmt.Fprintf(p.bars, "assay: %s\n", text) //nolint:errcheck // progress is best effort
		return
	}
	fmt.Fprintf(p.out, "assay: %s\n", text)
}

func (p *progress) done() {
	if p.bar == nil {
		return
	}
	p.bar.SetTotal(barSteps, true)
	p.bars.Wait()
}
