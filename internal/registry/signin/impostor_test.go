package signin_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// impostor is a provider whose answers the test spoils.
type impostor struct {
	*httptest.Server
	key      *ecdsa.PrivateKey
	claims   map[string]any             // of the next ID token, on top of the right ones
	sign     func(claims []byte) string // nil: properly
	iss      bool                       // says that it names itself in answers (RFC 9207)
	verifier string                     // PKCE, as it was sent
	issuer   string                     // in discovery
	nonce    string
}

func newImpostor(t *testing.T) *impostor {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	i := &impostor{key: key}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		json.NewEncoder(w).Encode(map[string]any{
			"issuer": i.issuer, "authorization_endpoint": i.URL + "/auth", "token_endpoint": i.URL + "/token", "jwks_uri": i.URL + "/jwks",
			"id_token_signing_alg_values_supported": []string{"ES256", "none", "HS256"}, "authorization_response_iss_parameter_supported": i.iss,
		})
	})
	mux.HandleFunc("GET /jwks", func(w http.ResponseWriter, _ *http.Request) {
		json.NewEncoder(w).Encode(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: key.Public(), KeyID: "satu", Algorithm: "ES256", Use: "sig"}}})
	})
	mux.HandleFunc("POST /token", func(w http.ResponseWriter, r *http.Request) {
		r.ParseForm()
		i.verifier = r.PostForm.Get("code_verifier")
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(map[string]any{"access_token": "a", "token_type": "Bearer", "id_token": i.token(t)})
	})
	i.Server = httptest.NewServer(mux)
	i.issuer = i.URL
	t.Cleanup(i.Close)
	return i
}

func (i *impostor) token(t *testing.T) string {
	now := time.Now()
	claims := map[string]any{
		"iss": i.URL, "aud": "simpul", "sub": "1234", "nonce": i.nonce, "iat": now.Unix(), "exp": now.Add(time.Minute).Unix(),
		"email": "siti.rahma@bandungkota.go.id", "email_verified": true,
	}
	maps.Copy(claims, i.claims)
	text, _ := json.Marshal(claims)
	if i.sign != nil {
		return i.sign(text)
	}
	return signed(t, jose.ES256, i.key, text)
}

func signed(t *testing.T, alg jose.SignatureAlgorithm, key any, text []byte) string {
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: key}, (&jose.SignerOptions{}).WithHeader("kid", "satu"))
	if err != nil {
		t.Error(err)
		return ""
	}
	object, err := signer.Sign(text)
	if err != nil {
		t.Error(err)
		return ""
	}
	compact, _ := object.CompactSerialize()
	return compact
}

// answer is the path to which the provider sends people back.
func (i *impostor) answer(to *url.URL) string {
	i.nonce = to.Query().Get("nonce")
	return callback + "?code=abc&state=" + to.Query().Get("state")
}

func TestWhatAProviderMayNotAnswer(t *testing.T) {
	other, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	claim := func(name string, value any) func(*impostor) {
		return func(i *impostor) { i.claims = map[string]any{name: value} }
	}
	for name, spoil := range map[string]func(*impostor){
		"nothing wrong":        func(*impostor) {},
		"another nonce":        claim("nonce", "lain"),
		"no nonce":             claim("nonce", ""),
		"another audience":     claim("aud", "orang-lain"),
		"several audiences":    claim("aud", []string{"simpul", "orang-lain"}),
		"another party":        claim("azp", "orang-lain"),
		"another issuer":       claim("iss", "https://lain.go.id"),
		"expired":              claim("exp", time.Now().Add(-time.Hour).Unix()),
		"from the future":      claim("iat", time.Now().Add(time.Hour).Unix()),
		"no subject":           claim("sub", ""),
		"unverified e-mail":    claim("email_verified", false),
		"another domain":       claim("email", "siti.rahma@jahat.example"),
		"a domain that begins": claim("email", "siti.rahma@bandungkota.go.id.jahat.example"),
		"two signs":            claim("email", "siti.rahma@x@bandungkota.go.id"),
		"no such account":      claim("email", "orang.lain@bandungkota.go.id"),
		"no text":              claim("email", 7),
		"another key":          func(i *impostor) { i.sign = func(c []byte) string { return signed(t, jose.ES256, other, c) } },
		"alg none": func(i *impostor) {
			i.sign = func(c []byte) string { return b64([]byte(`{"alg":"none"}`)) + "." + b64(c) + "." }
		},
		"symmetric": func(i *impostor) {
			i.sign = func(c []byte) string { return signed(t, jose.HS256, []byte("rahasia-klien-yang-panjang-sekali!!"), c) }
		},
		"no token": func(i *impostor) { i.sign = func([]byte) string { return "" } },
		"mix-up":   func(i *impostor) { i.iss = true }, // it promised to name itself and does not
	} {
		t.Run(name, func(t *testing.T) {
			i := newImpostor(t)
			w := connected(t, i.URL, false)
			b := w.window(t)
			to := b.depart()
			spoil(i)
			out := b.get(i.answer(to))
			right := name == "nothing wrong"
			if in := b.who() == string(siti); in != right || (out.Code == http.StatusSeeOther) != right {
				t.Errorf("got %d, signed in %v", out.Code, in)
			}
			for _, detail := range []string{"nonce", "audience", "oidc:", "jahat.example"} {
				if strings.Contains(out.Body.String(), detail) {
					t.Errorf("the page tells %q", detail)
				}
			}
			challenge := sha256.Sum256([]byte(i.verifier))
			if right && b64(challenge[:]) != to.Query().Get("code_challenge") {
				t.Error("the verifier is not that of the challenge")
			}
		})
	}
}

func TestTheWayBackIsOfOneBrowserAndOnce(t *testing.T) {
	i := newImpostor(t)
	w := connected(t, i.URL, false)
	b := w.window(t)
	back := i.answer(b.depart())
	if out := w.window(t).get(back); out.Code != http.StatusConflict {
		t.Errorf("another browser: %d", out.Code)
	}
	voyage := b.jar["simpul-instansi"]
	if out := b.get(back + "x"); out.Code != http.StatusConflict || b.who() != "nobody" {
		t.Errorf("another state: %d", out.Code)
	}
	b.jar["simpul-instansi"] = voyage
	if out := b.get(back); out.Code != http.StatusConflict {
		t.Errorf("a second try: %d", out.Code)
	}
	back = i.answer(b.depart()) + "&iss=" + url.QueryEscape("https://lain.go.id")
	if out := b.get(back); out.Code != http.StatusUnauthorized {
		t.Errorf("another issuer in the answer: %d", out.Code)
	}
	i.issuer = "https://lain.go.id"
	if out := b.get("/masuk/instansi/mulai?agency=bandungkota.go.id"); out.Code != http.StatusServiceUnavailable {
		t.Errorf("discovery of another issuer: %d", out.Code)
	}
}
