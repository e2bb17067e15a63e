package workloads

// Nearest returns the one of words that word is most likely a slip for, or
// "" if none is close: at most a third of its letters (at least one) may be
// inserted, dropped, replaced or swapped with a neighbour. The first of
// equally near words wins.
func Nearest(word string, words []string) string {
	nearest, least := "", max(1, len(word)/3)+1
	for _, w := range words {
		if d := editDistance(word, w); d < least {
			nearest, least = w, d
		}
	}
	return nearest
}

// editDistance is the optimal string alignment distance: Levenshtein's, with
// a swap of neighbours counted once, as it is the commonest slip in typing.
func editDistance(a, b string) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range len(a) {
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			row[j+1] = min(row[j]+1, last[j+1]+1, last[j]+cost)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}

// didYouMean is the end of an error about an unknown word.
func didYouMean(word string, words []string) string {
	if near := Nearest(word, words); near != "" {
		return "; did you mean " + near + "?"
	}
	return ""
}
