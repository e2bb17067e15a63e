package web

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/google/pprof/driver"
	"github.com/google/pprof/profile"
)

// source hands the driver the profiles by name.
type source struct{ view View }

func (s source) Fetch(name string, _, _ time.Duration) (*profile.Profile, string, error) {
	switch {
	case name == "variant":
		return s.view.Profile.Copy(), name, nil
	case name == "base" && s.view.Base != nil:
		return s.view.Base.Copy(), name, nil
	}
	return nil, "", fmt.Errorf("there is no profile %q", name)
}

// flags are a command line that is already parsed.
type flags struct {
	set  map[string]string
	args []string
}

func (f *flags) Bool(name string, or bool, _ string) *bool {
	x := or
	if text, ok := f.set[name]; ok {
		x = text == "true"
	}
	return &x
}

func (f *flags) Int(name string, or int, _ string) *int {
	x := or
	if n, err := strconv.Atoi(f.set[name]); err == nil {
		x = n
	}
	return &x
}

func (f *flags) Float64(_ string, or float64, _ string) *float64 { return &or }

func (f *flags) String(name, or, _ string) *string {
	if text, ok := f.set[name]; ok {
		return &text
	}
	return &or
}

func (f *flags) StringList(name, or, usage string) *[]*string {
	return &[]*string{f.String(name, or, usage)}
}

func (f *flags) ExtraUsage() string { return "" }

func (f *flags) AddExtraUsage(string) {}

func (f *flags) Parse(func()) []string { return f.args }

// silent is a user interface that says nothing: the caller has said it.
type silent struct{ browser bool }

func (*silent) ReadLine(string) (string, error) { return "", io.EOF }

func (*silent) Print(...any) {}

func (*silent) PrintErr(...any) {}

func (*silent) IsTerminal() bool { return false }

func (s *silent) WantBrowser() bool { return s.browser }

func (*silent) SetAutoComplete(func(string) string) {}

// noSymbols leaves profiles as they are.
type noSymbols struct{}

func (noSymbols) Symbolize(string, driver.MappingSources, *profile.Profile) error { return nil }

// noObjects knows no binaries.
type noObjects struct{}

var errNoObjects = errors.New("the binaries of a run are gone: `assay profile code` shows machine code")

func (noObjects) Open(string, uint64, uint64, uint64, string) (driver.ObjFile, error) {
	return nil, errNoObjects
}

func (noObjects) Disasm(string, uint64, uint64, bool) ([]driver.Inst, error) {
	return nil, errNoObjects
}

// nowhere is where the driver may write files.
type nowhere struct{}

func (nowhere) Open(name string) (io.WriteCloser, error) {
	return nil, fmt.Errorf("%s: the web view writes no files", name)
}
