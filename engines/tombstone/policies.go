package tombstone

import "assay/runner/lab"

// keep leaves a tombstone for every remove. It needs no promise: whatever an
// older table says of the key is hidden. A table is as large as what was done.
type keep struct{ store }

func newKeep(*lab.Env) (Index, error) { return &keep{}, nil }

// Put is as [Index] says.
func (x *keep) Put(k Key, row uint64) error {
	if row >= removedBit {
		return errRow(row)
	}
	x.mem.set(x.mem.find(k), k, row, put)
	return x.take()
}

// Remove is as [Index] says.
func (x *keep) Remove(k Key) error {
	x.mem.set(x.mem.find(k), k, 0, removed)
	return x.take()
}

// cancel lets a remove cancel the put of the same key where that is still in the
// memtable: neither is flushed. That is right only while puts and removes of a
// key take turns. If the key was put before, flushed, and put again without a
// remove between, then cancelling the second put brings the first one back.
//
// So the promise is checked where it can break unseen, at a put of a key that
// the memtable does not know: the filters of the tables are asked, which for a
// new key nearly always say no. A remove needs no check, because a tombstone for
// a key that is not there does no harm.
type cancel struct{ store }

func newCancel(*lab.Env) (Index, error) { return &cancel{store{filters: true}}, nil }

// Put is as [Index] says, or breaks the promise and changes nothing (ErrPromise).
func (x *cancel) Put(k Key, row uint64) error {
	if row >= removedBit {
		return errRow(row)
	}
	s := x.mem.find(k)
	switch s.state {
	case removed:
		x.mem.set(s, k, row, putOver)
		return x.take()
	case put, putOver:
		return brokenPromise(k, "is put twice in a row")
	}
	if _, live := x.flushed(k); live {
		return brokenPromise(k, "is put again, and the first put is in a table already")
	}
	x.mem.set(s, k, row, put)
	return x.take()
}

// Remove is as [Index] says, or breaks the promise and changes nothing (ErrPromise).
func (x *cancel) Remove(k Key) error {
	s := x.mem.find(k)
	if s.state == removed {
		return brokenPromise(k, "is removed twice in a row")
	}
	x.mem.withdraw(s, k)
	return x.take()
}

// withdraw removes a key whose put, if the memtable has it, cancels.
func (m *memtable) withdraw(s *slot, k Key) {
	if s.state == put {
		m.forget(s)
		return
	}
	m.set(s, k, 0, removed)
}

// trusting is the policy as published: it relies on the promise and checks
// nothing. It is wrong on purpose when the promise is broken.
type trusting struct{ store }

func newTrusting(*lab.Env) (Index, error) { return &trusting{}, nil }

// Put is as [Index] says.
func (x *trusting) Put(k Key, row uint64) error {
	if row >= removedBit {
		return errRow(row)
	}
	s := x.mem.find(k)
	x.mem.set(s, k, row, over(s.state))
	return x.take()
}

// over is the state of a put where the memtable had another.
func over(state uint64) uint64 {
	if state == removed || state == putOver {
		return putOver
	}
	return put
}

// Remove is as [Index] says.
func (x *trusting) Remove(k Key) error {
	x.mem.withdraw(x.mem.find(k), k)
	return x.take()
}

// trusts says that the answers are wrong when the promise is broken.
func (*trusting) trusts() bool { return true }

// proven cancels as well, and needs no promise: a remove whose put is in the
// memtable asks the tables whether there is anything to hide, and leaves a
// tombstone if there is. The check moves from every put to every remove that
// could cancel, and a caller that breaks the promise gets the right answer
// instead of an error.
type proven struct{ store }

func newProven(*lab.Env) (Index, error) { return &proven{store{filters: true}}, nil }

// Put is as [Index] says.
func (x *proven) Put(k Key, row uint64) error {
	if row >= removedBit {
		return errRow(row)
	}
	s := x.mem.find(k)
	x.mem.set(s, k, row, over(s.state))
	return x.take()
}

// Remove is as [Index] says.
func (x *proven) Remove(k Key) error {
	s := x.mem.find(k)
	if s.state == put {
		if _, live := x.flushed(k); !live {
			x.mem.forget(s)
			return x.take()
		}
	}
	x.mem.set(s, k, 0, removed)
	return x.take()
}
