// Package verdict turns slices into numbers, numbers into comparisons, and a
// stored run into its result. All of it is pure: the same journal gives the
// same verdicts, so a run can be judged while it goes on, and again years later.
//
// The unit of evidence is the restart. Slices of one process share its memory
// layout and its luck; testing them as if they were independent gave 20 to 35 %
// false alarms in trials. So each restart is boiled down to one log ratio
// ([Numbers]), and [Judge] sees only those.
package verdict
