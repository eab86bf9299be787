package resource

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Canonical returns a resource that the hub answered, as JSON, in the form of
// Document.JSON: without status, keys sorted, numbers untouched. Two resources
// that say the same are equal in it.
func Canonical(resource []byte) ([]byte, error) {
	body, err := decodeObject(resource)
	if err != nil {
		return nil, err
	}
	return encode(body)
}

// YAML returns a resource that the hub answered, as JSON, the way people write
// it, without status. Read gives back the same resource.
func YAML(resource []byte) ([]byte, error) {
	canonical, err := Canonical(resource)
	if err != nil {
		return nil, err
	}
	root, fault := parseJSON(canonical)
	if fault != nil {
		return nil, errors.New(fault.what)
	}
	relax(root)
	var out bytes.Buffer
	encoder := yaml.NewEncoder(&out)
	encoder.SetIndent(2)
	if err := encoder.Encode(root); err != nil {
		return nil, err
	}
	return out.Bytes(), encoder.Close()
}

func decodeObject(resource []byte) (map[string]any, error) {
	var body map[string]any
	decoder := json.NewDecoder(bytes.NewReader(resource))
	decoder.UseNumber()
	if err := decoder.Decode(&body); err != nil {
		return nil, fmt.Errorf("resource is not a JSON object: %w", err)
	}
	delete(body, "status")
	return body, nil
}

// relax drops quotes where every reader of YAML sees text without them. The
// encoder puts back those that the grammar needs.
func relax(n *yaml.Node) {
	if n.Kind == yaml.ScalarNode && n.Tag == "!!str" && !mistakable(n.Value) {
		n.Style = 0
	}
	for _, below := range n.Content {
		relax(below)
	}
}

// mistakable reports text that some version of YAML takes for a number or a
// boolean, or whose spaces a block of lines would not show.
func mistakable(s string) bool {
	switch strings.ToLower(s) {
	case "y", "n", "yes", "no", "on", "off":
		return true
	}
	return number.MatchString(s) || strings.ContainsAny(s, "\t\r\u0085\u2028\u2029\ufeff") ||
		strings.TrimSpace(s) != strings.TrimSuffix(s, "\n") || strings.Contains(s, " \n")
}
