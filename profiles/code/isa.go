package code

import (
	"bytes"
	"encoding/binary"

	"golang.org/x/arch/arm64/arm64asm"
	"golang.org/x/arch/x86/x86asm"
)

// kind is what an instruction does to the flow of control.
type kind int

const (
	plain kind = iota
	branch
	jump
	computedJump
	call
	computedCall
	end // of a path: a return or an instruction that is never to be reached
)

// instruction is one decoded instruction.
type instruction struct {
	length int
	kind   kind
	target uint64 // of a jump or call that is not computed
	text   string
	opaque bool
	// relative is the field that depends on where the instruction is, as
	// positions from its first byte; to is what it points to.
	relative [2]int
	to       uint64
}

// isa is an instruction set.
type isa interface {
	// decode reads the instruction at the start of code; names words addresses.
	decode(code []byte, at uint64, names func(uint64) (string, uint64)) instruction
	// trim takes the padding off the end of a function.
	trim(code []byte) []byte
}

type amd64 struct{}

func (amd64) trim(code []byte) []byte {
	const breakpoint = 0xcc
	for len(code) > 0 && code[len(code)-1] == breakpoint {
		code = code[:len(code)-1]
	}
	return code
}

func (amd64) decode(code []byte, at uint64, names func(uint64) (string, uint64)) instruction {
	inst, err := x86asm.Decode(code, 64)
	if err != nil || inst.Len == 0 {
		n := vexLength(code)
		return instruction{length: n, text: "?", opaque: true}
	}
	x := instruction{length: inst.Len, text: x86asm.GoSyntax(inst, at, names)}
	next := at + uint64(inst.Len)
	if inst.PCRel > 0 {
		x.relative = [2]int{inst.PCRelOff, inst.PCRelOff + inst.PCRel}
		x.to = next + signed(code[inst.PCRelOff:inst.PCRelOff+inst.PCRel])
	}
	_, direct := inst.Args[0].(x86asm.Rel)
	if direct {
		x.target = x.to
	}
	switch op := inst.Op; {
	case op == x86asm.CALL && direct:
		x.kind = call
	case op == x86asm.CALL:
		x.kind = computedCall
	case op == x86asm.JMP && direct:
		x.kind = jump
	case op == x86asm.JMP:
		x.kind = computedJump
	case direct: // every other instruction with a relative target is conditional: Jcc, JRCXZ, LOOP
		x.kind = branch
	case op == x86asm.RET, op == x86asm.UD2, op == x86asm.INT, op == x86asm.HLT:
		x.kind = end
	}
	return x
}

// signed reads a little-endian field.
func signed(field []byte) uint64 {
	var v uint64
	for i, b := range field {
		v |= uint64(b) << (8 * i)
	}
	shift := 64 - 8*len(field)
	return uint64(int64(v<<shift) >> shift)
}

// vexLength is the length of an instruction that the disassembler does not know:
// those with a VEX prefix (AVX, and the bit instructions of GOAMD64=v3) are
// measured by their fields, of others one byte is passed over. None of them
// changes the flow of control.
// Source: Intel's manual, volume 2, section 2.3.
func vexLength(code []byte) int {
	prefix, group := 2, byte(1)
	switch {
	case len(code) > 3 && code[0] == 0xc5:
	case len(code) > 4 && code[0] == 0xc4:
		prefix, group = 3, code[1]&31
	default:
		return 1
	}
	opcode := code[prefix]
	n := prefix + 2 // opcode and ModRM
	if group == 1 && opcode == 0x77 {
		return prefix + 1 // VZEROUPPER has no operands
	}
	modrm := code[prefix+1]
	mode, rm := modrm>>6, modrm&7
	if mode != 3 && rm == 4 { // a SIB byte
		if n < len(code) && mode == 0 && code[n]&7 == 5 {
			n += 4
		}
		n++
	}
	switch {
	case mode == 1:
		n++
	case mode == 2, mode == 0 && rm == 5:
		n += 4
	}
	shuffles := group == 1 && (opcode >= 0x70 && opcode <= 0x73 || opcode == 0xc2 || opcode >= 0xc4 && opcode <= 0xc6)
	if group == 3 || shuffles {
		n++ // an immediate byte
	}
	return min(n, len(code))
}

type arm64 struct{}

const arm64Length = 4

func (arm64) trim(code []byte) []byte {
	for len(code) >= arm64Length && binary.LittleEndian.Uint32(code[len(code)-arm64Length:]) == 0 {
		code = code[:len(code)-arm64Length]
	}
	return code
}

func (arm64) decode(code []byte, at uint64, names func(uint64) (string, uint64)) instruction {
	x := instruction{length: min(arm64Length, len(code))}
	inst, err := arm64asm.Decode(code)
	if err != nil {
		x.text, x.opaque = "?", true
		return x
	}
	x.text = arm64asm.GoSyntax(inst, at, names, bytes.NewReader(nil))
	for _, arg := range inst.Args {
		if rel, ok := arg.(arm64asm.PCRel); ok {
			x.target = at + uint64(rel)
			x.relative, x.to = [2]int{0, arm64Length}, x.target
		}
	}
	_, conditional := inst.Args[0].(arm64asm.Cond)
	switch inst.Op {
	case arm64asm.BL:
		x.kind = call
	case arm64asm.BLR:
		x.kind = computedCall
	case arm64asm.BR:
		x.kind = computedJump
	case arm64asm.CBZ, arm64asm.CBNZ, arm64asm.TBZ, arm64asm.TBNZ:
		x.kind = branch
	case arm64asm.B:
		x.kind = jump
		if conditional {
			x.kind = branch
		}
	case arm64asm.RET, arm64asm.BRK:
		x.kind = end
	}
	return x
}
