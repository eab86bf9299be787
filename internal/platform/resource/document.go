package resource

import (
	"cmp"
	"errors"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Document is one resource of a file.
type Document struct {
	Kind Kind
	ID   string // metadata.id
	JSON []byte // the resource without status: one line, keys sorted, numbers exactly as written
	File string // as given to Read

	root *yaml.Node // its mapping, for lines
}

// Place is FILE:LINE of a location that the hub's answer names, such as
// "body.spec.class"; of the document for a location that it does not have.
func (d Document) Place(location string) string { return place(d.File, d.Line(location)) }

// Line returns the line of a location, counted from 1. A location is a path of
// keys and indexes: "body.spec.class", "spec.fields[1]",
// "body.spec.contract.paths./{kode}.get". Where only the beginning of the path
// exists, the line of that beginning is the answer. "body." may be missing, and
// so may "spec.".
func (d Document) Line(location string) int {
	path := strings.TrimPrefix(location, "body.")
	if line := lineBelow(d.root, path); line > 0 {
		return line
	}
	for _, part := range []string{"spec", "metadata"} {
		if line := lineBelow(member(d.root, part), path); line > 0 {
			return line
		}
	}
	if d.root == nil {
		return 1
	}
	return d.root.Line
}

// lineBelow walks the path as far as it exists and returns the line where it
// ended, or 0 where nothing of the path exists.
func lineBelow(n *yaml.Node, path string) (line int) {
	for n != nil && path != "" {
		var found int
		found, n, path = step(n, path)
		if found == 0 {
			return line
		}
		line = found
	}
	return line
}

// step takes the first key or index off the path. Keys may contain dots, so
// the longest key that fits wins.
func step(n *yaml.Node, path string) (line int, below *yaml.Node, rest string) {
	if n.Kind == yaml.SequenceNode {
		return stepIndex(n, path)
	}
	longest := -1
	for key, value := range members(n) {
		after, ok := cutKey(path, key.Value)
		if ok && len(key.Value) > longest {
			longest = len(key.Value)
			line, below, rest = key.Line, value, after
		}
	}
	return line, below, rest
}

func stepIndex(n *yaml.Node, path string) (line int, below *yaml.Node, rest string) {
	inner, ok := strings.CutPrefix(path, "[")
	digits, after, closed := strings.Cut(inner, "]")
	i, err := strconv.Atoi(digits)
	if !ok || !closed || err != nil || i < 0 || i >= len(n.Content) {
		return 0, nil, ""
	}
	return n.Content[i].Line, n.Content[i], strings.TrimPrefix(after, ".")
}

func cutKey(path, key string) (rest string, ok bool) {
	rest, ok = strings.CutPrefix(path, key)
	if !ok || rest != "" && rest[0] != '.' && rest[0] != '[' {
		return "", false
	}
	return strings.TrimPrefix(rest, "."), true
}

// Distinct reports every resource that the documents name twice, with both places.
func Distinct(docs []Document) error {
	type name struct {
		kind Kind
		id   string
	}
	first := make(map[name]Document, len(docs))
	var twice []error
	for _, d := range docs {
		earlier, seen := first[name{d.Kind, d.ID}]
		if !seen {
			first[name{d.Kind, d.ID}] = d
			continue
		}
		f := faults{file: d.File}
		f.add(d.Line(""),
			text("%s %s sudah ditulis di %s.", "%s %s is already written at %s.", d.Kind, quote(d.ID), earlier.Place("")),
			text("Hapus salah satunya.", "Remove one of them."))
		twice = append(twice, f.err())
	}
	return errors.Join(twice...)
}

// InOrder returns the documents so that each comes after those it refers to,
// and otherwise in the order given.
func InOrder(docs []Document) []Document {
	kinds := Kinds()
	sorted := slices.Clone(docs)
	slices.SortStableFunc(sorted, func(a, b Document) int {
		return cmp.Compare(slices.Index(kinds, a.Kind), slices.Index(kinds, b.Kind))
	})
	return sorted
}
