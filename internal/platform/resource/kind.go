package resource

import (
	"regexp"
	"strings"
	"time"

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
	Limit       Kind = "Limit"
	RefCode     Kind = "RefCode"
	Standard    Kind = "Standard"
	Binding     Kind = "Binding"
	Role        Kind = "Role"
	LifeCycle   Kind = "LifeCycle"
	Holiday     Kind = "Holiday"
	Issuer      Kind = "Issuer"
)

// Kinds lists the known kinds so that each comes after those it refers to: a
// grant names a LID and an application, and both name an agency; a limit names
// one of these; a binding names a LID, a standard and a list of codes; a role
// names nothing; an issuer names applications.
func Kinds() []Kind {
	return []Kind{Agency, Application, LID, Grant, Limit, RefCode, Standard, Binding, Role, LifeCycle, Holiday, Issuer}
}

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
	case LID, Binding:
		_, err = simpul.ParseAddress(id)
	case Grant:
		_, err = simpul.ParseGrantID(id)
	case Limit:
		_, err = simpul.ParseSubject(id)
	case Role:
		_, err = simpul.ParseRole(id)
	case RefCode, Standard, Issuer:
		err = checkSlug(id)
	case LifeCycle:
		err = checkShape(id, time.DateOnly, text("Gunakan tanggal berlakunya, misalnya 2027-01-04.", "Use the day from which it is in force, such as 2027-01-04."))
	case Holiday:
		err = checkShape(id, "2006", text("Gunakan tahunnya, misalnya 2027.", "Use the year, such as 2027."))
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

// slug is what names a list of codes or a standard.
var slug = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

func checkSlug(id string) error {
	if len(id) <= 63 && slug.MatchString(id) {
		return nil
	}
	return simpul.Invalid("metadata.id",
		text("ID %s tidak sah.", "ID %s is not valid.", quote(id)),
		text("Gunakan huruf kecil, angka, dan tanda hubung, misalnya wilayah-kemendagri.", "Use lower-case letters, digits and hyphens, such as wilayah-kemendagri."))
}

// checkShape refuses an identifier that is not a time as the layout writes it.
func checkShape(id, layout string, remedy simpul.Text) error {
	if _, err := time.Parse(layout, id); err == nil {
		return nil
	}
	return simpul.Invalid("metadata.id", text("ID %s tidak sah.", "ID %s is not valid.", quote(id)), remedy)
}
