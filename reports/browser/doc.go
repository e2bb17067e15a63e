// Package browser tests the report and the flame graph page in a real headless
// browser: no error, no request, nothing that a hostile name could add; zoom and
// search, keyboard, phone, dark, print, screen reader, and no script at all.
//
// It is a module of its own, so that the browser's driver stays out of the
// tool's requirements. Without a browser its tests skip and say how to get one.
package browser
