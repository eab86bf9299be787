package agency

import (
	"fmt"
	"strings"

	"simpul"
)

// deepest is how many levels a tree of units, or of agencies, may have.
const deepest = 6

// mostUnits bounds the units of one agency.
const mostUnits = 2000

// Unit is a part of an agency.
type Unit struct {
	ID     string // a DNS label, unique within the agency
	Name   string
	Parent string // another unit; empty at the top
}

func (u Unit) validate() error {
	if _, err := simpul.ParseGrantID(u.ID); err != nil { // a DNS label, as a grant's
		return simpul.Invalid("id",
			simpul.Text{ID: "ID unit \"" + u.ID + "\" tidak sah.", EN: "Unit ID \"" + u.ID + "\" is not valid."},
			simpul.Text{ID: "Gunakan huruf kecil, angka dan tanda hubung, misalnya bidang-aplikasi.", EN: "Use lower-case letters, digits and hyphens, such as bidang-aplikasi."})
	}
	if strings.TrimSpace(u.Name) == "" {
		return simpul.Invalid("name",
			simpul.Text{ID: "Nama unit kosong.", EN: "The unit's name is empty."},
			simpul.Text{ID: "Tulis nama unit kerja.", EN: "Write the unit's name."})
	}
	return nil
}

var kindUnit = simpul.Text{ID: "Unit", EN: "Unit"}

// checkTree finds out whether the units, by ID, still are a tree of bounded
// depth with the parents as they are.
func checkTree(parents map[string]string) error {
	for id, parent := range parents {
		if parent == "" {
			continue
		}
		if _, known := parents[parent]; !known {
			return simpul.At("parent", simpul.NotFound(kindUnit, parent))
		}
		depth := 1
		for at := id; parents[at] != ""; at = parents[at] {
			if depth++; depth > deepest {
				return tooDeep()
			}
		}
	}
	return nil
}

// tooDeep also is what a circle meets: it has no end.
func tooDeep() error {
	return &simpul.Error{
		Code: simpul.CodeConflict, Place: "parent",
		Message: simpul.Text{ID: fmt.Sprintf("Susunan ini melingkar atau lebih dalam dari %d tingkat.", deepest), EN: fmt.Sprintf("This arrangement goes in a circle or is deeper than %d levels.", deepest)},
		Remedy:  simpul.Text{ID: "Pilih induk yang lebih tinggi.", EN: "Choose a higher parent."},
	}
}
