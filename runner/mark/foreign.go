package mark

import (
	"embed"
	"strings"
)

//go:embed valgrind_amd64.s
var assembly embed.FS

// ForeignRequest is the text of the assembly code by which a program on amd64
// that cannot import this package asks Valgrind, with the function's name there.
func ForeignRequest(function string) (string, error) {
	text, err := assembly.ReadFile("valgrind_amd64.s")
	return strings.ReplaceAll(string(text), "clientRequest", function), err
}
