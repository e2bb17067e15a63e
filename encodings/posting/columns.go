package posting

import "math/bits"

// A block of columns: the width of the tags (u8), then the numbers of a PFOR
// block, whose differences are those of the ids without their tags and not
// lessened (two postings of one id differ by 0), then the tags packed in groups
// of eight.

// maxTag is the most bits a tag has.
const maxTag = 16

// above is the least id, without its tag, that may follow the floor: that of
// the first block may be 0 less 1.
func above(tag uint, floor uint64) uint64 { return (floor + 1) >> tag }

func planColumns(d *draft, tag uint, floor uint64, ids []uint64) {
	last, all := above(tag, floor), uint64(0)
	for i, id := range ids {
		d.numbers[i], d.tags[i] = id>>tag-last, id&(1<<tag-1)
		last = id >> tag
		all |= d.tags[i]
	}
	d.packing, d.tagWidth = choose(d.numbers[:d.n]), uint(bits.Len64(all))
	d.size = 1 + d.packing.bytes(d.n) + (d.n+7)/8*int(d.tagWidth)
}

func putColumns(to []byte, d *draft) {
	to[0] = byte(d.tagWidth)
	pack(to[1:], &d.numbers, d.n, d.packing)
	packGroups(to[1+d.packing.bytes(d.n):], &d.tags, d.n, d.tagWidth)
}

func getColumns(tag uint, from []byte, e entry, n int, to *[BlockLen]uint64) int {
	width, groups := uint(from[0]), (n+7)/8
	size := addUp(from[1:], packed{uint(e.width), int(e.exceptions), n}, to, above(tag, e.floor))
	if size < 0 || width > tag || 1+size+groups*int(width)+slack > len(from) {
		return -1
	}
	if tag == 0 {
		for i := range to {
			to[i] -= uint64(i) + 1 // addUp adds a 1 with every number
		}
		return 1 + size
	}
	var tags [BlockLen]uint64
	unpackTags(width, &tags, from[1+size:], 8*groups)
	for i, x := range &tags {
		to[i] = (to[i]-uint64(i)-1)<<(tag&63) | x
	}
	return 1 + size + groups*int(width)
}
