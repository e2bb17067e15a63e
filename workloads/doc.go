// Package workloads describes and draws inputs: keys and values under a
// named law, the population a structure is loaded with, and streams of keys
// that are in it, that are not, and that come next. It measures nothing and
// knows nothing of who does.
//
// # A workload in words
//
// A workload is one line of text, either a name or fields:
//
//	realistic
//	go-identifiers
//	zipf:1.1
//	realistic,count=40000
//	keys=uniform:0-999999,values=loguniform:32,count=5000,access=zipf:0.99
//
// [Names] lists the presets, the shipped traces and the forms of
// distributions. A bare distribution is short for keys=DISTRIBUTION. The
// fields are:
//
//	keys       the law of the keys: a preset, a trace or a distribution
//	values     the law of the values, in the same forms (default: see below)
//	count      entries to load, 1 to 1073741824
//	access     how Present picks among the loaded: uniform (default),
//	           sequential, zipf:S or hotspot:F/P
//	universe   N: zipf and hotspot draw from 0..N-1 (default 4294967296)
//	keysize    bytes that a Record's integer key is padded to with zeros
//	keyformat  decimal (default, 20 bytes), hex (16 bytes) or key_ (key_%d)
//	valuesize  bytes of a Record's value (default 8)
//	valuebytes zero (default: the value, big-endian, then zeros) or random
//	           (bytes that do not compress, the same for the same entry)
//	batch      entries that belong together, in one request or one call: a
//	           power of two (default: as the operation has it)
//
// Without values=, the value of an entry is the next draw of the keys' own
// law, from the same generator: key and value are consecutive independent
// draws of one stream. For sequential, gaps and clustered the value equals the
// key, and for a replayed file it is the second column, or the row number
// without one. Values never come from a file of strings.
//
// # Populations
//
// [Spec.Load] draws the [Present] population. Any 2048 consecutive entries
// have distinct keys: an entry whose key is among the last 2048 kept is
// thrown away and drawn again. A page holds fewer than 2048 entries, so what
// a lookup in it answers does not depend on where the page ends. Further
// apart keys do repeat if the law repeats them; [Data.Position] names the
// last holder. Loading gives up after 100 draws per entry asked for, so
// narrow laws give fewer entries than asked.
//
// [Absent] keys follow the same law but occur nowhere in the population.
// [Fresh] draws the law on, repeats included, as a program that never stops
// writing would. For keys that ascend (sequential, gaps, clustered) both lie
// beyond the end of the population. For a replayed file both
// continue after the last loaded row and start over at its end; Absent
// passes over rows whose key was loaded, so load less than the whole file if
// you need it.
//
// # Randomness
//
// Every stream is a function of the spec, the seed and the population, and
// of nothing else: not of time, of the number of processors or of a global
// source. The draws of seed 1 are held by a golden file. Only zipf, which takes
// logarithms, may differ between processor architectures in a rare draw. The
// seed of Load and the seed of a stream may be equal; the streams are still
// independent.
package workloads
