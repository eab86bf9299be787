package resource

import (
	"strings"

	"simpul"
)

// APIVersion is the only version of the envelope.
const APIVersion = "simpul/v1"

// Kind names a kind of resource.
type Kind string

const (
	Agency      Kind = "Agency"
	Application Kind = "Application"
	LID         Kind = "LID"
	Grant       Kind = "Grant"
)

// Kinds lists the known kinds so that each comes after those it refers to: a
// grant names a LID and an application, and both name an agency.
func Kinds() []Kind { return []Kind{Agency, Application, LID, Grant} }

// Collection is the kind's path segment in the control API.
func (k Kind) Collection() string {
	switch k {
	case Agency:
		return "agencies"
	default:
		return strings.ToLower(string(k)) + "s"
	}
}

// Check reports whether the kind can have a resource of the identifier.
func (k Kind) Check(id string) error {
	var err error
	switch k {
	case Agency:
		_, err = simpul.ParseAgencyID(id)
	case Application:
		_, err = simpul.ParseApplicationID(id)
	case LID:
		_, err = simpul.ParseAddress(id)
	case Grant:
		_, err = simpul.ParseGrantID(id)
	default:
		return unknownKind(string(k))
	}
	return err
}

// ParseKind accepts a kind as people say it: in either case, one or many
// ("lid", "LIDs", "agencies").
func ParseKind(s string) (Kind, error) {
	for _, k := range Kinds() {
		if strings.EqualFold(s, string(k)) || strings.EqualFold(s, k.Collection()) {
			return k, nil
		}
	}
	return "", unknownKind(s)
}

func unknownKind(s string) *simpul.Error {
	known := make([]string, 0, len(Kinds()))
	for _, k := range Kinds() {
		known = append(known, string(k))
	}
	list := strings.Join(known, ", ")
	return simpul.Invalid("kind",
		text("Jenis %s tidak dikenal.", "Kind %s is unknown.", quote(s)),
		text("Pilih salah satu: %s.", "Choose one of %s.", list))
}
