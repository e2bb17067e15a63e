package mark

const requestsKnown = true

// clientRequest hands Valgrind a request and five arguments; on a processor it
// returns 0.
func clientRequest(args *[6]uint64) uint64

func request(code uint64) uint64 { return clientRequest(&[6]uint64{code}) }
