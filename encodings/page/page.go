// Package page lays out maps from 64-bit keys to 64-bit values in pages of 8192 bytes.
//
// Limits first. A page holds integers only, has no delete, no checksum and no lock, and keeps everything it knows in
// its own bytes. All multi-byte fields are little-endian; counts and offsets are in bytes from the start of the page.
//
// The layouts differ in how they spend those bytes:
//
//	raw            16 bytes an entry, always 511 entries
//	varint         a sorted array of offsets; seven bits of number per byte
//	nibble         a sorted array of offsets; one byte holds both lengths, then only the bytes in use
//	offset-nibble  as nibble, with the lengths hidden in four bits the offset does not need
//	elias-fano     blocks of keys as differences; no offset per entry
//
// The first is an array; the next three are slotted pages (see slotted.go) that store each key whole. These four follow
// Oren Eini's write-up of RavenDB's page of integer pairs. The last shows what a page can hold that does not.
package page

// Size is the length of every page in bytes.
const Size = 8192

// Buf is the memory of one page. A zero Buf is not an empty page: see [Format.Init].
type Buf = [Size]byte

// Format is one page layout: functions on a buffer, with no state beside the buffer (a trained [Table] is part of the
// format, not of the page). No method allocates, save Check when it fails. Readers may share a page; a writer needs it
// alone.
//
// Damaged bytes never make a method panic or touch memory outside the page. They may make Get, Set and Scan answer
// wrongly: only Check tells.
type Format interface {
	// Init makes p an empty page and zeroes the rest.
	Init(p *Buf)
	// Set stores value under key, replacing the value of a key already there. It returns false, with the page
	// unchanged, when the page has no room for the entry (or a header too damaged to write by).
	Set(p *Buf, key, value uint64) bool
	// Get returns the value stored under key, and whether there is one.
	Get(p *Buf, key uint64) (value uint64, ok bool)
	// Scan yields the entries by strictly ascending key until yield returns false. At the first entry that is out of
	// order or out of the page it stops.
	Scan(p *Buf, yield func(key, value uint64) bool)
	// Check validates the whole page. Its error names the layout, the byte offset and the rule that is broken.
	Check(p *Buf) error
}
