package contract

import "github.com/go-json-experiment/json/jsontext"

// Document returns the document as the hub publishes it: called at the server's
// address, whatever addresses the provider wrote into it. The rest stays as it is.
func Document(doc []byte, server string) ([]byte, error) {
	root, err := decode(doc)
	if err != nil {
		return nil, err
	}
	if !root.object() {
		return nil, notOpenAPI()
	}
	url, err := jsontext.AppendQuote(nil, server)
	if err != nil {
		return nil, expected(place{"servers"}, "alamat dalam UTF-8", "an address in UTF-8")
	}
	out := appendMembers(append(make([]byte, 0, len(doc)+len(url)+32), '{'), root, context{})
	if len(out) > 1 {
		out = append(out, ',')
	}
	out = append(append(out, `"servers":[{"url":`...), url...)
	return append(out, "}]}"...), nil
}

// appendValue writes a value without the addresses of servers in it.
func appendValue(out []byte, n *node, in context) []byte {
	switch {
	case in.data:
		return append(out, n.raw...)
	case n.object():
		return append(appendMembers(append(out, '{'), n, in), '}')
	case n.array():
		out = append(out, '[')
		for i, child := range n.children {
			if i > 0 {
				out = append(out, ',')
			}
			out = appendValue(out, child, context{})
		}
		return append(out, ']')
	}
	return append(out, n.raw...)
}

func appendMembers(out []byte, n *node, in context) []byte {
	follows := false
	for i, name := range n.names {
		if !in.names && (name == "servers" || name == "server") { // of a document, path, operation, link
			continue
		}
		if follows {
			out = append(out, ',')
		}
		follows = true
		out, _ = jsontext.AppendQuote(out, name) // the decoder has checked it
		out = appendValue(append(out, ':'), n.children[i], in.below(name, n.children[i]))
	}
	return out
}
