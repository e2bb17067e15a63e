package gate

import "strings"

// matches reports whether a pattern means a name, as a whole or up to one of
// its slashes: page/fill means every variant of that operation. A star stands
// for any text, slashes too, because the import path of a package has as many
// as it likes; a question mark stands for one character.
func matches(pattern, name string) bool {
	if glob(pattern, name) {
		return true
	}
	for i := range len(name) {
		if name[i] == '/' && glob(pattern, name[:i]) {
			return true
		}
	}
	return false
}

// glob matches the whole text. It remembers only the last star: an earlier one
// need not take more once a later one was reached, so the work stays below
// len(pattern) times len(text).
func glob(pattern, text string) bool {
	p, t := []rune(pattern), []rune(text)
	i, star, resume := 0, -1, 0
	for k := 0; k < len(t); {
		switch {
		case i < len(p) && p[i] == '*':
			star, resume = i, k
			i++
		case i < len(p) && (p[i] == '?' || p[i] == t[k]):
			i++
			k++
		case star >= 0:
			resume++
			i, k = star+1, resume
		default:
			return false
		}
	}
	return strings.Trim(string(p[i:]), "*") == ""
}
