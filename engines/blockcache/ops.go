package blockcache

import (
	"fmt"

	"assay/runner/lab"
	"assay/workloads"
)

// disk is what is cached: every block in the version last written. Reading from
// it costs nothing but a block's head and end, as if the device wrote the rest.
type disk struct {
	t        *lab.T
	cache    Cache
	versions []uint64 // of each entry, the last that holds its address
	mistaken bool     // the cache is wrong on purpose
	counting bool     // units are counted, and the cache is one
}

func newDisk(t *lab.T, c Cache) *disk {
	m, ok := c.(interface{ mistaken() bool })
	_, idle := c.(*null)
	return &disk{t, c, make([]uint64, len(t.Data.Entries)), ok && m.mistaken(), t.Counting() && !idle}
}

// place finds the entry that stands for each address, before the clock starts.
func (d *disk) place(pool []workloads.Entry) {
	for i := range pool {
		if at, ok := d.t.Data.Position(pool[i].Key); ok {
			pool[i].Place = at
		}
	}
}

// read fills the cache with a block, at once, and returns its version.
func (d *disk) read(address, version uint64) error {
	r, ok := d.cache.Begin(address)
	if !ok {
		return fmt.Errorf("block %d: %w", address, errRefused)
	}
	stamp(r.Block, address, version)
	d.cache.End(r)
	return nil
}

// residents reads blocks in that fit into their sets with room to spare, so that
// all stay, and returns their places.
func (d *disk) residents() ([]workloads.Entry, error) {
	g := geometryOf(&d.t.Env)
	filled := make([]int, g.sets)
	var all []workloads.Entry
	for i, e := range d.t.Data.Entries {
		at, _ := g.home(e.Key)
		if last, _ := d.t.Data.Position(e.Key); int(last) != i || filled[at] == ways*3/4 {
			continue
		}
		filled[at]++
		e.Place = uint32(i)
		all = append(all, e)
		if err := d.read(e.Key, 0); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// among turns drawn entries into such of the list.
func among(list []workloads.Entry) func([]workloads.Entry) {
	return func(pool []workloads.Entry) {
		for i := range pool {
			pool[i] = list[int(pool[i].Index)%len(list)]
		}
	}
}

// hit looks up blocks that are in the cache.
func hit(t *lab.T, c Cache) error {
	d := newDisk(t, c)
	list, err := d.residents()
	if err != nil {
		return err
	}
	t.Prepare(among(list))
	for batch := range t.Batches {
		sum, found := uint64(0), 0
		for i := range batch {
			if block, ok := c.Get(batch[i].Key); ok {
				sum += addressOf(block)
				found++
			}
		}
		t.Fold(sum)
		d.reportHits(found, len(batch))
	}
	return nil
}

// through looks blocks up and reads those that are not there.
func through(t *lab.T, c Cache) error {
	d := newDisk(t, c)
	t.Prepare(d.place)
	for batch := range t.Batches {
		sum, found := uint64(0), 0
		for i := range batch {
			address := batch[i].Key
			if block, ok := c.Get(address); ok {
				sum += addressOf(block)
				found++
				continue
			}
			r, ok := c.Begin(address)
			if !ok {
				return fmt.Errorf("block %d: %w", address, errRefused)
			}
			stamp(r.Block, address, 0)
			sum += addressOf(r.Block)
			c.End(r)
		}
		t.Fold(sum)
		d.reportHits(found, len(batch))
	}
	return nil
}

// write writes blocks that are in the cache. What the caller does to a block
// before, 64 KiB of work, is the same for all and left out but for head and end.
func write(t *lab.T, c Cache) error {
	d := newDisk(t, c)
	list, err := d.residents()
	if err != nil {
		return err
	}
	t.Prepare(among(list))
	scratch := make([]byte, blockBytes)
	for batch := range t.Batches {
		for i := range batch {
			e := &batch[i]
			d.versions[e.Place]++
			stamp(scratch, e.Key, d.versions[e.Place])
			scratch = c.Write(e.Key, scratch)
		}
		if !t.Answering() {
			continue
		}
		for i := range batch {
			block, ok := c.Get(batch[i].Key)
			if !ok {
				return fmt.Errorf("block %d was written and is not there", batch[i].Key)
			}
			_, version, err := decode(block)
			if err != nil {
				return err
			}
			t.Fold(version)
		}
	}
	return nil
}

// scripted plays the collision.
func scripted(t *lab.T, c Cache) error {
	d := newDisk(t, c)
	script := findCollision(geometryOf(&t.Env))
	scratch := make([]byte, blockBytes)
	empty, ok := c.(interface{ reset() })
	for batch := range t.Batches {
		var sum faults
		for range batch {
			if ok {
				empty.reset()
			}
			var f faults
			var err error
			if scratch, f, err = script.play(c, scratch); err != nil {
				return err
			}
			sum.add(f)
		}
		if !d.mistaken { // what is wrong on purpose is counted, not compared
			t.Fold(uint64(sum.torn + sum.double + sum.old))
		} else {
			t.Fold(0)
		}
		d.reportFaults(sum, len(batch))
	}
	return nil
}

func (f *faults) add(o faults) {
	f.torn += o.torn
	f.double += o.double
	f.old += o.old
}

func (d *disk) reportFaults(f faults, ops int) {
	if d.counting {
		d.t.Report(staleReads, float64(f.torn+f.old)/float64(ops))
		d.t.Report(doubleReads, float64(f.double)/float64(ops))
	}
}

func (d *disk) reportHits(found, lookups int) {
	if d.counting {
		d.t.Report(hitRate, float64(found)/float64(lookups))
	}
}
