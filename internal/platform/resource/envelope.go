package resource

import (
	"bytes"
	"encoding/json"
	"slices"

	"go.yaml.in/yaml/v3"
)

// document checks the envelope of one document and takes its values.
func (f *faults) document(root *yaml.Node) (Document, bool) {
	before := len(f.list)
	if root.Kind != yaml.MappingNode {
		f.add(root.Line,
			text("Dokumen bukan sumber daya.", "The document is not a resource."),
			text("Tulis apiVersion, kind, metadata dan spec di tingkat teratas.", "Write apiVersion, kind, metadata and spec at the top level."))
		return Document{}, false
	}
	body, _ := f.value(root, 0).(map[string]any)
	d := Document{File: f.file, root: root}
	f.knownKeys(root, "", "apiVersion", "kind", "metadata", "spec", "status")
	f.apiVersion(root)
	d.Kind = f.kind(root)
	d.ID = f.id(root, d.Kind)
	f.object(root, "spec")
	if len(f.list) > before {
		return Document{}, false
	}
	delete(body, "status") // the hub's to write; what get -o json shows can be applied again
	var err error
	if d.JSON, err = encode(body); err != nil {
		f.add(root.Line,
			text("Dokumen tidak dapat ditulis sebagai JSON (%v).", "The document cannot be written as JSON (%v).", err),
			text("Laporkan berkas ini kepada pengembang Simpul.", "Report this file to the developers of Simpul."))
	}
	return d, err == nil
}

func (f *faults) apiVersion(root *yaml.Node) {
	if version, line := f.text(root, "apiVersion"); line > 0 && version != APIVersion {
		f.add(line,
			text("apiVersion %s tidak dikenal.", "apiVersion %s is unknown.", quote(version)),
			text("Tulis apiVersion: %s.", "Write apiVersion: %s.", APIVersion))
	}
}

// kind is stricter than ParseKind: what a file says is what gets stored.
func (f *faults) kind(root *yaml.Node) Kind {
	name, line := f.text(root, "kind")
	if line == 0 {
		return ""
	}
	for _, k := range Kinds() {
		if name == string(k) {
			return k
		}
	}
	f.addAt(line, unknownKind(name))
	return ""
}

func (f *faults) id(root *yaml.Node, kind Kind) string {
	metadata := f.object(root, "metadata")
	if metadata == nil {
		return ""
	}
	f.knownKeys(metadata, "metadata.", "id")
	id, line := f.text(metadata, "id")
	if line > 0 && kind != "" {
		if err := kind.Check(id); err != nil {
			f.addAt(line, err)
		}
	}
	return id
}

// text returns a member that must be text and its line; line 0 is a fault told.
func (f *faults) text(n *yaml.Node, key string) (string, int) {
	value := f.required(n, key)
	if value == nil {
		return "", 0
	}
	if s, ok := f.value(value, 0).(string); ok {
		return s, value.Line
	}
	f.add(value.Line,
		text("%s harus berupa teks.", "%s must be text.", key),
		text("Tulis nilainya di antara tanda kutip.", "Write its value in quotes."))
	return "", 0
}

// object returns a member that must be a mapping; nil is a fault told.
func (f *faults) object(n *yaml.Node, key string) *yaml.Node {
	value := f.required(n, key)
	if value == nil || value.Kind == yaml.MappingNode {
		return value
	}
	f.add(value.Line,
		text("%s harus berupa objek.", "%s must be an object.", key),
		text("Tulis isinya di baris berikut, menjorok ke dalam.", "Write its members on the lines below, indented."))
	return nil
}

func (f *faults) required(n *yaml.Node, key string) *yaml.Node {
	value := member(n, key)
	if value == nil {
		f.add(n.Line,
			text("%s belum ada.", "%s is missing.", key),
			text("Tambahkan %s.", "Add %s.", example(key)))
	}
	return value
}

func example(key string) string {
	switch key {
	case "apiVersion":
		return "apiVersion: " + APIVersion
	case "kind":
		return "kind: " + string(Agency)
	case "metadata":
		return "metadata: {id: …}"
	}
	return key + ": …"
}

func (f *faults) knownKeys(n *yaml.Node, prefix string, known ...string) {
	for key := range members(n) {
		if slices.Contains(known, key.Value) {
			continue
		}
		f.add(key.Line,
			text("Kunci %s tidak dikenal.", "Key %s is unknown.", quote(prefix+key.Value)),
			text("Periksa ejaan dan indentasinya; isi sumber daya ditulis di bawah spec.", "Check its spelling and indentation; what the resource holds goes below spec."))
	}
}

// encode writes a value as JSON: one line, keys sorted.
func encode(v any) ([]byte, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), nil
}
