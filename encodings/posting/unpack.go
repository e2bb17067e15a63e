package posting

// The readers of groups of eight numbers of one width are written out (the
// other unpack_*.go, by TestTheUnpackersAreAsGenerated), so that every shift
// and mask is a constant: a loop over bit positions took three times as long.
// They stop where from has no more than width+7 bytes, which a caller rules out
// beforehand, and fill to[i:end], both multiples of eight.
//
// They are called by switch. A table of functions made what they are lent
// escape to the heap, because nobody can know what such a function does with it.

// sums writes to to[i:end] the sum of each number and those before it, each
// with 1 added, and last, and returns the last of the sums.
func sums(width uint, to *[BlockLen]uint64, from []byte, i, end int, last uint64) uint64 {
	if width == 0 {
		for ; i < end; i++ {
			last++
			to[i&(BlockLen-1)] = last
		}
		return last
	}
	switch (width - 1) / 8 {
	case 0:
		return sums1to8(width, to, from, i, end, last)
	case 1:
		return sums9to16(width, to, from, i, end, last)
	case 2:
		return sums17to24(width, to, from, i, end, last)
	case 3:
		return sums25to32(width, to, from, i, end, last)
	case 4:
		return sums33to40(width, to, from, i, end, last)
	case 5:
		return sums41to48(width, to, from, i, end, last)
	case 6:
		return sums49to56(width, to, from, i, end, last)
	}
	return sums57to64(width, to, from, i, end, last)
}
