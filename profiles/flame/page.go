package flame

import (
	"bytes"
	"crypto/sha256"
	_ "embed" // the page, its style sheet and its script
	"encoding/base64"
	"fmt"
	"html/template"
	"math"
	"strconv"
)

//go:embed page.tmpl
var pageTemplate string

//go:embed page.css
var pageStyle string

//go:embed flame.css
var flameStyle string

//go:embed flame.js
var flameScript string

// Script is the program that draws graphs: it fills every element that has the
// attribute data-flame, which names the script element with the JSON. It sets
// no markup, loads nothing and needs no more than its own hash in a policy.
func Script() string { return flameScript }

// Style is the style sheet of what the script makes. Its colours are custom
// properties that follow the reader's light or dark scheme.
func Style() string { return flameStyle }

// tableRows is how many functions the page lists in words.
const tableRows = 30

// Page is the graph as one offline HTML file: zoom, search and keyboard work
// from file://, and without a script the table of functions remains. Its policy
// admits nothing but its own style sheet and script, by their hashes.
func (g *Graph) Page(title string) ([]byte, error) {
	data, err := g.JSON()
	if err != nil {
		return nil, err
	}
	t, err := template.New("flame").Parse(pageTemplate)
	if err != nil {
		return nil, fmt.Errorf("flame page: %w", err)
	}
	style := pageStyle + flameStyle
	var out bytes.Buffer
	err = t.Execute(&out, map[string]any{
		"Title": clean(title), "Policy": policy(style, flameScript), "Unit": g.Unit,
		"Variant": clean(g.trees[len(g.trees)-1].name), "Base": clean(g.trees[0].name), "Two": len(g.trees) > 1,
		"Total": g.rows(1, true), "Rows": g.rows(tableRows, false),
		"Style": template.CSS(style), "Script": template.JS(flameScript), "Data": template.JS(data), //nolint:gosec // ours; Data is JSON with < escaped
	})
	if err != nil {
		return nil, fmt.Errorf("flame page: %w", err)
	}
	return out.Bytes(), nil
}

// policy admits one style sheet and one script and nothing else from anywhere.
func policy(style, script string) string {
	return "default-src 'none'; style-src '" + hash(style) + "'; script-src '" + hash(script) + "'; base-uri 'none'; form-action 'none'"
}

func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

// row is a line of the page's table.
type row struct{ Name, Variant, Base, Change string }

// rows lists the functions in words, or their sum.
func (g *Graph) rows(most int, sum bool) []row {
	list := g.functions()
	if sum {
		list = []function{{Name: "all", Variant: g.Total(len(g.trees) - 1), Base: g.Total(0)}}
	}
	out := []row{}
	for _, f := range list[:min(most, len(list))] {
		out = append(out, row{clean(f.Name), figure(f.Variant), figure(f.Base), signed(f.Variant - f.Base)})
	}
	return out
}

// figure prints three digits without an exponent, as the script does.
func figure(x float64) string {
	decimals := 3
	switch a := math.Abs(x); {
	case a == 0:
		return "0"
	case a >= 99.95:
		decimals = 0
	case a >= 9.995:
		decimals = 1
	case a >= 0.9995:
		decimals = 2
	}
	return strconv.FormatFloat(x, 'f', decimals, 64)
}

// signed is a change with its sign, a true minus.
func signed(x float64) string {
	if x < 0 {
		return "\u2212" + figure(-x)
	}
	return "+" + figure(x)
}
