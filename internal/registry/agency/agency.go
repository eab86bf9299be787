package agency

import (
	"strings"

	"simpul"
)

// Level is where an agency stands in the state (tingkat pemerintahan).
type Level string

const (
	Nasional  Level = "nasional"
	Provinsi  Level = "provinsi"
	Kabupaten Level = "kabupaten"
	Kota      Level = "kota"
)

// Spec is what people declare of an agency.
type Spec struct {
	Name      string `json:"name" minLength:"2" maxLength:"200" pattern:"^[\\P{Cc}\\s]*$" patternDescription:"free of control characters" doc:"Official name" example:"Pemerintah Kota Bandung"`
	Level     Level  `json:"level" enum:"nasional,provinsi,kabupaten,kota" doc:"Level of government"`
	Region    string `json:"region,omitempty" pattern:"^[0-9]{2}(\\.[0-9]{2})?$" doc:"Kemendagri code of the province or regency that it governs; none for a national agency" example:"32.73"`
	Suspended bool   `json:"suspended,omitempty" doc:"A suspended agency's applications are refused and its LIDs do not answer"`
	Parent    string `json:"parent,omitempty" maxLength:"253" doc:"Agency of which this one is a part; the operator sets it" example:"jabarprov.go.id"`
}

// Validate checks what the shape alone cannot.
func (s Spec) Validate() error {
	if strings.TrimSpace(s.Name) == "" {
		return simpul.Invalid("spec.name",
			simpul.Text{ID: "Nama instansi kosong.", EN: "The agency's name is empty."},
			simpul.Text{ID: "Tulis nama resmi instansi.", EN: "Write the agency's official name."})
	}
	if (s.Level == Nasional) != (s.Region == "") {
		return simpul.Invalid("spec.region",
			simpul.Text{ID: "Kode wilayah wajib untuk pemerintah daerah dan kosong untuk instansi nasional.", EN: "A regional government needs a region code; a national agency has none."},
			simpul.Text{ID: "Tulis kode Kemendagri, misalnya 32 atau 32.73, atau hapus region.", EN: "Write the Kemendagri code, such as 32 or 32.73, or remove region."})
	}
	return nil
}

var kindAgency = simpul.Text{ID: "Instansi", EN: "Agency"}
