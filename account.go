package simpul

import "strings"

// AccountID names a person's account: "siti.rahma@bandungkota.go.id", the
// person's name within the agency and the agency's domain.
type AccountID string

// ParseAccountID accepts NAME@AGENCY, where NAME is one or more DNS labels with
// dots between, at most 64 octets (RFC 5321 section 4.5.3.1.1). Letters are
// folded to lower case, since people write addresses in either.
func ParseAccountID(s string) (AccountID, error) {
	folded := strings.ToLower(strings.TrimSpace(s))
	name, agency, ok := strings.Cut(folded, "@")
	if ok && len(name) <= 64 && !invalidDNS(name) {
		if _, err := ParseAgencyID(agency); err == nil {
			return AccountID(folded), nil
		}
	}
	return "", Invalid("account",
		Text{"Nama akun \"" + s + "\" tidak berbentuk nama@domain-instansi.", "Account name \"" + s + "\" is not of the form name@agency-domain."},
		Text{"Gunakan huruf, angka, titik dan tanda hubung, misalnya siti.rahma@bandungkota.go.id.", "Use letters, digits, dots and hyphens, such as siti.rahma@bandungkota.go.id."})
}

// Agency returns the agency that the person works for.
func (a AccountID) Agency() AgencyID {
	_, agency, _ := strings.Cut(string(a), "@")
	return AgencyID(agency)
}

// Name returns the person's name within the agency.
func (a AccountID) Name() string {
	name, _, _ := strings.Cut(string(a), "@")
	return name
}
