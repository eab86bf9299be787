package oidc

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
)

// gatekeeper knows tokens that say role and agency: "admin bandungkota.go.id".
type gatekeeper struct{}

func (gatekeeper) Principal(_ context.Context, token simpul.Secret) (simpul.Principal, error) {
	role, agency, _ := strings.Cut(token.Reveal(), " ")
	return simpul.Acting("t-1", simpul.Role(role), simpul.AgencyID(agency)), nil
}

type client struct {
	t   *testing.T
	mux *http.ServeMux
}

func (w *world) api(t *testing.T) client {
	mux := http.NewServeMux()
	RegisterAPI(httpapi.New(mux, "test", gatekeeper{}, slog.New(slog.DiscardHandler)), w.Provider)
	return client{t, mux}
}

func (c client) do(who, method, path string, body any) *httptest.ResponseRecorder {
	c.t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		c.t.Fatal(err)
	}
	r := httptest.NewRequest(method, "/api/v1"+path, bytes.NewReader(text))
	r.Header.Set("Authorization", "Bearer "+who)
	r.Header.Set("Content-Type", "application/json")
	rec := httptest.NewRecorder()
	c.mux.ServeHTTP(rec, r)
	return rec
}

const (
	owner    = "admin bandungkota.go.id"
	stranger = "admin kemdikbud.go.id"
	ofWarga  = "/applications/" + string(warga) + "/public-keys"
)

func jwkBody(jwk []byte) map[string]any {
	return map[string]any{"jwk": json.RawMessage(jwk), "label": "uji"}
}

func TestPublicKeysOverTheAPI(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		w := newWorld(t, db)
		api, k := w.api(t), newPair(t, jose.ES256)
		rec := api.do(owner, http.MethodPost, ofWarga, jwkBody(k.jwk))
		made := decode[clientKeyBody](t, rec)
		if rec.Code != http.StatusCreated || made.KID != k.kid || made.Algorithm != "ES256" || made.Application != warga || made.Label != "uji" {
			t.Fatalf("%d %s", rec.Code, rec.Body)
		}
		if rec := w.assert(w.assertion(k, warga, nil)); rec.Code != http.StatusOK {
			t.Errorf("assertion: %d %s", rec.Code, rec.Body)
		}
		if rec := api.do(owner, http.MethodPost, ofWarga, jwkBody(k.jwk)); rec.Code != http.StatusConflict {
			t.Errorf("twice: %d %s", rec.Code, rec.Body)
		}
		list := decode[httpapi.List[clientKeyBody]](t, api.do(owner, http.MethodGet, ofWarga, nil))
		if len(list.Items) != 1 || list.Items[0] != made {
			t.Errorf("list: %+v", list)
		}
		if rec := api.do(owner, http.MethodDelete, ofWarga+"/"+made.ID, nil); rec.Code != http.StatusNoContent {
			t.Errorf("revoke: %d %s", rec.Code, rec.Body)
		}
		if rec := w.assert(w.assertion(k, warga, nil)); rec.Code != http.StatusUnauthorized {
			t.Errorf("assertion afterwards: %d %s", rec.Code, rec.Body)
		}
	})
}

// Another tenant can do nothing, and is told what it would be told of an
// application that does not exist.
func TestPublicKeysOfAnotherTenant(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		w := newWorld(t, db)
		api, k := w.api(t), newPair(t, jose.ES256)
		made := w.register(warga, k)
		const ofNobody = "/applications/nobody@bandungkota.go.id/public-keys"
		fresh := newPair(t, jose.ES256)
		for _, call := range []struct{ method, item string }{{http.MethodPost, ""}, {http.MethodGet, ""}, {http.MethodDelete, "/" + made.ID}} {
			var body any
			if call.method == http.MethodPost {
				body = jwkBody(fresh.jwk)
			}
			real := api.do(stranger, call.method, ofWarga+call.item, body)
			none := api.do(stranger, call.method, ofNobody+call.item, body)
			told := strings.ReplaceAll(none.Body.String(), "nobody@bandungkota.go.id", string(warga))
			if real.Code != none.Code || real.Body.String() != told || call.method != http.MethodGet && real.Code != http.StatusNotFound {
				t.Errorf("%s: %d %s; of nobody %d %s", call.method, real.Code, real.Body, none.Code, none.Body)
			}
			if strings.Contains(real.Body.String(), k.kid) {
				t.Errorf("%s shows the key", call.method)
			}
		}
		// By the other application's path a key is not found either.
		const ofDapodik = "/applications/" + string(dapodik) + "/public-keys"
		if rec := api.do(stranger, http.MethodDelete, ofDapodik+"/"+made.ID, nil); rec.Code != http.StatusNotFound {
			t.Errorf("by another path: %d", rec.Code)
		}
		if rec := w.assert(w.assertion(k, warga, nil)); rec.Code != http.StatusOK {
			t.Errorf("the key is gone: %d %s", rec.Code, rec.Body)
		}
	})
}

func TestPublicKeysByRole(t *testing.T) {
	w := sqlite(t)
	api := w.api(t)
	for role, want := range map[string]int{"auditor": 403, "emperor": 403, "consumer": 201, "provider": 201, "admin": 201, "operator": 201} {
		rec := api.do(role+" bandungkota.go.id", http.MethodPost, ofWarga, jwkBody(newPair(t, jose.EdDSA).jwk))
		if rec.Code != want {
			t.Errorf("%s: %d %s", role, rec.Code, rec.Body)
		}
	}
}

func TestBadPublicKeys(t *testing.T) {
	w := sqlite(t)
	api := w.api(t)
	for name, jwk := range map[string]string{
		"empty":            `{}`,
		"no kind":          `{"kty":"XX"}`,
		"symmetric":        `{"kty":"oct","k":"c2VjcmV0"}`,
		"private EC":       `{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"}`,
		"not on the curve": `{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5b0"}`,
		"short RSA":        `{"kty":"RSA","e":"AQAB","n":"` + strings.Repeat("v", 171) + `"}`,
		"long RSA":         `{"kty":"RSA","e":"AQAB","n":"` + strings.Repeat("v", 1368) + `"}`,
		"very long":        `{"kty":"RSA","e":"AQAB","n":"` + strings.Repeat("v", maxJWK) + `"}`,
		"another alg":      `{"kty":"EC","alg":"HS256","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}`,
		"P-384":            `{"kty":"EC","crv":"P-384","x":"iVgR2Z3zZ4aJd8ZyTcfI5DJZ3JQBl0uLBCzsyRUzJZ6c5aJ3bGhVx9Z3n3w2X9kQ","y":"x"}`,
	} {
		rec := api.do(owner, http.MethodPost, ofWarga, jwkBody([]byte(jwk)))
		if p := decode[httpapi.Problem](t, rec); rec.Code != http.StatusBadRequest || len(p.Errors) != 1 || p.Errors[0].Location != "body.jwk" || p.Remedy == "" {
			t.Errorf("%s: %d %s", name, rec.Code, rec.Body)
		}
	}
	private, err := json.Marshal(jose.JSONWebKey{Key: newPair(t, jose.ES256).private})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := parseClientKey(private); err == nil || !strings.Contains(err.Error(), "holds a private key") {
		t.Errorf("whoever sends a private key is not warned: %v", err)
	}
	if rec := api.do(owner, http.MethodPost, "/applications/x/public-keys", jwkBody(newPair(t, jose.EdDSA).jwk)); rec.Code != http.StatusBadRequest {
		t.Errorf("bad application: %d %s", rec.Code, rec.Body)
	}
}

// The example key of RFC 7517 appendix A.1, whose thumbprint is known.
func TestWhatIsStoredIsThePlainPublicKey(t *testing.T) {
	k, err := parseClientKey([]byte(`{"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
		"use":"enc","kid":"1","x5u":"http://127.0.0.1:1/x","ext":true}`))
	if err != nil {
		t.Fatal(err)
	}
	want := `{"use":"sig","kty":"EC","kid":"` + k.Thumbprint + `","crv":"P-256","alg":"ES256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"}`
	if k.jwk != want || k.Thumbprint != "cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s" {
		t.Errorf("got %s", k.jwk)
	}
}

func FuzzParseClientKey(f *testing.F) {
	for _, alg := range assertionAlgorithms {
		f.Add(newPair(f, alg).jwk)
	}
	f.Add([]byte(`{"kty":"EC","crv":"P-256","x":"","y":""}`))
	f.Add([]byte(`{"kty":"RSA","n":"AA","e":"AA"}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		k, err := parseClientKey(text)
		if err != nil {
			if simpul.CodeOf(err) != simpul.CodeInvalid {
				t.Errorf("%q: %v", text, err)
			}
			return
		}
		again, err := parseClientKey([]byte(k.jwk))
		if err != nil || again.jwk != k.jwk || again.Thumbprint != k.Thumbprint || strings.Contains(k.jwk, `"d"`) {
			t.Errorf("%q: stored as %s, read back as %s, %v", text, k.jwk, again.jwk, err)
		}
	})
}
