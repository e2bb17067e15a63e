// Package cli is the command line of assay, one file per verb. A program of
// your own with variants of your own calls [Main] with its families.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"slices"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"golang.org/x/term"

	"assay/runner/clock"
	"assay/runner/lab"
	"assay/runner/selftest"
	"assay/workloads"
)

// Exit codes of every verb.
const (
	exitPass        = 0
	exitRegression  = 1 // confirmed, or a variant that answers wrongly
	exitError       = 2 // usage, build or harness error, rows missing
	exitUndecided   = 3 // only with --strict
	exitInterrupted = 130
)

// Surroundings are what the commands touch of the outside world.
type Surroundings struct {
	In       io.Reader
	Out, Err io.Writer
	Clock    clock.Clock
	Root     string // of the file system that describes the host
	Source   string // a file of the main package, for builds with other layouts
}

// System returns the surroundings of a real process. Call it in main itself:
// the file it is called from is where builds with other layouts start from.
func System() Surroundings {
	_, caller, _, _ := runtime.Caller(1)
	return Surroundings{In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Clock: clock.System(), Root: "/", Source: caller}
}

// exit is an error that knows its exit code. A nil cause prints nothing: the
// output has said it already.
type exit struct {
	code  int
	cause error
}

func (e exit) Error() string {
	if e.cause == nil {
		return ""
	}
	return e.cause.Error()
}

func (e exit) Unwrap() error { return e.cause }

// Main runs one command of assay over the given families and returns its exit code.
func Main(rooms []lab.Room, args []string, s Surroundings) int {
	ctx, stop := signal.NotifyContext(context.Background(), endings()...)
	defer stop()
	a := &app{Surroundings: s, rooms: append(slices.Clip(rooms), selftest.Room()), commands: s.Err}
	if onActions() {
		out, say := &guard{to: s.Out}, &guard{to: s.Err}
		defer out.flush()
		defer say.flush()
		a.Out, a.Err = out, say
	}
	root := newRoot(a)
	root.SetArgs(args)
	root.SetIn(s.In)
	root.SetOut(a.Out)
	root.SetErr(a.Err)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitPass
	}
	code := exitError
	var e exit
	if errors.As(err, &e) {
		code = e.code
	} else if ctx.Err() != nil {
		code = exitInterrupted
	}
	if errors.Is(err, context.Canceled) && ctx.Err() != nil {
		err = errors.New("interrupted")
	}
	if text := firstLine(err.Error()); text != "" {
		fmt.Fprintf(a.Err, "assay: %s\n", text)
	}
	return code
}

// endings are the signals that end a command in order, with what it has kept and
// its scratch files removed. A terminal that goes away is one, but under nohup,
// which ignores it, it shall stay so.
func endings() []os.Signal {
	list := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) {
		list = append(list, syscall.SIGHUP)
	}
	return list
}

// app is what the verbs share.
type app struct {
	Surroundings
	rooms    []lab.Room
	commands io.Writer // where a runner that reads the log finds what it shall obey
}

func newRoot(a *app) *cobra.Command {
	root := &cobra.Command{
		Use:   "assay",
		Short: "A laboratory for storage-engine choices",
		Long: "assay compares interchangeable variants of storage-engine parts and says which\n" +
			"wins, by how much, how sure it is, and why.",
		Example:           "  assay list\n  assay run page/get-hit --variants raw,nibble --budget 10s\n  assay report results/latest",
		SilenceUsage:      true,
		SilenceErrors:     true,
		CompletionOptions: cobra.CompletionOptions{HiddenDefaultCmd: true},
		Args:              func(c *cobra.Command, args []string) error { return unknownVerb(c, args) },
		RunE:              func(c *cobra.Command, _ []string) error { return c.Help() },
		PersistentPreRunE: heard,
	}
	root.SetFlagErrorFunc(flagError)
	root.SetUsageTemplate(usage)
	root.AddCommand(
		newRun(a), newList(a), newReport(a), newCompare(a), newDoctor(a), newSelftest(a), newGate(a), newBisect(a), newProfile(a), newVersion(a),
		newWorker(a), newTraceCalls(a), newAntagonist(a), newAB(a), newWholeWorker(a),
	)
	borrowed(root)
	return root
}

// usage is cobra's template with the examples at the end, where the eye stops.
const usage = `Usage:{{if .Runnable}}
  {{.UseLine}}{{end}}{{if .HasAvailableSubCommands}}
  {{.CommandPath}} [command]

Commands:{{range .Commands}}{{if (or .IsAvailableCommand (eq .Name "help"))}}
  {{rpad .Name .NamePadding}} {{.Short}}{{end}}{{end}}{{end}}{{if .HasAvailableLocalFlags}}

Flags:
{{.LocalFlags.FlagUsages | trimTrailingWhitespaces}}{{end}}{{if .HasExample}}

Examples:
{{.Example}}{{end}}
`

// noWords is for verbs that take flags alone. A family after `assay list` is no
// command that cobra does not know.
func noWords(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return fmt.Errorf("%s takes no argument, and was given %q: `%s -h` shows what it takes", c.CommandPath(), args[0], c.CommandPath())
}

func unknownVerb(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var names []string
	for _, sub := range c.Commands() {
		if !sub.Hidden {
			names = append(names, sub.Name())
		}
	}
	return fmt.Errorf("unknown command %q%s", args[0], suggest(c, args[0], names))
}

// flagError words cobra's complaints: an unknown flag with the nearest one that
// is there, a value that cannot be read with what the flag takes.
func flagError(c *cobra.Command, err error) error {
	var bad *pflag.InvalidValueError
	if errors.As(err, &bad) {
		return badValue(bad)
	}
	word, found := strings.CutPrefix(err.Error(), "unknown flag: --")
	if !found {
		return err
	}
	if near := workloads.Nearest(word, flagNames(c)); near != "" {
		return fmt.Errorf("unknown flag --%s: did you mean --%s?", word, near)
	}
	return fmt.Errorf("unknown flag --%s: `%s -h` shows what there is", word, c.CommandPath())
}

// suggest is the nearest command, or where the commands of c are listed.
func suggest(c *cobra.Command, word string, words []string) string {
	if near := workloads.Nearest(word, words); near != "" {
		return fmt.Sprintf(": did you mean %q?", near)
	}
	return fmt.Sprintf(": `%s -h` shows what there is", c.CommandPath())
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

// isTerminal reports whether w is a terminal.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// colour follows the terminal and NO_COLOR.
func colour(w io.Writer) bool { return isTerminal(w) && os.Getenv("NO_COLOR") == "" }

// width is that of the terminal, or 100.
func width(w io.Writer) int {
	if f, ok := w.(*os.File); ok {
		if n, _, err := term.GetSize(int(f.Fd())); err == nil && n > 0 {
			return n
		}
	}
	return 100
}
