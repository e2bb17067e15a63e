package workloads

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
)

// RecordStream draws byte-string records of one population without end. It
// is for one goroutine.
type RecordStream struct {
	entries *Stream
	drawn   []Entry
	buffers [2][]byte
	turn    int
}

// Records starts a stream of records. Its entries are those of [Data.Stream]
// with the same arguments, written as AppendKey and AppendValue do. It fails
// as Stream does, except that string keys are welcome; and if keysize is too
// small for the largest key of the law, or given where keys are strings.
func (d *Data) Records(p Population, seed uint64) (*RecordStream, error) {
	if err := d.checkKeySize(); err != nil {
		return nil, fmt.Errorf("workload %q: %w", d.spec, err)
	}
	entries, err := d.stream(p, seed)
	if err != nil {
		return nil, err
	}
	return &RecordStream{entries: entries}, nil
}

// Next fills the whole batch. The slices point into two buffers that take
// turns: they stay valid through the next call and are overwritten by the
// one after, so that one batch may be used while the next is drawn. Once the
// buffers have grown to the batch, Next allocates nothing.
func (s *RecordStream) Next(batch []Record) {
	if cap(s.drawn) < len(batch) {
		s.drawn = make([]Entry, len(batch))
	}
	drawn := s.drawn[:len(batch)]
	s.entries.Next(drawn)
	d := s.entries.data
	need := 0
	for _, e := range drawn {
		need += d.keyRoom(e) + d.valueSize()
	}
	if cap(s.buffers[s.turn]) < need {
		// A quarter more, so that batches of uneven strings settle soon.
		s.buffers[s.turn] = make([]byte, 0, need+need/4)
	}
	buffer := s.buffers[s.turn][:0]
	s.turn = 1 - s.turn
	for i, e := range drawn {
		start := len(buffer)
		buffer = d.AppendKey(buffer, e)
		middle := len(buffer)
		buffer = d.AppendValue(buffer, e)
		batch[i] = Record{
			Key:   buffer[start:middle:middle],
			Value: buffer[middle:len(buffer):len(buffer)],
			Index: e.Index, Place: e.Place,
		}
	}
}

// AppendKey appends the key of e as records have it: the string of a replayed
// file, or the number in the spec's keyformat, padded to keysize.
func (d *Data) AppendKey(to []byte, e Entry) []byte {
	if d.Text() {
		return append(to, d.keyTrace.texts[e.Key]...)
	}
	base, width := 10, d.spec.keySize
	switch d.spec.keyFormat {
	case "key_":
		to = append(to, "key_"...)
		width -= len("key_")
	case "hex":
		base = 16
		if width == 0 {
			width = 16
		}
	default:
		if width == 0 {
			width = 20
		}
	}
	var room [20]byte
	digits := strconv.AppendUint(room[:0], e.Key, base)
	for range width - len(digits) {
		to = append(to, '0')
	}
	return append(to, digits...)
}

// keyRoom is at least the length of the key of e.
func (d *Data) keyRoom(e Entry) int {
	if d.Text() {
		return len(d.keyTrace.texts[e.Key])
	}
	return max(d.spec.keySize, len("key_")+20)
}

// AppendValue appends the value of e as records have it, valuesize bytes that
// depend on the entry's key and value only.
func (d *Data) AppendValue(to []byte, e Entry) []byte {
	size := d.valueSize()
	if d.spec.valueBytes == "random" {
		// SplitMix64 from a state of key and value.
		var word [8]byte
		for state := mix(e.Key) ^ e.Value; size > 0; state += 0x9e3779b97f4a7c15 {
			binary.LittleEndian.PutUint64(word[:], mix(state))
			part := word[:min(size, len(word))]
			to = append(to, part...)
			size -= len(part)
		}
		return to
	}
	var head [8]byte
	binary.BigEndian.PutUint64(head[:], e.Value)
	if size <= len(head) {
		return append(to, head[len(head)-size:]...)
	}
	to = append(to, head[:]...)
	for range size - len(head) {
		to = append(to, 0)
	}
	return to
}

func (d *Data) valueSize() int {
	if d.spec.valueSize == 0 {
		return defaultValueSize
	}
	return d.spec.valueSize
}

// checkKeySize holds keys to one length, where the length is said and the
// largest key is known. Only keys that ascend past the population may
// still grow a digit: then they are written in full, never cut.
func (d *Data) checkKeySize() error {
	if d.Text() {
		if d.spec.keySize != 0 || d.spec.keyFormat != "" {
			return errors.New("keysize, keyformat: only for keys that are numbers; leave them out")
		}
		return nil
	}
	if d.spec.keySize == 0 {
		return nil
	}
	bare := *d
	bare.spec.keySize = 1
	largest := d.largestKey()
	if need := len(bare.AppendKey(nil, Entry{Key: largest})); need > d.spec.keySize {
		return fmt.Errorf("keysize: %d bytes are too few for keys up to %d; use at least %d", d.spec.keySize, largest, need)
	}
	return nil
}

// largestKey is the largest key that the law can draw.
func (d *Data) largestKey() uint64 {
	switch {
	case d.keyTrace != nil:
		largest := uint64(0)
		for _, key := range d.keyTrace.keys {
			largest = max(largest, key)
		}
		return largest
	case d.keys.universe && d.spec.universe != 0:
		return d.spec.universe - 1
	case d.keys.universe:
		return defaultUniverse - 1
	case d.keys.grows:
		return d.Entries[len(d.Entries)-1].Key
	}
	return d.keys.largest
}
