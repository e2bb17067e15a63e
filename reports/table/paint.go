package table

import "strings"

// Paint wraps a text in the ANSI colour of its tone; Plain stays as it is. The
// eight basic colours are used so that the reader's own theme decides the shade.
func Paint(s string, t Tone) string {
	codes := [...]string{Plain: "", Good: "\x1b[32m", Bad: "\x1b[31m", Dim: "\x1b[2m", Loud: "\x1b[1;31m"}
	if int(t) < 0 || int(t) >= len(codes) || codes[t] == "" {
		return s
	}
	return codes[t] + s + "\x1b[0m"
}

// Escape makes a text safe inside Markdown, also inside a pipe table: a name
// must not end a cell, open a tag, start a link, an image or a mention.
// Characters that Markdown reads only at the start of a line are left alone,
// because no text here starts one.
func Escape(s string) string { return escaped.Replace(s) }

// escaped is made once: a table asks for it in every cell.
var escaped = strings.NewReplacer(
	`\`, `\\`, "|", `\|`, "`", "\\`", "*", `\*`, "_", `\_`, "~", `\~`,
	"[", `\[`, "]", `\]`, "<", "&lt;", ">", "&gt;", "&", "&amp;",
	"@", "@\u2060", "#", `\#`, "\n", " ", "\r", " ",
)
