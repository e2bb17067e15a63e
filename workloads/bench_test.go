package workloads

import "testing"

// Sketch: two draws of PCG at 2 to 3 ns each, a multiplication or a few
// compares, and 24 bytes written: 5 to 15 ns per entry, 40 to 60 for zipf,
// which takes a logarithm and an exponential per number.
func BenchmarkNext(b *testing.B) {
	for _, text := range []string{"uniform:0-999999999", "realistic", "full", "loguniform:48", "zipf:0.99", "hotspot:0.2/0.8", "sequential", "zip-entries"} {
		d := load(b, text, 10_000)
		for _, p := range []Population{Present, Absent, Fresh} {
			b.Run("workload="+text+"/population="+p.String(), func(b *testing.B) {
				s, batch := stream(b, d, p, 1), make([]Entry, 256)
				for b.Loop() {
					s.Next(batch)
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/256, "ns/entry")
			})
		}
	}
}

func BenchmarkLoad(b *testing.B) {
	s, err := Parse("realistic")
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := s.Load(1, 100_000); err != nil {
			b.Fatal(err)
		}
	}
}
