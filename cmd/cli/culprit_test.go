package cli

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"assay/profiles/perop"
	"assay/profiles/why"
	"assay/runner/lab"
	"assay/runner/samples"
)

// longVariable asks for the whole of a test that has a short form.
const longVariable = "ASSAY_LONG"

// TestTheDifferenceNamesTheKnownCulprit slows one function of a variant down,
// measures and profiles it beside the original, and asks who it was. Nobody may
// be named in its place. The long form, in each of five functions twice, asks
// that it is named in nine of ten; the short one, which runs beside whatever
// else tests a busy machine, lets the report be silent.
func TestTheDifferenceNamesTheKnownCulprit(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("measures and profiles for seconds: run without -short")
	}
	cases, may := 2, 2
	if os.Getenv(longVariable) != "" {
		cases, may = 10, 1
	}
	names := []string{"hash", "probe", "decode", "compare", "sum"}
	silent := 0
	for i := range cases {
		slow := names[(3*i)%len(names)]
		culprits, sentence := difference(t, "plain,"+slow, slow, uint64(i+1))
		if len(culprits) == 0 {
			silent++
			t.Logf("case %d: %s was slowed down, and nobody is named", i+1, slow)
			continue
		}
		if culprits[0].Function != "assay/cmd/cli."+slow {
			t.Errorf("case %d: %s was slowed down, named are %v", i+1, slow, culprits)
		}
		if sentence != "" && !strings.Contains(sentence, "in cli."+slow) {
			t.Errorf("case %d: the report says %q", i+1, sentence)
		}
	}
	if silent > may {
		t.Errorf("%d of %d culprits were not named", silent, cases)
	}
}

func TestAVariantComparedWithItselfHasNoCulprit(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("measures and profiles for seconds: run without -short")
	}
	cases := 1
	if os.Getenv(longVariable) != "" {
		cases = 10
	}
	for i := range cases {
		if culprits, sentence := difference(t, "plain,plain", "plain#2", uint64(100+i)); len(culprits) > 0 || sentence != "" {
			t.Errorf("case %d: named are %v, the report says %q", i+1, culprits, sentence)
		}
	}
}

// difference runs the fixture with a seed and returns the functions named, and
// what the report says.
func difference(t *testing.T, variants, variant string, seed uint64) (culprits []perop.Change, sentence string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "run")
	cmd := exec.Command(os.Args[0], "run", "suspects/work", "--variants", variants, "--seed", strconv.FormatUint(seed, 10),
		"--budget", "8s", "--layouts", "1", "--profile", "cpu", "--no-lock", "--out", dir)
	cmd.Env = append(os.Environ(), fixtureVariable+"=1")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", strings.Join(cmd.Args[1:], " "), err, out)
	}
	run, err := samples.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	a := &app{rooms: []lab.Room{suspects.Erase()}}
	found, err := a.analyse(run)
	if err != nil {
		t.Fatal(err)
	}
	d, err := why.Open(run, found).Diff(0, "plain", variant, "cpu")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range found.Comparisons {
		sentence += c.Why
	}
	return d.Culprits(3), sentence
}
