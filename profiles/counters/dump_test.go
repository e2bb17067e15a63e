package counters

import (
	"fmt"
	"strings"
	"testing"
)

// golden is a dump as callgrind writes it: header, a cost line with both
// positions in full, relative ones, one repeated, a call whose cost on the next
// line is inclusive, and zeros left out at the ends of lines.
const golden = `# callgrind format
version: 1
creator: callgrind-3.19.0
cmd: ./assay worker /tmp/x
positions: instr line
events: Ir Dr Dw I1mr D1mr D1mw ILmr DLmr DLmw Bc Bcm Bi Bim
summary: 31 3 2 1 1 1 1 0 1 7 2 1 1

fl=(1) /src/page.go
fn=(1) page.get
0x401000 10 10 2 1 1 1 0 1 0 0 5 2
+4 +1 5
calls=1 0x402000 7
* * 999 999
+3 -1 3 1 0 0 0 0 0 0 0 1

fl=(2) /usr/lib/go/src/runtime/proc.go
fn=(2) runtime.schedule
0x402000 7 12 0 1 0 0 1 0 0 1 0 0 1 1
-4 +2 1 0 0 0 0 0 0 0 0 1

totals: 31 3 2 1 1 1 1 0 1 7 2 1 1
`

func above(limit uint64) func(uint64) bool { return func(a uint64) bool { return a >= limit } }

func TestADumpIsAddedUpWithoutWhatIsLeftOutAndWithoutCallsTwice(t *testing.T) {
	t.Parallel()
	all, err := parseDump(strings.NewReader(golden), above(1<<62))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := fmt.Sprint(fromEvents(all)), "map[branches:8 cache-misses:2 cache-references:3 instructions:31 mispredictions:3]"; got != want {
		t.Errorf("everything:\ngot  %s\nwant %s", got, want)
	}
	// 0x401ffc, four bytes below the function, is kept.
	kept, err := parseDump(strings.NewReader(golden), above(0x402000))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := fmt.Sprint(fromEvents(kept)), "map[branches:7 cache-misses:1 cache-references:2 instructions:19 mispredictions:2]"; got != want {
		t.Errorf("without the scheduler:\ngot  %s\nwant %s", got, want)
	}
}

func TestADamagedDumpIsRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ old, new, want string }{
		"cut off":            {"\ntotals: 31", "\ntot", "it has no totals"},
		"a line lost":        {"+4 +1 5\n", "", "have 26 Ir in all, its totals say 31"},
		"no number":          {"10 10 2", "10 1O 2", `event Ir counts "1O", which is no number`},
		"no address":         {"0x402000 7 12", "main 7 12", "in all, its totals say"},
		"a half address":     {"0x402000 7 12", "0x 7 12", `"0x" is no address`},
		"too many counts":    {"1 7 2 1 1\n\nfl", "1 7 2 1 1\n\n1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1\nfl", "15 counts for 13 events"},
		"lines alone":        {"positions: instr line", "positions: line", `want instr first`},
		"positions too late": {"positions: instr line\n", "", "with 0 positions"},
		"no branches":        {" Bc Bcm Bi Bim\n", " a b c d\n", "has no event Bc"},
	} {
		damaged := strings.Replace(golden, c.old, c.new, 1)
		if damaged == golden {
			t.Fatalf("%s: nothing is damaged", name)
		}
		_, err := parseDump(strings.NewReader(damaged), above(1<<62))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q", name, err, c.want)
		}
	}
}

func FuzzADumpIsAddedUpOrRefused(f *testing.F) {
	f.Add(golden)
	f.Add("positions: instr\nevents: Ir\n1 18446744073709551615\n-2 1\ntotals: 0\n")
	f.Fuzz(func(t *testing.T, text string) {
		all, err := parseDump(strings.NewReader(text), above(1<<62))
		if err != nil {
			return
		}
		some, err := parseDump(strings.NewReader(text), above(0))
		if err != nil {
			t.Fatalf("read once and not again: %v", err)
		}
		for name, n := range all {
			if n < 0 || some[name] != 0 {
				t.Fatalf("%s: %v kept of nothing, %v of everything", name, some[name], n)
			}
		}
	})
}

func TestHousekeepingIsTheRuntimesSchedulerAndPagesAlone(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		file, function string
		want           bool
	}{
		{"/usr/local/go/src/runtime/proc.go", "runtime.exitsyscallTryGetP", true},
		{"runtime/proc.go", "runtime.schedule", true}, // built with -trimpath
		{"/usr/local/go/src/runtime/lock_spinbit.go", "runtime.unlock2", true},
		{"/usr/local/go/src/runtime/mpagealloc.go", "runtime.(*pageAlloc).find", true},
		{"/usr/local/go/src/runtime/sys_linux_amd64.s", "runtime.futex.abi0", true},
		{"/usr/local/go/src/runtime/asm_amd64.s", "runtime.morestack.abi0", true},
		{"/usr/local/go/src/runtime/asm_amd64.s", "gosave_systemstack_switch", true},
		{"/usr/local/go/src/runtime/asm_amd64.s", "runtime.memhash.abi0", false},
		{"/usr/local/go/src/runtime/malloc.go", "runtime.mallocgc", false},
		{"/usr/local/go/src/runtime/mcache.go", "runtime.(*mcache).refill", false},
		{"/usr/local/go/src/time/time.go", "time.Time.Sub", false},
		{"/src/mine/runtime/proc.go", "mine.work", false},
		{"/src/mine/proc.go", "main.schedule", false},
		{"", "", false},
	} {
		if got := housekeeping(c.file, c.function); got != c.want {
			t.Errorf("%s in %s: %v", c.function, c.file, got)
		}
	}
}
