package lsm_test

import (
	"testing"

	"assay/engines/lsm"
	"assay/engines/lsm/lsmtest"
)

func TestEveryVariantConforms(t *testing.T) {
	t.Parallel()
	lsmtest.Conform(t, lsm.Family.Variants)
}
