package oidc

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// jwksAge is how long others may keep the published keys and the metadata.
const jwksAge = time.Hour

// metadata is RFC 8414 section 2 and OpenID Connect Discovery 1.0 section 3.
type metadata struct {
	Issuer              string       `json:"issuer"`
	Authorization       string       `json:"authorization_endpoint,omitempty"` // on the control address, where people are
	TokenEndpoint       string       `json:"token_endpoint"`
	UserInfo            string       `json:"userinfo_endpoint"`
	JWKS                string       `json:"jwks_uri"`
	Revocation          string       `json:"revocation_endpoint"`
	Introspection       string       `json:"introspection_endpoint"`
	Push                string       `json:"pushed_authorization_request_endpoint"`
	Logout              string       `json:"end_session_endpoint,omitempty"`
	Scopes              []string     `json:"scopes_supported"`
	ResponseTypes       []string     `json:"response_types_supported"`
	ResponseModes       []string     `json:"response_modes_supported"`
	GrantTypes          []string     `json:"grant_types_supported"`
	Challenges          []string     `json:"code_challenge_methods_supported"`
	Prompts             []string     `json:"prompt_values_supported"`
	Subjects            []string     `json:"subject_types_supported"`
	Classes             []string     `json:"acr_values_supported"`
	Claims              []string     `json:"claims_supported"`
	IDTokenAlgorithms   []string     `json:"id_token_signing_alg_values_supported"`
	TokenAuth           []AuthMethod `json:"token_endpoint_auth_methods_supported"`
	TokenAuthAlgs       []string     `json:"token_endpoint_auth_signing_alg_values_supported"`
	RevokeAuth          []AuthMethod `json:"revocation_endpoint_auth_methods_supported"`
	RevokeAuthAlgs      []string     `json:"revocation_endpoint_auth_signing_alg_values_supported"`
	IntrospectAuth      []AuthMethod `json:"introspection_endpoint_auth_methods_supported"`
	IntrospectAuthAlgs  []string     `json:"introspection_endpoint_auth_signing_alg_values_supported"`
	UILocales           []string     `json:"ui_locales_supported"`
	RequestParameter    bool         `json:"request_parameter_supported"`
	RequestURIParameter bool         `json:"request_uri_parameter_supported"`
	ClaimsParameter     bool         `json:"claims_parameter_supported"`
	NamesIssuer         bool         `json:"authorization_response_iss_parameter_supported"` // RFC 9207
	BoundTokens         bool         `json:"tls_client_certificate_bound_access_tokens"`     // RFC 8705
	BackLogout          bool         `json:"backchannel_logout_supported"`
	BackLogoutSession   bool         `json:"backchannel_logout_session_supported"`
}

func metadataOf(at *Addresses) metadata {
	methods, algorithms := authMethods(), namesOf(assertionAlgorithms)
	confidential := slices.DeleteFunc(authMethods(), func(m AuthMethod) bool { return m == byNothing })
	m := metadata{
		Issuer: at.Issuer, TokenEndpoint: at.Issuer + TokenPath, JWKS: at.Issuer + JWKSPath, UserInfo: at.Issuer + UserInfoPath,
		Revocation: at.Issuer + RevokePath, Introspection: at.Issuer + IntrospectPath, Push: at.Issuer + PushPath,
		Scopes: knownScopes(), ResponseTypes: []string{"code"}, ResponseModes: []string{"query"},
		GrantTypes: []string{grantCode, grantRefresh, grantClient}, Challenges: []string{"S256"},
		Prompts: []string{"none", "login", "consent", "select_account"}, Subjects: []string{"public"}, Classes: []string{oneFactor, twoFactors},
		Claims: []string{"iss", "sub", "aud", "azp", "exp", "iat", "auth_time", "nonce", "acr", "amr", "sid", "at_hash",
			"name", "preferred_username", "locale", "email", "agency", "roles"},
		IDTokenAlgorithms: []string{string(algorithm)},
		TokenAuth:         methods, TokenAuthAlgs: algorithms,
		RevokeAuth: methods, RevokeAuthAlgs: algorithms,
		IntrospectAuth: confidential, IntrospectAuthAlgs: algorithms,
		UILocales:   []string{"id", "en"},
		NamesIssuer: true, BoundTokens: true, BackLogout: true, BackLogoutSession: true,
	}
	if at.Control != "" {
		m.Authorization, m.Logout = at.Control+AuthorizePath, at.Control+LogoutPath
	}
	return m
}

func namesOf(algorithms []jose.SignatureAlgorithm) []string {
	names := make([]string, len(algorithms))
	for i, a := range algorithms {
		names[i] = string(a)
	}
	return names
}

func (p *Provider) discovery(w http.ResponseWriter, r *http.Request) {
	at := p.view.at.Load()
	if at == nil {
		p.refuse(w, r, notServing())
		return
	}
	text, err := json.Marshal(metadataOf(at))
	if err != nil {
		p.refuse(w, r, err)
		return
	}
	publish(w, "application/json", text)
}

func (p *Provider) jwks(w http.ResponseWriter, r *http.Request) {
	keys := p.view.keys.Load()
	if keys.jwks == nil {
		p.refuse(w, r, notServing())
		return
	}
	publish(w, "application/jwk-set+json", keys.jwks)
}

// publish writes what anybody may read, also scripts of other sites.
func publish(w http.ResponseWriter, kind string, text []byte) {
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Cache-Control", fmt.Sprintf("public, max-age=%d", int(jwksAge/time.Second)))
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("X-Content-Type-Options", "nosniff")
	w.Write(text) // fails only where the client has gone
}
