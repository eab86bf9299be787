package standard

import (
	"maps"
	"slices"
	"strings"

	"simpul"
)

// MetadataState is where a filled-in form is in its life.
type MetadataState string

const (
	MetadataDraft     MetadataState = "draft"
	MetadataSubmitted MetadataState = "submitted" // the steward looks at it
	MetadataApproved  MetadataState = "approved"  // everybody sees it
)

// MetadataSpec is a filled-in form.
type MetadataSpec struct {
	Form   FormID            `json:"form" enum:"ms-keg,ms-var,ms-ind,prioritas"`
	Agency simpul.AgencyID   `json:"agency"`
	LID    simpul.Address    `json:"lid,omitempty" doc:"The LID that it describes, if it describes one"`
	Values map[string]string `json:"values" doc:"Answers by the key of the field; a draft may leave some out"`
	State  MetadataState     `json:"state,omitempty" enum:"draft,submitted,approved" doc:"Set by the hub; ignored when sent"`
}

var kindMetadata = simpul.Text{ID: "Metadata", EN: "Metadata"}

// Validate checks the answers that there are.
func (s MetadataSpec) Validate() error {
	return s.check(func(key string) string { return "spec.values." + key })
}

// check is Validate with the places of a file.
func (s MetadataSpec) check(place func(key string) string) error {
	if _, err := ParseFormID(string(s.Form)); err != nil {
		return simpul.At("spec.form", err)
	}
	if _, err := simpul.ParseAgencyID(string(s.Agency)); err != nil {
		return simpul.At("spec.agency", err)
	}
	if s.LID != "" {
		if _, err := simpul.ParseAddress(string(s.LID)); err != nil {
			return simpul.At(place("lid"), err)
		}
	}
	known := map[string]bool{}
	for _, q := range FormOf(s.Form).Questions() {
		known[q.Key] = true
		if err := q.check(place(q.Key), s.Values[q.Key]); err != nil {
			return err
		}
	}
	for _, key := range slices.Sorted(maps.Keys(s.Values)) {
		if !known[key] {
			return simpul.Invalid(place(clip(key, 60)),
				simpul.Text{ID: "Formulir " + string(s.Form) + " tidak punya isian \"" + clip(key, 60) + "\".", EN: "Form " + string(s.Form) + " has no field \"" + clip(key, 60) + "\"."},
				simpul.Text{ID: "Hapus isian itu, atau perbaiki namanya.", EN: "Remove that field, or mend its name."})
		}
	}
	return nil
}

// complete refuses a form with required fields that have no answer.
func (s MetadataSpec) complete() error {
	missing := FormOf(s.Form).Missing(s.Values)
	if len(missing) == 0 {
		return nil
	}
	var id, en []string
	for _, q := range missing {
		id, en = append(id, q.Label.ID), append(en, q.Label.EN)
	}
	return &simpul.Error{
		Code: simpul.CodeConflict, Place: "spec.values." + missing[0].Key,
		Message: simpul.Text{ID: "Masih kosong: " + strings.Join(id, ", ") + ".", EN: "Still empty: " + strings.Join(en, ", ") + "."},
		Remedy:  simpul.Text{ID: "Lengkapi dahulu, lalu kirim lagi.", EN: "Complete it first, then submit it again."},
	}
}

// Title is what a filled-in form is called in lists.
func (s MetadataSpec) Title() string { return s.Values[FormOf(s.Form).title()] }

// trimmed is the spec without empty answers and without space around the others.
func (s MetadataSpec) trimmed() MetadataSpec {
	values := map[string]string{}
	for key, value := range s.Values {
		if text := strings.TrimSpace(strings.ReplaceAll(value, "\r\n", "\n")); text != "" {
			values[key] = text
		}
	}
	s.Values = values
	return s
}

// Filled is a stored form with its course.
type Filled struct {
	ID   string
	Spec MetadataSpec
	Note string // of the steward who returned it

	created, updated  int64
	author, submitter actor
}
