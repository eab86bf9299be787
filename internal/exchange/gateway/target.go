package gateway

import (
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"simpul"
)

// target is what a request's path asks for.
type target struct {
	key   string   // for the Resolver: "group/Name" or "t/agency/context/version"
	below *url.URL // the path below the LID's address, and the query
}

// parseTarget reads the path and refuses every form that two programs might
// read differently, so that what is authorised is what is called: dot segments,
// empty segments, encoded slashes and dots, backslashes, control characters,
// encodings that are not UTF-8. RFC 3986 section 6 would allow to repair some of
// them; a client that sends them is mistaken or hostile, and is told so.
func parseTarget(r *http.Request) (target, error) {
	raw := r.URL.EscapedPath()
	if r.URL.Opaque != "" || !strings.HasPrefix(raw, "/") || !unambiguous(r.URL.Path, raw) || !plainQuery(r.URL.RawQuery) {
		return target{}, ambiguous()
	}
	key, rest, whole := cutKey(raw[1:])
	if !whole {
		return target{}, incomplete()
	}
	if strings.Contains(key, "%") {
		return target{}, ambiguous() // no address has a character that needs encoding
	}
	below := &url.URL{RawQuery: r.URL.RawQuery}
	path, err := url.PathUnescape(rest)
	if err != nil {
		return target{}, ambiguous()
	}
	below.Path, below.RawPath = path, rest
	return target{key, below}, nil
}

// cutKey divides a path after the LID's address: two segments, or four of the
// older form. The rest begins with a slash and ends without one, but for "/".
func cutKey(path string) (key, rest string, whole bool) {
	depth := 2
	if strings.HasPrefix(path, "t/") {
		depth = 4
	}
	path = strings.TrimSuffix(path, "/")
	end := 0
	for ; depth > 1; depth-- {
		next := strings.IndexByte(path[end:], '/')
		if next < 0 {
			return "", "", false
		}
		end += next + 1
	}
	if next := strings.IndexByte(path[end:], '/'); next >= 0 {
		return path[:end+next], path[end+next:], true
	}
	return path, "/", true
}

// encodedDelimiters are octets that change a path's structure once decoded.
var encodedDelimiters = []string{"%2e", "%2f", "%5c", "%25", "%3b"}

func unambiguous(path, raw string) bool {
	if !utf8.ValidString(path) || strings.ContainsAny(path, "\\;") {
		return false
	}
	for _, c := range path {
		if c < 0x20 || c == 0x7f {
			return false
		}
	}
	if strings.Contains(raw, "//") || hidesDelimiter(raw) {
		return false
	}
	for segment := range strings.SplitSeq(path, "/") {
		if segment == "." || segment == ".." {
			return false
		}
	}
	return true
}

func hidesDelimiter(raw string) bool {
	if !strings.Contains(raw, "%") {
		return false
	}
	lower := strings.ToLower(raw)
	for _, d := range encodedDelimiters {
		if strings.Contains(lower, d) {
			return true
		}
	}
	return false
}

// plainQuery refuses control characters, written or encoded, and ";" which some
// programs take for "&".
func plainQuery(raw string) bool {
	if raw == "" {
		return true
	}
	if strings.Contains(raw, ";") {
		return false
	}
	decoded, err := url.QueryUnescape(raw)
	if err != nil || !utf8.ValidString(decoded) {
		return false
	}
	return !strings.ContainsAny(decoded, "\x00\r\n")
}

func ambiguous() error {
	return simpul.Invalid("path",
		simpul.Text{ID: "Alamat yang dipanggil dapat dibaca dengan lebih dari satu cara.", EN: "The address that was called can be read in more than one way."},
		simpul.Text{ID: "Tulis alamat tanpa .., //, garis miring terbalik, titik koma, karakter kendali, atau titik dan garis miring yang disandikan.", EN: "Write the address without .., //, backslashes, semicolons, control characters, or encoded dots and slashes."})
}

func incomplete() error {
	return &simpul.Error{
		Code:    simpul.CodeNotFound,
		Message: simpul.Text{ID: "Ini gerbang Simpul; alamat yang dipanggil bukan alamat LID.", EN: "This is the Simpul gateway; the address that was called is not a LID."},
		Remedy:  simpul.Text{ID: "Panggil /grup/Nama, misalnya /master/Kota. Daftar alamat ada di katalog LID.", EN: "Call /group/Name, such as /master/Kota. The LID catalogue lists the addresses."},
	}
}

// permitted finds the operation of the contract that the call matches.
func permitted(route *simpul.Route, method string, below *url.URL) (simpul.Operation, error) {
	op, allowed, ok := route.Operations.Find(method, strings.TrimSuffix(below.Path, "/"))
	switch {
	case ok:
		return op, nil
	case len(allowed) > 0:
		return op, &methodError{allowed, &simpul.Error{
			Code: simpul.CodeMethodNotAllowed, Owner: route.Owner,
			Message: simpul.Text{ID: "Kontrak " + string(route.Address) + " tidak mengenal metode " + method + " di sini.", EN: "The contract of " + string(route.Address) + " has no method " + method + " here."},
			Remedy:  simpul.Text{ID: "Gunakan " + strings.Join(allowed, " atau ") + ".", EN: "Use " + strings.Join(allowed, " or ") + "."},
		}}
	}
	return op, &simpul.Error{
		Code: simpul.CodeNotFound, Owner: route.Owner,
		Message: simpul.Text{ID: "Kontrak " + string(route.Address) + " tidak memiliki alamat ini.", EN: "The contract of " + string(route.Address) + " has no such path."},
		Remedy:  simpul.Text{ID: "Lihat daftar operasi pada halaman LID di katalog.", EN: "See the operations on the LID's page in the catalogue."},
	}
}

// methodError is a refusal that also names the methods that are allowed.
type methodError struct {
	allowed []string
	refusal *simpul.Error
}

func (e *methodError) Error() string { return e.refusal.Error() }
func (e *methodError) Unwrap() error { return e.refusal }
