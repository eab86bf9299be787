package simpul

import (
	"slices"
	"strings"
)

// Operations are the calls that a contract allows, ready to be matched. A
// literal segment beats a parameter, so "/total" is not taken for "/{kode}".
// It is immutable.
type Operations struct {
	all []template
}

// template is one operation with its path split at the slashes.
type template struct {
	Operation
	segments   []string
	parameters int
}

// NewOperations compiles the operations.
func NewOperations(ops []Operation) *Operations {
	o := &Operations{all: make([]template, len(ops))}
	for i, op := range ops {
		t := template{Operation: op, segments: strings.Split(strings.Trim(op.Path, "/"), "/")}
		for _, s := range t.segments {
			if isParameter(s) {
				t.parameters++
			}
		}
		o.all[i] = t
	}
	slices.SortStableFunc(o.all, func(a, b template) int { return a.parameters - b.parameters })
	return o
}

// List returns the operations, those with fewer parameters first.
func (o *Operations) List() []Operation {
	ops := make([]Operation, len(o.all))
	for i, t := range o.all {
		ops[i] = t.Operation
	}
	return ops
}

// Find returns the operation that a method and a path below the LID's address
// call. When the path exists under other methods only, it returns those. HEAD
// is answered where GET is (RFC 9110 section 9.3.2).
func (o *Operations) Find(method, path string) (op Operation, allowed []string, ok bool) {
	path = strings.Trim(path, "/")
	for i := range o.all {
		t := &o.all[i]
		if (t.Method == method || method == "HEAD" && t.Method == "GET") && t.matches(path) {
			return t.Operation, nil, true
		}
	}
	for i := range o.all {
		if t := &o.all[i]; t.matches(path) && !slices.Contains(allowed, t.Method) {
			allowed = append(allowed, t.Method)
		}
	}
	return Operation{}, allowed, false
}

func (t *template) matches(path string) bool {
	for i, want := range t.segments {
		segment, rest, more := strings.Cut(path, "/")
		if isParameter(want) && segment == "" || !isParameter(want) && segment != want {
			return false
		}
		if last := i == len(t.segments)-1; last || !more {
			return last && !more
		}
		path = rest
	}
	return false
}

func isParameter(segment string) bool {
	return len(segment) > 2 && segment[0] == '{' && segment[len(segment)-1] == '}'
}
