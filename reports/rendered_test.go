package reports

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"sync/atomic"
	"testing"
)

// numbered makes files that write their number; one fails.
func numbered(n, bad int, begun *atomic.Int64) []file {
	files := []file{}
	for i := range n {
		files = append(files, file{fmt.Sprint(i), func(w io.Writer) error {
			begun.Add(1)
			if i == bad {
				return errors.New("bad")
			}
			_, err := fmt.Fprint(w, i)
			return err
		}})
	}
	return files
}

func TestRenderedFilesComeInOrderWhoeverEndsFirst(t *testing.T) {
	t.Parallel()
	var begun atomic.Int64
	next := 0
	for i, r := range rendered(numbered(200, 77, &begun)) {
		if i != next || (r.err != nil) != (i == 77) || r.err == nil && string(r.data) != fmt.Sprint(i) {
			t.Fatalf("file %d came at place %d as %q, %v", i, next, r.data, r.err)
		}
		next++
	}
	if next != 200 {
		t.Errorf("%d files came", next)
	}
}

func TestRenderingStopsWithItsReaderAndRunsNotFarAhead(t *testing.T) {
	t.Parallel()
	var begun atomic.Int64
	for i := range rendered(numbered(1000, -1, &begun)) {
		if i == 10 {
			break
		}
	}
	if n, most := begun.Load(), int64(11+(runAhead+1)*runtime.GOMAXPROCS(0)); n > most {
		t.Errorf("%d files were rendered for a reader of 11, want at most %d", n, most)
	}
}
