package simpul

import "strings"

// SubjectKind is a kind of thing whose calls are counted together.
type SubjectKind string

const (
	SubjectGrant       SubjectKind = "grant"
	SubjectApplication SubjectKind = "application"
	SubjectAgency      SubjectKind = "agency" // as the one that calls
	SubjectLID         SubjectKind = "lid"
)

// Subject is one thing whose calls are counted together: a grant, an
// application, an agency as consumer, or a LID. Its written form is KIND/ID, as
// in "agency/bandungkota.go.id" and "lid/master/Kota".
type Subject struct {
	Kind SubjectKind
	ID   string
}

// String returns the written form.
func (s Subject) String() string { return string(s.Kind) + "/" + s.ID }

// ParseSubject accepts the written form.
func ParseSubject(text string) (Subject, error) {
	kind, id, _ := strings.Cut(text, "/")
	var err error
	switch SubjectKind(kind) {
	case SubjectGrant:
		_, err = ParseGrantID(id)
	case SubjectApplication:
		_, err = ParseApplicationID(id)
	case SubjectAgency:
		_, err = ParseAgencyID(id)
	case SubjectLID:
		_, err = ParseAddress(id)
	default:
		err = Invalid("subject",
			Text{"\"" + text + "\" tidak berbentuk jenis/ID.", "\"" + text + "\" is not of the form kind/ID."},
			Text{"Awali dengan grant/, application/, agency/ atau lid/, misalnya agency/bandungkota.go.id atau lid/master/Kota.", "Begin with grant/, application/, agency/ or lid/, such as agency/bandungkota.go.id or lid/master/Kota."})
	}
	if err != nil {
		return Subject{}, err
	}
	return Subject{SubjectKind(kind), id}, nil
}
