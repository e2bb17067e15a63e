package ci

import (
	"encoding/xml"
	"fmt"
	"io"

	"assay/runner/gate"
)

// The elements of a JUnit file, as far as readers agree on them. Times are 0:
// how long judging took is nobody's question, and some readers want the
// attribute.
type suites struct {
	XMLName xml.Name `xml:"testsuites"`
	counts
	Suites []suite `xml:"testsuite"`
}

type suite struct {
	Name string `xml:"name,attr"`
	counts
	Cases []testcase `xml:"testcase"`
}

type counts struct {
	Tests    int `xml:"tests,attr"`
	Failures int `xml:"failures,attr"`
	Errors   int `xml:"errors,attr"`
	Skipped  int `xml:"skipped,attr"`
	Time     int `xml:"time,attr"`
}

type testcase struct {
	Class   string  `xml:"classname,attr"`
	Name    string  `xml:"name,attr"`
	File    string  `xml:"file,attr,omitempty"`
	Line    int     `xml:"line,attr,omitempty"`
	Time    int     `xml:"time,attr"`
	Failure *remark `xml:"failure"`
	Error   *remark `xml:"error"`
	Skipped *remark `xml:"skipped"`
	Out     string  `xml:"system-out,omitempty"`
}

type remark struct {
	Kind    string `xml:"type,attr,omitempty"`
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

// JUnit writes the report as a JUnit file: a regression is a failure, what is
// missing or could not be judged an error, what stayed undecided or is new is
// skipped. An error is that of the writer.
func JUnit(w io.Writer, r gate.Report) error {
	s := suite{Name: "assay gate"}
	for _, p := range r.Problems {
		s.add(testcase{
			Class: p.Family, Name: p.Kind + ": " + p.Name, File: p.Place.File, Line: p.Place.Line,
			Error: &remark{p.Kind, p.Text, p.Text},
		})
	}
	for _, x := range r.Rows {
		c := testcase{Class: x.Family, Name: x.Name + ": " + x.Unit, File: x.Place.File, Line: x.Place.Line}
		m := &remark{x.Status, x.Text, x.Text}
		switch x.Status {
		case "regression":
			c.Failure = m
		case "missing":
			c.Error = m
		case "undecided", "new":
			m.Kind = "" // a reason to skip has no type
			c.Skipped = m
		default:
			c.Out = x.Text
		}
		s.add(c)
	}
	data, err := xml.MarshalIndent(suites{counts: s.counts, Suites: []suite{s}}, "", " ")
	if err != nil {
		return fmt.Errorf("junit: %w", err)
	}
	_, err = io.WriteString(w, xml.Header+string(data)+"\n")
	return err
}

func (s *suite) add(c testcase) {
	s.Tests++
	switch {
	case c.Failure != nil:
		s.Failures++
	case c.Error != nil:
		s.Errors++
	case c.Skipped != nil:
		s.Skipped++
	}
	s.Cases = append(s.Cases, c)
}
