package lab

import (
	"fmt"

	"assay/runner/sketch"
)

// mustPrice panics at a sketch that nothing could be the price of. A variant that
// it is about need not be listed: a family may be erased without some of its
// variants. A test of the catalog looks for those that nobody lists.
func (f Family[C]) mustPrice() {
	for _, op := range f.Ops {
		for _, c := range op.Sketch {
			switch {
			case !sketch.Known(c.Resource):
				panic(fmt.Sprintf("family %q: the sketch of %q counts %q, which is no resource", f.Name, op.Name, c.Resource))
			case !(c.Count > 0) || !(c.Set >= 0):
				panic(fmt.Sprintf("family %q: the sketch of %q counts %v of %s in %v bytes", f.Name, op.Name, c.Count, c.Resource, c.Set))
			}
		}
	}
}
