package httpapi

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"simpul"
)

// checkAddress refuses a path or a query that no name of ours could be in.
func checkAddress(u url.URL) error {
	query, err := url.QueryUnescape(u.RawQuery)
	switch {
	case !plain(u.Path):
		return unreadable("path")
	case err != nil || !plain(query):
		return unreadable("query")
	}
	return nil
}

// plain reports whether a text is UTF-8 without control characters. Databases
// differ in what they make of any other.
func plain(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, unicode.IsControl)
}

func unreadable(place string) error {
	return simpul.Invalid(place,
		simpul.Text{ID: "Alamat memuat karakter kendali, atau penyandian yang bukan UTF-8.", EN: "The address holds control characters, or an encoding that is not UTF-8."},
		simpul.Text{ID: "Periksa nama dan nilai pada alamat yang dipanggil.", EN: "Check the names and values in the address that was called."})
}
