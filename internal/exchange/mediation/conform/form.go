package conform

import (
	"regexp"

	"simpul"
)

// form is one schema of JSON Schema 2020-12, ready to hold values to. It is
// immutable once its contract is compiled, and may lead to itself.
type form struct {
	never bool // the schema false
	kinds kind // of its type; 0: any

	constant, values *choice

	ref                *form
	all, any, one      []*form
	not, when          *form
	then, otherwise    *form
	properties         map[string]*property
	required           []string
	patterned          []patterned
	further            *form // additionalProperties
	names              *form
	dependent          []dependency
	minMembers         int
	maxMembers         int // -1: no limit
	prefix             []*form
	items              *form
	contains           *form
	minHeld, maxHeld   int // of contains; maxHeld -1: no limit
	minItems, maxItems int
	unique             bool
	minLength          int
	maxLength          int
	pattern            *regexp.Regexp
	weight             int // of matching the pattern, in steps for 100 bytes
	format             *format
	minimum, maximum   *bound
	above, below       *bound // exclusive
	multiple           *bound
	unseenMembers      *form // unevaluatedProperties
	unseenItems        *form // unevaluatedItems
	looksBack          bool  // one of the two is there
	expectsMembers     bool  // something to do for objects
	expectsItems       bool
	named              simpul.Text // what the type is called
}

// property is what a name of an object stands for.
type property struct {
	form *form // nil: it is only required
	must int   // its number among required plus one; 0 when it is not
}

type patterned struct {
	name *regexp.Regexp // nil: a pattern that is not known, which takes every name
	form *form
}

// dependency is what an object must have beside a member.
type dependency struct {
	name  string
	names []string
	form  *form
}

// choice is what an enum or a const admits.
type choice struct {
	document // of an array of the values
	strings  map[string]struct{}
	plain    bool // all are strings
	expected simpul.Text
}

// format is how a string is written.
type format struct {
	name string
	ok   func([]byte) bool
}
