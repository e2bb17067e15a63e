package flush_test

import (
	"testing"

	"assay/engines/flush"
	"assay/engines/flush/flushtest"
)

func TestEveryVariantConforms(t *testing.T) {
	t.Parallel()
	flushtest.Conform(t, flush.Family.Variants)
}
