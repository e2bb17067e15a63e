//go:build race

package page_test

// Under the race detector the layouts, which share nothing, run ten times as
// long and prove no more: fewer pages will do.
const conformancePages = 20
