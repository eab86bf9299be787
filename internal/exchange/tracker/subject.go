package tracker

import (
	"strings"

	"simpul"
)

// Subject is where the NIK stands in the calls of one LID, compiled when the LID
// is published. It is immutable.
type Subject struct {
	parameter string   // of the path or the query
	request   [][]byte // path in the body of the call
	answer    [][]byte // path in the answer as the provider's service gives it
}

// Compile returns the *Subject of a LID, or nil where the LID does not say where
// a NIK stands.
func Compile(d *simpul.Delivery) any {
	if d == nil || d.DataSubject == nil || *d.DataSubject == (simpul.DataSubject{}) {
		return nil
	}
	on := d.DataSubject
	return &Subject{parameter: on.Parameter, request: written(names(on.Request)), answer: written(original(names(on.Answer), d.Changes))}
}

// written is a path ready to be compared with what comes.
func written(path []string) [][]byte {
	all := make([][]byte, len(path))
	for i, name := range path {
		all[i] = []byte(name)
	}
	return all
}

func names(path string) []string {
	if path == "" {
		return nil
	}
	return strings.Split(path, ".")
}

// original is a path of the contract as the service writes it, before the hub
// renames members. The answer is read there: afterwards the fields that a grant
// does not select are gone, and the NIK may be one of them.
func original(path []string, changes []simpul.Change) []string {
	before := make([]string, 0, len(path))
	for _, name := range path {
		before = append(before, renamedFrom(strings.Join(before, "."), name, changes))
	}
	return before
}

func renamedFrom(parent, name string, changes []simpul.Change) string {
	if parent != "" {
		parent += "."
	}
	for _, c := range changes {
		was, below := strings.CutPrefix(c.Field, parent)
		if c.Rename == name && below && !strings.Contains(was, ".") {
			return was
		}
	}
	return name
}
