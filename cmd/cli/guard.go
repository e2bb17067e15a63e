package cli

import (
	"bytes"
	"io"
	"os"

	"assay/runner/gate/ci"
)

// onActions says whether a runner reads the log for commands.
func onActions() bool { return os.Getenv("GITHUB_ACTIONS") == "true" }

// guard keeps names from outside, in whatever a command prints, from being
// obeyed by such a runner. It holds back the line that is not finished.
type guard struct {
	to      io.Writer
	json    bool // the output is a JSON document: its strings keep their meaning
	begun   bool
	pending []byte
}

func (g *guard) Write(p []byte) (int, error) {
	if !g.begun && len(p) > 0 {
		g.begun, g.json = true, p[0] == '{'
	}
	g.pending = append(g.pending, p...)
	end := bytes.LastIndexByte(g.pending, '\n') + 1
	if end == 0 {
		return len(p), nil
	}
	whole := g.pending[:end]
	_, err := io.WriteString(g.to, g.text(whole))
	g.pending = append(g.pending[:0], g.pending[end:]...)
	return len(p), err
}

// text is what may be printed. In a JSON document "##[" occurs within strings
// only, where its last character has another spelling, and no line begins with
// a colon.
func (g *guard) text(p []byte) string {
	if g.json {
		return string(bytes.ReplaceAll(p, []byte("##["), []byte(`##\u005b`)))
	}
	return ci.Guard(string(p))
}

// flush prints the last line, which may lack its end.
func (g *guard) flush() {
	io.WriteString(g.to, g.text(g.pending)) //nolint:errcheck // like any print to a terminal
	g.pending = nil
}
