// Package wal is a write-ahead log: what was put since the last table, for a
// store to replay after its process died.
//
// Limits first: records are gathered in a buffer of 32 KiB and never synced, so
// a killed process loses the records still in the buffer and a lost machine may
// lose more. That is what pebble does with Sync off, which it is compared with.
//
// A record is
//
//	u32 length of the payload, u32 its complement, u32 CRC-32C of the payload,
//	payload: u8 kind (0 seal, 1 live, 2 dead), uvarint key length, key, value
//
// all little-endian. The complement tells a damaged length from a file that
// ends early: a record that is all there and wrong is an error, a record that
// the file ends in is the tail that a crash cut off. A log that was finished
// ends in a seal, so that the loss of its tail shows.
package wal

import (
	"encoding/binary"
	"fmt"
	"os"

	"assay/engines/lsm/part"
)

const (
	headBytes = 12
	gathered  = 32 << 10

	kindSeal = 0
	kindLive = 1
	kindDead = 2
)

// Log is a log being written.
type Log struct {
	f   *os.File
	buf []byte
}

// Create begins a log, over an old one if there is one.
func Create(path string) (*Log, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	return &Log{f: f, buf: make([]byte, 0, gathered+1024)}, nil
}

// Append adds a record. After an error the log must not be used again.
func (l *Log) Append(e part.Entry) error {
	l.buf = AppendRecord(l.buf, e)
	if len(l.buf) >= gathered {
		return l.Flush()
	}
	return nil
}

// Flush hands what was gathered to the system: from here on it survives the process.
func (l *Log) Flush() error {
	if len(l.buf) == 0 {
		return nil
	}
	_, err := l.f.Write(l.buf)
	l.buf = l.buf[:0]
	return err
}

// Seal ends the log: no record is missing.
func (l *Log) Seal() error {
	l.buf = appendRecord(l.buf, kindSeal, nil, nil)
	if err := l.Flush(); err != nil {
		l.f.Close()
		return err
	}
	return l.f.Close()
}

// Abandon closes the log as a kill -9 would: what was only gathered is lost.
func (l *Log) Abandon() error { return l.f.Close() }

// AppendRecord appends the bytes of one record.
func AppendRecord(to []byte, e part.Entry) []byte {
	if e.Deleted {
		return appendRecord(to, kindDead, e.Key, nil)
	}
	return appendRecord(to, kindLive, e.Key, e.Value)
}

func appendRecord(to []byte, kind byte, key, value []byte) []byte {
	from := len(to)
	to = append(to, make([]byte, headBytes)...)
	to = append(to, kind)
	to = binary.AppendUvarint(to, uint64(len(key)))
	to = append(to, key...)
	to = append(to, value...)
	payload := to[from+headBytes:]
	binary.LittleEndian.PutUint32(to[from:], uint32(len(payload)))
	binary.LittleEndian.PutUint32(to[from+4:], ^uint32(len(payload)))
	binary.LittleEndian.PutUint32(to[from+8:], part.Checksum(0, payload))
	return to
}

// Replay hands every record of a log to take, in order. sealed says that the
// log ends in a seal; without one its tail may be missing. The slices of an
// entry are valid for good.
func Replay(path string, data []byte, take func(part.Entry)) (sealed bool, err error) {
	bad := func(at int, what string) (bool, error) {
		return false, &part.Corrupt{File: path, Offset: int64(at), What: what}
	}
	for at := 0; at < len(data); {
		rest := data[at:]
		if len(rest) < headBytes {
			return false, nil
		}
		size := binary.LittleEndian.Uint32(rest)
		if binary.LittleEndian.Uint32(rest[4:]) != ^size {
			return bad(at, "the length of a log record is damaged")
		}
		if uint64(len(rest)) < headBytes+uint64(size) {
			return false, nil
		}
		payload := rest[headBytes : headBytes+size]
		if part.Checksum(0, payload) != binary.LittleEndian.Uint32(rest[8:]) {
			return bad(at, "the checksum of a log record does not match it")
		}
		e, kind, ok := parse(payload)
		if !ok {
			return bad(at, fmt.Sprintf("a log record of kind %d is not understood", kind))
		}
		at += headBytes + int(size)
		if kind == kindSeal {
			if at != len(data) {
				return bad(at, "a log goes on after its seal")
			}
			return true, nil
		}
		take(e)
	}
	return false, nil
}

func parse(payload []byte) (e part.Entry, kind byte, ok bool) {
	if len(payload) == 0 {
		return e, 0, false
	}
	kind, payload = payload[0], payload[1:]
	n, width := binary.Uvarint(payload)
	if kind > kindDead || width <= 0 || n > uint64(len(payload)-width) {
		return e, kind, false
	}
	payload = payload[width:]
	e = part.Entry{Key: payload[:n:n], Value: payload[n:], Deleted: kind == kindDead}
	if kind == kindSeal {
		return e, kind, len(payload) == 0
	}
	return e, kind, e.Check() == nil && !(e.Deleted && len(e.Value) > 0)
}
