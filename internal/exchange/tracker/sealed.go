package tracker

import (
	"encoding/base64"
	"strconv"
	"strings"

	"simpul"
)

// seal seals a text for its place.
func (s *Service) seal(text, table, row, column string) (string, error) {
	sealed, err := s.Sealer.Seal([]byte(text), table, row, column)
	return base64.StdEncoding.EncodeToString(sealed), err
}

// open opens what seal sealed; nothing for nothing.
func (s *Service) open(sealed, table, row, column string) (string, error) {
	if sealed == "" {
		return "", nil
	}
	b, err := base64.StdEncoding.DecodeString(sealed)
	if err != nil {
		return "", err
	}
	text, err := s.Sealer.Open(b, table, row, column)
	return string(text), err
}

// newID makes an identifier that cannot be guessed: 80 bits in base 32.
func newID(prefix string) string {
	return prefix + "-" + strings.ToLower(simpul.NewSecret("").Reveal()[:16])
}

// thousands writes a number with marks between thousands.
func thousands(n int) simpul.Text {
	if n < 1000 {
		return simpul.Text{ID: strconv.Itoa(n), EN: strconv.Itoa(n)}
	}
	rest := strconv.Itoa(1000 + n%1000)[1:]
	return simpul.Text{ID: strconv.Itoa(n/1000) + "." + rest, EN: strconv.Itoa(n/1000) + "," + rest}
}
