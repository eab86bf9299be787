package simpul

import (
	"slices"
	"strings"
)

// Decision is the policy's answer for one exchange. A refusal is an *Error.
type Decision struct {
	Grant       GrantID
	Purpose     string
	Basis       string // legal basis
	Paths       string // what Obligations.Fields selects, as it is recorded: dotted paths with spaces between them
	Obligations Obligations
	RatePerMin  int    // calls a minute that the grant allows; 0: no limit of its own
	Version     string // that the grant is pinned to; empty: the newest
}

// Obligations are what the hub must see to: of a call before it is made, and of
// an answer before it is delivered.
type Obligations struct {
	Rows   []RowLimit // that the call must keep to
	Fields FieldSet   // nil: deliver every field
}

// FieldSet is a tree of JSON member names. Arrays are transparent: the path
// "items.code" selects the member code of every element of items. A leaf
// selects the whole value below it.
type FieldSet map[string]FieldSet

// ParseFields builds the tree from dotted paths. No path means nil: every field.
// A path that selects a whole value outweighs every path below it, whichever
// comes first: "items.code" and "items" together select items.
func ParseFields(paths []string) (FieldSet, error) {
	if len(paths) == 0 {
		return nil, nil
	}
	root := FieldSet{}
	for _, path := range paths {
		if err := root.add(path); err != nil {
			return nil, err
		}
	}
	return root, nil
}

func (f FieldSet) add(path string) error {
	names := strings.Split(path, ".")
	if slices.Contains(names, "") {
		return Invalid("fields",
			Text{"Kolom \"" + path + "\" tidak sah.", "Field \"" + path + "\" is not valid."},
			Text{"Pisahkan nama dengan satu titik, misalnya items.code.", "Separate names with one dot, such as items.code."})
	}
	node := f
	for i, name := range names {
		next, known := node[name]
		switch {
		case known && next == nil:
			return nil // an earlier path already selects the whole value
		case i == len(names)-1:
			node[name] = nil
			return nil
		case !known:
			next = FieldSet{}
			node[name] = next
		}
		node = next
	}
	return nil
}
