//go:build !unix

package clock

var supports = Support{
	Note: "no fine CPU clock here: wall time stands in, so preemption counts as work",
}

// readCPU reads nothing: the process times of Windows step by 15.6 ms, sixty
// times the length of a slice, and would be noise in every one.
func readCPU(*Reading) {}

func fillMissing(r *Reading) { r.Process, r.Thread = r.Wall, r.Wall }
