package mediation

import (
	"github.com/go-json-experiment/json/jsontext"

	"simpul"
)

// portion is how much of a value is delivered: all of it, the granted fields, or
// nothing. Its zero value is all of it.
type portion struct {
	fields simpul.FieldSet // nil: every field
	drop   bool
}

// of returns the portion of the object's member with the name.
func (p portion) of(name []byte) portion {
	if p.drop || p.fields == nil {
		return p
	}
	fields, granted := p.fields[string(name)]
	return portion{fields: fields, drop: !granted}
}

// admits reports whether a value of the kind appears in the answer at all. Where
// the grant names fields below, a value that has none is not what was granted.
func (p portion) admits(kind jsontext.Kind) bool {
	return !p.drop && (p.fields == nil || compound(kind))
}

func compound(kind jsontext.Kind) bool {
	return kind == jsontext.KindBeginObject || kind == jsontext.KindBeginArray
}
