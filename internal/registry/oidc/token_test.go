package oidc

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/google/go-cmp/cmp"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
)

func TestClientCredentials(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		w := newWorld(t, db)
		rec := w.post(TokenPath, clientCredentials(), basic(warga, "spk_warga"))
		got := decode[tokenAnswer](t, rec)
		if rec.Code != http.StatusOK || got.TokenType != "Bearer" || got.ExpiresIn != 600 {
			t.Fatalf("%d %s", rec.Code, rec.Body)
		}
		if h := rec.Header(); h.Get("Cache-Control") != "no-store" || h.Get("Content-Type") != "application/json" {
			t.Errorf("headers %v", h)
		}
		w.wantAccepted(simpul.Secret(got.AccessToken), simpul.Consumer{Application: warga, Credential: "k-warga"})
	})
}

// A stranger's eye on the token: the published keys, RFC 9068 and nothing else.
func TestAccessTokenFollowsItsProfile(t *testing.T) {
	w := sqlite(t)
	var published jose.JSONWebKeySet
	if err := json.Unmarshal(w.get(JWKSPath).Body.Bytes(), &published); err != nil {
		t.Fatal(err)
	}
	signed, err := jose.ParseSignedCompact(w.buy(warga, "spk_warga").Reveal(), []jose.SignatureAlgorithm{jose.ES256})
	if err != nil {
		t.Fatal(err)
	}
	header := signed.Signatures[0].Protected
	if typ := header.ExtraHeaders[jose.HeaderType]; typ != "at+jwt" || header.Algorithm != "ES256" {
		t.Errorf("typ %v, alg %v", typ, header.Algorithm)
	}
	payload, err := signed.Verify(published)
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(payload, &got); err != nil {
		t.Fatal(err)
	}
	if jti, _ := got["jti"].(string); len(jti) < 26 {
		t.Errorf("jti %q has less than 128 bits", jti)
	}
	delete(got, "jti")
	want := map[string]any{
		"iss": issuer, "sub": string(warga), "client_id": string(warga), "aud": issuer, "credential": "k-warga",
		"iat": float64(start.Unix()), "nbf": float64(start.Unix()), "exp": float64(start.Add(10 * time.Minute).Unix()),
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func (w *world) get(path string) *httptest.ResponseRecorder {
	rec := httptest.NewRecorder()
	w.mux.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, path, nil))
	return rec
}

func TestTokenRefusals(t *testing.T) {
	w := sqlite(t)
	good := basic(warga, "spk_warga")
	header := func(name, value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Add(name, value) }
	}
	for name, c := range map[string]struct {
		form   url.Values
		change []func(*http.Request)
		status int
		code   string
	}{
		"no proof":              {clientCredentials(), nil, 401, "invalid_client"},
		"only a name":           {clientCredentials("client_id", string(warga)), nil, 401, "invalid_client"},
		"unknown application":   {clientCredentials(), []func(*http.Request){basic("x@y.go.id", "spk_warga1")}, 401, "invalid_client"},
		"wrong key":             {clientCredentials(), []func(*http.Request){basic(warga, "spk_wrong")}, 401, "invalid_client"},
		"another's key":         {clientCredentials(), []func(*http.Request){basic(warga, "spk_dapodik")}, 401, "invalid_client"},
		"empty key":             {clientCredentials(), []func(*http.Request){basic(warga, "")}, 401, "invalid_client"},
		"another client_id":     {clientCredentials("client_id", string(dapodik)), []func(*http.Request){good}, 401, "invalid_client"},
		"bearer":                {clientCredentials(), []func(*http.Request){header("Authorization", "Bearer spk_warga")}, 401, "invalid_client"},
		"broken Basic":          {clientCredentials(), []func(*http.Request){header("Authorization", "Basic !")}, 401, "invalid_client"},
		"broken encoding":       {clientCredentials(), []func(*http.Request){func(r *http.Request) { r.SetBasicAuth("%zz", "x") }}, 401, "invalid_client"},
		"two headers":           {clientCredentials(), []func(*http.Request){good, header("Authorization", "Bearer x")}, 400, "invalid_request"},
		"two proofs":            {clientCredentials("client_assertion", "x", "client_assertion_type", assertionType), []func(*http.Request){good}, 400, "invalid_request"},
		"key in the body":       {clientCredentials("client_id", string(warga), "client_secret", "spk_warga"), nil, 400, "invalid_request"},
		"SAML assertion":        {clientCredentials("client_assertion", "x", "client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:saml2-bearer"), nil, 400, "invalid_request"},
		"no grant type":         {url.Values{}, []func(*http.Request){good}, 400, "invalid_request"},
		"password grant":        {url.Values{"grant_type": {"password"}, "username": {"a"}, "password": {"b"}}, []func(*http.Request){good}, 400, "unsupported_grant_type"},
		"implicit":              {url.Values{"grant_type": {"implicit"}}, []func(*http.Request){good}, 400, "unsupported_grant_type"},
		"grant type twice":      {clientCredentials("grant_type", "client_credentials"), []func(*http.Request){good}, 400, "invalid_request"},
		"scope":                 {clientCredentials("scope", "default"), []func(*http.Request){good}, 400, "invalid_scope"},
		"another resource":      {clientCredentials("resource", "https://elsewhere.go.id"), []func(*http.Request){good}, 400, "invalid_target"},
		"another audience":      {clientCredentials("audience", "https://elsewhere.go.id"), []func(*http.Request){good}, 400, "invalid_target"},
		"control characters":    {clientCredentials("x", "a\x00b"), []func(*http.Request){good}, 400, "invalid_request"},
		"not UTF-8":             {clientCredentials("x", "\xff"), []func(*http.Request){good}, 400, "invalid_request"},
		"too long":              {clientCredentials("x", strings.Repeat("x", maxForm)), []func(*http.Request){good}, 413, "invalid_request"},
		"JSON":                  {clientCredentials(), []func(*http.Request){good, func(r *http.Request) { r.Header.Set("Content-Type", "application/json") }}, 400, "invalid_request"},
		"no content type":       {clientCredentials(), []func(*http.Request){good, func(r *http.Request) { r.Header.Del("Content-Type") }}, 400, "invalid_request"},
		"in the address":        {clientCredentials(), []func(*http.Request){good, func(r *http.Request) { r.URL.RawQuery = "client_id=x" }}, 400, "invalid_request"},
		"GET":                   {clientCredentials(), []func(*http.Request){good, func(r *http.Request) { r.Method = http.MethodGet }}, 405, "invalid_request"},
		"a name like a pattern": {clientCredentials(), []func(*http.Request){basic("%", "spk_warga")}, 401, "invalid_client"},
	} {
		t.Run(name, func(t *testing.T) {
			rec := w.post(TokenPath, c.form, c.change...)
			body := decode[refusalBody](t, rec)
			if rec.Code != c.status || body.Error != c.code {
				t.Errorf("got %d %s, want %d %s", rec.Code, rec.Body, c.status, c.code)
			}
			checkDescription(t, body.Description)
			if challenged := rec.Header().Get("WWW-Authenticate") != ""; challenged != (c.status == 401) {
				t.Errorf("challenge: %v", rec.Header())
			}
			if rec.Header().Get("Cache-Control") != "no-store" {
				t.Errorf("may be kept: %v", rec.Header())
			}
		})
	}
}

// checkDescription holds a description to the characters of RFC 6749 section 5.2.
func checkDescription(t *testing.T, s string) {
	t.Helper()
	if s == "" || strings.ContainsFunc(s, func(c rune) bool { return c < 0x20 || c > 0x7e || c == '"' || c == '\\' }) {
		t.Errorf("description %q", s)
	}
}

// Who has no key learns nothing about which applications exist, nor about keys.
func TestWhoIsUnknownIsToldTheSame(t *testing.T) {
	w := sqlite(t)
	k, strange := newPair(t, jose.ES256), newPair(t, jose.ES256)
	w.register(warga, k)
	strange.kid = k.kid
	asserted := func(p pair, id simpul.ApplicationID) url.Values {
		return clientCredentials("client_assertion_type", assertionType, "client_assertion", w.assertion(p, id, nil))
	}
	want := w.post(TokenPath, clientCredentials(), basic("x@y.go.id", "spk_x"))
	for name, got := range map[string]*httptest.ResponseRecorder{
		"wrong key":                    w.post(TokenPath, clientCredentials(), basic(warga, "spk_x")),
		"another's key":                w.post(TokenPath, clientCredentials(), basic(warga, "spk_dapodik")),
		"assertion of nobody":          w.post(TokenPath, asserted(strange, "x@y.go.id")),
		"assertion with a wrong key":   w.post(TokenPath, asserted(strange, warga)),
		"assertion without a key":      w.post(TokenPath, asserted(k, dapodik)),
		"wrong key at revocation":      w.post(RevokePath, url.Values{"token": {"x"}}, basic(warga, "spk_x")),
		"unknown one at introspection": w.post(IntrospectPath, url.Values{"token": {"x"}}, basic("x@y.go.id", "spk_x")),
	} {
		if got.Code != want.Code || got.Body.String() != want.Body.String() || !cmp.Equal(got.Header(), want.Header()) {
			t.Errorf("%s: %d %v %s; want %d %v %s", name, got.Code, got.Header(), got.Body, want.Code, want.Header(), want.Body)
		}
	}
}

func TestRefusalsSpeakTwoLanguages(t *testing.T) {
	w := sqlite(t)
	for language, want := range map[string]string{"": "tidak dikenal", "en": "unknown"} {
		rec := w.post(TokenPath, clientCredentials(), func(r *http.Request) { r.Header.Set("Accept-Language", language) })
		if got := decode[refusalBody](t, rec).Description; !strings.Contains(got, want) {
			t.Errorf("%q: %q", language, got)
		}
	}
}

func TestSuspendedAgencyGetsNoToken(t *testing.T) {
	w := sqlite(t)
	k := newPair(t, jose.EdDSA)
	w.register(warga, k)
	w.keyring.suspend(warga.Agency())
	for name, rec := range map[string]*httptest.ResponseRecorder{
		"key":       w.post(TokenPath, clientCredentials(), basic(warga, "spk_warga")),
		"assertion": w.assert(w.assertion(k, warga, nil)),
	} {
		if got := decode[refusalBody](t, rec); rec.Code != 400 || got.Error != "unauthorized_client" {
			t.Errorf("%s: %d %s", name, rec.Code, rec.Body)
		}
	}
}

// A fault of ours says so, and tells nothing of itself.
func TestOurOwnFaultsStayInside(t *testing.T) {
	w := sqlite(t)
	w.keyring.failed = errors.New("password=rahasia")
	rec := w.post(TokenPath, clientCredentials(), basic(warga, "spk_warga"))
	if got := decode[refusalBody](t, rec); rec.Code != 500 || got.Error != "server_error" || strings.Contains(rec.Body.String(), "rahasia") {
		t.Errorf("%d %s", rec.Code, rec.Body)
	}
	if !strings.Contains(w.log.String(), "token request failed") {
		t.Error("not logged")
	}
	if strings.Contains(w.log.String(), "spk_warga") {
		t.Error("a key was logged")
	}
}

func TestNothingIsGivenBeforeTheProviderIsAnnounced(t *testing.T) {
	w := sqlite(t)
	token := w.buy(warga, "spk_warga")
	w.view.at.Store(nil)
	for name, rec := range map[string]*httptest.ResponseRecorder{
		"token":      w.post(TokenPath, clientCredentials(), basic(warga, "spk_warga")),
		"assertion":  w.assert("x.y.z"),
		"introspect": w.post(IntrospectPath, url.Values{"token": {token.Reveal()}}, basic(warga, "spk_warga")),
		"discovery":  w.get(DiscoveryPath),
	} {
		if rec.Code != 503 || decode[refusalBody](t, rec).Error != "temporarily_unavailable" {
			t.Errorf("%s: %d %s", name, rec.Code, rec.Body)
		}
	}
	w.wantRefused(token, simpul.CodeUnavailable, "not ready")
}

func TestAnnounceRefusesBadIssuers(t *testing.T) {
	w := sqlite(t)
	for _, bad := range []string{"", "hub.go.id", "ftp://hub.go.id", "https://", "https://hub.go.id/", "https://hub.go.id/x", "https://hub.go.id?x", "https://hub.go.id#x", "https://a@hub.go.id", "https://hub go.id"} {
		if err := w.Announce(Addresses{Issuer: bad}); simpul.CodeOf(err) != simpul.CodeInvalid {
			t.Errorf("%q: %v", bad, err)
		}
	}
	if err := w.Announce(Addresses{Issuer: "http://localhost:8080"}); err != nil {
		t.Error(err)
	}
}

func FuzzParseForm(f *testing.F) {
	for _, seed := range []string{"a=b", "a=b&a=c", "a=%00", "%", "a;b", "=&=", "a=%ff", "grant_type=client_credentials&scope="} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		got, err := parseForm(body)
		if err != nil {
			if _, ok := errors.AsType[*fault](err); !ok {
				t.Errorf("%q: %v is no refusal", body, err)
			}
			return
		}
		back := url.Values{}
		for name, value := range got {
			back.Set(name, value)
		}
		if again, err := parseForm(back.Encode()); err != nil || !cmp.Equal(got, again) {
			t.Errorf("%q: %v is read back as %v, %v", body, got, again, err)
		}
	})
}
