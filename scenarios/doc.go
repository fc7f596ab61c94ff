// Package scenarios reads the files that people write and turns them into runs.
//
//	file.yaml ──read──▶ nodes ──layered──▶ one document per variant ──decode──▶ Document ──config──▶ model.Config
//	 (yaml.go)          (node.go)  file ⊕ with ⊕ --set (merge.go)   (decode.go)   (document.go)   (config.go)
//	                                  ▲
//	                                  └─ presets, then hosts, then the defaults of the tags fill what is absent
//
// Values keep the place they were written at, so that all mistakes are told at once, each with file, line and column
// (mistake.go). The vocabulary is one tree of tagged types (document.go): reader, reference and schema.json come from it.
package scenarios

//go:generate go run ./schema -o schema.json
