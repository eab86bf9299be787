package mail

import (
	"net/mail"
	"strings"
	"unicode"

	"simpul"
)

// Address is a mailbox, with the name of whom it belongs to.
type Address struct {
	Name  string
	Email string
}

// maxAddress is the longest address with its name, in bytes.
const maxAddress = 600

// ParseAddress accepts "name@domain" and "Name <name@domain>" (RFC 5322), in
// ASCII and within the limits of RFC 5321 section 4.5.3.1. It refuses quoted
// local parts and addresses with an IP address for a domain: no agency has one,
// and relays differ in how they read them.
func ParseAddress(s string) (Address, error) {
	if len(s) > maxAddress {
		return Address{}, badAddress()
	}
	parsed, err := mail.ParseAddress(s)
	if err != nil || strings.ContainsFunc(s, unicode.IsControl) {
		return Address{}, badAddress()
	}
	local, domain, _ := strings.Cut(parsed.Address, "@")
	if len(local) > 64 || len(domain) > 255 || !isDotAtom(local) || !isDomain(domain) {
		return Address{}, badAddress()
	}
	return Address{parsed.Name, parsed.Address}, nil
}

// isDotAtom accepts RFC 5321's Dot-string.
func isDotAtom(local string) bool {
	for atom := range strings.SplitSeq(local, ".") {
		if atom == "" || strings.ContainsFunc(atom, func(r rune) bool {
			return !isAlphanumeric(r) && !strings.ContainsRune("!#$%&'*+-/=?^_`{|}~", r)
		}) {
			return false
		}
	}
	return true
}

func isDomain(domain string) bool {
	labels := strings.Split(domain, ".")
	for _, label := range labels {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' ||
			strings.ContainsFunc(label, func(r rune) bool { return !isAlphanumeric(r) && r != '-' }) {
			return false
		}
	}
	return len(labels) > 1 || domain == "localhost"
}

func isAlphanumeric(r rune) bool {
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
}

func (a Address) domain() string {
	_, domain, _ := strings.Cut(a.Email, "@")
	return domain
}

// badAddress does not repeat the address: it may end up in an outbox that
// others read.
func badAddress() error {
	return simpul.Invalid("address",
		simpul.Text{ID: "Alamat surel tidak sah.", EN: "The e-mail address is not valid."},
		simpul.Text{ID: "Tulis alamat seperti siti.rahma@bandungkota.go.id.", EN: "Write an address such as siti.rahma@bandungkota.go.id."})
}
