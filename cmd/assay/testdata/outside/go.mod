// A module of somebody else's. Outside this repository, put the version of
// assay you use in place of the replace line, and run `go mod tidy`.
module example.org/linear

go 1.26.0

require assay v0.0.0

replace assay => ../../../..
