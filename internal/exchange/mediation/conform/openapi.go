package conform

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/url"
	"strings"

	"simpul/internal/platform/schema"
)

// openapi is the document of a contract as plain JSON. The catalogue has checked
// it; what is not understood here is left out.
type openapi struct{ root map[string]any }

func readOpenAPI(text []byte) (*openapi, bool, error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var root map[string]any
	if err := decoder.Decode(&root); err != nil {
		return nil, false, err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, false, errors.New("something follows the document")
	}
	version, _ := root["openapi"].(string)
	old := strings.HasPrefix(version, "3.0.")
	prepared, _ := schema.Prepare(root, old, nil).(map[string]any)
	return &openapi{prepared}, old, nil
}

// part is a value of the document with the JSON Pointer to it, past references.
type part struct {
	node map[string]any
	at   string
}

const mostHops = 16

// part follows references.
func (d *openapi) part(value any, at string) part {
	for range mostHops {
		node, _ := value.(map[string]any)
		ref, ok := node["$ref"].(string)
		if !ok {
			return part{node, at}
		}
		at = strings.TrimPrefix(ref, "#")
		if plain, err := url.PathUnescape(at); err == nil {
			at = plain
		}
		value = d.find(at)
	}
	return part{}
}

func (d *openapi) find(pointer string) any {
	var value any = d.root
	for token := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		node, _ := value.(map[string]any)
		value = node[strings.NewReplacer("~1", "/", "~0", "~").Replace(token)]
	}
	return value
}

func (d *openapi) below(p part, name string) part {
	value, ok := p.node[name]
	if !ok {
		return part{}
	}
	return d.part(value, p.at+"/"+escapePointer(name))
}

// schemaBelow is where the schema of a parameter or a media type stands; "" for
// nowhere. The reference that it may be is left to the compiler.
func (p part) schemaBelow() string {
	if _, ok := p.node["schema"]; !ok {
		return ""
	}
	return p.at + "/schema"
}

func (p part) str(name string) string  { s, _ := p.node[name].(string); return s }
func (p part) truth(name string) bool  { b, _ := p.node[name].(bool); return b }
func (p part) given(name string) bool  { _, ok := p.node[name]; return ok }
func (p part) array(name string) []any { a, _ := p.node[name].([]any); return a }
