package agency

import (
	"strings"

	"simpul"
)

// ApplicationSpec is what people declare of an application.
type ApplicationSpec struct {
	Name        string   `json:"name" minLength:"2" maxLength:"200" pattern:"^[\\P{Cc}\\s]*$" patternDescription:"free of control characters" doc:"Name that people know it by" example:"Layanan Warga Bandung"`
	Description string   `json:"description,omitempty" maxLength:"2000" pattern:"^[\\P{Cc}\\s]*$" patternDescription:"free of control characters" doc:"What it does, for the providers that will be asked for access"`
	Unit        string   `json:"unit,omitempty" maxLength:"63" doc:"Unit of the agency that runs it" example:"bidang-aplikasi"`
	Addresses   []string `json:"addresses,omitempty" maxItems:"200" doc:"Addresses and CIDR networks from which it may call, within those of its agency; anywhere when empty" example:"[\"103.12.4.0/24\"]"`
}

// Validate checks what the shape alone cannot.
func (s ApplicationSpec) Validate() error {
	if strings.TrimSpace(s.Name) == "" {
		return simpul.Invalid("spec.name",
			simpul.Text{ID: "Nama aplikasi kosong.", EN: "The application's name is empty."},
			simpul.Text{ID: "Tulis nama yang dikenal orang.", EN: "Write the name that people know."})
	}
	_, err := ParseNetworks(s.Addresses)
	return simpul.At("spec.addresses", err)
}

var kindApplication = simpul.Text{ID: "Aplikasi", EN: "Application"}
