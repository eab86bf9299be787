package standard

import (
	"fmt"
	"regexp"
	"strings"

	"simpul"
)

// ListID names a list of reference codes: "wilayah-kemendagri".
type ListID string

var listShape = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

// ParseListID accepts lower-case words of letters and digits with hyphens
// between, at most 63 characters in all.
func ParseListID(s string) (ListID, error) {
	if len(s) <= 63 && listShape.MatchString(s) {
		return ListID(s), nil
	}
	return "", simpul.Invalid("list",
		simpul.Text{ID: "Nama daftar \"" + s + "\" tidak sah.", EN: "List name \"" + s + "\" is not valid."},
		simpul.Text{ID: "Gunakan huruf kecil, angka, dan tanda hubung, misalnya wilayah-kemendagri.", EN: "Use lower-case letters, digits and hyphens, such as wilayah-kemendagri."})
}

// ListState says who sees a list.
type ListState string

const (
	ListDraft     ListState = "draft"     // its agency
	ListPublished ListState = "published" // everybody
)

// inline is how many codes a list may have to be sent and shown as one
// resource; larger ones are imported and exported as files.
const inline = 2000

// ListSpec is what people declare of a list. Without codes, the codes that the
// hub has stay as they are: a large list is imported.
type ListSpec struct {
	Agency      simpul.AgencyID `json:"agency" doc:"The authority that keeps the list" example:"kemendagri.go.id"`
	Title       Names           `json:"title"`
	Description string          `json:"description,omitempty" maxLength:"5000" pattern:"^[\\P{Cc}\\s]*$" patternDescription:"free of control characters"`
	Source      string          `json:"source,omitempty" maxLength:"1000" pattern:"^[\\P{Cc}\\s]*$" patternDescription:"free of control characters" doc:"Where the codes come from, such as a decree"`
	Licence     string          `json:"licence,omitempty" maxLength:"300" pattern:"^\\P{Cc}*$" patternDescription:"free of control characters"`
	State       ListState       `json:"state" enum:"draft,published"`
	Codes       []Code          `json:"codes,omitempty" maxItems:"2000" doc:"All codes; absent: they stay as they are. Lists of more than 2,000 are imported, and shown without codes"`
	Successions []Succession    `json:"successions,omitempty" maxItems:"2000" doc:"Splits, mergers and replacements; absent: they stay as they are"`
	Mappings    []Mapping       `json:"mappings,omitempty" maxItems:"5000" doc:"What codes are in other lists; absent: they stay as they are"`
	LID         simpul.Address  `json:"lid,omitempty" doc:"Address at which applications call the list; set by the hub, ignored when sent"`
	Count       int             `json:"count,omitempty" doc:"Rows of codes; set by the hub, ignored when sent"`
}

var kindList = simpul.Text{ID: "Daftar kode", EN: "Code list"}

// Validate checks what can be known without the database.
func (s ListSpec) Validate(id ListID) error {
	if _, err := simpul.ParseAgencyID(string(s.Agency)); err != nil {
		return simpul.At("spec.agency", err)
	}
	if strings.TrimSpace(s.Title.ID) == "" {
		return simpul.Invalid("spec.title.id", simpul.Text{ID: "Judul daftar kosong.", EN: "The list has no title."},
			simpul.Text{ID: "Tulis judulnya dalam bahasa Indonesia.", EN: "Write its title in Indonesian."})
	}
	for place, text := range map[string]string{"spec.title": s.Title.ID + s.Title.EN, "spec.description": s.Description, "spec.source": s.Source, "spec.licence": s.Licence} {
		if err := textOf(place, text, 5000); err != nil {
			return err
		}
	}
	if err := CheckCodes(s.Codes, placeInSpec); err != nil {
		return err
	}
	for i, e := range s.Successions {
		if err := e.check(fmt.Sprintf("spec.successions[%d]", i)); err != nil {
			return err
		}
	}
	return checkMappings(id, s.Mappings)
}

func placeInSpec(i int, field string) string { return fmt.Sprintf("spec.codes[%d].%s", i, field) }
