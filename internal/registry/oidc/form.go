package oidc

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"simpul"
)

// maxForm is the longest form that is read, in bytes.
const maxForm = 32 << 10

// form is the parameters of a request; each is there once.
type form map[string]string

// readForm takes the parameters from the body and from nowhere else: what
// stands in an address ends up in logs (RFC 6749 section 2.3.1).
func readForm(w http.ResponseWriter, r *http.Request) (form, error) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		return nil, &fault{status: http.StatusMethodNotAllowed, code: "invalid_request",
			text: simpul.Text{ID: "Panggil alamat ini dengan POST.", EN: "Call this address with POST."}}
	}
	if r.URL.RawQuery != "" {
		return nil, invalidRequest("Kirim parameter dalam badan permintaan, bukan pada alamat.", "Send the parameters in the body of the request, not in the address.")
	}
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/x-www-form-urlencoded" {
		return nil, invalidRequest("Kirim badan permintaan sebagai application/x-www-form-urlencoded.", "Send the body as application/x-www-form-urlencoded.")
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxForm))
	if _, long := errors.AsType[*http.MaxBytesError](err); long {
		return nil, &fault{status: http.StatusRequestEntityTooLarge, code: "invalid_request",
			text: simpul.Text{ID: "Badan permintaan terlalu panjang; paling banyak 32 KiB.", EN: "The body is too long; at most 32 KiB."}}
	}
	if err != nil {
		return nil, unreadableForm()
	}
	return parseForm(string(body))
}

// parseForm reads a form in which every parameter stands once (RFC 6749
// section 3.2), in UTF-8 without control characters. An empty value is one that
// was not sent.
func parseForm(body string) (form, error) {
	values, err := url.ParseQuery(body)
	if err != nil {
		return nil, unreadableForm()
	}
	f := form{}
	for name, all := range values {
		if len(all) > 1 {
			return nil, invalidRequest("Setiap parameter hanya boleh dikirim satu kali.", "Each parameter may be sent only once.")
		}
		if !plain(name) || !plain(all[0]) {
			return nil, unreadableForm()
		}
		if all[0] != "" {
			f[name] = all[0]
		}
	}
	return f, nil
}

func plain(s string) bool { return utf8.ValidString(s) && !strings.ContainsFunc(s, unicode.IsControl) }

func unreadableForm() error {
	return invalidRequest("Badan permintaan tidak terbaca sebagai formulir.", "The body cannot be read as a form.")
}
