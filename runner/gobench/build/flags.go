package build

import (
	"fmt"
	"slices"
	"strings"
)

// Flags are the user's words after --, sorted into those that build the test
// binary and those that it takes when it runs.
type Flags struct {
	Build []string // for go list and go test -c, -ldflags and -args left out
	Link  string   // the value of -ldflags
	Run   []string // for the test binary: -test.short, ..., then what followed -args
	CPUs  []string // of -cpu; empty: as many as there are
}

// ours are the flags of go test that this program decides itself.
var ours = map[string]string{
	"bench": "--bench REGEXP", "benchtime": "--budget DURATION", "count": "--budget DURATION", "timeout": "--patience DURATION",
	"cpuprofile": "--profile cpu", "memprofile": "--profile heap", "run": "", "c": "", "o": "", "json": "", "overlay": "",
	"exec": "", "fuzz": "", "list": "", "i": "", "benchmem": "", "blockprofile": "", "mutexprofile": "", "trace": "",
	"coverprofile": "", "vet": "", "n": "",
}

// run are the flags of go test that the test binary takes, with whether a value follows.
var run = map[string]bool{
	"short": false, "v": false, "failfast": false, "fullpath": false, "parallel": true, "shuffle": true, "skip": true,
}

// switches are build flags without a value.
var switches = []string{"a", "race", "msan", "asan", "cover", "trimpath", "modcacherw", "linkshared", "work", "x", "v", "buildvcs"}

// ParseFlags sorts the words after --.
func ParseFlags(words []string) (Flags, error) {
	var f Flags
	for i := 0; i < len(words); i++ {
		word := words[i]
		name, value, has := strings.Cut(strings.TrimLeft(word, "-"), "=")
		name = strings.TrimPrefix(name, "test.")
		if !strings.HasPrefix(word, "-") || name == "" {
			return f, fmt.Errorf("%q after -- is no flag: packages go before --", word)
		}
		if name == "args" {
			f.Run = append(f.Run, words[i+1:]...)
			return f, nil
		}
		if instead, taken := ours[name]; taken {
			if instead == "" {
				return f, fmt.Errorf("-%s after -- cannot be combined with comparing: leave it out", name)
			}
			return f, fmt.Errorf("-%s after -- is decided by assay: say %s instead", name, instead)
		}
		needs, isRun := run[name]
		if !isRun {
			needs = !slices.Contains(switches, name)
		}
		if needs && !has {
			if i++; i >= len(words) {
				return f, fmt.Errorf("-%s after -- lacks its value", name)
			}
			value, has = words[i], true
		}
		f.add(name, value, has, isRun)
	}
	return f, nil
}

func (f *Flags) add(name, value string, has, isRun bool) {
	text := "-" + name
	if has {
		text += "=" + value
	}
	switch {
	case name == "cpu":
		f.CPUs = strings.Split(value, ",")
	case name == "ldflags":
		f.Link = value
	case isRun:
		f.Run = append(f.Run, "-test."+strings.TrimPrefix(text, "-"))
	default:
		f.Build = append(f.Build, text)
	}
}
