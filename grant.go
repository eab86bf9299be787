package simpul

import "time"

// GrantID names a grant.
type GrantID string

// ParseGrantID accepts a DNS label: lower-case letters, digits, hyphens.
func ParseGrantID(s string) (GrantID, error) {
	if isSlug(s) {
		return GrantID(s), nil
	}
	return "", Invalid("grant",
		Text{"ID izin \"" + s + "\" tidak sah.", "Grant ID \"" + s + "\" is not valid."},
		Text{"Gunakan huruf kecil, angka dan tanda hubung, paling panjang 63.", "Use lower-case letters, digits and hyphens, at most 63."})
}

// Grant is the permission of one application to call one LID. The gateway
// enforces it as it is written here.
type Grant struct {
	ID         GrantID
	LID        Address
	Provider   AgencyID // owner of the LID
	Consumer   ApplicationID
	Purpose    string
	LegalBasis string
	Fields     []string // JSON paths that may be delivered, "items.code"; empty means all
	Rows       []RowLimit
	RatePerMin int // calls a minute; 0 means no limit of its own
	From       time.Time
	Until      time.Time // zero means without end
	Suspended  bool
	Version    string // major version of the contract that its holder builds on; empty: the newest
}

// RowLimit confines a grant to calls in which a parameter of the path or the
// query has one of the values. Every limit of a grant must hold.
type RowLimit struct {
	Parameter string
	Values    []string
}
