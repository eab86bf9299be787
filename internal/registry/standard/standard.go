package standard

import (
	"strconv"
	"strings"
	"time"

	"simpul"
	"simpul/internal/platform/httpapi"
)

// StandardID names a data standard: "nama-lengkap". It has the form of a [ListID].
type StandardID string

// ParseStandardID accepts lower-case words of letters and digits with hyphens
// between, at most 63 characters in all.
func ParseStandardID(s string) (StandardID, error) {
	if len(s) <= 63 && listShape.MatchString(s) {
		return StandardID(s), nil
	}
	return "", simpul.Invalid("standard",
		simpul.Text{ID: "Nama standar \"" + s + "\" tidak sah.", EN: "Standard name \"" + s + "\" is not valid."},
		simpul.Text{ID: "Gunakan huruf kecil, angka, dan tanda hubung, misalnya nama-lengkap.", EN: "Use lower-case letters, digits and hyphens, such as nama-lengkap."})
}

// State is where a version of a standard is in its life.
type State string

const (
	Draft     State = "draft"     // its agency writes it
	Proposed  State = "proposed"  // the authority looks at it
	Approved  State = "approved"  // in force; fields may be bound to it
	Withdrawn State = "withdrawn" // was in force
)

// StandardSpec is one version of a data standard: the five parts that Perpres
// 39/2019 article 1 and article 5 name, and who answers for it.
type StandardSpec struct {
	Agency         simpul.AgencyID `json:"agency" doc:"The agency that proposes it" example:"kemendagri.go.id"`
	Authority      simpul.AgencyID `json:"authority" doc:"The authority of the field (Pembina Data), which approves it" example:"bps.go.id"`
	Version        int             `json:"version" minimum:"1" maximum:"10000" doc:"1 for the first; an approved version never changes, the next one has the next number"`
	Field          string          `json:"field" minLength:"2" maxLength:"100" pattern:"^\\P{Cc}*$" patternDescription:"free of control characters" doc:"Field of government, such as kependudukan"`
	Name           string          `json:"name" minLength:"2" maxLength:"200" pattern:"^\\P{Cc}*$" patternDescription:"free of control characters"`
	Concept        string          `json:"concept" minLength:"2" maxLength:"2000" pattern:"^[\\P{Cc}\\s]*$" patternDescription:"free of control characters" doc:"Konsep: the idea behind it"`
	Definition     string          `json:"definition" minLength:"2" maxLength:"5000" pattern:"^[\\P{Cc}\\s]*$" patternDescription:"free of control characters" doc:"Definisi: what is in and what is out"`
	Classification string          `json:"classification,omitempty" maxLength:"2000" pattern:"^[\\P{Cc}\\s]*$" patternDescription:"free of control characters" doc:"Klasifikasi: how values are grouped"`
	List           ListID          `json:"list,omitempty" doc:"List of reference codes that its values come from"`
	Measure        string          `json:"measure,omitempty" maxLength:"200" pattern:"^\\P{Cc}*$" patternDescription:"free of control characters" doc:"Ukuran: what is counted or measured, such as jumlah orang"`
	Unit           string          `json:"unit,omitempty" maxLength:"100" pattern:"^\\P{Cc}*$" patternDescription:"free of control characters" doc:"Satuan: such as jiwa; needed where there is a measure"`
	State          State           `json:"state,omitempty" enum:"draft,proposed,approved,withdrawn" doc:"Set by the hub through propose, approve, return and withdraw; ignored when sent"`
}

var kindStandard = simpul.Text{ID: "Standar data", EN: "Data standard"}

// Validate checks what can be known without the database.
func (s StandardSpec) Validate() error {
	for place, id := range map[string]simpul.AgencyID{"spec.agency": s.Agency, "spec.authority": s.Authority} {
		if _, err := simpul.ParseAgencyID(string(id)); err != nil {
			return simpul.At(place, err)
		}
	}
	for _, part := range []struct{ place, text string }{{"spec.field", s.Field}, {"spec.name", s.Name}, {"spec.concept", s.Concept}, {"spec.definition", s.Definition}} {
		if strings.TrimSpace(part.text) == "" {
			return simpul.Invalid(part.place,
				simpul.Text{ID: "Bagian ini kosong.", EN: "This part is empty."},
				simpul.Text{ID: "Standar data memerlukan bidang, nama, konsep, dan definisi.", EN: "A data standard needs field, name, concept and definition."})
		}
	}
	for _, part := range []struct{ place, text string }{
		{"spec.field", s.Field}, {"spec.name", s.Name}, {"spec.concept", s.Concept}, {"spec.definition", s.Definition},
		{"spec.classification", s.Classification}, {"spec.measure", s.Measure}, {"spec.unit", s.Unit},
	} {
		if err := textOf(part.place, part.text, 5000); err != nil {
			return err
		}
	}
	if s.Measure != "" && s.Unit == "" {
		return simpul.Invalid("spec.unit",
			simpul.Text{ID: "Ukuran \"" + s.Measure + "\" tidak bersatuan.", EN: "Measure \"" + s.Measure + "\" has no unit."},
			simpul.Text{ID: "Tulis satuannya, misalnya jiwa, persen, atau hektare.", EN: "Write its unit, such as persons, per cent or hectares."})
	}
	if s.List == "" {
		return nil
	}
	_, err := ParseListID(string(s.List))
	return simpul.At("spec.list", err)
}

// Version is a version of a standard with its course.
type Version struct {
	ID        StandardID    `json:"id"`
	Spec      StandardSpec  `json:"spec"`
	Times     httpapi.Times `json:"status"`
	DecidedAt *time.Time    `json:"decidedAt,omitempty" doc:"When it was approved, returned or withdrawn"`
	Note      string        `json:"note,omitempty" doc:"What the authority said"`

	author, proposer actor
	decider          string
}

// actor is who did something, as far as it must be told from somebody else.
type actor struct {
	id      string
	account simpul.AccountID
}

func actorOf(p simpul.Principal) actor { return actor{p.ID, p.Account} }

// is reports whether the principal is the same person, or the same program:
// somebody with a token of their own stays the same person.
func (a actor) is(p simpul.Principal) bool {
	return a.id == p.ID || a.account != "" && a.account == p.Account
}

// same reports whether two specs say the same, wherever they are in their life.
func (s StandardSpec) same(other StandardSpec) bool {
	s.State, other.State = "", ""
	return s == other
}

func (s StandardSpec) folded() string {
	return strings.ToLower(strings.Join([]string{s.Name, s.Field, s.Concept, s.Unit}, "\n"))
}

func versionName(id StandardID, version int) string { return string(id) + " v" + strconv.Itoa(version) }
