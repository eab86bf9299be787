package standard

import (
	"fmt"
	"slices"

	"simpul"
)

// BindingSpec says what the fields of one LID mean. The resource's ID is the
// LID's address, and the LID's agency owns it.
type BindingSpec struct {
	Fields []BoundField `json:"fields" minItems:"1" maxItems:"500"`
}

// BoundField binds one field of a contract.
type BoundField struct {
	Field    string     `json:"field" minLength:"1" maxLength:"200" doc:"Path of the field in the answer, as grants write it" example:"items.kode_wilayah"`
	Standard StandardID `json:"standard,omitempty" doc:"Data standard that it follows; must be approved"`
	Version  int        `json:"version,omitempty" minimum:"0" maximum:"10000" doc:"Version of the standard; the one in force when absent"`
	List     ListID     `json:"list,omitempty" doc:"List of reference codes that its values come from; must be published" example:"wilayah-kemendagri"`
}

var kindBinding = simpul.Text{ID: "Pengikatan", EN: "Binding"}

// Validate checks what can be known without the database.
func (s BindingSpec) Validate() error {
	seen := map[string]bool{}
	for i, f := range s.Fields {
		place := fmt.Sprintf("spec.fields[%d]", i)
		if err := plainText(place+".field", f.Field); err != nil {
			return err
		}
		if _, err := ParseStandardID(string(f.Standard)); err != nil && f.Standard != "" {
			return simpul.At(place+".standard", err)
		}
		if _, err := ParseListID(string(f.List)); err != nil && f.List != "" {
			return simpul.At(place+".list", err)
		}
		if seen[f.Field] {
			return simpul.Invalid(place+".field", simpul.Text{ID: "Bidang \"" + f.Field + "\" diikat dua kali.", EN: "Field \"" + f.Field + "\" is bound twice."},
				simpul.Text{ID: "Satukan standar dan daftarnya dalam satu baris.", EN: "Put its standard and its list into one entry."})
		}
		seen[f.Field] = true
		if f.Standard == "" && f.List == "" {
			return simpul.Invalid(place, simpul.Text{ID: "Bidang \"" + f.Field + "\" tidak diikat ke apa pun.", EN: "Field \"" + f.Field + "\" is bound to nothing."},
				simpul.Text{ID: "Sebut standard, list, atau keduanya.", EN: "Name a standard, a list, or both."})
		}
	}
	return nil
}

// Unbound returns the fields that look personal or regional and are not among
// the bound ones, in the order given: those that must not be left to guesses.
func Unbound(fields, bound []string) (left []string) {
	for _, f := range fields {
		if !slices.Contains(bound, f) && simpul.KindOfField(f) != simpul.PlainField {
			left = append(left, f)
		}
	}
	return left
}
