package mark

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// FormatCounts renders the counts of one stretch as a line of a log.
func FormatCounts(counts map[string]float64) ([]byte, error) {
	line, err := json.Marshal(counts)
	return append(line, '\n'), err
}

// ParseCounts reads a log: the counts of one stretch per line. A half line at
// the end, which a killed process leaves, is left out.
func ParseCounts(log []byte) ([]map[string]float64, error) {
	var all []map[string]float64
	for {
		line, rest, whole := bytes.Cut(log, []byte("\n"))
		if !whole {
			return all, nil
		}
		counts := map[string]float64{}
		if err := json.Unmarshal(line, &counts); err != nil {
			return nil, fmt.Errorf("line %d of the log of counts: %w", len(all)+1, err)
		}
		all, log = append(all, counts), rest
	}
}
