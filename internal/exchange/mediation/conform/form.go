package conform

import "regexp"

// form is one schema of JSON Schema 2020-12, ready to hold values to. It is
// immutable once its contract is compiled, and may lead to itself. What a schema
// does not say takes no room.
type form struct {
	never     bool // the schema false
	looksBack bool // one of the two unevaluated… is there
	kinds     kind // of its type; 0: any

	ref              *form
	constant, values *choice
	objects          *objectRules
	arrays           *arrayRules
	strings          *stringRules
	numbers          *numberRules
	parts            *combination
}

// objectRules are what a form says of objects.
type objectRules struct {
	properties map[string]property
	required   []string
	patterned  []patterned
	further    *form // additionalProperties
	names      *form
	minMembers int
	maxMembers int // -1: no limit
}

// property is what a name of an object stands for.
type property struct {
	form *form // nil: it is only required
	must int   // its number among required plus one; 0 when it is not
}

type patterned struct {
	name *pattern
	form *form
}

// dependency is what an object must have beside a member.
type dependency struct {
	name  string
	names []string
	form  *form
}

// arrayRules are what a form says of arrays.
type arrayRules struct {
	prefix             []*form
	items, contains    *form
	minHeld, maxHeld   int // of contains; maxHeld -1: no limit
	minItems, maxItems int // maxItems -1: no limit
	unique             bool
}

// stringRules are what a form says of strings.
type stringRules struct {
	minLength, maxLength int // maxLength -1: no limit
	pattern              *pattern
	format               *format
}

// numberRules are what a form says of numbers.
type numberRules struct{ minimum, maximum, above, below, multiple *bound }

// combination is the forms that a form is made of.
type combination struct {
	all, any, one              []*form
	not, when, then, otherwise *form
	dependent                  []dependency
	unseenMembers              *form // unevaluatedProperties
	unseenItems                *form // unevaluatedItems
}

// pattern is a regular expression, and what it costs.
type pattern struct {
	re     *regexp.Regexp // nil: one that RE2 does not know, which admits everything
	weight int            // instructions
}

// format is how a string is written.
type format struct {
	name string
	ok   func([]byte) bool
}
