package posting

import (
	"encoding/binary"
	"math/bits"
)

// A PFOR block: differences less 1, of which the low width bits are packed in
// groups of eight (width bytes a group, the first number in the lowest bits),
// and, if there are exceptions, numbers that need more:
//
//	u8               bits that the widest exception has beyond width
//	u8 each          their places in the block, ascending
//	packed likewise  their high bits, in whole bytes

// packing is how a block is packed.
type packing struct {
	width, high uint // bits of every number; further bits of exceptions
	exceptions  int
}

// patchBits is what an exception costs beyond its bits, as the choice of width
// sees it: patching takes as long as unpacking four numbers does. 0 made pages
// of dense ids 0.5 % smaller and slower to scan by a tenth.
const patchBits = 8

// choose finds the cheapest width for the numbers.
func choose(numbers []uint64) packing {
	var lengths [65]int
	widest := 0
	for _, x := range numbers {
		n := bits.Len64(x)
		lengths[n]++
		widest = max(widest, n)
	}
	groups := (len(numbers) + 7) / 8
	best, least, exceptions := packing{width: uint(widest)}, 8*groups*widest, 0
	for width := widest - 1; width >= 0; width-- {
		if exceptions += lengths[width+1]; exceptions > 255 {
			break
		}
		high := widest - width
		if cost := 8*groups*width + 8 + exceptions*(8+high+patchBits); cost < least {
			best, least = packing{uint(width), uint(high), exceptions}, cost
		}
	}
	return best
}

// bytes is the size of n numbers so packed.
func (k packing) bytes(n int) int {
	size := (n + 7) / 8 * int(k.width)
	if k.exceptions > 0 {
		size += 1 + k.exceptions + (k.exceptions*int(k.high)+7)/8
	}
	return size
}

func getPFOR(from []byte, e entry, n int, to *[BlockLen]uint64) int {
	return addUp(from, packed{uint(e.width), int(e.exceptions), n}, to, e.floor)
}

// pack writes n numbers; it overwrites those from n on.
func pack(to []byte, numbers *[BlockLen]uint64, n int, k packing) {
	at := packGroups(to, numbers, n, k.width)
	if k.exceptions == 0 {
		return
	}
	to[at] = byte(k.high)
	places := to[at+1 : at+1+k.exceptions]
	w := bitWriter{to: to[at+1+k.exceptions:]}
	for i, x := range numbers[:n] {
		if bits.Len64(x) > int(k.width) {
			places[0], places = byte(i), places[1:]
			w.put(x>>k.width, k.high)
		}
	}
	w.flush()
}

// packGroups writes the low bits of n numbers in whole groups and returns their size.
func packGroups(to []byte, numbers *[BlockLen]uint64, n int, width uint) int {
	end := (n + 7) &^ 7
	clear(numbers[n:end])
	w := bitWriter{to: to}
	for _, x := range numbers[:end] {
		w.put(x&(1<<width-1), width)
	}
	w.flush()
	return end / 8 * int(width)
}

// packed says how to read a packing of n numbers.
type packed struct {
	width         uint
	exceptions, n int
}

// addUp reads numbers and writes the sums of each and those before it, each
// with 1 added, to what last was. It goes on to a whole group, which is cheaper
// than to stop. It returns how many bytes they took, -1 where from cannot hold
// them and slack bytes.
func addUp(from []byte, k packed, to *[BlockLen]uint64, last uint64) int {
	groups := (k.n + 7) / 8
	size := groups * int(k.width)
	if k.width > 64 || size+slack > len(from) {
		return -1
	}
	if k.exceptions == 0 {
		sums(k.width, to, from, 0, 8*groups, last)
		return size
	}
	return addUpPatched(from, k, to, last)
}

// addUpPatched is addUp where numbers have high bits in a list behind the
// groups. A number is patched as soon as its group is summed, in that group and
// in the sum that goes on: to unpack first and to sum in a second pass took
// twice as long.
func addUpPatched(from []byte, k packed, to *[BlockLen]uint64, last uint64) int {
	end := (k.n + 7) &^ 7
	at := end / 8 * int(k.width)
	high := uint(from[at])
	list := at + 1 + k.exceptions
	size := list + (k.exceptions*int(high)+7)/8
	if high == 0 || k.width+high > 64 || size+slack > len(from) {
		return -1
	}
	done, before := 0, -1
	for i, place := range from[at+1 : list] {
		if int(place) >= k.n || int(place) <= before {
			return -1
		}
		before = int(place)
		if group := before&^7 + 8; group > done {
			last = sums(k.width, to, from[done/8*int(k.width):], done, group, last)
			done = group
		}
		extra := bitsAtPlace(from[list:], uint(i)*high, high) << k.width
		for j := before; j < done; j++ {
			to[j&(BlockLen-1)] += extra
		}
		last += extra
	}
	sums(k.width, to, from[done/8*int(k.width):], done, end, last)
	return size
}

// bitsAtPlace reads width bits from a bit position; it may read slack bytes beyond.
func bitsAtPlace(from []byte, at, width uint) uint64 {
	from = from[at/8:]
	x := binary.LittleEndian.Uint64(from) >> (at % 8)
	if at%8+width > 64 {
		x |= uint64(from[8]) << (64 - at%8)
	}
	return x & (1<<width - 1)
}

// bitWriter fills bytes from their low bits.
type bitWriter struct {
	to   []byte
	word uint64
	used uint
}

// put appends the low width bits of x, the others of which are 0.
func (w *bitWriter) put(x uint64, width uint) {
	w.word |= x << w.used
	if w.used+width < 64 {
		w.used += width
		return
	}
	binary.LittleEndian.PutUint64(w.to, w.word)
	w.to = w.to[8:]
	w.word = x >> (64 - w.used) // 0 where nothing is left, a shift by 64
	w.used = w.used + width - 64
}

// flush writes the bytes begun.
func (w *bitWriter) flush() {
	for ; w.used > 0; w.used -= min(8, w.used) {
		w.to[0], w.to = byte(w.word), w.to[1:]
		w.word >>= 8
	}
}
