package page

import (
	"encoding/binary"
	"math/bits"
)

// Encoder is a way to encode an offset-nibble entry: to find its sizes and code, and to write its bytes. The stages
// are those the author of the layout went through. All write the same bytes; each allocates nothing.
//
// The functions of a stage are never inlined, so that their machine code can be looked at and counted, and so that they
// are compared on equal terms.
type Encoder uint8

// The encoders, by falling number of conditional branches.
const (
	// Switch compares its way to the sizes, to the code and to the bytes to write.
	Switch Encoder = iota
	// TableDriven looks sizes and code up and loops over the bytes.
	TableDriven
	// BranchFree looks the code up, computes the rest, and writes whole words that it blends with what is there.
	BranchFree
)

// sizing is the plan for an entry: the bytes in use of its key and value, and its code.
type sizing struct{ keyLen, valueLen, code int }

func (e sizing) size() byte  { return byte(e.keyLen<<4 | e.valueLen) }
func (e sizing) header() int { return (e.code + 1) >> 4 }
func (e sizing) space() int  { return max(2, (e.header()+e.keyLen+e.valueLen+1)&^1) }

// sizeBySwitch tries the pairs in the table's order, so it is fastest with the most frequent first.
//
//go:noinline
func sizeBySwitch(c *pairCodes, key, value uint64) sizing {
	e := sizing{byteLenBySwitch(key), byteLenBySwitch(value), escape}
	t := &c.size
	switch e.size() {
	case t[0]:
		e.code = 0
	case t[1]:
		e.code = 1
	case t[2]:
		e.code = 2
	case t[3]:
		e.code = 3
	case t[4]:
		e.code = 4
	case t[5]:
		e.code = 5
	case t[6]:
		e.code = 6
	case t[7]:
		e.code = 7
	case t[8]:
		e.code = 8
	case t[9]:
		e.code = 9
	case t[10]:
		e.code = 10
	case t[11]:
		e.code = 11
	case t[12]:
		e.code = 12
	case t[13]:
		e.code = 13
	case t[14]:
		e.code = 14
	}
	return e
}

func byteLenBySwitch(v uint64) int {
	switch {
	case v == 0:
		return 0
	case v < 1<<8:
		return 1
	case v < 1<<16:
		return 2
	case v < 1<<24:
		return 3
	case v < 1<<32:
		return 4
	case v < 1<<40:
		return 5
	case v < 1<<48:
		return 6
	case v < 1<<56:
		return 7
	}
	return 8
}

//go:noinline
func writeBySwitch(p *Buf, start int, e sizing, key, value uint64) {
	if e.code == escape {
		p[start] = e.size()
		start++
	}
	writeFieldBySwitch(p, start, key, e.keyLen)
	writeFieldBySwitch(p, start+e.keyLen, value, e.valueLen)
}

//go:noinline
func writeFieldBySwitch(p *Buf, at int, v uint64, n int) {
	b := p[at : at+n]
	switch n {
	case 1:
		b[0] = byte(v)
	case 2:
		binary.LittleEndian.PutUint16(b, uint16(v))
	case 3:
		binary.LittleEndian.PutUint16(b, uint16(v))
		b[2] = byte(v >> 16)
	case 4:
		binary.LittleEndian.PutUint32(b, uint32(v))
	case 5:
		binary.LittleEndian.PutUint32(b, uint32(v))
		b[4] = byte(v >> 32)
	case 6:
		binary.LittleEndian.PutUint32(b, uint32(v))
		binary.LittleEndian.PutUint16(b[4:], uint16(v>>32))
	case 7:
		binary.LittleEndian.PutUint32(b, uint32(v))
		binary.LittleEndian.PutUint16(b[4:], uint16(v>>32))
		b[6] = byte(v >> 48)
	case 8:
		binary.LittleEndian.PutUint64(b, v)
	}
}

// lenOfBits[n] is the bytes needed for n bits.
var lenOfBits = [65]uint8{
	0,
	1, 1, 1, 1, 1, 1, 1, 1,
	2, 2, 2, 2, 2, 2, 2, 2,
	3, 3, 3, 3, 3, 3, 3, 3,
	4, 4, 4, 4, 4, 4, 4, 4,
	5, 5, 5, 5, 5, 5, 5, 5,
	6, 6, 6, 6, 6, 6, 6, 6,
	7, 7, 7, 7, 7, 7, 7, 7,
	8, 8, 8, 8, 8, 8, 8, 8,
}

//go:noinline
func sizeByTable(c *pairCodes, key, value uint64) sizing {
	e := sizing{keyLen: int(lenOfBits[bits.Len64(key)]), valueLen: int(lenOfBits[bits.Len64(value)])}
	e.code = int(c.code[e.size()])
	return e
}

//go:noinline
func writeByLoop(p *Buf, start int, e sizing, key, value uint64) {
	if e.code == escape {
		p[start] = e.size()
		start++
	}
	for i := range p[start : start+e.keyLen] {
		p[start+i] = byte(key >> (8 * i))
	}
	start += e.keyLen
	for i := range p[start : start+e.valueLen] {
		p[start+i] = byte(value >> (8 * i))
	}
}

//go:noinline
func sizeBranchFree(c *pairCodes, key, value uint64) sizing {
	e := sizing{keyLen: byteLen(key), valueLen: byteLen(value)}
	e.code = int(c.code[e.size()])
	return e
}

// writeBranchFree always writes the size byte: without an escape the key or the value covers it, and in an entry
// without either it is zero, as its padding is. start must lie in the page: it is masked only to spare a bounds check.
//
//go:noinline
func writeBranchFree(p *Buf, start int, e sizing, key, value uint64) {
	p[start&(Size-1)] = e.size()
	at, mask := start+e.header(), lenMask[e.keyLen&15]
	blendLow(p, at, key, mask)
	blendHigh(p, at, key, mask)
	at, mask = at+e.keyLen, lenMask[e.valueLen&15]
	blendLow(p, at, value, mask)
	blendHigh(p, at, value, mask)
}
