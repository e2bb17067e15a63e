package surround

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"

	"go.etcd.io/bbolt"
)

// blocks keeps the votes of all validators in one bucket, a block in each entry.
//
//	u32 validator, u64 highest target of the block: block
//	u32 validator, u64 of ones:                     the block of his latest votes
//
// A seek for the target behind the vote's finds the block that holds the next
// higher target, and past all of them the latest block. Every block but a
// validator's first begins with the last two votes of the one before: of these
// at least one has a lower target than the vote. So the block that is found
// holds both neighbours, and the cursor never moves.
type blocks struct{}

const (
	// blocksName has as many bytes as bbolt aligns by: it copies the header of a
	// bucket that lies askew behind its name.
	blocksName = "attested"
	// repeated is how many votes of the block before a block begins with.
	repeated = 2
	// latest stands for the target of a validator's latest block.
	latest = math.MaxUint64

	blockKeyBytes = 4 + epochBytes
)

func blockKey(validator uint32, target uint64) (key [blockKeyBytes]byte) {
	binary.BigEndian.PutUint32(key[:], validator)
	binary.BigEndian.PutUint64(key[4:], target)
	return key
}

// parseBlockKey is the inverse of blockKey.
func parseBlockKey(key []byte) (validator uint32, target uint64, err error) {
	if len(key) != blockKeyBytes {
		return 0, 0, fmt.Errorf("%w: the key of a block has %d bytes", errDamaged, len(key))
	}
	return binary.BigEndian.Uint32(key), binary.BigEndian.Uint64(key[4:]), nil
}

// seekBlock finds the block of a vote and searches it.
func seekBlock(tx *bbolt.Tx, validator uint32, v Vote) (Verdict, int, error) {
	bucket := tx.Bucket([]byte(blocksName))
	if bucket == nil {
		return Safe, 0, nil
	}
	key := blockKey(validator, v.Target+1)
	k, value := bucket.Cursor().Seek(key[:])
	if k == nil {
		return Safe, 0, nil
	}
	of, _, err := parseBlockKey(k)
	if err != nil || of != validator {
		return Safe, 0, err
	}
	b, err := parseBlock(value)
	if err != nil {
		return Safe, 0, err
	}
	found, visited := b.check(v)
	return found, visited, nil
}

// put writes the latest block of each validator again, and those it outgrew.
func (blocks) put(tx *bbolt.Tx, records []Record) error {
	bucket, err := tx.CreateBucketIfNotExists([]byte(blocksName))
	if err != nil {
		return err
	}
	b := builder{bucket: bucket}
	for i, r := range records {
		err := r.check()
		if err == nil && (i == 0 || r.Validator != b.validator) {
			err = b.turnTo(r.Validator)
		}
		if err == nil && len(b.votes) > 0 {
			err = r.Vote.follows(b.votes[len(b.votes)-1])
		}
		if err == nil {
			err = b.add(r.Vote)
		}
		if err != nil {
			return r.wrong(i, err)
		}
	}
	if b.turns == 1 {
		bucket.FillPercent = 1 // of a page that is split: what follows comes behind it. Among many validators every page grows, and needs room
	}
	return b.flush()
}

// builder has the latest block of one validator in a transaction that writes.
type builder struct {
	bucket    *bbolt.Bucket
	validator uint32
	turns     int // to a validator
	votes     []Vote
	values    []byte // what was put: bbolt refers to it until it commits
}

// turnTo writes the block of the validator before and reads this one's.
func (b *builder) turnTo(validator uint32) (err error) {
	if err := b.flush(); err != nil {
		return err
	}
	b.validator, b.votes = validator, b.votes[:0]
	b.turns++
	key := blockKey(validator, latest)
	if value := b.bucket.Get(key[:]); value != nil {
		b.votes, err = decodeBlock(b.votes, value)
	}
	return err
}

// add puts a vote into the latest block, or begins another where it is full.
func (b *builder) add(v Vote) error {
	if n := len(b.votes); n == blockVotes {
		if err := b.write(b.votes[n-1].Target); err != nil {
			return err
		}
		b.votes = append(b.votes[:0], b.votes[n-repeated:]...)
	}
	b.votes = append(b.votes, v)
	return nil
}

// flush writes the latest block, if there is one.
func (b *builder) flush() error {
	if len(b.votes) == 0 {
		return nil
	}
	return b.write(latest)
}

func (b *builder) write(target uint64) error {
	key, from := blockKey(b.validator, target), len(b.values)
	b.values = appendBlock(b.values, b.votes)
	return b.bucket.Put(key[:], b.values[from:len(b.values):len(b.values)])
}

// verify reads every block of the file.
func (blocks) verify(tx *bbolt.Tx) error {
	return tx.ForEach(func(name []byte, bucket *bbolt.Bucket) error {
		if string(name) != blocksName {
			return fmt.Errorf("%w: a bucket named %q", errDamaged, name)
		}
		at := chain{ended: true}
		c := bucket.Cursor()
		for k, value := c.First(); k != nil; k, value = c.Next() {
			validator, target, err := parseBlockKey(k)
			if err == nil {
				err = at.link(validator, target, value)
			}
			if err != nil {
				return fmt.Errorf("validator %d: %w", validator, err)
			}
		}
		return at.end()
	})
}

// chain is the blocks of a bucket, read in their order as far as the last one.
type chain struct {
	validator uint32
	votes     []Vote // of the last block
	own       []Vote // of the one that is read
	ended     bool   // it was the latest block of its validator, or there is none
}

// end fails where the latest block of the last validator is missing.
func (c *chain) end() error {
	if !c.ended {
		return fmt.Errorf("%w: validator %d has no latest block", errDamaged, c.validator)
	}
	return nil
}

// link reads a block, and holds that it belongs behind the last one.
func (c *chain) link(validator uint32, target uint64, value []byte) (err error) {
	if c.own, err = decodeBlock(c.own[:0], value); err != nil {
		return err
	}
	n := len(c.own)
	switch {
	case validator >= MaxValidators:
		return fmt.Errorf("%w: they are numbered from 0 to %d", errDamaged, MaxValidators-1)
	case target != latest && (target != c.own[n-1].Target || n != blockVotes):
		return fmt.Errorf("%w: a block of %d votes up to target %d stands at target %d", errDamaged, n, c.own[n-1].Target, target)
	case len(c.votes) == 0 || validator > c.validator:
		if err := c.end(); err != nil {
			return err
		}
	case validator < c.validator || c.ended:
		return fmt.Errorf("%w: a block behind the latest one of validator %d", errDamaged, c.validator)
	case n <= repeated || !slices.Equal(c.own[:repeated], c.votes[len(c.votes)-repeated:]):
		return fmt.Errorf("%w: a block up to target %d does not begin with the last votes of the block before", errDamaged, c.own[n-1].Target)
	}
	c.validator, c.ended = validator, target == latest
	c.votes, c.own = c.own, c.votes
	return nil
}
