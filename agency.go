package simpul

import "strings"

// AgencyID names an agency, which is a tenant, by its domain: "kemendagri.go.id".
type AgencyID string

// ParseAgencyID accepts a lower-case DNS name of two labels or more
// (RFC 1123 section 2.1; at most 253 octets).
func ParseAgencyID(s string) (AgencyID, error) {
	if len(s) <= 253 && strings.Contains(s, ".") && !invalidDNS(s) {
		return AgencyID(s), nil
	}
	return "", Invalid("agency",
		Text{"ID instansi \"" + s + "\" bukan nama domain.", "Agency ID \"" + s + "\" is not a domain name."},
		Text{"Gunakan nama domain instansi dengan huruf kecil, misalnya kemendagri.go.id.", "Use the agency's domain name in lower case, such as kemendagri.go.id."})
}

func invalidDNS(s string) bool {
	for label := range strings.SplitSeq(s, ".") {
		if !isSlug(label) {
			return true
		}
	}
	return false
}

// isSlug reports whether s is a DNS label in lower case: letters, digits and
// inner hyphens, 1 to 63 octets.
func isSlug(s string) bool {
	if s == "" || len(s) > 63 || s[0] == '-' || s[len(s)-1] == '-' {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if !(c == '-' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z') {
			return false
		}
	}
	return true
}

// ApplicationID names an application of an agency: "layanan@bandungkota.go.id".
type ApplicationID string

// ParseApplicationID accepts NAME@AGENCY, where NAME is a DNS label.
func ParseApplicationID(s string) (ApplicationID, error) {
	name, agency, ok := strings.Cut(s, "@")
	if ok && isSlug(name) {
		if _, err := ParseAgencyID(agency); err == nil {
			return ApplicationID(s), nil
		}
	}
	return "", Invalid("application",
		Text{"ID aplikasi \"" + s + "\" tidak berbentuk nama@domain-instansi.", "Application ID \"" + s + "\" is not of the form name@agency-domain."},
		Text{"Gunakan huruf kecil, angka dan tanda hubung, misalnya layanan@bandungkota.go.id.", "Use lower-case letters, digits and hyphens, such as layanan@bandungkota.go.id."})
}

// Agency returns the agency that runs the application.
func (a ApplicationID) Agency() AgencyID {
	_, agency, _ := strings.Cut(string(a), "@")
	return AgencyID(agency)
}
