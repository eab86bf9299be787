package oidc

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestDiscovery(t *testing.T) {
	w := sqlite(t)
	methods := []any{"client_secret_basic", "private_key_jwt", "tls_client_auth", "self_signed_tls_client_auth", "none"}
	algorithms := []any{"ES256", "PS256", "EdDSA"}
	want := map[string]any{
		"issuer":                 issuer,
		"token_endpoint":         issuer + "/oauth2/token",
		"jwks_uri":               issuer + "/oauth2/jwks",
		"revocation_endpoint":    issuer + "/oauth2/revoke",
		"introspection_endpoint": issuer + "/oauth2/introspect",

		"authorization_endpoint":                control + "/oauth2/authorize",
		"end_session_endpoint":                  control + "/oauth2/logout",
		"userinfo_endpoint":                     issuer + "/oauth2/userinfo",
		"pushed_authorization_request_endpoint": issuer + "/oauth2/par",

		"scopes_supported":                 []any{"openid", "profile", "email", "agency", "offline_access"},
		"response_types_supported":         []any{"code"},
		"response_modes_supported":         []any{"query"},
		"grant_types_supported":            []any{"authorization_code", "refresh_token", "client_credentials"},
		"code_challenge_methods_supported": []any{"S256"},
		"prompt_values_supported":          []any{"none", "login", "consent", "select_account"},
		"acr_values_supported":             []any{"aal1", "aal2"},
		"claims_supported": []any{"iss", "sub", "aud", "azp", "exp", "iat", "auth_time", "nonce", "acr", "amr", "sid", "at_hash",
			"name", "preferred_username", "locale", "email", "agency", "roles"},
		"claims_parameter_supported":                     false,
		"authorization_response_iss_parameter_supported": true,
		"tls_client_certificate_bound_access_tokens":     true,
		"backchannel_logout_supported":                   true,
		"backchannel_logout_session_supported":           true,

		"subject_types_supported":               []any{"public"},
		"id_token_signing_alg_values_supported": []any{"ES256"},
		"ui_locales_supported":                  []any{"id", "en"},
		"request_parameter_supported":           false,
		"request_uri_parameter_supported":       false,

		"token_endpoint_auth_methods_supported":                    methods,
		"revocation_endpoint_auth_methods_supported":               methods,
		"introspection_endpoint_auth_methods_supported":            methods[:4],
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
