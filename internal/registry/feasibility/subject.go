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
	Further    []Origin        // other base URLs of the service, which are called once each
	Tested     string          // the catalogue's digest of contract and origin
	Contract   json.RawMessage // OpenAPI 3.0 or 3.1, which the catalogue has read; nil for a draft without one
	Changes    []simpul.Change // that the hub makes to answers before they are what the contract says
	Held, Said bool            // the answers are about persons; somebody has said whether they are
	Latency    time.Duration   // that the provider promises for 95 of 100 answers; 0 for none
	Sandbox    *url.URL        // where anything may be called; nil for none
	Examples   []string        // calls of the metadata, "GET /?provinsi=32"
	Bound      []Bound         // fields whose values come from a code list
	Credential *Credential     // with which the hub proves itself to the origin; nil for none
}

// canaryPlace is where a canary is declared.
const canaryPlace = "delivery.canary"

// Origin is a base URL beside the upstream, and where it is declared.
type Origin struct {
	Place string // "delivery.origins[0]", "delivery.canary"
	URL   *url.URL
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

// Digest names the subject: a SHA-256 in hex of what [DigestOf] is given.
func (s Subject) Digest() string { return DigestOf(s.Address, s.Agency, s.Tested, s.Credential) }

// DigestOf names a subject by its address, its agency, the catalogue's digest of
// its contract and origin, and the print of its credential.
func DigestOf(address simpul.Address, agency simpul.AgencyID, tested string, c *Credential) string {
	h := sha256.New()
	var length [8]byte
	for _, part := range []string{string(address), string(agency), tested, c.print()} {
		binary.BigEndian.PutUint64(length[:], uint64(len(part)))
		h.Write(length[:])
		h.Write([]byte(part))
	}
	return hex.EncodeToString(h.Sum(nil))
}

func (c *Credential) print() string {
	if c == nil {
		return ""
	}
	return c.Header + " " + c.Print
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
		Upstream: base, Timeout: callTimeout, Delivery: &simpul.Delivery{Changes: s.Changes},
	}
}
