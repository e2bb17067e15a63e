package tombstone

import "assay/runner/lab"

const (
	authors = "TigerBeetle's log: 44,523 transfers a second, then 159,744"
	counted = "arithmetic: 16,384 changes fill a memtable, and two keys of the table before are removed"
	safety  = "what a policy must do when the promise is broken"
)

// claims are the published throughput, the sizes of tables that follow from the
// policies, and what each makes of a broken promise.
func claims() []lab.Claim {
	var all []lab.Claim
	for _, op := range []string{"update", "transfer"} {
		for _, variant := range []string{"cancel-trusting", "cancel", "cancel-proven"} {
			all = append(all, lab.Claim{
				Op: op, Variant: variant, Base: "keep", Workload: two, Unit: "ns/op", Source: authors,
				Published: 44_523. / 159_744, Lo: 0, Hi: 0.75,
				Note: "published for the whole database, from 44,523 to 159,744 transfers a second; here the index alone, in memory",
			})
		}
		all = append(all, tableOf(op, "keep", 16_386))
		for _, variant := range []string{"cancel-trusting", "cancel", "cancel-proven"} {
			all = append(all, tableOf(op, variant, 4))
		}
	}
	for _, x := range []struct {
		variant        string
		stale, refused float64
	}{{"keep", 0, 0}, {"cancel", 0, 1}, {"cancel-trusting", 1, 0}, {"cancel-proven", 0, 0}} {
		all = append(all,
			lab.Claim{Op: "promise", Variant: x.variant, Workload: two, Unit: "stale-reads/op", Source: safety, Published: x.stale, Lo: x.stale, Hi: x.stale},
			lab.Claim{Op: "promise", Variant: x.variant, Workload: two, Unit: "refused/op", Source: safety, Published: x.refused, Lo: x.refused, Hi: x.refused},
		)
	}
	return all
}

func tableOf(op, variant string, entries float64) lab.Claim {
	return lab.Claim{Op: op, Variant: variant, Workload: two, Unit: "entries/table", Source: counted, Published: entries, Lo: entries, Hi: entries}
}
