package resource

import (
	"bytes"

	"go.yaml.in/yaml/v3"
)

// JSON rewrites one YAML document as JSON, its members in the order of the
// document and its numbers exactly as written. It is as strict as [Read], so
// that no document unfolds into more than it shows, with one exception: a whole
// number may be a key, as OpenAPI files write status codes. The name is used in
// messages only; the error joins one *simpul.Error for each fault, at most 20,
// whose Place is NAME:LINE.
func JSON(name string, data []byte) ([]byte, error) {
	f := &faults{file: name, codesAsKeys: true}
	if !f.readable(data) {
		return nil, f.err()
	}
	roots, syntax := parse(data)
	if syntax != nil {
		message, remedy := syntax.explain()
		f.add(syntax.line, message, remedy)
		return nil, f.err()
	}
	if len(roots) != 1 {
		f.add(1, text("Berkas ini memuat %d dokumen.", "This file holds %d documents.", len(roots)),
			text("Sisakan satu dokumen.", "Leave one document in it."))
		return nil, f.err()
	}
	f.value(roots[0], 0)
	if len(f.list) > 0 {
		return nil, f.err()
	}
	return f.appendJSON(nil, roots[0])
}

// appendJSON writes a node in which no fault was found.
func (f *faults) appendJSON(out []byte, n *yaml.Node) ([]byte, error) {
	switch n.Kind {
	case yaml.MappingNode:
		return f.appendMembers(out, n)
	case yaml.SequenceNode:
		return f.appendItems(out, n)
	}
	value, err := encode(f.scalar(n))
	return append(out, value...), err
}

func (f *faults) appendMembers(out []byte, n *yaml.Node) ([]byte, error) {
	out = append(out, '{')
	for key, value := range members(n) {
		name, err := encode(key.Value)
		if err != nil {
			return nil, err
		}
		if !bytes.HasSuffix(out, []byte("{")) {
			out = append(out, ',')
		}
		if out, err = f.appendJSON(append(append(out, name...), ':'), value); err != nil {
			return nil, err
		}
	}
	return append(out, '}'), nil
}

func (f *faults) appendItems(out []byte, n *yaml.Node) (_ []byte, err error) {
	out = append(out, '[')
	for i, item := range n.Content {
		if i > 0 {
			out = append(out, ',')
		}
		if out, err = f.appendJSON(out, item); err != nil {
			return nil, err
		}
	}
	return append(out, ']'), nil
}
