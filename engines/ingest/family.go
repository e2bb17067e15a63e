// Package ingest is the family of write paths of an event broker: how requests
// with many records are sent, read, gathered and written to files.
//
// Operation post is the whole system, a server on loopback and 16 clients that
// send what was written out beforehand; handle is the handler alone, write the
// file alone, and paced a lone request, with percentiles of requests that come
// at a set rate. Nothing is synced, as published.
//
// Limits, said first: clients live in the process of the server, so that CPU
// time and memory of post hold both. What a client does is one write of ready
// bytes and one short read, the same for every variant but for the length of
// the body; the null variant shows it, with the server's share of the network.
package ingest

import (
	"assay/runner/lab"
	"assay/workloads"
)

const (
	// published is the author's: requests of 1024 records of 1 KiB.
	published = "sequential,valuesize=1024,valuebytes=random,batch=1024"
	// fewer and single are requests that no longer fill a segment in its 5 ms.
	fewer  = "sequential,valuesize=1024,valuebytes=random,batch=64"
	single = "sequential,valuesize=1024,valuebytes=random,batch=1"
	// short has records of 64 bytes: what a record costs, not a byte.
	short = "sequential,valuesize=64,valuebytes=random,batch=1024"
)

// perRequest is how many records a request has where the workload does not say.
const perRequest = 1024

// Family compares the paths.
var Family = lab.Family[Path]{
	Name: "ingest",
	Doc:  "an event broker's write path: records over HTTP into files",
	Lesson: "The author sent every record as a part of its own, as if a part cost nothing, and 12 allocations per record with the collector behind them were most of the work: sizes and records in two parts made it 1.5 times as fast, a pool 1.95 times. " +
		"What the pool leaves is reading multipart through windows of 4 KiB, which a length before each record does away with; and where requests are small, none of this shows in records per second, because the 5 ms that a batch waits decide, only in CPU time.",
	Base:      "parts",
	Model:     func(*lab.Env) (Path, error) { return model{}, nil },
	Units:     []lab.Unit{recordsPerSecond, cpu, allocsPerRequest, bytesPerRequest, writesPerFile, recordsPerFile, collections, resident},
	Workloads: []string{published, fewer, single, short},
	Isolated:  true,
	Ops: []lab.Op[Path]{
		{Name: "post", Doc: "16 clients send requests to a server on loopback, which batches them for 5 ms or 10 MiB into files, per record", Draws: workloads.Present, Shape: lab.Shape{Length: perRequest, Batches: 2 * clients}, Count: 4 * perRequest, Census: 2 * clients * perRequest, Run: post},
		{Name: "handle", Doc: "the handler alone, without network, batching and file, per record", Draws: workloads.Present, Shape: lab.Shape{Length: perRequest}, Count: 4 * perRequest, Variants: []string{"null", "parts", "sized", "pooled", "prefixed"}, Run: handle},
		{Name: "write", Doc: "one file of as many records as a request has, from 16 requests, per record", Draws: workloads.Present, Shape: lab.Shape{Length: perRequest}, Count: 4 * perRequest, Variants: []string{"null", "each", "pooled", "ready"}, Run: write},
		{Name: "paced", Doc: "a lone request, per record; percentiles are of whole requests at 100 a second, from when they were meant to be sent", Draws: workloads.Present, Shape: lab.Shape{Length: perRequest, Batches: 1}, Count: 4 * perRequest, Census: 4 * perRequest, Rate: 100, Variants: []string{"null", "parts", "sized", "pooled", "prefixed", "ready"}, Run: post},
	},
	Variants: []lab.Variant[Path]{
		{Name: "null", Doc: "read the body and throw it away", New: func(*lab.Env) (Path, error) { return null{}, nil }, Null: true},
		{Name: "parts", Doc: "as first published: one multipart part per record; the file assembled and written once", New: func(*lab.Env) (Path, error) { return path{parts{}, &assembled{}}, nil }},
		{Name: "sized", Doc: "two parts, sizes as JSON and records end to end, in buffers made anew", New: func(*lab.Env) (Path, error) { return path{sized{}, &assembled{}}, nil }},
		{Name: "each", Doc: "pooled, but the file written with one call per record", New: func(*lab.Env) (Path, error) { return path{sized{&pool{}}, &each{}}, nil }},
		{Name: "pooled", Doc: "sized, in buffers from a pool", New: func(*lab.Env) (Path, error) { return path{sized{&pool{}}, &assembled{}}, nil }},
		{Name: "ready", Doc: "pooled, and the file written with writev from the buffers of the requests", New: func(*lab.Env) (Path, error) { return path{sized{&pool{}}, &ready{}}, nil }},
		{Name: "prefixed", Doc: "no multipart and no JSON: each record behind its length; pooled, assembled", New: func(*lab.Env) (Path, error) { return path{prefixed{&pool{}}, &assembled{}}, nil }},
	},
	Standard: []lab.Row{
		{Op: "handle", Workload: published, Variants: []string{"parts", "sized", "pooled", "prefixed"}},
		{Op: "post", Workload: fewer, Variants: []string{"parts", "sized", "pooled"}},
	},
	Claims: claims(),
}

var (
	recordsPerSecond = lab.Unit{Name: "records/s", Better: lab.Higher, Derived: true, Doc: "records over wall time"}
	cpu              = lab.Unit{Name: "cpu-ns/op", Better: lab.Lower, Derived: true, Doc: "CPU time per record of the whole process, clients included"}
	allocsPerRequest = lab.Unit{Name: "allocs/request", Better: lab.Lower, Exact: true, Doc: "heap objects the handler makes for one request, whatever it holds"}
	bytesPerRequest  = lab.Unit{Name: "bytes/request", Better: lab.Lower, Exact: true, Doc: "heap bytes the handler makes for one request"}
	writesPerFile    = lab.Unit{Name: "writes/file", Better: lab.Lower, Exact: true, Doc: "write calls of one file"}
	recordsPerFile   = lab.Unit{Name: "records/file", Better: lab.Higher, Doc: "records that batching by time and bytes puts into a file"}
	collections      = lab.Unit{Name: "gc-cycles/op", Better: lab.Lower, Derived: true, Doc: "collections per record, clients included"}
	resident         = lab.Unit{Name: "resident-bytes", Better: lab.Lower, Derived: true, Doc: "the most memory the process ever held, clients and prepared requests included"}
)
