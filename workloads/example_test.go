package workloads_test

import (
	"fmt"
	"log"

	"assay/workloads"
)

// Load a population, then ask for keys that are in it and keys that are not.
func Example() {
	spec, err := workloads.Parse("uniform:0-99,count=50")
	if err != nil {
		log.Fatal(err)
	}
	data, err := spec.Load(1, 0)
	if err != nil {
		log.Fatal(err)
	}
	loaded := make(map[uint64]uint64)
	for _, e := range data.Entries {
		loaded[e.Key] = e.Value
	}
	batch := make([]workloads.Entry, 256)
	for _, p := range []workloads.Population{workloads.Present, workloads.Absent} {
		stream, err := data.Stream(p, 1)
		if err != nil {
			log.Fatal(err)
		}
		stream.Next(batch)
		found := 0
		for _, e := range batch {
			if _, ok := loaded[e.Key]; ok {
				found++
			}
		}
		fmt.Printf("%v: %d of %d found\n", p, found, len(batch))
	}
	// Output:
	// present: 256 of 256 found
	// absent: 0 of 256 found
}

func ExampleParse_typo() {
	_, err := workloads.Parse("realistic,cuont=5")
	fmt.Println(err)
	// Output: workload "realistic,cuont=5": unknown field "cuont"; did you mean count? (fields: keys, values, count, access, universe, keysize, keyformat, valuesize, valuebytes, batch)
}

// Records write numbers as bytes: here as a key-value store's own benchmark
// does.
func ExampleData_Records() {
	spec, err := workloads.Parse("sequential,keyformat=key_,valuesize=4,access=sequential")
	if err != nil {
		log.Fatal(err)
	}
	data, err := spec.Load(1, 1000)
	if err != nil {
		log.Fatal(err)
	}
	stream, err := data.Records(workloads.Present, 1)
	if err != nil {
		log.Fatal(err)
	}
	batch := make([]workloads.Record, 300)
	stream.Next(batch)
	fmt.Printf("%s = % x\n", batch[299].Key, batch[299].Value)
	// Output: key_299 = 00 00 01 2b
}
