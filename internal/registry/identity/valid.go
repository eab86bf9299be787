package identity

import (
	"net/mail"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"simpul"
)

// telephone admits what people write: +62 22 1234 567, (022) 123-456.
var telephone = regexp.MustCompile(`^\+?[0-9][0-9 ()-]{4,23}$|^\([0-9]{1,5}\)[0-9 -]{4,18}$`)

// tidy returns the fields without spaces around them, or says which one is wrong.
func (p Personal) tidy() (Personal, error) {
	p.Name, p.Email = strings.TrimSpace(p.Name), strings.TrimSpace(p.Email)
	p.Phone, p.Position = strings.TrimSpace(p.Phone), strings.TrimSpace(p.Position)
	switch {
	case !oneLine(p.Name, 2, 100):
		return p, simpul.Invalid("name",
			simpul.Text{ID: "Nama harus satu baris, 2 sampai 100 huruf.", EN: "The name must be one line of 2 to 100 letters."},
			simpul.Text{ID: "Tulis nama lengkap orang itu.", EN: "Write the person's full name."})
	case !isMailbox(p.Email):
		return p, simpul.Invalid("email",
			simpul.Text{ID: "Alamat surel ini tidak sah.", EN: "This e-mail address is not valid."},
			simpul.Text{ID: "Tulis seperti siti@bandung.go.id, tanpa nama di depannya.", EN: "Write it like siti@bandung.go.id, without a name before it."})
	case p.Phone != "" && !telephone.MatchString(p.Phone):
		return p, simpul.Invalid("phone",
			simpul.Text{ID: "Nomor telepon ini tidak sah.", EN: "This telephone number is not valid."},
			simpul.Text{ID: "Tulis angka, misalnya +62 812 3456 7890, atau kosongkan.", EN: "Write digits, such as +62 812 3456 7890, or leave it empty."})
	case !oneLine(p.Position, 0, 100):
		return p, simpul.Invalid("position",
			simpul.Text{ID: "Jabatan harus satu baris, paling panjang 100 huruf.", EN: "The position must be one line of at most 100 letters."},
			simpul.Text{ID: "Persingkat jabatannya.", EN: "Shorten the position."})
	}
	return p, nil
}

// oneLine reports whether the text is UTF-8 of a length in characters, of which
// few take more than three bytes, without control characters.
func oneLine(text string, shortest, longest int) bool {
	n := utf8.RuneCountInString(text)
	return utf8.ValidString(text) && n >= shortest && n <= longest && len(text) <= 3*longest && !strings.ContainsFunc(text, unicode.IsControl)
}

// isMailbox reports whether the text is one bare address that mail can be sent
// to (RFC 5321): ASCII, at most 254 octets, and nothing that a mail program
// would read as a second address or a name.
func isMailbox(text string) bool {
	if len(text) > 254 || strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune(`"(),:;<>[\]`, r) }) {
		return false
	}
	parsed, err := mail.ParseAddress(text)
	_, domain, _ := strings.Cut(text, "@")
	return err == nil && parsed.Address == text && strings.Contains(domain, ".")
}
