package issuer

import (
	"encoding/json"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"simpul"
)

// Types of token that can be declared.
const (
	typeAccess = "at+jwt" // RFC 9068
	typePlain  = "JWT"    // of servers that do not tell access tokens by their type
)

// Claims that can name the client.
const (
	claimClient  = "client_id" // RFC 9068 section 2.2
	claimParty   = "azp"       // OpenID Connect Core section 2
	claimSubject = "sub"
)

const (
	mostClients = 500
	mostAddress = 300 // bytes
)

// Spec is what the national operator declares of an issuer.
type Spec struct {
	Name        string   `json:"name" minLength:"2" maxLength:"200" pattern:"^[\\P{Cc}]*$" patternDescription:"free of control characters" doc:"Name that people know it by" example:"Identitas Kementerian Kesehatan"`
	Issuer      string   `json:"issuer" maxLength:"300" doc:"What iss of its tokens is, to the letter" example:"https://sso.kemkes.go.id/realms/layanan"`
	Audience    string   `json:"audience" minLength:"1" maxLength:"300" doc:"What aud of its tokens must name, so that a token for somebody else opens nothing here" example:"https://gerbang.simpul.go.id"`
	Algorithms  []string `json:"algorithms" minItems:"1" maxItems:"10" enum:"RS256,RS384,RS512,PS256,PS384,PS512,ES256,ES384,ES512,EdDSA" doc:"Signatures that count; only those with a public key exist"`
	TokenType   string   `json:"tokenType,omitempty" enum:"at+jwt,JWT" doc:"typ of its access tokens; at+jwt (RFC 9068) when absent. JWT only for servers that cannot write at+jwt"`
	ClientClaim string   `json:"clientClaim,omitempty" enum:"client_id,azp,sub" doc:"The one claim that names the client; client_id (RFC 9068) when absent"`
	Keys        Source   `json:"keys" doc:"Where its public keys are; exactly one of the three"`
	Clients     []Client `json:"clients,omitempty" maxItems:"500" doc:"Which of its clients is which application here; others are refused"`
	Suspended   bool     `json:"suspended,omitempty" doc:"No token of it counts for now"`
}

// Source is where the public keys of an issuer are.
type Source struct {
	Discovery bool            `json:"discovery,omitempty" doc:"In its own metadata (OpenID Connect Discovery, RFC 8414)"`
	URI       string          `json:"jwksUri,omitempty" maxLength:"300" doc:"At this address"`
	Inline    json.RawMessage `json:"inline,omitempty" doc:"Here, as a JWK Set (RFC 7517): for networks that the hub does not reach"`
}

// Client says which application a client of the issuer is.
type Client struct {
	Client      string               `json:"client" minLength:"1" maxLength:"300" doc:"As the issuer knows it" example:"simpus-bandung"`
	Application simpul.ApplicationID `json:"application" maxLength:"317" doc:"Application on this hub" example:"simpus@bandungkota.go.id"`
}

// algorithms are what a signature may be made with. "none" and the symmetric ones
// are not among them.
func algorithms() []string {
	return []string{"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}
}

var slug = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

func checkID(id string) error {
	if len(id) <= 63 && slug.MatchString(id) {
		return nil
	}
	return simpul.Invalid("metadata.id",
		simpul.Text{ID: "ID penerbit tidak sah.", EN: "The issuer's ID is not valid."},
		simpul.Text{ID: "Gunakan huruf kecil, angka, dan tanda hubung, misalnya sso-kemkes.", EN: "Use lower-case letters, digits and hyphens, such as sso-kemkes."})
}

// normal checks a declaration and returns it with what is absent filled in.
func (s Spec) normal() (Spec, error) {
	s.Algorithms = slices.Compact(slices.Sorted(slices.Values(s.Algorithms)))
	if s.TokenType == "" {
		s.TokenType = typeAccess
	}
	if s.ClientClaim == "" {
		s.ClientClaim = claimClient
	}
	for _, check := range []func(Spec) error{Spec.checkWords, Spec.checkAlgorithms, Spec.checkSource, Spec.checkClients} {
		if err := check(s); err != nil {
			return s, err
		}
	}
	return s, nil
}

func (s Spec) checkWords() error {
	switch {
	case strings.TrimSpace(s.Name) == "" || len(s.Name) > 800 || strings.ContainsFunc(s.Name, unicode.IsControl):
		return bad("name", "Nama penerbit kosong atau tidak terbaca.", "The issuer's name is empty or not readable.",
			"Tulis nama yang dikenal orang, satu baris.", "Write the name that people know, on one line.")
	case !isAddress(s.Issuer):
		return bad("issuer", "Alamat penerbit harus https tanpa parameter.", "The issuer must be an https address without parameters.",
			"Salin nilai issuer dari metadata server itu, huruf demi huruf.", "Copy the value issuer of that server's metadata, to the letter.")
	case !isWord(s.Audience):
		return bad("audience", "Audiens belum diisi atau memuat spasi.", "The audience is missing or holds spaces.",
			"Isi nama yang ditulis server itu pada aud untuk hub ini, misalnya alamat gerbang.", "Write the name that the server puts into aud for this hub, such as the gateway's address.")
	case s.TokenType != typeAccess && s.TokenType != typePlain:
		return bad("tokenType", "Jenis token tidak dikenal.", "The type of token is unknown.", "Pilih at+jwt atau JWT.", "Choose at+jwt or JWT.")
	case s.ClientClaim != claimClient && s.ClientClaim != claimParty && s.ClientClaim != claimSubject:
		return bad("clientClaim", "Klaim ini tidak dapat menyebut klien.", "This claim cannot name the client.", "Pilih client_id, azp, atau sub.", "Choose client_id, azp or sub.")
	}
	return nil
}

func (s Spec) checkAlgorithms() error {
	known := algorithms()
	for _, a := range s.Algorithms {
		if !slices.Contains(known, a) {
			return bad("algorithms", "Algoritma \""+printable(a)+"\" tidak diterima.", "The algorithm \""+printable(a)+"\" is not accepted.",
				"Gunakan tanda tangan dengan kunci publik, misalnya ES256 atau RS256.", "Use signatures with a public key, such as ES256 or RS256.")
		}
	}
	if len(s.Algorithms) == 0 {
		return bad("algorithms", "Belum ada algoritma yang dipilih.", "No algorithm is chosen.", "Pilih yang dipakai server itu, misalnya ES256.", "Choose what the server uses, such as ES256.")
	}
	return nil
}

func (s Spec) checkSource() error {
	ways := 0
	for _, there := range []bool{s.Keys.Discovery, s.Keys.URI != "", len(s.Keys.Inline) > 0} {
		if there {
			ways++
		}
	}
	switch {
	case ways != 1:
		return bad("keys", "Sebutkan tepat satu tempat kunci publik.", "Name exactly one place of the public keys.",
			"Pilih discovery, jwksUri, atau inline.", "Choose discovery, jwksUri or inline.")
	case s.Keys.URI != "" && !isAddress(s.Keys.URI):
		return bad("keys.jwksUri", "Alamat kunci harus https tanpa parameter.", "The address of the keys must be https without parameters.",
			"Salin nilai jwks_uri dari metadata server itu.", "Copy the value jwks_uri of that server's metadata.")
	case len(s.Keys.Inline) > 0:
		return s.checkInline()
	}
	return nil
}

// checkInline is stricter than what is fetched is held to: whoever writes keys
// here can mend them.
func (s Spec) checkInline() error {
	set, err := parseKeys(s.Keys.Inline)
	switch {
	case err != nil || len(set.keys) == 0:
		return bad("keys.inline", "Kunci yang ditulis bukan JWK Set yang terbaca.", "The keys are no readable JWK Set.",
			"Salin isi jwks_uri server itu, berbentuk {\"keys\": […]}, hanya kunci publik, RSA sekurang-kurangnya 2048 bit.", "Copy what the server's jwks_uri answers, {\"keys\": […]}, public keys only, RSA of at least 2048 bits.")
	case set.skipped > 0:
		return bad("keys.inline", "Di antara kunci yang ditulis ada yang rahasia, terlalu pendek, atau bukan untuk tanda tangan.", "Among the keys are such that are secret, too short, or not for signatures.",
			"Sisakan kunci publik untuk tanda tangan saja. Kunci rahasia yang telanjur ditulis di sini harus diganti.", "Leave public keys for signatures only. A secret key that was written here must be replaced.")
	}
	return nil
}

func (s Spec) checkClients() error {
	seen := map[string]bool{}
	for _, c := range s.Clients {
		if !isWord(c.Client) || seen[c.Client] {
			return bad("clients", "Klien \""+printable(c.Client)+"\" tidak terbaca atau ditulis dua kali.", "Client \""+printable(c.Client)+"\" is not readable or written twice.",
				"Tulis setiap klien satu kali, tanpa spasi.", "Write each client once, without spaces.")
		}
		seen[c.Client] = true
		if _, err := simpul.ParseApplicationID(string(c.Application)); err != nil {
			return simpul.At("spec.clients", err)
		}
	}
	if len(s.Clients) > mostClients {
		return bad("clients", "Terlalu banyak klien.", "There are too many clients.", "Tulis paling banyak 500.", "Write at most 500.")
	}
	return nil
}

// isAddress accepts an absolute https address that can be read in one way only;
// on this machine alone http will do.
func isAddress(text string) bool {
	u, err := url.Parse(text)
	return err == nil && len(text) <= mostAddress && isWord(text) && secure(u) && u.User == nil && u.RawQuery == "" && !u.ForceQuery && u.Fragment == "" &&
		u.Opaque == "" && u.String() == text
}

// secure reports whether what comes from there cannot be changed on the way.
func secure(u *url.URL) bool {
	return u.Hostname() != "" && (u.Scheme == "https" || u.Scheme == "http" && local(u.Hostname()))
}

func local(host string) bool {
	address, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && address.IsLoopback()
}

// isWord accepts printable ASCII without spaces.
func isWord(text string) bool {
	return text != "" && len(text) <= mostAddress && !strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r > '~' })
}

// printable keeps a message short and on one line.
func printable(text string) string {
	clean := strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return '·'
	}, text)
	if runes := []rune(clean); len(runes) > 40 {
		return string(runes[:40]) + "…"
	}
	return clean
}

func bad(field, id, en, remedyID, remedyEN string) error {
	return simpul.Invalid("spec."+field, simpul.Text{ID: id, EN: en}, simpul.Text{ID: remedyID, EN: remedyEN})
}

// from names where keys come from, so that keys of a former place do not count
// after it was changed. It is empty for keys that are written down.
func (s Spec) from() string {
	switch {
	case s.Keys.Discovery:
		return "discovery " + s.Issuer
	case s.Keys.URI != "":
		return s.Keys.URI
	}
	return ""
}
