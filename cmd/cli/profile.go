package cli

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"assay/profiles/why"
	"assay/runner/plan"
	"assay/runner/result"
	"assay/runner/samples"
	"assay/workloads"
)

// profileFlags say which profiles of a run are meant.
type profileFlags struct {
	op, workload, kind string
	n                  int
	json               bool
}

func newProfile(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:   "profile",
		Short: "Show where the time of a stored run goes, and why variants differ",
		Long: "Reads the profiles that `assay run --profile` or `assay ab --profile` left in a\n" +
			"results folder. Everything is per operation.",
		Example: "  assay profile top results/latest --op page/get-hit\n" +
			"  assay profile diff results/latest nibble raw --op page/get-hit\n" +
			"  assay profile flame results/latest nibble raw --op page/get-hit --out why.html",
		Args: func(c *cobra.Command, args []string) error { return unknownVerb(c, args) },
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(newProfileTop(a), newProfileDiff(a), newProfileFlame(a), newProfileWeb(a), newProfileCode(a))
	return c
}

// register adds the flags that every verb on stored profiles has.
func (f *profileFlags) register(c *cobra.Command) {
	flags := c.Flags()
	flags.StringVar(&f.op, "op", "", "the `OPERATION`, such as get-hit or page/get-hit, where the run profiled several")
	flags.StringVar(&f.workload, "workload", "", "the `SPEC` of the workload, where the operation was profiled under several")
	flags.StringVar(&f.kind, "kind", "", "the profile: cpu, heap, allocs, mutex or block (default: the first that the run has)")
}

// registerRanked adds those of verbs that rank functions.
func (f *profileFlags) registerRanked(c *cobra.Command) {
	f.register(c)
	c.Flags().IntVar(&f.n, "n", 15, "functions to show (--json: default all)")
	jsonFlag(c.Flags(), &f.json, "JSON")
}

// most is how many functions are wanted: a table is cut short, JSON is whole
// unless a number was given.
func (f *profileFlags) most(c *cobra.Command) int {
	if f.json && !c.Flags().Changed("n") {
		return math.MaxInt
	}
	return max(0, f.n)
}

// runAndVariants checks the arguments of a verb: RUN [VARIANT [BASE]].
func runAndVariants(most int) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) == 0 || len(args) > most {
			return fmt.Errorf("%s takes a results folder, such as results/latest%s", c.CommandPath(), []string{"", "", ", and a variant", ", a variant and its base"}[most])
		}
		return nil
	}
}

// stored is one operation of a stored run, as profiled.
type stored struct {
	run   *samples.Run
	found result.Result
	store *why.Store
	group int
	kind  string
	arms  []string // that were profiled, the base first
}

func (s stored) plan() plan.Group { return s.run.Plan.Groups[s.group] }

// title names what is shown: "page/get-hit realistic".
func (s stored) title() string {
	return strings.TrimSpace(s.plan().Family + "/" + s.plan().Op + " " + s.plan().Workload)
}

// stored opens a run and finds the operation and the kind that are meant.
func (a *app) stored(dir string, f profileFlags) (stored, error) {
	run, err := samples.Open(dir)
	if err != nil {
		return stored{}, err
	}
	s := stored{run: run, kind: f.kind}
	kinds := kindsOf(run)
	switch {
	case len(kinds) == 0:
		return s, fmt.Errorf("%s holds no profiles: measure again with --profile cpu", dir)
	case s.kind == "":
		s.kind = kinds[0]
	case !slices.Contains(kinds, s.kind):
		if s.kind == "trace" {
			return s, errors.New("an execution trace has no functions to rank: open its file with `go tool trace`")
		}
		if !slices.Contains((plan.Profiles{}).Kinds(), s.kind) {
			return s, fmt.Errorf("unknown profile %q%s", s.kind, suggestFrom(s.kind, kinds))
		}
		return s, fmt.Errorf("%s holds no %s profiles, only %s: measure again with --profile %s", dir, s.kind, strings.Join(kinds, ", "), s.kind)
	}
	if s.group, err = groupOf(run, f, s.kind); err != nil {
		return s, err
	}
	if s.found, err = a.analyse(run); err != nil {
		return s, err
	}
	s.store = why.Open(run, s.found)
	for _, arm := range s.plan().Arms {
		if len(s.store.Passes(s.group, arm.Name, s.kind)) > 0 {
			s.arms = append(s.arms, arm.Name)
		}
	}
	if len(s.arms) == 0 {
		return s, fmt.Errorf("the profiles of %s do not tell restarts apart: an older assay took them; measure again", dir)
	}
	return s, nil
}

// kindsOf are the kinds of profile that a run has and that rank functions.
func kindsOf(run *samples.Run) []string {
	var kinds []string
	for _, kind := range (plan.Profiles{}).Kinds() {
		if kind != "trace" && slices.ContainsFunc(run.Profiles, func(p samples.Profiled) bool { return p.Kind == kind }) {
			kinds = append(kinds, kind)
		}
	}
	return kinds
}

// groupOf finds the one group that the flags mean.
func groupOf(run *samples.Run, f profileFlags, kind string) (int, error) {
	var meant []int
	var ops, workloads []string
	for i, g := range run.Plan.Groups {
		if !slices.ContainsFunc(run.Profiles, func(p samples.Profiled) bool { return p.Group == i && p.Kind == kind }) {
			continue
		}
		name := g.Family + "/" + g.Op
		if !slices.Contains(ops, name) {
			ops = append(ops, name)
		}
		if f.op != "" && f.op != g.Op && f.op != name {
			continue
		}
		if !slices.Contains(workloads, g.Workload) {
			workloads = append(workloads, g.Workload)
		}
		if f.workload == "" || f.workload == g.Workload {
			meant = append(meant, i)
		}
	}
	switch {
	case len(meant) == 1:
		return meant[0], nil
	case len(workloads) == 0:
		return 0, fmt.Errorf("no operation %q was profiled%s", f.op, suggestFrom(f.op, ops))
	case len(meant) == 0:
		return 0, fmt.Errorf("workload %q was not profiled%s", f.workload, suggestFrom(f.workload, workloads))
	case f.op == "" && len(ops) > 1:
		return 0, fmt.Errorf("the run profiled %d operations: name one, such as --op %s", len(ops), ops[0])
	case len(workloads) > 1:
		return 0, fmt.Errorf("the operation was profiled under %d workloads: name one, such as --workload %s", len(workloads), workloads[0])
	}
	return 0, fmt.Errorf("several families have an operation %q: name one, such as --op %s/%s", f.op, run.Plan.Groups[meant[0]].Family, f.op)
}

// suggestFrom names the nearest word, or the first few where none is near.
func suggestFrom(word string, words []string) string {
	if near := workloads.Nearest(word, words); near != "" {
		return fmt.Sprintf(": did you mean %q?", near)
	}
	some := words[:min(6, len(words))]
	return ": choose from " + strings.Join(some, ", ") + map[bool]string{true: " and more"}[len(words) > len(some)]
}

// arm finds a profiled variant by its name.
func (s stored) arm(name string) (string, error) {
	if slices.Contains(s.arms, name) {
		return name, nil
	}
	return "", fmt.Errorf("no %s profile of variant %q in %s%s", s.kind, name, s.title(), suggestFrom(name, s.arms))
}

// pair finds the two sides of a difference: VARIANT [BASE], and where the
// operation has only two, neither need be named.
func (s stored) pair(args []string) (base, variant string, err error) {
	base = s.plan().Base
	if len(args) > 1 {
		base = args[1]
	}
	if base, err = s.arm(base); err != nil {
		return "", "", err
	}
	if len(args) == 0 {
		others := slices.DeleteFunc(slices.Clone(s.arms), func(x string) bool { return x == base })
		if len(others) != 1 {
			return "", "", fmt.Errorf("%s was profiled for %d variants: name the one to compare with %s: %s", s.title(), len(s.arms), base, strings.Join(others, ", "))
		}
		return base, others[0], nil
	}
	variant, err = s.arm(args[0])
	if err == nil && variant == base {
		err = fmt.Errorf("%s is the base itself: name another variant, or another base behind it", variant)
	}
	return base, variant, err
}

// sides is VARIANT [BASE] for a picture of one side or of two: without any it
// is the base of the run alone.
func (s stored) sides(args []string) (base, variant string, err error) {
	switch len(args) {
	case 2:
		return s.pair(args)
	case 1:
		variant, err = s.arm(args[0])
	default:
		variant, err = s.arm(s.plan().Base)
	}
	return "", variant, err
}
