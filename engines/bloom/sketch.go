package bloom

import "assay/runner/sketch"

// probes is how a kind of question goes through a plain filter of so many probes.
type probes func(most float64) (asked, mispredicted float64)

// hitAsks: every probe is asked and says yes; nothing is left to guess.
func hitAsks(most float64) (asked, mispredicted float64) { return most, 0 }

// missAsks: half of the slots are set, so each probe ends the question with
// one half, which nobody can guess: two probes, and a wrong guess at one.
func missAsks(float64) (asked, mispredicted float64) { return 2, 1 }

// sketchOf counts the probes of a question in the bytes that a filter has for
// each key, and the wrong guesses. Where a probe looks comes from the hash
// alone, so that loads need not wait for each other. The hash itself is
// arithmetic, which a sketch leaves out: short sets show it as a large ratio.
func sketchOf(ask probes) []sketch.Cost {
	const percentSlots, permilleSlots, bits = 9.585, 14.378, 8 // slots a key takes; bits a byte
	var all []sketch.Cost
	plain := func(most, set float64, variants ...string) {
		asked, wrong := ask(most)
		all = append(all, sketch.Cost{Resource: "overlapped", Count: asked, Set: set, Variants: variants})
		if wrong > 0 {
			all = append(all, sketch.Cost{Resource: "mispredict", Count: wrong, Variants: variants})
		}
	}
	plain(7, percentSlots, "naive", "naive-independent", "double-hash")
	plain(10, permilleSlots, "double-hash-permille")
	plain(7, percentSlots/bits, "double-hash-bits", "remix", "bits-and-blooms")
	plain(10, permilleSlots/bits, "remix-permille")
	block := func(loads, set float64, variants ...string) { // read without a branch
		all = append(all, sketch.Cost{Resource: "overlapped", Count: loads, Set: set, Variants: variants})
	}
	block(1, percentSlots/bits, "blocked", "split-block", "split-block-short", "split-block-batch", "split-block-equal", "blobloom")
	block(1, permilleSlots/bits, "split-block-permille")
	block(3, 9.0/bits, "binary-fuse-8")
	return all
}
