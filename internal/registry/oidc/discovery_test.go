package oidc

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestDiscovery(t *testing.T) {
	w := sqlite(t)
	methods, algorithms := []any{"client_secret_basic", "private_key_jwt"}, []any{"ES256", "PS256", "EdDSA"}
	want := map[string]any{
		"issuer":                 issuer,
		"token_endpoint":         issuer + "/oauth2/token",
		"jwks_uri":               issuer + "/oauth2/jwks",
		"revocation_endpoint":    issuer + "/oauth2/revoke",
		"introspection_endpoint": issuer + "/oauth2/introspect",

		"response_types_supported":              []any{},
		"grant_types_supported":                 []any{"client_credentials"},
		"subject_types_supported":               []any{"public"},
		"id_token_signing_alg_values_supported": []any{"ES256"},
		"ui_locales_supported":                  []any{"id", "en"},
		"request_parameter_supported":           false,
		"request_uri_parameter_supported":       false,

		"token_endpoint_auth_methods_supported":                    methods,
		"revocation_endpoint_auth_methods_supported":               methods,
		"introspection_endpoint_auth_methods_supported":            methods,
		"token_endpoint_auth_signing_alg_values_supported":         algorithms,
		"revocation_endpoint_auth_signing_alg_values_supported":    algorithms,
		"introspection_endpoint_auth_signing_alg_values_supported": algorithms,
	}
	for _, path := range []string{DiscoveryPath, MetadataPath} {
		rec := w.get(path)
		if rec.Code != http.StatusOK || rec.Header().Get("Content-Type") != "application/json" || rec.Header().Get("Cache-Control") != "public, max-age=3600" {
			t.Errorf("%s: %d %v", path, rec.Code, rec.Header())
		}
		if d := cmp.Diff(want, decode[map[string]any](t, rec)); d != "" {
			t.Errorf("%s: %s", path, d)
		}
	}
}
