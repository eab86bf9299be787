package console

import (
	"context"

	"simpul"
)

// Subject is a published LID as somebody can call it.
type Subject struct {
	Address      simpul.Address
	Title        string
	Owner        simpul.AgencyID
	Class        simpul.LIDClass
	StatePurpose bool // every call says what it is for
	Personal     bool // personal data may come
	Sandbox      bool // examples of the contract can be called without a grant
	Operations   []Operation
}

// Operation is one call of the contract.
type Operation struct {
	simpul.Operation
	Summary    string
	Parameters []Parameter
	Body       *Body // nil: it takes none
}

// name is how forms and programs name the operation.
func (o Operation) name() string { return o.Method + " " + o.Path }

// Parameter is a value outside the body.
type Parameter struct {
	Name        string
	In          string // path, query or header
	Type        string
	Description string
	Example     string
	Required    bool
	Values      []string // the only ones there are, as one writes them; nil where any will do
}

// Body is what an operation takes.
type Body struct {
	Media    string
	Example  string
	Required bool
}

// Choice is an application as which somebody can call.
type Choice struct {
	ID      simpul.ApplicationID
	Name    string
	Granted bool        // it may call the LID now
	Why     simpul.Text // else: what is missing
}

// Catalogue knows what is published.
type Catalogue interface {
	// Subject returns what is published at the address; a not_found error for
	// anything else.
	Subject(ctx context.Context, address simpul.Address) (Subject, error)
}

// Applications knows those of the principal's own agency, and no others.
type Applications interface {
	Choices(ctx context.Context, p simpul.Principal, address simpul.Address) ([]Choice, error)
}

// operation finds one by its name; the first where the name is empty.
func (s Subject) operation(name string) (Operation, bool) {
	for _, o := range s.Operations {
		if name == "" || o.name() == name {
			return o, true
		}
	}
	return Operation{}, false
}

// Sensitive reports whether a call says what it is for and is warned about.
func (s Subject) Sensitive() bool { return s.Personal || s.Class != simpul.Terbuka }
