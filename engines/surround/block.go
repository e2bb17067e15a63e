package surround

import (
	"encoding/binary"
	"fmt"
	"math/bits"
)

// A block is up to 127 votes of one validator that follow each other: as many as
// seven halvings tell apart. Epochs are kept as distances from those of the
// first vote, in as many bytes as the farthest needs, so that any one is read
// with a single load. Big-endian, like everything in the file; the load takes
// the eight bytes that end with the distance, and the header is long enough for
// that to be inside the block whatever the width.
//
//	u8 votes, 1 to 127
//	u8 bytes of a target's distance, 0 to 8
//	u8 bytes of a source's distance, 0 to 8
//	u64 first target, u64 first source
//	a distance for each target, then one for each source
const (
	blockVotes  = 127
	blockHeader = 3 + 2*epochBytes
)

// block reads a value of that layout. It aliases the value.
type block struct {
	value            []byte
	n                int
	targets, sources column
}

// column is where the distances of targets or of sources lie.
type column struct {
	first uint64
	from  int // of the first distance in the value
	width int
	mask  uint64 // of a distance in the eight bytes that end with it
}

// parseBlock checks the shape of a value. That its epochs are a history takes
// reading all of them: decodeBlock does.
func parseBlock(value []byte) (b block, err error) {
	if len(value) < blockHeader {
		return b, fmt.Errorf("%w: a block of %d bytes", errDamaged, len(value))
	}
	n, targets, sources := int(value[0]), int(value[1]), int(value[2])
	if n < 1 || n > blockVotes || targets > epochBytes || sources > epochBytes {
		return b, fmt.Errorf("%w: a block of %d votes, %d bytes for each target, %d for each source", errDamaged, n, targets, sources)
	}
	if want := blockHeader + n*(targets+sources); len(value) != want {
		return b, fmt.Errorf("%w: a block of %d bytes; its header wants %d", errDamaged, len(value), want)
	}
	return block{
		value: value, n: n,
		targets: column{binary.BigEndian.Uint64(value[3:]), blockHeader, targets, widest64(targets)},
		sources: column{binary.BigEndian.Uint64(value[3+epochBytes:]), blockHeader + n*targets, sources, widest64(sources)},
	}, nil
}

// widest64 is the greatest number of so many bytes.
func widest64(width int) uint64 { return 1<<(8*width) - 1 }

// distance reads the i-th distance of a column.
func (b *block) distance(c *column, i int) uint64 {
	end := c.from + (i+1)*c.width
	return binary.BigEndian.Uint64(b.value[end-epochBytes:end]) & c.mask
}

func (b *block) target(i int) uint64 { return b.targets.first + b.distance(&b.targets, i) }
func (b *block) source(i int) uint64 { return b.sources.first + b.distance(&b.sources, i) }

// check looks at the neighbours of a vote among those of the block (see
// seekTarget), which it finds as search does.
func (b *block) check(v Vote) (Verdict, int) {
	visited := bits.Len(uint(b.n))
	at := 0
	if v.Target > b.targets.first {
		y := v.Target - b.targets.first
		for n := b.n; n > 0; {
			half := (n + 1) / 2
			if b.distance(&b.targets, at+half-1) < y {
				at += half
			}
			n -= half
		}
	}
	if at > 0 && b.source(at-1) > v.Source {
		return Surrounds, visited
	}
	if at < b.n && b.target(at) == v.Target {
		at++
	}
	if at < b.n && b.source(at) < v.Source {
		return Surrounded, visited
	}
	return Safe, visited
}

// appendBlock appends the block of these votes, which are a history of 1 to 127.
func appendBlock(dst []byte, votes []Vote) []byte {
	first, last := votes[0], votes[len(votes)-1]
	targets, sources := bytesOf(last.Target-first.Target), bytesOf(last.Source-first.Source)
	dst = append(dst, byte(len(votes)), byte(targets), byte(sources))
	dst = binary.BigEndian.AppendUint64(dst, first.Target)
	dst = binary.BigEndian.AppendUint64(dst, first.Source)
	for _, v := range votes {
		dst = appendDistance(dst, v.Target-first.Target, targets)
	}
	for _, v := range votes {
		dst = appendDistance(dst, v.Source-first.Source, sources)
	}
	return dst
}

func bytesOf(x uint64) int { return (bits.Len64(x) + 7) / 8 }

func appendDistance(dst []byte, x uint64, width int) []byte {
	var b [epochBytes]byte
	binary.BigEndian.PutUint64(b[:], x)
	return append(dst, b[epochBytes-width:]...)
}

// decodeBlock appends the votes of a block to dst. It fails unless they are a
// history, and the value the one that appendBlock makes of it.
func decodeBlock(dst []Vote, value []byte) ([]Vote, error) {
	b, err := parseBlock(value)
	if err != nil {
		return dst, err
	}
	from := len(dst)
	for i := range b.n {
		dst = append(dst, Vote{b.source(i), b.target(i)})
		err := dst[from+i].check()
		if err == nil && i > 0 {
			err = dst[from+i].follows(dst[from+i-1])
		}
		if err != nil {
			return dst, fmt.Errorf("%w: vote %d of a block: %w", errDamaged, i, err)
		}
	}
	first, last := dst[from], dst[len(dst)-1]
	if first.Target != b.targets.first || first.Source != b.sources.first ||
		bytesOf(last.Target-first.Target) != b.targets.width || bytesOf(last.Source-first.Source) != b.sources.width {
		return dst, fmt.Errorf("%w: a block of wider distances than its votes need", errDamaged)
	}
	return dst, nil
}
