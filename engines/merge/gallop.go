package merge

// patience is how many entries in a row one run must win before the search for
// its end begins. TimSort begins with 7 and adapts; here it is fixed.
const patience = 8

// gallop is direct until one run wins several times in a row, then looks ahead
// in steps that double, and copies the stretch at once (Peters, "TimSort", 2002;
// the search is that of Bentley and Yao, 1976).
func gallop(out, newer, older []Entry) int {
	n, streak := 0, 0 // streak: wins in a row, positive of newer, negative of older
	for len(newer) > 0 && len(older) > 0 {
		a, b := newer[0], older[0]
		switch {
		case a.Key < b.Key:
			out[n] = a
			n, newer, streak = n+1, newer[1:], max(streak, 0)+1
		case a.Key > b.Key:
			out[n] = b
			n, older, streak = n+1, older[1:], min(streak, 0)-1
		default:
			out[n] = a
			n, newer, older, streak = n+1, newer[1:], older[1:], 0
		}
		if streak > -patience && streak < patience {
			continue
		}
		if streak > 0 && len(older) > 0 {
			k := ahead(newer, older[0].Key)
			n, newer = n+copy(out[n:], newer[:k]), newer[k:]
		} else if streak < 0 && len(newer) > 0 {
			k := ahead(older, newer[0].Key)
			n, older = n+copy(out[n:], older[:k]), older[k:]
		}
		streak = 0
	}
	n += copy(out[n:], newer)
	return n + copy(out[n:], older)
}

// ahead is how many entries of a run lie before key.
func ahead(run []Entry, key uint64) int {
	low, step := 0, 1 // all before low are smaller
	for low+step <= len(run) && run[low+step-1].Key < key {
		low += step
		step *= 2
	}
	high := min(low+step-1, len(run)) // run[high] is not smaller, or the end
	for low < high {
		middle := int(uint(low+high) / 2)
		if run[middle].Key < key {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return low
}
