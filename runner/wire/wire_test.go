package wire_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"assay/runner/wire"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// TestGrammarIsTheGoldenOne holds every line of the protocol, good and bad, to
// testdata/grammar.golden.txt, which a person who writes another worker can read.
func TestGrammarIsTheGoldenOne(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	show := func(side, line string, got any, err error) {
		fmt.Fprintf(&out, "%-6s %q\n", side, line)
		if err != nil {
			fmt.Fprintf(&out, "       error: %v\n", err)
			return
		}
		fmt.Fprintf(&out, "       %+v\n", got)
	}
	for _, args := range []string{
		"0 0 1", "0 2 30 1 2 30 1 2 30 0 2 30", " 1  0\t7 ", "0 1073741824 1073741824",
		"", "0 0", "0 0 1 1", "2 0 1", "-1 0 1", "0 -1 1", "0 0 0", "0 0 1073741825", "0 1073741825 1",
		"0 0 x", "0 0 1.5", "0 0 9223372036854775808", "0 0 0x10", "0 0 1_000",
	} {
		got, err := wire.ParseRun(args, 2)
		show(wire.Run, args, got, err)
	}
	for _, args := range []string{
		"0 256 400000 399000 410000 0", "3 1 0 0 0 0",
		"", "0 256 1 1 1", "0 256 1 1 1 0 0", "0 0 1 1 1 0", "-1 256 1 1 1 0", "0 -256 1 1 1 0",
		"0 256 -1 1 1 0", "0 256 1 -1 1 0", "0 256 1 1 -1 0", "0 256 1 1 1 -1", "0 256 1e6 1 1 0",
	} {
		got, err := wire.ParseTiming(args)
		show(wire.Timed, args, got, err)
	}
	for _, args := range []string{"940 871", "", "940 many", strings.Repeat("9", 60)} {
		got, err := wire.Integers(args)
		show(wire.Ready, args, got, err)
	}
	compareGolden(t, "grammar.golden.txt", out.String())
}

func compareGolden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v: run the test with -update and review the file", err)
	}
	if got != string(want) {
		t.Errorf("%s differs: run the test with -update and review the change\n%s", path, got)
	}
}

func TestCutSplitsVerbFromArguments(t *testing.T) {
	t.Parallel()
	for _, c := range [][3]string{
		{"slice 0 1\n", "slice", "0 1"},
		{"ok\r\n", "ok", ""},
		{"ok", "ok", ""},
		{"fail \"a b\"\n", "fail", "\"a b\""},
		{"", "", ""},
		{" ok\n", "", "ok"},
	} {
		if verb, args := wire.Cut(c[0]); verb != c[1] || args != c[2] {
			t.Errorf("Cut(%q) = %q, %q; want %q, %q", c[0], verb, args, c[1], c[2])
		}
	}
}

func TestErrorsAreOneShortLineWhateverTheInput(t *testing.T) {
	t.Parallel()
	for _, args := range []string{strings.Repeat("x", 1<<16), "0 \x00\xff 1", "1\n2 3"} {
		for _, err := range []error{second(wire.ParseRun(args, 2)), second(wire.ParseTiming(args)), second(wire.Integers(args))} {
			if err == nil {
				continue // Integers takes any white space
			}
			if text := err.Error(); len(text) > 200 || strings.ContainsAny(text, "\n\x00") {
				t.Errorf("arguments %.20q give the error %.300q", args, text)
			}
		}
	}
}

func second[T any](_ T, err error) error { return err }

func FuzzParseRunRoundTrips(f *testing.F) {
	f.Add("0 0 1", 1)
	f.Add("0 2 30 1 2 30", 2)
	f.Add("0 0 9223372036854775807", 3)
	f.Add("\x00 -", 0)
	f.Fuzz(func(t *testing.T, args string, arms int) {
		slices, err := wire.ParseRun(args, arms)
		if err != nil {
			return
		}
		for _, s := range slices {
			if s.Arm < 0 || s.Arm >= arms || s.Warm < 0 || s.Batches < 1 || (s.Warm+s.Batches)*(1<<20) < 0 {
				t.Fatalf("%q gives slice %+v of %d arms", args, s, arms)
			}
		}
		verb, rest := wire.Cut(wire.FormatRun(slices))
		again, err := wire.ParseRun(rest, arms)
		if verb != wire.Run || err != nil || !reflect.DeepEqual(again, slices) {
			t.Fatalf("%v reads back as %v, %v", slices, again, err)
		}
	})
}

func FuzzParseTimingRoundTrips(f *testing.F) {
	f.Add("0 256 400000 399000 410000 0")
	f.Add("0 0 0 0 0 0")
	f.Add("9223372036854775807 1 1 1 1 1")
	f.Add("slice 1 2")
	f.Fuzz(func(t *testing.T, args string) {
		timing, err := wire.ParseTiming(args)
		if err != nil {
			return
		}
		if timing.Arm < 0 || timing.Ops < 1 || min(timing.Wall, timing.Thread, timing.Process, timing.Switches) < 0 {
			t.Fatalf("%q gives %+v", args, timing)
		}
		line := string(wire.AppendTiming(nil, timing))
		verb, rest := wire.Cut(line)
		again, err := wire.ParseTiming(rest)
		if verb != wire.Timed || !strings.HasSuffix(line, "\n") || err != nil || again != timing {
			t.Fatalf("%+v reads back as %+v, %v", timing, again, err)
		}
	})
}

func FuzzIntegersReadsWhatItAccepts(f *testing.F) {
	f.Add("940 871")
	f.Add("-1 +1 00")
	f.Add("1\u20032")
	f.Fuzz(func(t *testing.T, args string) {
		xs, err := wire.Integers(args)
		if err != nil {
			return
		}
		again, err := wire.Integers(strings.Trim(fmt.Sprint(xs), "[]"))
		if err != nil || !reflect.DeepEqual(again, xs) {
			t.Fatalf("%q gives %v, which reads back as %v, %v", args, xs, again, err)
		}
	})
}

func TestTimingsAreRenderedWithoutAllocating(t *testing.T) { // not parallel: AllocsPerRun counts the whole process
	line := make([]byte, 0, 256)
	timing := wire.Timing{Arm: 3, Ops: 1 << 40, Wall: 1 << 50, Thread: 1, Process: 2, Switches: 3}
	if n := testing.AllocsPerRun(100, func() { line = wire.AppendTiming(line[:0], timing) }); n != 0 {
		t.Errorf("AppendTiming allocates %v times", n)
	}
}
