package suffix

import (
	"bytes"
	"strings"

	"assay/runner/lab"
)

// materialised is the answer as found: get all terms, then see which match.
type materialised struct{ dictionary }

func newMaterialised(*lab.Env) (Index, error) { return &materialised{}, nil }

// found is a term as the query handed it on.
type found struct {
	term string
	doc  uint32
}

func (m *materialised) EndsWith(suffix string, visit func(doc uint32)) int {
	var all []found
	for i, doc := range m.docs {
		all = append(all, found{string(m.term(i)), doc})
	}
	for i := range all {
		if strings.HasSuffix(all[i].term, suffix) {
			visit(all[i].doc)
		}
	}
	return len(all)
}

func (*materialised) ExtraBytes() int { return 0 }

// streamed looks at one term after the other and keeps none.
type streamed struct{ dictionary }

func newStreamed(*lab.Env) (Index, error) { return &streamed{}, nil }

func (s *streamed) EndsWith(suffix string, visit func(doc uint32)) int {
	start, n := uint32(0), uint32(len(suffix))
	for i, end := range s.ends {
		if end-start >= n && string(s.text[end-n:end]) == suffix {
			visit(s.docs[i])
		}
		start = end
	}
	return len(s.ends)
}

func (*streamed) ExtraBytes() int { return 0 }

// flagged knows one question when it is built and keeps its answer; any other
// it answers by streaming.
type flagged struct {
	streamed
	known string
	docs  []uint32
}

func newFlagged(*lab.Env) (Index, error) { return &flagged{known: known}, nil }

func (f *flagged) Build(terms []string) error {
	if err := f.streamed.Build(terms); err != nil {
		return err
	}
	f.docs = nil
	for i, doc := range f.streamed.docs {
		if bytes.HasSuffix(f.term(i), []byte(f.known)) {
			f.docs = append(f.docs, doc)
		}
	}
	return nil
}

func (f *flagged) EndsWith(suffix string, visit func(doc uint32)) int {
	if suffix != f.known {
		return f.streamed.EndsWith(suffix, visit)
	}
	for _, doc := range f.docs {
		visit(doc)
	}
	return len(f.docs)
}

func (f *flagged) ExtraBytes() int { return 4 * len(f.docs) }
