package part

import "testing"

func TestEntriesOutsideTheLimitsAreRefused(t *testing.T) {
	t.Parallel()
	for _, e := range []Entry{{}, {Key: make([]byte, MaxKey+1)}} {
		if e.Check() == nil {
			t.Errorf("a key of %d bytes is taken", len(e.Key))
		}
	}
	for _, e := range []Entry{{Key: []byte{0}}, {Key: make([]byte, MaxKey), Value: make([]byte, 10)}} {
		if err := e.Check(); err != nil {
			t.Error(err)
		}
	}
}
