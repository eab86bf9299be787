package identity

import (
	"time"

	"simpul"
)

// Token is one control API token, as a list shows it.
type Token struct {
	ID        string          `json:"id"`
	Role      simpul.Role     `json:"role"`
	Agency    simpul.AgencyID `json:"agency,omitempty"`
	CreatedAt time.Time       `json:"createdAt"`
}

var kindToken = simpul.Text{ID: "Token", EN: "Token"}

// tokenPrefix marks a control API token, so that secret scanners find leaked ones.
const tokenPrefix = "spt_"

// wellFormed checks the names of a role and an agency.
func wellFormed(role simpul.Role, agency simpul.AgencyID) error {
	if _, err := simpul.ParseRole(string(role)); err != nil {
		return err
	}
	if _, err := simpul.ParseAgencyID(string(agency)); err != nil && agency != "" {
		return err
	}
	return nil
}

// suit checks that the role and the agency fit together.
func (r roles) suit(role simpul.Role, agency simpul.AgencyID) error {
	switch reach := r[role].Reach; {
	case reach == "":
		return simpul.Invalid("role",
			simpul.Text{ID: "Peran \"" + string(role) + "\" tidak dikenal.", EN: "Role \"" + string(role) + "\" is unknown."},
			simpul.Text{ID: "Pilih salah satu peran bawaan, misalnya operator, admin, provider, consumer atau auditor.", EN: "Choose a standard role, such as operator, admin, provider, consumer or auditor."})
	case reach == simpul.ReachNation && agency != "":
		return simpul.Invalid("agency",
			simpul.Text{ID: "Peran " + string(role) + " berlaku nasional dan tidak terikat instansi.", EN: "The role " + string(role) + " is national and belongs to no agency."},
			simpul.Text{ID: "Hapus --agency, atau pilih peran lain.", EN: "Remove --agency, or choose another role."})
	case reach == simpul.ReachAgency && agency == "":
		return simpul.Invalid("agency",
			simpul.Text{ID: "Peran " + string(role) + " harus terikat satu instansi.", EN: "The role " + string(role) + " must belong to an agency."},
			simpul.Text{ID: "Tambahkan --agency dengan domain instansi.", EN: "Add --agency with the agency's domain."})
	}
	return nil
}
