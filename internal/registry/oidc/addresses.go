package oidc

import (
	"net/url"

	"simpul"
)

// Paths of the endpoints, below the issuer.
const (
	TokenPath      = "/oauth2/token"
	JWKSPath       = "/oauth2/jwks"
	RevokePath     = "/oauth2/revoke"
	IntrospectPath = "/oauth2/introspect"
	UserInfoPath   = "/oauth2/userinfo"
	PushPath       = "/oauth2/par"                             // RFC 9126
	DiscoveryPath  = "/.well-known/openid-configuration"       // OpenID Connect Discovery 1.0 section 4
	MetadataPath   = "/.well-known/oauth-authorization-server" // RFC 8414 section 3
)

// Paths of what people see, below the control address.
const (
	AuthorizePath = "/oauth2/authorize"
	ConsentPath   = "/oauth2/consent"
	AgainPath     = "/oauth2/again"
	LogoutPath    = "/oauth2/logout"
	ConsentsPath  = "/akun/aplikasi"
)

// Addresses are where the outside finds the provider. They are the same on
// every node of a hub.
type Addresses struct {
	Issuer   string // base URL of the endpoints, and the iss of every token
	Audience string // the aud of applications' access tokens; empty: the issuer
	Control  string // base URL of what people see; empty: nobody can be signed in
}

// check accepts an issuer as both discovery documents allow it: http or https,
// and nothing behind the host.
func (a Addresses) check() error {
	u, err := url.Parse(a.Issuer)
	if err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && a.Issuer == u.Scheme+"://"+u.Host {
		return nil
	}
	return simpul.Invalid("issuer",
		simpul.Text{ID: "Alamat penerbit token \"" + a.Issuer + "\" tidak sah.", EN: "The token issuer's address \"" + a.Issuer + "\" is not valid."},
		simpul.Text{ID: "Tulis https://nama-host tanpa jalur dan tanpa garis miring di akhir.", EN: "Write https://host-name, without a path and without a slash at the end."})
}

// names reports whether a client asks for a token for us, or does not say.
func (a Addresses) names(target string) bool {
	return target == "" || target == a.Audience || target == a.Issuer
}
