package build

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

func TestFlagsAfterTheDashesGoWhereTheyBelong(t *testing.T) {
	t.Parallel()
	got, err := ParseFlags(strings.Fields("-tags a,b -race -cpu=1,2 -short --ldflags=-s -gcflags all=-l -v -parallel 3 -args x -y"))
	want := Flags{
		Build: []string{"-tags=a,b", "-race", "-gcflags=all=-l"}, Link: "-s",
		Run: []string{"-test.short", "-test.v", "-test.parallel=3", "x", "-y"}, CPUs: []string{"1", "2"},
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, %v\nwant %+v", got, err, want)
	}
	for words, want := range map[string]string{
		"-count=3":      "say --budget",
		"-bench x":      "say --bench",
		"-run x":        "leave it out",
		"-test.count 2": "say --budget",
		"./pkg":         "packages go before --",
		"-tags":         "lacks its value",
		"-":             "is no flag",
	} {
		if _, err := ParseFlags(strings.Fields(words)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want %q", words, err, want)
		}
	}
}

func FuzzParseFlagsNeverPanics(f *testing.F) {
	f.Add("-tags a -args -- -x")
	f.Add("-=\n--\n-cpu")
	f.Fuzz(func(t *testing.T, text string) {
		flags, err := ParseFlags(strings.Split(text, "\n"))
		for _, b := range flags.Build {
			if err == nil && !strings.HasPrefix(b, "-") {
				t.Fatalf("%q gives the build flag %q", text, b)
			}
		}
	})
}

func TestBinariesAreNamedAsGoTestNamesThem(t *testing.T) {
	t.Parallel()
	for importPath, want := range map[string]string{
		"example.com/a": "a.test", "example.com/a/v2": "a.test", "example.com/a/v1": "v1.test", "example.com/a/v0": "v0.test",
		"v2": "v2.test", "example.com/v2/x": "x.test", "example.com/a/v10": "a.test", "example.com/a/vx": "vx.test", "gopkg.in/yaml.v3": "yaml.v3.test",
	} {
		if got := strings.TrimSuffix(binaryName(importPath), ".exe"); got != want {
			t.Errorf("%s: %s, want %s", importPath, got, want)
		}
	}
}

// module writes a module with two packages of one name, one that does not
// compile and one without benchmarks.
func module(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod":         "module example.com/m\n\ngo 1.24\n",
		"x/v2/x.go":      "package x\n",
		"x/v2/x_test.go": "package x\n\nimport \"testing\"\n\nfunc BenchmarkOne(b *testing.B) {}\n\nfunc BenchmarkTwo(b *testing.B) {}\n\nfunc TestX(t *testing.T) {}\n",
		"y/x/x.go":       "package x\n",
		"y/x/x_test.go":  "package x_test\n\nimport \"testing\"\n\nfunc BenchmarkOne(b *testing.B) {}\n",
		"bad/b.go":       "package bad\n\nvar x = nonsense\n",
		"bad/b_test.go":  "package bad\n\nimport \"testing\"\n\nfunc BenchmarkOne(b *testing.B) {}\n",
		"none/n.go":      "package none\n",
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestPackagesThatDoNotBuildLeaveTheOthersAlone(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("builds programs")
	}
	dir, temp := module(t), t.TempDir()
	tools, err := Find(t.Context(), dir)
	if err != nil || tools.Root == "" || !strings.HasPrefix(tools.Version, "go") {
		t.Fatalf("toolchain %+v, %v", tools, err)
	}
	packages, broken, err := List(t.Context(), dir, Flags{}, []string{"./..."}, func(name string) bool { return name == "BenchmarkOne" })
	if err != nil || len(packages) != 3 || len(broken) != 0 || len(packages[1].Benchmarks) != 1 {
		t.Fatalf("packages %+v, broken %v, %v", packages, broken, err)
	}
	built, failed, err := Tests(t.Context(), Request{Dir: dir, Packages: packages, Out: t.TempDir(), Temp: temp, Seeds: []int{5, 6}})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(failed["example.com/m/bad"], "undefined: nonsense") || len(failed) != 1 {
		t.Errorf("failed: %v", failed)
	}
	for _, p := range []string{"example.com/m/x/v2", "example.com/m/y/x"} {
		if len(built[p]) != 2 {
			t.Fatalf("%s: binaries %v", p, built[p])
		}
		if _, err := os.Stat(built[p][0]); err != nil {
			t.Error(err)
		}
	}
	if left, err := os.ReadDir(temp); err != nil || len(left) != 0 {
		t.Errorf("left in the temporary folder: %v, %v", left, err)
	}
}

func TestAFolderOutsideAnyModuleIsAnError(t *testing.T) {
	t.Parallel()
	if _, err := Find(t.Context(), t.TempDir()); err == nil || !strings.Contains(err.Error(), "not a Go module") {
		t.Errorf("error %v", err)
	}
}
