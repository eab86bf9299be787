package resource

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"

	"go.yaml.in/yaml/v3"
)

// looksLikeJSON reports whether the first character opens a JSON object or list.
func looksLikeJSON(data []byte) bool {
	data = bytes.TrimLeft(data, " \t\r\n")
	return len(data) > 0 && (data[0] == '{' || data[0] == '[')
}

// parseJSON reads one JSON text (RFC 8259) into nodes with lines. JSON is
// nearly YAML, but not quite: surrogate pairs, "\/" and long keys differ.
func parseJSON(data []byte) (*yaml.Node, *syntaxError) {
	p := &jsonParser{data: data, decoder: json.NewDecoder(bytes.NewReader(data)), line: 1}
	p.decoder.UseNumber()
	root, err := p.next(0)
	if err == nil {
		if _, end := p.decoder.Token(); !errors.Is(end, io.EOF) {
			p.advance()
			err = errors.New("text after the end of the JSON value")
		}
	}
	if err == nil {
		return root, nil
	}
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		p.advanceTo(syntax.Offset)
	}
	return nil, &syntaxError{line: p.line, what: err.Error()}
}

type jsonParser struct {
	data    []byte
	decoder *json.Decoder
	at      int64 // offset up to which lines are counted
	line    int
}

func (p *jsonParser) advance() { p.advanceTo(p.decoder.InputOffset()) }

func (p *jsonParser) advanceTo(offset int64) {
	if offset = min(offset, int64(len(p.data))); offset > p.at {
		p.line += bytes.Count(p.data[p.at:offset], []byte("\n"))
		p.at = offset
	}
}

// next reads one value; a token never spans lines.
func (p *jsonParser) next(depth int) (*yaml.Node, error) {
	token, err := p.decoder.Token()
	if errors.Is(err, io.EOF) {
		p.advanceTo(int64(len(p.data)))
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return nil, err
	}
	p.advance()
	n := &yaml.Node{Kind: yaml.ScalarNode, Line: p.line}
	switch t := token.(type) {
	case json.Delim:
		return p.collection(n, t, depth)
	case string:
		n.Tag, n.Value, n.Style = "!!str", t, yaml.DoubleQuotedStyle
	case json.Number:
		n.Value = t.String() // without a tag: the digits say it
	case bool:
		n.Tag, n.Value = "!!bool", "false"
		if t {
			n.Value = "true"
		}
	case nil:
		n.Tag, n.Value = "!!null", "null"
	}
	return n, nil
}

func (p *jsonParser) collection(n *yaml.Node, open json.Delim, depth int) (*yaml.Node, error) {
	if depth > maxDepth+1 {
		return nil, errors.New("nested too deep")
	}
	n.Kind, n.Tag = yaml.SequenceNode, "!!seq"
	if open == '{' {
		n.Kind, n.Tag = yaml.MappingNode, "!!map"
	}
	for p.decoder.More() {
		below, err := p.next(depth + 1)
		if err != nil {
			return nil, err
		}
		n.Content = append(n.Content, below)
	}
	_, err := p.decoder.Token() // the closing bracket
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	p.advance()
	return n, err
}
