package plots

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"slices"
	"sync"

	"gonum.org/v1/plot/vg/draw"
)

// PNG writes the figure as a bitmap of 2 pixels per point, with a palette: a
// figure has a dozen inks and their blends with paper, and true colour takes
// five times as long to write and twice the room.
func (f Figure) PNG(w io.Writer) error {
	b := newBitmap(f.Wide, f.High, f.shop.buffer)
	defer f.shop.pixels.Put(&b.img.Pix)
	f.paint(draw.New(b), nil, nil)
	out := f.shop.indexed(b.img)
	defer f.shop.pixels.Put(&out.Pix)
	fast := png.Encoder{CompressionLevel: png.BestSpeed, BufferPool: &f.shop.encoders} // the best level took a quarter of a report's time
	if err := fast.Encode(w, out); err != nil {
		return fmt.Errorf("figure %s: %w", f.Name, err)
	}
	return nil
}

// workshop is what the figures of a report use one after another: there are
// hundreds of some megabytes.
type workshop struct {
	pixels   sync.Pool // of *[]uint8
	readings sync.Pool // of *reading
	encoders encoderPool
}

func (s *workshop) buffer(n int) []uint8 {
	if p, ok := s.pixels.Get().(*[]uint8); ok && cap(*p) >= n {
		return (*p)[:n]
	}
	return make([]uint8, n)
}

type encoderPool struct{ sync.Pool }

// Get implements [png.EncoderBufferPool].
func (p *encoderPool) Get() *png.EncoderBuffer {
	b, _ := p.Pool.Get().(*png.EncoderBuffer) // nil makes the encoder bring its own
	return b
}

// Put implements [png.EncoderBufferPool].
func (p *encoderPool) Put(b *png.EncoderBuffer) { p.Pool.Put(b) }

// indexed gives a picture a palette of at most 256 colours. Where it has more,
// colours that differ in their lowest bits only become the most frequent of
// them, so that inks keep their exact colour and blends lose what nobody sees.
func (s *workshop) indexed(img *image.RGBA) *image.Paletted {
	p, ok := s.readings.Get().(*reading)
	if !ok {
		p = &reading{ids: map[uint32]int32{}}
	}
	defer s.readings.Put(p)
	p.read(img)
	byCount := slices.Clone(p.colours)
	slices.SortFunc(byCount, func(a, b uint32) int {
		return cmp.Or(cmp.Compare(p.counts[p.ids[b]], p.counts[p.ids[a]]), cmp.Compare(a, b))
	})
	entries, chosen := palette(byCount)
	index := make([]uint8, len(p.colours))
	for id, c := range p.colours {
		index[id] = chosen[c]
	}
	w, h := img.Rect.Dx(), img.Rect.Dy()
	out := &image.Paletted{Pix: s.buffer(w * h), Stride: w, Rect: img.Rect, Palette: entries}
	clear(out.Pix)
	for y, runs := range p.rows {
		row := out.Pix[y*w : (y+1)*w]
		if y > 0 && &runs[0] == &p.rows[y-1][0] {
			copy(row, out.Pix[(y-1)*w:])
			continue
		}
		for _, r := range runs {
			if k := index[r.id]; k > 0 { // most of a figure is paper
				for i := range row[:r.n] {
					row[i] = k
				}
			}
			row = row[r.n:]
		}
	}
	return out
}

// reading is a picture as runs of pixels of one colour, and how many pixels have
// each.
type reading struct {
	rows    [][]run // a row like the one above has the same runs, in the same place
	runs    []run
	colours []uint32 // by id: its bytes, red first
	counts  []int    // by id
	ids     map[uint32]int32
	recent  [256]run // what ids were asked for last: a map for each run took a tenth of a report's time
}

type run struct{ id, n int32 }

func (p *reading) read(img *image.RGBA) {
	p.rows, p.runs, p.colours, p.counts, p.recent = p.rows[:0], p.runs[:0], p.colours[:0], p.counts[:0], [256]run{}
	clear(p.ids)
	w, h := img.Rect.Dx(), img.Rect.Dy()
	var above []byte
	for y := range h {
		row := img.Pix[y*img.Stride : y*img.Stride+4*w]
		if bytes.Equal(row, above) { // as within a bar, or on paper
			p.again()
			continue
		}
		above = row
		p.row(row)
	}
}

// again adds a row like the one before.
func (p *reading) again() {
	runs := p.rows[len(p.rows)-1]
	for _, r := range runs {
		p.counts[r.id] += int(r.n)
	}
	p.rows = append(p.rows, runs)
}

func (p *reading) row(row []byte) {
	from := len(p.runs)
	last, n := binary.BigEndian.Uint32(row), int32(0)
	for ; len(row) >= 4; row = row[4:] {
		c := binary.BigEndian.Uint32(row)
		if c != last {
			p.add(last, n)
			last, n = c, 0
		}
		n++
	}
	p.add(last, n)
	p.rows = append(p.rows, p.runs[from:len(p.runs):len(p.runs)])
}

func (p *reading) add(colour uint32, n int32) {
	slot := &p.recent[colour*0x9e3779b1>>24]
	if slot.n == 0 || p.colours[slot.id] != colour {
		id, seen := p.ids[colour]
		if !seen {
			id = int32(len(p.colours)) //nolint:gosec // below the pixels of a picture
			p.ids[colour] = id
			p.colours, p.counts = append(p.colours, colour), append(p.counts, 0)
		}
		*slot = run{id, 1}
	}
	p.counts[slot.id] += int(n)
	p.runs = append(p.runs, run{slot.id, n})
}

// palette chooses entries for colours, the most frequent first.
func palette(byCount []uint32) (color.Palette, map[uint32]uint8) {
	for bits := 0; ; bits++ {
		low := uint32(1)<<bits - 1
		mask := ^(low<<24 | low<<16 | low<<8 | low)
		entries, bucket, index := color.Palette{}, map[uint32]uint8{}, make(map[uint32]uint8, len(byCount))
		for _, c := range byCount {
			k, seen := bucket[c&mask]
			if !seen {
				if len(entries) == 256 {
					break
				}
				k = uint8(len(entries)) //nolint:gosec // below 256
				bucket[c&mask] = k
				entries = append(entries, color.RGBA{uint8(c >> 24), uint8(c >> 16), uint8(c >> 8), uint8(c)}) //nolint:gosec // its bytes
			}
			index[c] = k
		}
		if len(index) == len(byCount) {
			return entries, index
		}
	}
}
