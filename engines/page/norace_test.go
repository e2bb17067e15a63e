//go:build !race

package page_test

// conformancePages is what the tolerances of the published means are made for.
const conformancePages = 220
