package demo

import (
	"encoding/json"
	"maps"
	"strings"
)

// document is an OpenAPI document as far as the contracts use it.
type document struct {
	OpenAPI    string                     `json:"openapi"`
	Info       json.RawMessage            `json:"info"`
	Paths      map[string]json.RawMessage `json:"paths"`
	Components struct {
		Schemas map[string]json.RawMessage `json:"schemas"`
	} `json:"components"`
}

// applicationContract joins the contracts to the OpenAPI document of the whole
// application: the same operations and schemas, at the paths where the
// application serves them. So the two can never contradict each other.
func applicationContract(lids []LIDSpec) json.RawMessage {
	whole := newDocument(applicationInfo())
	for _, lid := range lids {
		part := must(parseDocument(lid.Contract))
		for path, item := range part.Paths {
			whole.Paths[strings.TrimSuffix(lid.UpstreamPath+path, "/")] = item
		}
		maps.Copy(whole.Components.Schemas, part.Components.Schemas)
	}
	return must(json.Marshal(whole))
}

func newDocument(info json.RawMessage) document {
	d := document{OpenAPI: "3.1.0", Info: info, Paths: map[string]json.RawMessage{}}
	d.Components.Schemas = map[string]json.RawMessage{}
	return d
}

func parseDocument(text json.RawMessage) (document, error) {
	var d document
	err := json.Unmarshal(text, &d)
	return d, err
}

func applicationInfo() json.RawMessage {
	return must(json.Marshal(map[string]any{
		"title":       "Layanan Data Kementerian Dalam Negeri (negeri demo)",
		"version":     contractVersion,
		"description": "Kode wilayah administrasi pemerintahan dan cek NIK. Semua penduduk adalah sintetis.\n\n" + Attribution,
		"license":     map[string]string{"name": "Open Database License v1.0", "identifier": "ODbL-1.0"},
	}))
}
