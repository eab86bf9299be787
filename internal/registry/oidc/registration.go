package oidc

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"maps"
	"net/url"
	"path"
	"slices"
	"strings"

	"simpul"
	"simpul/internal/platform/httpapi"
)

// AuthMethod is how an application proves who it is, by the names of the IANA
// registry "OAuth Token Endpoint Authentication Methods".
type AuthMethod string

const (
	bySecretBasic     AuthMethod = "client_secret_basic"         // with its API key
	byPrivateKey      AuthMethod = "private_key_jwt"             // RFC 7523
	byIssuedCert      AuthMethod = "tls_client_auth"             // RFC 8705 section 2.1
	bySelfSignedCert  AuthMethod = "self_signed_tls_client_auth" // RFC 8705 section 2.2
	byNothing         AuthMethod = "none"                        // a public client; PKCE ties the code to it
	publicCredential             = "public"                      // what evidence names for a public client
	certificatePrefix            = "x-"                          // of a credential that is a certificate
	grantClient                  = "client_credentials"
	grantCode                    = "authorization_code"
	grantRefresh                 = "refresh_token"
	maxURIs, maxURI              = 20, 2000 // number and bytes
	maxThumbprints               = 20
)

func authMethods() []AuthMethod {
	return []AuthMethod{bySecretBasic, byPrivateKey, byIssuedCert, bySelfSignedCert, byNothing}
}

// ClientSpec is what people declare of an application that signs people in.
type ClientSpec struct {
	RedirectURIs            []string   `json:"redirectUris,omitempty" maxItems:"20" doc:"Where the hub may send people back to, compared to the letter: https, or http on localhost" example:"[\"https://layanan.bandungkota.go.id/masuk/selesai\"]"`
	PostLogoutRedirectURIs  []string   `json:"postLogoutRedirectUris,omitempty" maxItems:"20" doc:"Where people may go after they have signed out"`
	BackchannelLogoutURI    string     `json:"backchannelLogoutUri,omitempty" maxLength:"2000" doc:"Told when a session ends (OpenID Connect Back-Channel Logout 1.0)"`
	TokenEndpointAuthMethod AuthMethod `json:"tokenEndpointAuthMethod" enum:"client_secret_basic,private_key_jwt,tls_client_auth,self_signed_tls_client_auth,none" doc:"How the application proves who it is; none is for applications that cannot keep a secret"`
	GrantTypes              []string   `json:"grantTypes" minItems:"1" maxItems:"3" enum:"authorization_code,refresh_token,client_credentials" doc:"What it asks tokens with"`
	SubjectDN               string     `json:"tlsClientAuthSubjectDn,omitempty" maxLength:"500" doc:"Subject of the certificate under tls_client_auth, as RFC 4514 writes it" example:"CN=layanan,O=Pemerintah Kota Bandung,C=ID"`
	Thumbprints             []string   `json:"certificateThumbprints,omitempty" maxItems:"20" doc:"SHA-256 of the certificates under self_signed_tls_client_auth, in base64url or hex"`
	BoundTokens             bool       `json:"certificateBoundAccessTokens,omitempty" doc:"Tokens work only over a connection with the certificate with which they were got (RFC 8705)"`
}

// Registration is a declaration that is stored.
type Registration struct {
	Application simpul.ApplicationID
	Spec        ClientSpec
	Times       httpapi.Times
	Created     bool
}

// normal checks a declaration and returns it in the one form in which it is
// compared.
func (s ClientSpec) normal() (ClientSpec, error) {
	if !slices.Contains(authMethods(), s.TokenEndpointAuthMethod) {
		return s, badSpec("tokenEndpointAuthMethod", "Cara pembuktian ini tidak dikenal.", "This way to prove an application is unknown.",
			"Pilih salah satu: client_secret_basic, private_key_jwt, tls_client_auth, self_signed_tls_client_auth, none.", "Choose one of client_secret_basic, private_key_jwt, tls_client_auth, self_signed_tls_client_auth, none.")
	}
	for _, check := range []func(*ClientSpec) error{(*ClientSpec).checkGrants, (*ClientSpec).checkURIs, (*ClientSpec).checkCertificates} {
		if err := check(&s); err != nil {
			return s, err
		}
	}
	return s, nil
}

func (s *ClientSpec) checkGrants() error {
	s.GrantTypes = slices.Clone(s.GrantTypes)
	slices.Sort(s.GrantTypes)
	s.GrantTypes = slices.Compact(s.GrantTypes)
	for _, g := range s.GrantTypes {
		if g != grantClient && g != grantCode && g != grantRefresh {
			return badSpec("grantTypes", "Jenis grant \""+g+"\" tidak dilayani.", "The grant type \""+g+"\" is not served.",
				"Gunakan authorization_code, refresh_token, client_credentials.", "Use authorization_code, refresh_token, client_credentials.")
		}
	}
	code := slices.Contains(s.GrantTypes, grantCode)
	switch {
	case len(s.GrantTypes) == 0:
		return badSpec("grantTypes", "Jenis grant belum dipilih.", "No grant type is chosen.", "Pilih authorization_code untuk memasukkan orang.", "Choose authorization_code to sign people in.")
	case slices.Contains(s.GrantTypes, grantRefresh) && !code:
		return badSpec("grantTypes", "refresh_token tanpa authorization_code tidak berguna.", "refresh_token is of no use without authorization_code.", "Tambahkan authorization_code.", "Add authorization_code.")
	case s.TokenEndpointAuthMethod == byNothing && slices.Contains(s.GrantTypes, grantClient):
		return badSpec("grantTypes", "Aplikasi tanpa bukti tidak dapat memakai client_credentials.", "An application without a proof cannot use client_credentials.", "Hapus client_credentials, atau pilih cara pembuktian.", "Remove client_credentials, or choose a way to prove it.")
	case code && len(s.RedirectURIs) == 0:
		return badSpec("redirectUris", "Alamat kembali belum diisi.", "No redirect URI is given.", "Isi alamat halaman aplikasi Anda yang menerima orang setelah masuk.", "Give the address of your application's page that receives people after they have signed in.")
	}
	return nil
}

func (s *ClientSpec) checkURIs() error {
	for _, list := range []struct {
		place string
		uris  []string
	}{{"redirectUris", s.RedirectURIs}, {"postLogoutRedirectUris", s.PostLogoutRedirectURIs}} {
		if len(list.uris) > maxURIs {
			return badURI(list.place)
		}
		for _, uri := range list.uris {
			if !isClientURI(uri) {
				return badURI(list.place)
			}
		}
	}
	if s.BackchannelLogoutURI != "" && !isClientURI(s.BackchannelLogoutURI) {
		return badURI("backchannelLogoutUri")
	}
	return nil
}

// isClientURI accepts an address that can be read in one way only: no user, no
// fragment, no step up, no second spelling. On this machine alone http will do.
func isClientURI(s string) bool {
	u, err := url.Parse(s)
	if err != nil || len(s) > maxURI || !plain(s) || strings.ContainsAny(s, "#\\ *\"'<>`{}|^") {
		return false
	}
	host := u.Hostname()
	local := host == "localhost" || host == "127.0.0.1" || host == "::1"
	steps := u.Path != "" && path.Clean(u.Path) != strings.TrimSuffix(u.Path, "/") && u.Path != "/"
	return (u.Scheme == "https" || u.Scheme == "http" && local) && host != "" && host == strings.ToLower(host) && !strings.HasSuffix(host, ".") &&
		u.Opaque == "" && u.User == nil && u.RawPath == "" && !steps && u.String() == s && !strings.HasSuffix(u.Host, ":")
}

func (s *ClientSpec) checkCertificates() error {
	switch s.TokenEndpointAuthMethod {
	case byIssuedCert:
		if strings.TrimSpace(s.SubjectDN) == "" || !plain(s.SubjectDN) {
			return badSpec("tlsClientAuthSubjectDn", "Subjek sertifikat belum diisi.", "The certificate's subject is missing.", "Isi subjek seperti yang ditulis openssl x509 -subject -nameopt RFC2253.", "Write the subject as openssl x509 -subject -nameopt RFC2253 prints it.")
		}
	case bySelfSignedCert:
		if len(s.Thumbprints) == 0 || len(s.Thumbprints) > maxThumbprints {
			return badThumbprint()
		}
	}
	s.Thumbprints = slices.Clone(s.Thumbprints)
	for i, text := range s.Thumbprints {
		normal, ok := normalThumbprint(text)
		if !ok {
			return badThumbprint()
		}
		s.Thumbprints[i] = normal
	}
	return nil
}

// normalThumbprint reads a SHA-256 digest in base64url (x5t#S256), or in hex
// with or without colons as openssl prints it.
func normalThumbprint(text string) (string, bool) {
	text = strings.TrimSpace(text)
	sum, err := hex.DecodeString(strings.ReplaceAll(text, ":", ""))
	if err != nil || len(sum) != sha256.Size {
		sum, err = base64.RawURLEncoding.Strict().DecodeString(text)
	}
	return base64.RawURLEncoding.EncodeToString(sum), err == nil && len(sum) == sha256.Size
}

func badSpec(field, id, en, remedyID, remedyEN string) error {
	return simpul.Invalid("spec."+field, simpul.Text{ID: id, EN: en}, simpul.Text{ID: remedyID, EN: remedyEN})
}

func badURI(field string) error {
	return badSpec(field, "Ada alamat yang tidak dapat diterima.", "One of the addresses cannot be accepted.",
		"Tulis paling banyak 20 alamat https lengkap (http hanya untuk localhost), huruf kecil, tanpa nama pengguna, tanda #, \"..\", atau *.",
		"Write at most 20 full https addresses (http for localhost only), in lower case, without a user name, #, \"..\" or *.")
}

func badThumbprint() error {
	return badSpec("certificateThumbprints", "Sidik jari sertifikat tidak terbaca atau belum diisi.", "The certificate's fingerprint is not readable or missing.",
		"Tempel hasil openssl x509 -fingerprint -sha256, satu per baris.", "Paste what openssl x509 -fingerprint -sha256 prints, one on a line.")
}

// credentialOf names what a certificate proves the application by, so that
// tokens end when the registration names another.
func (s ClientSpec) credentialOf(thumbprint string) string {
	if s.TokenEndpointAuthMethod == bySelfSignedCert {
		return certificatePrefix + thumbprint
	}
	sum := sha256.Sum256([]byte(s.SubjectDN))
	return certificatePrefix + base64.RawURLEncoding.EncodeToString(sum[:])
}

// isLive reports whether the credential still proves the application.
func (s ClientSpec) isLive(credential string) bool {
	switch s.TokenEndpointAuthMethod {
	case byNothing:
		return credential == publicCredential
	case byIssuedCert:
		return credential == s.credentialOf("")
	case bySelfSignedCert:
		return slices.ContainsFunc(s.Thumbprints, func(t string) bool { return credential == certificatePrefix+t })
	}
	return false
}

// accepts reports whether an application may prove itself in this way. One that
// has declared nothing uses its API key or a registered public key.
func (r *Registration) accepts(m AuthMethod) bool {
	if r == nil {
		return m == bySecretBasic || m == byPrivateKey
	}
	return r.Spec.TokenEndpointAuthMethod == m
}

// allows reports whether it may ask with the grant type.
func (r *Registration) allows(grant string) bool {
	if r == nil {
		return grant == grantClient
	}
	return slices.Contains(r.Spec.GrantTypes, grant)
}

// registrations is one immutable state of all of them.
type registrations struct {
	byApplication map[simpul.ApplicationID]*Registration
}

func newRegistrations() *registrations {
	return &registrations{map[simpul.ApplicationID]*Registration{}}
}

func (r *registrations) of(id simpul.ApplicationID) *Registration { return r.byApplication[id] }

func (r *registrations) isLive(id simpul.ApplicationID, credential string) bool {
	found := r.byApplication[id]
	return found != nil && found.Spec.isLive(credential)
}

// with returns a copy in which the application has this registration; nil for
// none.
func (r *registrations) with(id simpul.ApplicationID, now *Registration) *registrations {
	next := &registrations{maps.Clone(r.byApplication)}
	if now == nil {
		delete(next.byApplication, id)
	} else {
		next.byApplication[id] = now
	}
	return next
}
