package page

import "encoding/binary"

// EliasFano returns the densest layout: keys as differences in Elias-Fano form, in blocks of up to 40, with no offset
// per entry. Sorted keys carry less information than loose ones, and this is the only layout here that spends less
// on them than their bytes.
//
//	0           u16 number of blocks B
//	2           u16 top: the start of the first block, 8192 when there is none
//	4           u64 per block: its first key
//	4 + 8B      u32 per block: offset (13 bits), count n (6 bits), width of low parts L (7 bits)
//	4 + 12B     free, all zero
//	top         the blocks in order of keys, without gaps, up to the page end
//
// A block is as small as its content allows, at the price of moving the blocks below it when it grows:
//
//	u64 high    bit (d>>L)+i for the difference d of key i+1 from the first key; i from 0 to n-2
//	2 planes    of one bit per entry, ceil(n/8) bytes each: the low and the high bit of the class of its value
//	low parts   L bits per difference, packed from the lowest bit
//	values      in the order of keys, of 3, 4, 5 or 8 bytes by class
//
// L is the smallest width that lets the high parts fit their word; above 57 it is 64, so that a low part is always
// read with one load. A block is in one form only: Check encodes it anew and compares.
//
// Most Sets move bits in place (see efInsert), some encode a block anew, and the last ones, when there is no room,
// lay out the whole page anew. So their times differ more than those of the other layouts.
//
// The form of the keys is that of Elias (1974) and Fano (1971); the lookup's select is broadword, after Vigna,
// "Broadword implementation of rank/select queries" (2008).
func EliasFano() Format { return eliasFano{} }

type eliasFano struct{}

const (
	efBase   = 4  // the directory's offset
	efDir    = 12 // its bytes per block
	efMax    = 40 // entries per block: 32 hold 0.7 % less, 44 hold 0.1 % more, with longer runs to look through
	efBlocks = (Size - efBase) / efDir
)

func (eliasFano) Init(p *Buf) {
	*p = Buf{}
	store16(p, 2, Size)
}

func efCount(p *Buf) int { return min(int(load16(p, 0)), efBlocks) }

// efFirst returns the first key of block b < efBlocks.
func efFirst(p *Buf, b int) uint64 { return loadInside(p, efBase+8*b) }

// efMeta is a block's directory entry. From a damaged page n may be up to 63 and low up to 127.
type efMeta struct {
	at, n int
	low   uint
}

func efMetaAt(count, b int) int { return efBase + 8*count + 4*b }

func efMetaOf(p *Buf, count, b int) efMeta {
	at := min(uint(efMetaAt(count, b)), Size-4)
	m := binary.LittleEndian.Uint32(p[at : at+4])
	return efMeta{int(m & (Size - 1)), int(m >> 13 & 63), uint(m >> 19 & 127)}
}

func efSetMeta(p *Buf, count, b int, m efMeta) {
	binary.LittleEndian.PutUint32(p[efMetaAt(count, b):], uint32(m.at)|uint32(m.n)<<13|uint32(m.low)<<19)
}

// efFindBlock returns the last block whose first key is not above key, or 0 when there is none. It counts instead of
// halving: the first keys of every eighth block, then of eight in a row. That is three times the loads of a binary
// search, but none waits for another, and no branch depends on what they hold.
func efFindBlock(p *Buf, count int, key uint64) int {
	if count < 8 {
		b := 0
		for i := 1; i < count; i++ {
			b += 1 - above(efFirst(p, i), key)
		}
		return b
	}
	group := 0
	for i := 8; i < count; i += 8 {
		group += 8 &^ -above(efFirst(p, i), key)
	}
	// The last group may be short of eight: step back, over blocks that are known not to be above.
	group = min(group, count-8)
	w := min(uint(efBase+8*group), Size-64)
	q := p[w : w+64]
	n := above(binary.LittleEndian.Uint64(q[8:]), key) + above(binary.LittleEndian.Uint64(q[16:]), key) +
		above(binary.LittleEndian.Uint64(q[24:]), key) + above(binary.LittleEndian.Uint64(q[32:]), key) +
		above(binary.LittleEndian.Uint64(q[40:]), key) + above(binary.LittleEndian.Uint64(q[48:]), key) +
		above(binary.LittleEndian.Uint64(q[56:]), key)
	return group + 7 - n
}

// find returns the number of keys in block m that are below first+d, and whether first+d is there.
func (m efMeta) find(p *Buf, d uint64) (int, bool) {
	if d == 0 {
		return 0, true
	}
	high, h := loadInside(p, m.at), d>>m.low
	if h > uint64(65-m.n) {
		return m.n, false
	}
	// Of the differences, i have a smaller high part, and those with this one follow as ones.
	at := selectZero(high<<1, int(h))
	i := at - int(h)
	mask := uint64(1)<<m.low - 1
	d &= mask
	bit := m.lowAt()*8 + i*int(m.low)
	for run := high >> uint(at); run&1 == 1; run >>= 1 {
		if got := load(p, bit>>3) >> uint(bit&7) & mask; got >= d {
			return i + 1, got == d
		}
		bit += int(m.low)
		i++
	}
	return i + 1, false
}

func (m efMeta) planes() int { return (m.n + 7) >> 3 }
func (m efMeta) lowAt() int  { return m.at + 8 + 2*m.planes() }
func (m efMeta) valuesAt() int {
	return m.lowAt() + ((m.n-1)*int(m.low)+7)>>3
}

// classes returns the two planes.
func (m efMeta) classes(p *Buf) (even, odd uint64) {
	all := uint64(1)<<uint(m.n) - 1
	return load(p, m.at+8) & all, load(p, m.at+8+m.planes()) & all
}

// value returns the place and the class of value i.
func (m efMeta) value(p *Buf, i int) (at, class int) {
	even, odd := load(p, m.at+8), load(p, m.at+8+m.planes())
	class = int(even>>uint(i)&1 | odd>>uint(i)&1<<1)
	below := uint64(1)<<uint(i) - 1
	return m.valuesAt() + efBytes(even&below, odd&below, i), class
}

func (eliasFano) Get(p *Buf, key uint64) (uint64, bool) {
	count := efCount(p)
	if count == 0 {
		return 0, false
	}
	b := efFindBlock(p, count, key)
	m := efMetaOf(p, count, b)
	i, found := m.find(p, key-efFirst(p, b))
	if !found {
		return 0, false
	}
	at, class := m.value(p, i)
	return load(p, at) & lenMask[efWidth[class&3]], true
}

func (eliasFano) Scan(p *Buf, yield func(key, value uint64) bool) {
	var block efBlock
	last, any := uint64(0), false
	count := efCount(p)
	for b := range count {
		if !block.decode(p, efFirst(p, b), efMetaOf(p, count, b)) {
			return
		}
		for i := range block.n {
			key := block.keys[i]
			if any && key <= last || !yield(key, block.values[i]) {
				return
			}
			last, any = key, true
		}
	}
}
