package grant

import (
	"strings"
	"time"

	"simpul"
)

// Spec is what people declare of a grant.
type Spec struct {
	LID           simpul.Address       `json:"lid" doc:"Address of the LID" example:"master/Kota"`
	Application   simpul.ApplicationID `json:"application" doc:"Who may call it" example:"layanan@bandungkota.go.id"`
	Purpose       string               `json:"purpose" minLength:"5" maxLength:"500" pattern:"^[\\P{Cc}\\s]*$" patternDescription:"free of control characters" doc:"What the data is for, in a sentence that a citizen understands"`
	LegalBasis    string               `json:"legalBasis" minLength:"3" maxLength:"500" pattern:"^[\\P{Cc}\\s]*$" patternDescription:"free of control characters" doc:"Regulation and article, or agreement"`
	Fields        []string             `json:"fields,omitempty" maxItems:"500" doc:"Members of the answer that may be delivered, as dotted paths through arrays; all when absent" example:"[\"items.kode\"]"`
	Rows          []Row                `json:"rows,omitempty" maxItems:"20" doc:"Parameters that must have one of the values; every call when absent"`
	RatePerMinute int                  `json:"ratePerMinute,omitempty" minimum:"1" maximum:"10000000" doc:"Calls a minute; without a limit of its own when absent"`
	From          *time.Time           `json:"from,omitempty" doc:"Valid from; at once when absent"`
	Until         *time.Time           `json:"until,omitempty" doc:"Valid until; without end when absent"`
	Suspended     bool                 `json:"suspended,omitempty"`
	Version       string               `json:"version,omitempty" pattern:"^[0-9]{1,9}$" doc:"Major version of the contract that its holder builds on; follows the newest when absent. Only the holder changes it" example:"1"`
	Agreement     *Agreement           `json:"agreement,omitempty" doc:"Between the agencies; a closed LID needs one"`
	Seldom        string               `json:"seldom,omitempty" maxLength:"500" pattern:"^[\\P{Cc}\\s]*$" patternDescription:"free of control characters" doc:"Why it is used rarely: such a grant is not suspended for want of use"`
}

var kindGrant = simpul.Text{ID: "Izin", EN: "Grant"}

// Contract is what this room needs to know of a LID.
type Contract interface {
	// HasField reports whether the LID's answers have the dotted path.
	HasField(path string) bool
	// HasParameter reports whether some operation has the parameter in its path
	// or query.
	HasParameter(name string) bool
}

// validate checks the spec against the LID that it names.
func (s Spec) validate(contract Contract) error {
	if _, err := simpul.ParseApplicationID(string(s.Application)); err != nil {
		return simpul.At("spec.application", err)
	}
	if s.Until != nil && s.Until.Before(time.Unix(1, 0)) { // 0 is stored for "without end"
		return simpul.Invalid("spec.until",
			simpul.Text{ID: "Akhir izin ada sebelum tahun 1970.", EN: "The grant ends before the year 1970."},
			simpul.Text{ID: "Tulis waktu yang akan datang, atau bekukan izin dengan suspended.", EN: "Write a time to come, or suspend the grant with suspended."})
	}
	if s.From != nil && s.Until != nil && !s.Until.After(*s.From) {
		return simpul.Invalid("spec.until",
			simpul.Text{ID: "Akhir izin tidak sesudah awalnya.", EN: "The grant ends before it begins."},
			simpul.Text{ID: "Tulis until yang lebih lambat daripada from.", EN: "Write an until that is later than from."})
	}
	if strings.TrimSpace(s.Purpose) == "" {
		return unfounded("spec.purpose")
	}
	if strings.TrimSpace(s.LegalBasis) == "" {
		return unfounded("spec.legalBasis")
	}
	if _, err := simpul.ParseFields(s.Fields); err != nil {
		return simpul.At("spec.fields", err)
	}
	if err := checkRows(s.Rows, contract); err != nil {
		return simpul.At("spec.rows", err)
	}
	for _, path := range s.Fields {
		if contract != nil && !contract.HasField(path) {
			return simpul.Invalid("spec.fields",
				simpul.Text{ID: "Kontrak " + string(s.LID) + " tidak memiliki kolom " + path + ".", EN: "The contract of " + string(s.LID) + " has no field " + path + "."},
				simpul.Text{ID: "Lihat daftar kolom pada halaman LID di katalog.", EN: "See the list of fields on the LID's page in the catalogue."})
		}
	}
	return nil
}

func unfounded(place string) error {
	return simpul.Invalid(place,
		simpul.Text{ID: "Izin memerlukan tujuan dan dasar hukum.", EN: "A grant needs a purpose and a legal basis."},
		simpul.Text{ID: "Tulis keduanya dengan kalimat yang dapat dibaca warga.", EN: "Write both in words that a citizen can read."})
}

// grant is the spec as the rest of the hub knows it.
func (s Spec) grant(id string, provider simpul.AgencyID) simpul.Grant {
	g := simpul.Grant{
		ID: simpul.GrantID(id), LID: s.LID, Provider: provider, Consumer: s.Application,
		Purpose: s.Purpose, LegalBasis: s.LegalBasis, Fields: s.Fields, RatePerMin: s.RatePerMinute, Suspended: s.Suspended,
		Version: s.Version,
	}
	for _, r := range s.Rows {
		g.Rows = append(g.Rows, simpul.RowLimit(r))
	}
	if s.From != nil {
		g.From = *s.From
	}
	if s.Until != nil {
		g.Until = *s.Until
	}
	return g
}
