package console

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"simpul"
	"simpul/internal/exchange/console/snippet"
)

const (
	purposeHeader = "Simpul-Purpose"
	sandboxHeader = "Simpul-Sandbox"
	maxValue      = 2000     // bytes of one parameter
	maxBody       = 48 << 10 // bytes; the form holds it
)

// Entered is what somebody fills in, or a program asks for.
type Entered struct {
	Operation string            // "GET /{kode}"; the first one where empty
	Values    map[string]string // parameters, by place and name: "query:q"
	Body      string
	Purpose   string
	Sandbox   bool
}

// valueKey names a parameter in Values.
func valueKey(p Parameter) string { return p.In + ":" + p.Name }

// built is a request that was made of what was entered.
type built struct {
	method string
	target string // path and query below the gateway, percent-encoded
	header []snippet.Field
	media  string
	body   string
}

// build makes a request. What a contract demands beyond presence and numbers is
// left to the gateway: to see it refuse is what a console is for.
func build(s Subject, o Operation, e Entered) (built, error) {
	b := built{method: o.Method, target: "/" + string(s.Address)}
	path := strings.TrimSuffix(o.Path, "/")
	var query []string
	for _, p := range o.Parameters {
		value := e.Values[valueKey(p)]
		if value == "" {
			if p.Required {
				return b, missing(p)
			}
			continue
		}
		if err := check(p, value); err != nil {
			return b, err
		}
		switch p.In {
		case "path":
			path = strings.ReplaceAll(path, "{"+p.Name+"}", url.PathEscape(value))
		case "query":
			query = append(query, url.QueryEscape(p.Name)+"="+url.QueryEscape(value))
		case "header":
			b.header = append(b.header, snippet.Field{Name: p.Name, Value: value})
		}
	}
	b.target += path
	if len(query) > 0 {
		b.target += "?" + strings.Join(query, "&")
	}
	if err := b.demand(s, e); err != nil {
		return b, err
	}
	return b, b.fill(o, e)
}

// demand adds what the LID asks of every call.
func (b *built) demand(s Subject, e Entered) error {
	if s.StatePurpose {
		if !stated.MatchString(e.Purpose) || longNumber.MatchString(e.Purpose) {
			return badPurpose()
		}
		b.header = append(b.header, snippet.Field{Name: purposeHeader, Value: e.Purpose})
	}
	if e.Sandbox {
		b.header = append(b.header, snippet.Field{Name: sandboxHeader, Value: "true"})
	}
	return nil
}

// stated and longNumber are as in the gateway, which has the last word.
var (
	stated     = regexp.MustCompile(`^[ -~]{5,200}$`)
	longNumber = regexp.MustCompile(`[0-9]{10}`)
)

// fill adds the body.
func (b *built) fill(o Operation, e Entered) error {
	body := strings.ReplaceAll(strings.TrimSpace(e.Body), "\r\n", "\n")
	switch {
	case o.Body == nil:
		return nil
	case body == "" && o.Body.Required:
		return bad("body", "Isi permintaan belum ditulis.", "The request body is missing.", "Mulai dari contoh di kontrak, lalu ubah nilainya.", "Begin with the contract's example and change its values.")
	case body == "":
		return nil
	case len(body) > maxBody || !utf8.ValidString(body) || strings.ContainsFunc(body, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }):
		return bad("body", "Isi permintaan terlalu panjang atau memuat karakter kendali.", "The request body is too long or holds control characters.", "Kirim paling banyak 48 kB teks.", "Send at most 48 kB of text.")
	case strings.Contains(o.Body.Media, "json") && !json.Valid([]byte(body)):
		return bad("body", "Isi permintaan bukan JSON yang sah.", "The request body is no valid JSON.", "Periksa tanda kutip, koma, dan kurung kurawal.", "Check quotation marks, commas and braces.")
	}
	b.body, b.media = body, o.Body.Media
	return nil
}

// forbidden are headers that are not the caller's to set.
var forbidden = regexp.MustCompile(`(?i)^(x-api-key|authorization.*|cookie|host|content-.*|connection|transfer-encoding|te|trailer|upgrade|expect|proxy-.*|simpul[-_].*|x[-_]forwarded[-_].*|client-cert.*|forwarded|x-real-ip)$`)

func check(p Parameter, value string) error {
	switch {
	case len(value) > maxValue || !utf8.ValidString(value) || strings.ContainsFunc(value, unicode.IsControl):
		return badValue(p, "terlalu panjang atau memuat karakter kendali", "is too long or holds control characters")
	case p.In == "path" && strings.Trim(value, ".") == "":
		return badValue(p, "tidak dapat berdiri di dalam alamat", "cannot stand in an address")
	case p.In == "header" && strings.ContainsFunc(value, func(r rune) bool { return r > '~' }):
		return badValue(p, "memuat huruf yang tidak dapat dikirim dalam kepala", "has letters that cannot be sent in a header")
	case p.Type == "integer" && !isInteger(value), p.Type == "number" && !json.Valid([]byte(value)), p.Type == "boolean" && value != "true" && value != "false":
		return badValue(p, "bukan "+p.Type, "is no "+p.Type)
	}
	return nil
}

func isInteger(value string) bool {
	_, err := strconv.ParseInt(value, 10, 64)
	return err == nil
}

func missing(p Parameter) error {
	return bad("value."+valueKey(p), p.Name+" wajib diisi.", p.Name+" must be filled in.", "Isi seperti contohnya.", "Fill it in as its example.")
}

func badValue(p Parameter, id, en string) error {
	return bad("value."+valueKey(p), "Nilai "+p.Name+" "+id+".", "The value of "+p.Name+" "+en+".", "Perbaiki nilainya, lalu panggil lagi.", "Mend the value and call again.")
}

func badPurpose() error {
	return bad("purpose", "Keperluan panggilan belum ditulis dengan jelas.", "What the call is for is not said clearly.",
		"Tulis 5 sampai 200 huruf tanpa nomor orang, misalnya \"memeriksa data contoh sebelum rilis\".", "Write 5 to 200 letters without numbers of persons, such as \"checking sample data before a release\".")
}

func bad(place, id, en, remedyID, remedyEN string) error {
	return simpul.Invalid(place, simpul.Text{ID: id, EN: en}, simpul.Text{ID: remedyID, EN: remedyEN})
}

// request is the request for the gateway itself.
func (b built) request(ctx context.Context) (*http.Request, error) {
	r, err := http.NewRequestWithContext(ctx, b.method, "http://simpul"+b.target, bytes.NewReader([]byte(b.body)))
	if err != nil {
		return nil, fmt.Errorf("request of the console: %w", err)
	}
	if b.body == "" {
		r.Body, r.ContentLength = http.NoBody, 0
	} else {
		r.Header.Set("Content-Type", b.media)
	}
	r.Header.Set("Accept", "application/json")
	for _, f := range b.header {
		r.Header.Set(f.Name, f.Value)
	}
	return r, nil
}

// call is the same for a program.
func (b built) call(gateway string) snippet.Call {
	return snippet.Call{Method: b.method, URL: strings.TrimSuffix(gateway, "/") + b.target, Header: b.header, Media: b.media, Body: b.body}
}

// Callable keeps of a contract's parameters those that a caller may set.
func Callable(all []Parameter) (kept []Parameter) {
	for _, p := range all {
		if p.In == "path" || p.In == "query" || p.In == "header" && snippet.IsFieldName(p.Name) && !forbidden.MatchString(p.Name) {
			kept = append(kept, p)
		}
	}
	return kept
}
