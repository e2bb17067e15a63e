// Package calibrate measures what the resources of this machine cost: loads at
// each level of the memory, copies, system calls, faults, writes, an fsync, a
// trip over the loopback interface. The figures price the sketches of package
// sketch; they are no benchmark of the machine.
//
// Its limits first. Each figure is the median of short slices, with the
// quartiles as its spread: of CPU time where the CPU works, of wall time where
// it waits. CPU time leaves out that other programs run, not that they empty
// the caches. Loads meet pages of the ordinary size, so the figures for the
// third cache and for memory hold the misses of the address translation too. A
// virtual machine has a share of a third cache whose full size it is told. A
// disk with a cache of its own, or that of a cloud, may call an fsync done that
// waits for less. What this operating system cannot show is left out.
package calibrate
