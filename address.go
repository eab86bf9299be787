package simpul

import "strings"

// Address is where a LID is called below the hub's host, "group/Name", as in
// HOST/master/Kota. An address belongs to one agency for ever.
type Address string

// reservedGroups are first path segments with a meaning of their own on the
// gateway listener.
var reservedGroups = map[string]bool{"t": true, "oauth2": true}

// ParseAddress accepts a lower-case group (letters, digits, hyphens) and a Name
// that begins with a capital letter (letters and digits, at most 64).
func ParseAddress(s string) (Address, error) {
	group, name, ok := strings.Cut(s, "/")
	if ok && isSlug(group) && !reservedGroups[group] && isName(name) {
		return Address(s), nil
	}
	return "", Invalid("address",
		Text{"Alamat LID \"" + s + "\" tidak berbentuk grup/Nama.", "LID address \"" + s + "\" is not of the form group/Name."},
		Text{"Tulis grup dengan huruf kecil dan Nama berawalan huruf besar, misalnya master/Kota.", "Write the group in lower case and the Name with a capital first letter, such as master/Kota."})
}

func isName(s string) bool {
	if s == "" || len(s) > 64 || s[0] < 'A' || s[0] > 'Z' {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if !('0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z') {
			return false
		}
	}
	return true
}

// Group returns the part before the slash.
func (a Address) Group() string { g, _, _ := strings.Cut(string(a), "/"); return g }

// Name returns the part after the slash.
func (a Address) Name() string { _, n, _ := strings.Cut(string(a), "/"); return n }
