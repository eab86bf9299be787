package conform

import (
	"strconv"
	"strings"

	"simpul"
)

// Fault is one way in which a message is not what the contract says. It holds
// nothing that the message says: names and values in it are the contract's own.
type Fault struct {
	// Place is where: "body" and a JSON Pointer (RFC 6901) as "body/items/0/kode",
	// or a parameter as "query.limit".
	Place string
	// Spot is the place without what is particular to one message: numbers of
	// elements, and names that the contract does not have, are "*".
	Spot     string
	Keyword  string // of JSON Schema, or a word of this package's own
	Expected simpul.Text
}

// step is one name or number on the way to a value.
type step struct {
	name  string
	index int32 // -1: by name
	known bool  // the contract has the name
}

// placed writes the way to a value, below a root such as "body".
func placed(root string, way []step) (place, spot string) {
	var p, s strings.Builder
	p.WriteString(root)
	s.WriteString(root)
	for _, w := range way {
		p.WriteByte('/')
		s.WriteByte('/')
		switch {
		case w.index >= 0:
			p.WriteString(strconv.Itoa(int(w.index)))
			s.WriteByte('*')
		case !w.known: // the name may say something about somebody
			p.WriteByte('*')
			s.WriteByte('*')
		default:
			escaped := escapePointer(w.name)
			p.WriteString(escaped)
			s.WriteString(escaped)
		}
	}
	return p.String(), s.String()
}

func escapePointer(token string) string {
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(token)
}

// Unchecked tells of a message that is longer than checks go, in bytes.
func Unchecked(place string, most int) Fault {
	size := strconv.Itoa(most>>20) + " MiB"
	return Fault{Place: place, Spot: place, Keyword: "unchecked", Expected: simpul.Text{ID: "paling besar " + size + " agar dapat diperiksa", EN: "at most " + size + " to be checked"}}
}
