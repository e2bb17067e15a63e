package blockcache

import (
	"math/bits"

	"assay/runner/lab"
)

// ways is how many blocks share a set.
const ways = 16

// set is the book of sixteen ways: eight bits of each key's hash, and two bits
// that count how often it was asked for since the hand came by.
type set struct {
	tags   [2]uint64
	counts uint32 // two bits a way; at least 1 where it is used
	used   uint16
	locked uint16 // being read into: must stay where it is
	hand   uint8
}

// geometry is how addresses fall on sets.
type geometry struct{ sets, size int } // size is a block's

// geometryOf gives room for a quarter of what is loaded or a little less: 2 to
// 64 sets, 2 to 64 MiB.
func geometryOf(env *lab.Env) geometry {
	sets := min(max(len(env.Data.Entries)/(4*ways), 2), 64)
	return geometry{1 << (bits.Len(uint(sets)) - 1), blockBytes}
}

// home is the set and the tag of an address.
func (g geometry) home(address uint64) (set int, tag uint8) {
	h := mix(address)
	return int(h>>32) & (g.sets - 1), uint8(h)
}

// match returns the used ways with a tag, a bit each. Eight tags are compared at
// a time, as bytes of a word (Mycroft's zero byte, in the form without false
// positives), and the flags gathered by a multiplication.
func (s *set) match(tag uint8) uint16 {
	const low, high = 0x0101010101010101, 0x8080808080808080
	flags := [2]uint16{}
	for i, w := range s.tags {
		x := w ^ uint64(tag)*low
		zero := ^(x&^high + ^uint64(high) | x) & high
		flags[i] = uint16(zero >> 7 * 0x0102040810204080 >> 56)
	}
	return (flags[0] | flags[1]<<8) & s.used
}

// touch counts a hit, up to three.
func (s *set) touch(way int) {
	if s.counts>>(2*way)&3 < 3 {
		s.counts += 1 << (2 * way)
	}
}

// victim moves the hand on to the way to give up: one that is free, or whose
// count it brings to zero. Each pass takes one from every count, so it ends
// within three rounds. No way where all are being read into.
func (s *set) victim() (way int, ok bool) {
	if s.locked == 1<<ways-1 {
		return 0, false
	}
	for {
		way = int(s.hand)
		s.hand = (s.hand + 1) % ways
		if s.locked>>way&1 == 1 {
			continue
		}
		if s.used>>way&1 == 0 {
			return way, true
		}
		count := s.counts >> (2 * way) & 3
		s.counts -= 1 << (2 * way)
		if count == 1 {
			return way, true
		}
	}
}

// occupy gives a way to a key with a tag.
func (s *set) occupy(way int, tag uint8) {
	word, shift := &s.tags[way/8], 8*(way%8)
	*word = *word&^(0xff<<shift) | uint64(tag)<<shift
	s.used |= 1 << way
	s.counts = s.counts&^(3<<(2*way)) | 1<<(2*way)
}
