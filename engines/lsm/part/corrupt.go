package part

import (
	"fmt"
	"hash/crc32"
)

// Corrupt is the error of a file that does not hold what was written to it.
type Corrupt struct {
	File   string
	Offset int64 // in bytes, of the part that is wrong
	What   string
}

// Error names the file, the place, what is wrong there and what to do.
func (c *Corrupt) Error() string {
	return fmt.Sprintf("%s: at byte %d: %s; restore the file from a copy", c.File, c.Offset, c.What)
}

// castagnoli is the polynomial that processors have an instruction for.
var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Checksum continues the CRC-32C of sum over b; it starts from 0.
func Checksum(sum uint32, b []byte) uint32 { return crc32.Update(sum, castagnoli, b) }
