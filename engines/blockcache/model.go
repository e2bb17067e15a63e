package blockcache

import "assay/runner/lab"

// model is the obviously right cache: a map that keeps every block, or rather
// its head and its end.
type model struct {
	blocks  map[uint64][]byte
	reading map[uint64]bool
	writes  map[uint64]int // of each address
}

func newModel(*lab.Env) (Cache, error) {
	return &model{map[uint64][]byte{}, map[uint64]bool{}, map[uint64]int{}}, nil
}

func (m *model) Get(address uint64) ([]byte, bool) {
	b, ok := m.blocks[address]
	return b, ok
}

// Begin remembers how often the address had been written.
func (m *model) Begin(address uint64) (Read, bool) {
	if _, cached := m.blocks[address]; cached || m.reading[address] {
		return Read{}, false
	}
	m.reading[address] = true
	return Read{address, make([]byte, leastBlock), m.writes[address]}, true
}

func (m *model) End(r Read) {
	if m.writes[r.Address] == r.slot {
		m.blocks[r.Address] = r.Block
		delete(m.reading, r.Address)
	}
}

func (m *model) Write(address uint64, block []byte) []byte {
	m.writes[address]++
	delete(m.reading, address) // what is in flight is older
	kept := append([]byte{}, block[:headBytes]...)
	m.blocks[address] = append(kept, block[len(block)-headBytes:]...)
	return block
}

func (m *model) reset() { clear(m.blocks) }

// null has every block, and it is always the same.
type null struct{ block []byte }

func newNull(*lab.Env) (Cache, error) { return &null{make([]byte, leastBlock)}, nil }

func (n *null) Get(uint64) ([]byte, bool) { return n.block, true }
func (n *null) Begin(address uint64) (Read, bool) {
	return Read{Address: address, Block: n.block}, true
}
func (*null) End(Read)                        {}
func (*null) Write(_ uint64, b []byte) []byte { return b }
