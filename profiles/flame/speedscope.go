package flame

import (
	"encoding/json"
	"fmt"
)

// speedscopeSchema names the file format; nothing is loaded from there.
const speedscopeSchema = "https://www.speedscope.app/file-format-schema.json"

// The parts of speedscope's "sampled" profiles that carry weights. Its own
// field names.
type (
	speedscopeFile struct {
		Schema   string              `json:"$schema"`
		Name     string              `json:"name"`
		Exporter string              `json:"exporter"`
		Shared   speedscopeShared    `json:"shared"`
		Profiles []speedscopeProfile `json:"profiles"`
	}
	speedscopeShared struct {
		Frames []speedscopeFrame `json:"frames"`
	}
	speedscopeFrame struct {
		Name string `json:"name"`
	}
	speedscopeProfile struct {
		Type    string    `json:"type"`
		Name    string    `json:"name"`
		Unit    string    `json:"unit"`
		Start   float64   `json:"startValue"`
		End     float64   `json:"endValue"`
		Samples [][]int   `json:"samples"`
		Weights []float64 `json:"weights"`
	}
)

// Speedscope is the graph in speedscope's file format, one profile per side
// with weights per operation. Nothing is pruned.
func (g *Graph) Speedscope(title string) ([]byte, error) {
	file := speedscopeFile{Schema: speedscopeSchema, Name: title, Exporter: "assay", Shared: speedscopeShared{Frames: []speedscopeFrame{}}}
	index := map[string]int{}
	unit := map[string]string{"ns/op": "nanoseconds", "B/op": "bytes"}[g.Unit]
	if unit == "" {
		unit = "none"
	}
	for _, t := range g.trees {
		p := speedscopeProfile{Type: "sampled", Name: t.name + " " + g.Unit, Unit: unit, Samples: [][]int{}, Weights: []float64{}}
		var walk func(f *frame, stack []int)
		walk = func(f *frame, stack []int) {
			if f.self > 0 {
				p.Samples, p.Weights = append(p.Samples, append([]int{}, stack...)), append(p.Weights, f.self)
				p.End += f.self
			}
			for _, k := range f.kids {
				n, ok := index[k.name]
				if !ok {
					n = len(index)
					index[k.name] = n
					file.Shared.Frames = append(file.Shared.Frames, speedscopeFrame{k.name})
				}
				walk(k, append(stack, n))
			}
		}
		walk(t.root, nil)
		file.Profiles = append(file.Profiles, p)
	}
	data, err := json.Marshal(file)
	if err != nil {
		return nil, fmt.Errorf("speedscope: %w", err)
	}
	return append(data, '\n'), nil
}
