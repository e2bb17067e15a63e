package surround

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"pgregory.net/rapid"
)

// brute is the definition: every vote of the history.
func brute(history []Vote, v Vote) Verdict {
	for _, old := range history {
		if v.Source < old.Source && v.Target > old.Target {
			return Surrounds
		}
		if v.Source > old.Source && v.Target < old.Target {
			return Surrounded
		}
	}
	return Safe
}

// grown returns a lawful history with steps of up to the given widths; steps of
// sources may be 0.
func grown(rng *rand.Rand, from Vote, n int, bySource, byTarget uint64) []Vote {
	history := make([]Vote, 0, n)
	v := from
	for range n {
		v.Source += rng.Uint64N(bySource + 1)
		v.Target = max(v.Target+1+rng.Uint64N(byTarget+1), v.Source)
		history = append(history, v)
	}
	return history
}

// TestVerdictsAreThoseOfBruteForceOnTwentyThousandRandomVotes covers dense and
// sparse histories, standing sources, and several validators in one file.
func TestVerdictsAreThoseOfBruteForceOnTwentyThousandRandomVotes(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, variant string) {
		rng := rand.New(rand.NewPCG(1, 2))
		asked, seen := 0, map[Verdict]int{}
		for round := range 10 {
			h := open(t, variant, t.TempDir())
			widths := [][2]uint64{{1, 0}, {0, 3}, {3, 1}, {40, 40}, {1, 30}}[round%5]
			histories := make([][]Vote, 3)
			for who := range histories {
				histories[who] = grown(rng, Vote{rng.Uint64N(20), 20}, 1+rng.IntN(400), widths[0], widths[1])
				for rest := histories[who]; len(rest) > 0; { // in batches, as they would come
					n := min(len(rest), 1+rng.IntN(150))
					must(t, h.Append(of(uint32(who), rest[:n]...), false))
					rest = rest[n:]
				}
			}
			end := histories[0][len(histories[0])-1].Target + 20
			for range 2000 {
				who := rng.IntN(len(histories))
				source := rng.Uint64N(end + 1)
				v := Vote{source, source + rng.Uint64N(min(end-source, 60)+1)}
				if rng.IntN(2) == 0 { // near one that is there
					old := histories[who][rng.IntN(len(histories[who]))]
					v = Vote{old.Source + 2 - min(old.Source+2, rng.Uint64N(5)), old.Target + 2 - rng.Uint64N(5)}
					v.Source = min(v.Source, v.Target)
				}
				found, _, err := h.Check(uint32(who), v)
				want := brute(histories[who], v)
				if err != nil || found != want {
					t.Fatalf("round %d, validator %d, vote %d>%d: %v, %v; brute force says %v", round, who, v.Source, v.Target, found, err, want)
				}
				asked++
				seen[want]++
			}
		}
		if asked < 10_000 || seen[Safe] < 1000 || seen[Surrounds] < 1000 || seen[Surrounded] < 1000 {
			t.Errorf("%d votes asked, of which %v", asked, seen)
		}
	})
}

// TestEveryVariantStaysTheModelUnderRandomBatches appends and asks in turns,
// lawful batches and others, and opens files again.
func TestEveryVariantStaysTheModelUnderRandomBatches(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, variant string) {
		rapid.Check(t, func(r *rapid.T) {
			dir := t.TempDir()
			h := open(t, variant, dir)
			defer func() { h.Close() }() //nolint:errcheck // a test's own folder
			want, _ := newModel(nil)
			vote := rapid.Custom(func(r *rapid.T) Record {
				source := rapid.Uint64Range(0, 12).Draw(r, "source")
				return Record{rapid.Uint32Range(0, 1).Draw(r, "validator"), Vote{source, rapid.Uint64Range(0, 18).Draw(r, "target")}}
			})
			for range rapid.IntRange(1, 12).Draw(r, "batches") {
				batch := rapid.SliceOfN(vote, 0, 3).Draw(r, "batch")
				got, expected := h.Append(batch, false), want.Append(batch, false)
				if (got == nil) != (expected == nil) {
					r.Fatalf("append of %v: %v; the model: %v", batch, got, expected)
				}
				if _, file := h.(*file); file && rapid.IntRange(0, 5).Draw(r, "reopen") == 0 {
					if err := h.Close(); err != nil {
						r.Fatal(err)
					}
					h = open(t, variant, dir)
				}
				for who := range uint32(2) {
					for source := range uint64(14) {
						for target := source; target < 20; target++ {
							found, _, err := h.Check(who, Vote{source, target})
							right, _, _ := want.Check(who, Vote{source, target})
							if err != nil || found != right {
								r.Fatalf("validator %d, vote %d>%d: %v, %v; the model says %v", who, source, target, found, err, right)
							}
						}
					}
				}
			}
		})
	})
}

func TestTheWidestEpochsAreTaken(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, variant string) {
		h := open(t, variant, t.TempDir())
		const top = MaxEpoch
		history := []Vote{{top - 9, top - 6}, {top - 4, top - 3}, {top - 4, top - 1}, {top, top}}
		must(t, h.Append(of(MaxValidators-1, history...), false))
		for source := uint64(top - 12); source <= top; source++ {
			for target := source; target <= top; target++ {
				v := Vote{source, target}
				if found, _, err := h.Check(MaxValidators-1, v); err != nil || found != brute(history, v) {
					t.Fatalf("vote top-%d>top-%d: %v, %v; want %v", top-source, top-target, found, err, brute(history, v))
				}
			}
		}
		if found, _, err := h.Check(MaxValidators-1, Vote{0, 0}); found != Safe || err != nil {
			t.Errorf("the genesis vote: %v, %v", found, err)
		}
		if found, _, err := h.Check(5, Vote{top - 5, top - 5}); found != Safe || err != nil {
			t.Errorf("a validator without a history: %v, %v", found, err)
		}
	})
}

// TestChecksRunBesideAppends is for the race detector as much as for verdicts:
// those of the past do not change while others write.
func TestChecksRunBesideAppends(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, variant string) {
		h := open(t, variant, t.TempDir())
		history := grown(rand.New(rand.NewPCG(3, 4)), Vote{0, 3}, 500, 1, 1)
		must(t, h.Append(of(0, history...), false))
		asking, done := make(chan error, 8), make(chan struct{})
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				for i := 0; ; i++ {
					select {
					case <-done:
						return
					default:
					}
					old := history[i%len(history)]
					v := Vote{max(old.Source, 1) - 1, old.Target + 1}
					if found, _, err := h.Check(0, v); err != nil || found != brute(history, v) {
						asking <- fmt.Errorf("vote %v: %v, %v", v, found, err)
						return
					}
				}
			})
		}
		s := others(nil)
		for range 8 {
			must(t, h.Append(s.take(300), false))
		}
		close(done)
		all.Wait()
		select {
		case err := <-asking:
			t.Error(err)
		default:
		}
	})
}
