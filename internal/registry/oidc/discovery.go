package oidc

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// jwksAge is how long others may keep the published keys and the metadata.
const jwksAge = time.Hour

// metadata is RFC 8414 section 2 and OpenID Connect Discovery 1.0 section 3.
type metadata struct {
	Issuer              string   `json:"issuer"`
	TokenEndpoint       string   `json:"token_endpoint"`
	JWKS                string   `json:"jwks_uri"`
	Revocation          string   `json:"revocation_endpoint"`
	Introspection       string   `json:"introspection_endpoint"`
	ResponseTypes       []string `json:"response_types_supported"` // none: no grant has an authorization endpoint
	GrantTypes          []string `json:"grant_types_supported"`
	Subjects            []string `json:"subject_types_supported"`
	IDTokenAlgorithms   []string `json:"id_token_signing_alg_values_supported"`
	TokenAuth           []string `json:"token_endpoint_auth_methods_supported"`
	TokenAuthAlgs       []string `json:"token_endpoint_auth_signing_alg_values_supported"`
	RevokeAuth          []string `json:"revocation_endpoint_auth_methods_supported"`
	RevokeAuthAlgs      []string `json:"revocation_endpoint_auth_signing_alg_values_supported"`
	IntrospectAuth      []string `json:"introspection_endpoint_auth_methods_supported"`
	IntrospectAuthAlgs  []string `json:"introspection_endpoint_auth_signing_alg_values_supported"`
	UILocales           []string `json:"ui_locales_supported"`
	RequestParameter    bool     `json:"request_parameter_supported"`
	RequestURIParameter bool     `json:"request_uri_parameter_supported"`
}

func metadataOf(at *Addresses) metadata {
	methods := []string{"client_secret_basic", "private_key_jwt"}
	algorithms := namesOf(assertionAlgorithms)
	return metadata{
		Issuer: at.Issuer, TokenEndpoint: at.Issuer + TokenPath, JWKS: at.Issuer + JWKSPath,
		Revocation: at.Issuer + RevokePath, Introspection: at.Issuer + IntrospectPath,
		ResponseTypes: []string{}, GrantTypes: []string{"client_credentials"}, Subjects: []string{"public"},
		IDTokenAlgorithms: []string{string(algorithm)},
		TokenAuth:         methods, TokenAuthAlgs: algorithms,
		RevokeAuth: methods, RevokeAuthAlgs: algorithms,
		IntrospectAuth: methods, IntrospectAuthAlgs: algorithms,
		UILocales: []string{"id", "en"},
	}
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
