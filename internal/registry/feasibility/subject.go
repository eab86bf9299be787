package feasibility

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/url"
	"time"

	"simpul"
)

// Subject is what a test is about.
type Subject struct {
	Address    simpul.Address
	Agency     simpul.AgencyID
	Title      string
	Class      simpul.LIDClass
	Version    string
	Upstream   *url.URL
	Contract   json.RawMessage // OpenAPI 3.0 or 3.1, which the catalogue has read; nil for a draft without one
	Held, Said bool            // the answers are about persons; somebody has said whether they are
	Latency    time.Duration   // that the provider promises for 95 of 100 answers; 0 for none
	Sandbox    *url.URL        // where anything may be called; nil for none
	Examples   []string        // calls of the metadata, "GET /?provinsi=32"
	Bound      []Bound         // fields whose values come from a code list
	Credential *Credential     // with which the hub proves itself to the origin; nil for none
}

// Bound is a field whose values come from a list of reference codes.
type Bound struct {
	Field string // "items.kode", arrays transparent
	List  string
}

// Credential is a header that proves to an origin that the hub calls.
type Credential struct {
	Header string
	Value  simpul.Secret
	Print  string // another one for each value that was set; tells nothing of it
}

// Digest names the subject: SHA-256 over agency, contract, origin and the
// credential's print, in hex.
func (s Subject) Digest() string {
	h := sha256.New()
	var length [8]byte
	for _, part := range []string{string(s.Address), string(s.Agency), s.Upstream.String(), string(canonical(s.Contract)), s.print()} {
		binary.BigEndian.PutUint64(length[:], uint64(len(part)))
		h.Write(length[:])
		h.Write([]byte(part))
	}
	return hex.EncodeToString(h.Sum(nil))
}

func (s Subject) print() string {
	if s.Credential == nil {
		return ""
	}
	return s.Credential.Header + " " + s.Credential.Print
}

// canonical writes a contract with sorted members, so that white space is no
// difference. What cannot be read stands for itself.
func canonical(contract json.RawMessage) []byte {
	value, err := decodeJSON(contract)
	if err != nil {
		return contract
	}
	text, err := json.Marshal(value)
	if err != nil {
		return contract
	}
	return text
}

// prove adds the credential to a request.
func (s Subject) prove(h http.Header) {
	if s.Credential != nil {
		h.Set(s.Credential.Header, s.Credential.Value.Reveal())
	}
}

// route is the way to the origin that the gateway would take.
func (s Subject) route(base *url.URL) *simpul.Route {
	return &simpul.Route{
		Address: s.Address, Version: s.Version, Title: s.Title, Class: s.Class, Owner: s.Agency,
		Upstream: base, Timeout: callTimeout,
	}
}
