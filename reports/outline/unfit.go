package outline

import "strings"

// unfitWords say what an unfit run is still good for. Ratios are paired: a busy
// host widens their intervals and no more. Absolute times have no such
// protection, and a control that failed takes the ratios too.
func (b *builder) unfitWords() string {
	v := b.view.Result.Control.Verdict
	if v == "faster" || v == "slower" || strings.TrimSpace(v) == "" {
		return "unfit run (the reasons are at the end): read no time as a result"
	}
	return "unfit host (the reasons are at the end): ratios and verdicts are paired and stand, absolute times do not"
}
