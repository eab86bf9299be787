package contract

import (
	"slices"
	"strings"

	"simpul"
)

// template is a path of the contract, relative to the LID's address.
type template struct {
	path       string
	parameters []string
}

// parseTemplate accepts a path whose segments are literals, or parameters in
// braces, so that a call matches it in one way only.
func parseTemplate(at place, path string) (template, error) {
	t := template{path: path}
	if !strings.HasPrefix(path, "/") {
		return t, badPath(at,
			simpul.Text{ID: "Alamat ini tidak diawali garis miring.", EN: "This path does not begin with a slash."})
	}
	if path == "/" {
		return t, nil
	}
	if len(path) > maxPath {
		return t, badPath(at,
			simpul.Text{ID: "Alamat ini lebih panjang dari 500 bita.", EN: "This path is longer than 500 bytes."})
	}
	for segment := range strings.SplitSeq(path[1:], "/") {
		name, ok := parameterName(segment)
		switch {
		case ok && slices.Contains(t.parameters, name):
			return t, badPath(at, simpul.Text{ID: "Parameter " + quote(name) + " muncul dua kali.", EN: "Parameter " + quote(name) + " occurs twice."})
		case ok:
			t.parameters = append(t.parameters, name)
		case strings.ContainsAny(segment, "{}"):
			return t, badPath(at, simpul.Text{ID: "Ruas " + quote(segment) + " bercampur: parameter harus mengisi satu ruas penuh.", EN: "Segment " + quote(segment) + " is mixed: a parameter must fill a whole segment."})
		case !plainSegment(segment):
			return t, badPath(at, simpul.Text{ID: "Ruas " + quote(segment) + " kosong atau memakai karakter yang tidak dilayani hub.", EN: "Segment " + quote(segment) + " is empty or has characters that the hub does not serve."})
		}
	}
	return t, nil
}

// parameterName returns the name in a segment such as "{kode}".
func parameterName(segment string) (string, bool) {
	if len(segment) < 3 || segment[0] != '{' || segment[len(segment)-1] != '}' {
		return "", false
	}
	name := segment[1 : len(segment)-1]
	return name, !strings.ContainsAny(name, "{}")
}

// plainSegment accepts the characters of a URI segment (RFC 3986 section 3.3)
// that no program on the way reads as something else.
func plainSegment(s string) bool {
	if s == "" || s == "." || s == ".." {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte("-._~!$&'()*+,=:@", c) >= 0) {
			return false
		}
	}
	return true
}

// shape is the path without the names of its parameters: two paths with one shape
// match the same calls.
func (t template) shape() string {
	shape := t.path
	for _, name := range t.parameters {
		shape = strings.Replace(shape, "{"+name+"}", "{}", 1)
	}
	return shape
}

func badPath(at place, message simpul.Text) error {
	return fault(at, message, simpul.Text{
		ID: "Tulis alamat relatif terhadap alamat LID, misalnya / atau /{kode}/riwayat.",
		EN: "Write the path relative to the LID's address, such as / or /{kode}/riwayat."})
}
