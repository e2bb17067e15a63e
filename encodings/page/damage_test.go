package page

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// damage is a change to a page that Check must find, and a part of the error that it must give.
type damage struct {
	name    string
	layouts string // a prefix of the layouts it suits; "" for all slotted ones
	do      func(p *Buf)
	want    string
}

func put16(b []byte, v uint16) { binary.LittleEndian.PutUint16(b, v) }

// swap exchanges n bytes at a with n bytes at b.
func swap(p *Buf, a, b, n int) {
	for i := range n {
		p[a+i], p[b+i] = p[b+i], p[a+i]
	}
}

var damages = []damage{
	{"count too high", "raw", func(p *Buf) { put16(p[0:], 512) }, "byte 0: count 512 must be at most 511"},
	{"count one too high", "raw", func(p *Buf) { put16(p[0:], load16(p, 0)+1) }, "keys must ascend"},
	{"count one too low", "raw", func(p *Buf) { put16(p[0:], load16(p, 0)-1) }, "free space must be zero"},
	{"keys swapped", "raw", func(p *Buf) { swap(p, 2, 10, 8) }, "byte 10: keys must ascend"},
	{"bottom odd", "", func(p *Buf) { p[0] ^= 1 }, "byte 0: bottom"},
	{"bottom below the slots", "", func(p *Buf) { put16(p[0:], 2) }, "byte 0: bottom 2 must be even and at least 4"},
	{"bottom past top", "", func(p *Buf) { p[1] ^= 0x80 }, "byte 2: top"},
	{"bottom one slot too high", "", func(p *Buf) { put16(p[0:], load16(p, 0)+2) }, "entries start at top"},
	{"bottom one slot too low", "", func(p *Buf) { put16(p[0:], load16(p, 0)-2) }, "free space must be zero"},
	{"top past the page", "", func(p *Buf) { put16(p[2:], Size+1) }, "byte 2: top 8193"},
	{"top too low", "", func(p *Buf) { put16(p[2:], load16(p, 2)-1) }, "must be the start of the lowest entry"},
	{"top too high", "", func(p *Buf) { put16(p[2:], load16(p, 2)+2) }, "free space must be zero"},
	{"slot below top", "", func(p *Buf) { put16(p[6:], 64) }, "byte 6: slot names byte"},
	{"slots swapped", "", func(p *Buf) { swap(p, 4, 6, 2) }, "byte 6: keys must ascend"},
	{"slot repeated", "", func(p *Buf) { put16(p[6:], load16(p, 4)) }, "byte 6: keys must ascend"},
	{"slot at the page end", "varint", func(p *Buf) { put16(p[4:], Size-1); p[Size-1] = 0x80 }, "must end in the page"},
	{"slot past the page end", "varint", func(p *Buf) { put16(p[4:], Size) }, "byte 4: entry must end in the page"},
	{"varint with a zero byte too many", "varint", func(p *Buf) {
		at := load16(p, 4)
		p[at], p[at+1] = 0x80, 0
	}, "must be the shortest"},
	{"slot past the page end", "nibble", func(p *Buf) { put16(p[4:], Size) }, "byte 4: entry must end in the page"},
	{"sizes reach past the page end", "nibble", func(p *Buf) { p[load16(p, 4)] = 0xff }, "byte 4: entry must end in the page"},
	{"size byte names too few bytes", "nibble", func(p *Buf) { p[load16(p, 6)]-- }, "must be those of key"},
	{"entries overlap", "nibble", func(p *Buf) {
		*p = Buf{}
		put16(p[0:], 8)
		put16(p[2:], Size-4)
		put16(p[4:], Size-3)
		put16(p[6:], Size-4)
		copy(p[Size-4:], "\x11\x10\x01")
	}, "byte 8189: a byte must belong to one entry only"},
	{"too many blocks", "elias-fano", func(p *Buf) { put16(p[0:], 683) }, "byte 0: blocks 683 must be at most 682"},
	{"one block too many", "elias-fano", func(p *Buf) { put16(p[0:], load16(p, 0)+1) }, "must begin at"},
	{"one block too few", "elias-fano", func(p *Buf) { put16(p[0:], load16(p, 0)-1) }, "free space must be zero"},
	{"top past the page", "elias-fano", func(p *Buf) { put16(p[2:], Size+1) }, "byte 2: top 8193"},
	{"top too low", "elias-fano", func(p *Buf) { put16(p[2:], load16(p, 2)-1) }, "must begin at"},
	{"offset of a block changed", "elias-fano", func(p *Buf) { p[12] ^= 1 }, "byte 12: block 0 must begin at"},
	{"difference too large", "elias-fano", func(p *Buf) { copy(p[4:], "\xff\xff\xff\xff\xff\xff\xff\xff") }, "keys must ascend"},
	{"count of a block changed", "elias-fano", func(p *Buf) { p[13] ^= 0x20 }, "a block must be the encoding"},
	{"high parts changed", "elias-fano", func(p *Buf) { p[load16(p, 2)+7] ^= 0x80 }, "a block must be the encoding of its entries"},
	{"padding bits of a plane in use", "elias-fano", func(p *Buf) { p[load16(p, 2)+8+4] |= 0x80 }, "a block must be the encoding of its entries"},
	{"value in a class too large", "elias-fano", func(p *Buf) { p[Size-1] = 0 }, "a block must be the encoding of its entries"},
	{"padding in use", "offset-nibble", func(p *Buf) { p[Size-1] = 1 }, "padding must be zero"},
	{"code of an unused pair", "offset-nibble", func(p *Buf) { put16(p[20:], load16(p, 20)&^1) }, "sizes 15 and 15 must be"},
	{"escape without need", "offset-nibble", func(p *Buf) {
		*p = Buf{}
		put16(p[0:], 6)
		put16(p[2:], Size-4)
		put16(p[4:], (Size-4)<<3|escape)
		copy(p[Size-4:], "\x11\x01\x01")
	}, "code 15 must be 0 for sizes 1 and 1"},
}

func TestCheckRejectsDamageAndSaysWhereAndWhat(t *testing.T) {
	t.Parallel()
	for _, d := range damages {
		for _, s := range subjects() {
			if d.layouts == "" && s.space == nil || !strings.HasPrefix(s.name, d.layouts) {
				continue
			}
			t.Run(fmt.Sprintf("%s/%s", s.name, d.name), func(t *testing.T) {
				t.Parallel()
				var p Buf
				s.f.Init(&p)
				for key := uint64(1); key < 40; key++ { // first 3 and 5 bytes: an escape, and padding at the page end
					if !s.f.Set(&p, key<<20|1, key<<32|1) {
						t.Fatal("Set = false")
					}
				}
				d.do(&p)
				err := s.f.Check(&p)
				if err == nil || !strings.Contains(err.Error(), d.want) {
					t.Fatalf("Check = %v; want an error with %q", err, d.want)
				}
				survive(t, s.f, p, 1<<20|1, 1)
			})
		}
	}
}

// survive does everything to a page that may be damaged, at the end of a larger buffer whose other bytes must not
// change. A page that Check accepts must also behave.
func survive(t testing.TB, f Format, page Buf, key, value uint64) {
	t.Helper()
	const guard = 64
	memory := make([]byte, guard+Size+guard)
	for i := range memory {
		memory[i] = 0xa5
	}
	p := (*Buf)(memory[guard:])
	*p = page
	sound := f.Check(p) == nil
	held := map[uint64]uint64{}
	n, last := 0, uint64(0)
	f.Scan(p, func(k, v uint64) bool {
		if n > 0 && k <= last {
			t.Fatalf("Scan yields %d after %d", k, last)
		}
		held[k] = v
		n, last = n+1, k
		return true
	})
	for _, k := range []uint64{0, key, key + 1, value, 1 << 56, 1<<63 - 1, 1<<64 - 1} {
		f.Get(p, k)
	}
	if *p != page {
		t.Fatal("reading changed the page")
	}
	if sound {
		verify(t, f, p, held)
	}
	for i, k := range []uint64{key, value, 0, 1 << 56, 1<<64 - 1} {
		before := *p
		switch ok := f.Set(p, k, value+uint64(i)); {
		case !ok && *p != before:
			t.Fatalf("a refused Set(%d) changed the page", k)
		case ok:
			held[k] = value + uint64(i)
		}
	}
	if sound {
		verify(t, f, p, held)
	}
	for i, b := range memory {
		if b != 0xa5 && (i < guard || i >= guard+Size) {
			t.Fatalf("byte %d outside the page changed", i-guard)
		}
	}
}

// Reading and writing must also survive each of them.
func TestAnyFlippedHeaderBitIsFound(t *testing.T) {
	forEach(t, func(t *testing.T, s subject) {
		var p Buf
		full.fill(s.f, &p, rand.New(rand.NewPCG(2, 2)))
		header := 32
		if s.name == "raw" {
			header = 16
		}
		for bit := range header {
			damaged := p
			damaged[bit/8] ^= 1 << (bit % 8)
			if s.f.Check(&damaged) == nil {
				t.Errorf("Check accepts a page with bit %d flipped", bit)
			}
			survive(t, s.f, damaged, 77, 1<<50)
			mistreat(s.f, &damaged, 100)
		}
	})
}

// mistreat writes to a page that may be damaged; it must not panic.
func mistreat(f Format, p *Buf, sets int) {
	r := rand.New(rand.NewPCG(9, 9))
	for range sets {
		key := full.draw(r)
		f.Set(p, key, full.draw(r))
		f.Get(p, key+1)
	}
}

// The high parts steer every copy of an insertion, so they get damage of their own.
func TestEliasFanoSurvivesWrongHighPartsAndDirectories(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(12, 12))
	var whole Buf
	full.fill(EliasFano(), &whole, r)
	for round := range 300 {
		p := whole
		blocks := efCount(&p)
		store16(&p, 2, load16(&p, 2)-uint16(64*(round&1))) // room, or none
		for b := range blocks {
			m := efMetaOf(&p, blocks, b)
			switch round % 3 {
			case 0:
				binary.LittleEndian.PutUint64(p[m.at:], r.Uint64()|r.Uint64()|r.Uint64())
			case 1:
				binary.LittleEndian.PutUint64(p[m.at:], r.Uint64()&r.Uint64()&r.Uint64())
			case 2:
				m.n, m.low = r.IntN(efMax+2), min(m.low, uint(r.IntN(60)))
				efSetMeta(&p, blocks, b, m)
			}
		}
		mistreat(EliasFano(), &p, 100)
		survive(t, EliasFano(), p, full.draw(r), full.draw(r))
	}
}

func TestEliasFanoRefusesToWriteByAWrongDirectory(t *testing.T) {
	t.Parallel()
	var past Buf // one block whose only value begins at the page end
	store16(&past, 0, 1)
	store16(&past, 2, Size-10)
	efSetMeta(&past, 1, 0, efMeta{Size - 10, 1, 0})
	before := past
	if (eliasFano{}).Set(&past, 0, 1) || past != before {
		t.Error("a value past the page end was written to")
	}
	var p Buf // top claims that the first block is free space
	EliasFano().Init(&p)
	for key := range uint64(300) {
		EliasFano().Set(&p, key<<8, key)
	}
	store16(&p, 2, load16(&p, 2)+64)
	for key := range uint64(300) {
		// Writing in place is out of the question; a repack, which trusts the directory only, mends the page.
		before = p
		if wrote := EliasFano().Set(&p, key|1, 1); wrote != (EliasFano().Check(&p) == nil) || !wrote && p != before {
			t.Fatalf("Set(%d) = %v left the page damaged, or changed it though it refused", key|1, wrote)
		}
	}
}

func TestUpdateOfAnEntryThatLeavesThePageIsRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		f          Format
		slot       uint16
		last       string
		key, value uint64
	}{
		"nibble":        {Nibble(), Size - 1, "\x01", 0, 5},
		"varint":        {Varint(), Size - 1, "\x05", 5, 5},
		"offset-nibble": {OffsetNibble(smallTable, BranchFree), (Size-2)<<3&0xffff | 1, "\x07\x00", 7, 300},
	} {
		var p Buf
		store16(&p, 0, 6)
		store16(&p, 2, 6) // no room for a new entry
		store16(&p, 4, c.slot)
		copy(p[Size-len(c.last):], c.last)
		before := p
		if c.f.Set(&p, c.key, c.value) || p != before {
			t.Errorf("%s: an entry that reaches past the page end was written to", name)
		}
	}
}

func TestRandomDamageNeverPanics(t *testing.T) {
	forEach(t, func(t *testing.T, s subject) {
		r := rand.New(rand.NewPCG(4, 4))
		var whole Buf
		full.fill(s.f, &whole, r)
		for round := range 200 {
			p := whole
			for range 1 + round%20 {
				p[r.IntN(Size)>>uint(r.IntN(13))] = byte(r.Uint32())
			}
			survive(t, s.f, p, full.draw(r), full.draw(r))
		}
	})
}

// FuzzGet makes arbitrary bytes into a page of every layout: the page's first bytes, or the whole page by repetition,
// or changes to a full page. Inputs stay short, or the fuzzer spends its time on making them shorter.
func FuzzGet(f *testing.F) {
	const start, repeat, patch = 0, 1, 2
	f.Add(uint8(start), []byte{}, uint64(0), uint64(0))
	f.Add(uint8(start), []byte("\x06\x00\xfd\x1f\xfd\x1f"), uint64(5), uint64(6))
	f.Add(uint8(start), []byte("\xff\x01"), uint64(5), uint64(6))
	f.Add(uint8(repeat), []byte("\xff"), uint64(0), uint64(1)<<63)
	f.Add(uint8(repeat), []byte("\x80\x10\x81"), uint64(1)<<60, uint64(1))
	f.Add(uint8(repeat), []byte("\xfe\x1f\x00\x20"), uint64(1), uint64(1)<<33)
	f.Add(uint8(patch), []byte{}, uint64(1)<<30, uint64(1)<<63)
	f.Add(uint8(patch), []byte("\x05\x00\xff\x80\x02\x44"), uint64(5), uint64(6))
	all := subjects()
	whole := make([]Buf, len(all))
	for i, s := range all {
		full.fill(s.f, &whole[i], rand.New(rand.NewPCG(6, 6)))
	}
	f.Fuzz(func(t *testing.T, how uint8, data []byte, key, value uint64) {
		for i, s := range all {
			var p Buf
			switch how % 3 {
			case start:
				copy(p[:], data)
			case repeat:
				for at := 0; at < Size && len(data) > 0; {
					at += copy(p[at:], data)
				}
			case patch:
				p = whole[i]
				for d := data; len(d) >= 3; d = d[3:] {
					p[binary.LittleEndian.Uint16(d)%Size] = d[2]
				}
			}
			survive(t, s.f, p, key, value)
		}
	})
}
