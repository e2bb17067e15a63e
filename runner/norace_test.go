//go:build !race

package runner

// raced says that this test runs under the race detector.
const raced = false
