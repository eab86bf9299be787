package issuer

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
)

func TestATokenStandsForTheMappedApplication(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		w := newWorld(t, db)
		w.believe(nil)
		token := w.sign(w.claims(nil))
		for range 2 { // read, and remembered
			got, err := w.call(token)
			if want := (simpul.Consumer{Application: simpus, Credential: "kota:tok-1"}); err != nil || got != want {
				t.Fatalf("got %+v, %v; want %+v", got, err, want)
			}
		}
	})
}

// What evidence names of a token neither opens anything nor tells of a person.
func TestEvidenceNamesATokenWithoutTelling(t *testing.T) {
	w := newWorld(t, testkit.SQLite(t))
	w.believe(nil)
	for _, jti := range []string{"3273012345678901", "a b", strings.Repeat("x", 65), "tok\n1"} {
		got, err := w.call(w.sign(w.claims(func(c map[string]any) { c["jti"], c["sub"] = jti, "3273019999999999" })))
		if err != nil || !strings.HasPrefix(got.Credential, "kota:sha256-") || strings.Contains(got.Credential, jti) || got.Subject != "" {
			t.Errorf("%q: got %+v, %v", jti, got, err)
		}
	}
}

func TestTokensThatDoNotCount(t *testing.T) {
	w := newWorld(t, testkit.SQLite(t))
	w.believe(nil)
	public, err := x509.MarshalPKIXPublicKey(w.private.Public())
	if err != nil {
		t.Fatal(err)
	}
	good := string(w.sign(w.claims(nil)))
	payload := strings.Split(good, ".")[1]
	text := func(v any) string { raw, _ := json.Marshal(v); return string(raw) }
	part := func(v any) string { return base64.RawURLEncoding.EncodeToString([]byte(text(v))) }
	other := newKey(t)
	whole := text(w.claims(nil))

	for name, token := range map[string]string{
		"nothing":                      "",
		"four parts":                   good + ".x",
		"no signature":                 strings.Join(strings.Split(good, ".")[:2], ".") + ".",
		"another signature":            good[:len(good)-8] + "AAAAAAAA",
		"alg none":                     part(map[string]any{"alg": "none", "typ": "at+jwt", "kid": "k1"}) + "." + payload + ".",
		"alg None":                     part(map[string]any{"alg": "None", "typ": "at+jwt", "kid": "k1"}) + "." + payload + ".",
		"HS256 with the public key":    string(signed(t, public, "k1", "at+jwt", w.claims(nil))),
		"an algorithm not allowed":     part(map[string]any{"alg": "PS256", "typ": "at+jwt", "kid": "k1"}) + "." + payload + ".AAAA",
		"an algorithm of another key":  part(map[string]any{"alg": "RS256", "typ": "at+jwt", "kid": "k1"}) + "." + payload + "." + strings.Split(good, ".")[2],
		"two algs":                     base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none","alg":"ES256","typ":"at+jwt","kid":"k1"}`)) + "." + payload + "." + strings.Split(good, ".")[2],
		"a stranger's key":             string(signed(t, other, "k1", "at+jwt", w.claims(nil))),
		"an ID token's type":           string(signed(t, w.private, "k1", "JWT", w.claims(nil))),
		"a logout token's type":        string(signed(t, w.private, "k1", "logout+jwt", w.claims(nil))),
		"crit":                         part(map[string]any{"alg": "ES256", "typ": "at+jwt", "kid": "k1", "crit": []string{"b64"}, "b64": false}) + "." + payload + "." + strings.Split(good, ".")[2],
		"two issuers":                  string(w.sign(strings.Replace(whole, `{`, `{"iss":"https://lain.example",`, 1))),
		"two clients":                  string(w.sign(strings.Replace(whole, `{`, `{"client_id":"lain",`, 1))),
		"two members nobody looks at":  string(w.sign(strings.Replace(whole, `{`, `{"x":{"y":1,"y":2},`, 1))),
		"no UTF-8":                     string(w.sign(strings.Replace(whole, "tok-1", "\xff\xfe", 1))),
		"no JSON":                      string(w.sign("[]")),
		"padded":                       strings.Replace(good, ".", "=.", 1),
		"white space":                  " " + good,
		"huge":                         string(w.sign(w.claims(func(c map[string]any) { c["x"] = strings.Repeat("a", 9000) }))),
		"another issuer's":             string(w.sign(w.claims(func(c map[string]any) { c["iss"] = w.server.URL + "/" }))),
		"for somebody else":            string(w.sign(w.claims(func(c map[string]any) { c["aud"] = "https://lain.example" }))),
		"for nobody":                   string(w.sign(w.claims(func(c map[string]any) { delete(c, "aud") }))),
		"for a name that begins alike": string(w.sign(w.claims(func(c map[string]any) { c["aud"] = gerbang + ".jahat.example" }))),
		"for too many":                 string(w.sign(w.claims(func(c map[string]any) { c["aud"] = append(make([]string, 30), gerbang) }))),
		"without an end":               string(w.sign(w.claims(func(c map[string]any) { delete(c, "exp") }))),
		"without a beginning":          string(w.sign(w.claims(func(c map[string]any) { delete(c, "iat") }))),
		"without a number":             string(w.sign(w.claims(func(c map[string]any) { delete(c, "jti") }))),
		"an end as text":               string(w.sign(w.claims(func(c map[string]any) { c["exp"] = fmt.Sprint(w.now.Add(time.Minute).Unix()) }))),
		"expired":                      string(w.sign(w.claims(func(c map[string]any) { c["exp"] = w.now.Add(-time.Minute).Unix() }))),
		"not valid yet":                string(w.sign(w.claims(func(c map[string]any) { c["nbf"] = w.now.Add(time.Minute).Unix() }))),
		"never valid":                  string(w.sign(w.claims(func(c map[string]any) { c["nbf"] = 1e300 }))),
		"of the future":                string(w.sign(w.claims(func(c map[string]any) { c["iat"] = w.now.Add(time.Minute).Unix() }))),
		"without end, nearly":          string(w.sign(w.claims(func(c map[string]any) { c["exp"] = 1e300 }))),
		"valid for too long":           string(w.sign(w.claims(func(c map[string]any) { c["exp"] = w.now.Add(25 * time.Hour).Unix() }))),
		"an ID token":                  string(w.sign(w.claims(func(c map[string]any) { c["nonce"] = "n" }))),
		"an unknown client":            string(w.sign(w.claims(func(c map[string]any) { c["client_id"] = "lain" }))),
		"a client by another claim":    string(w.sign(w.claims(func(c map[string]any) { delete(c, "client_id"); c["azp"] = "simpus-bandung" }))),
		"bound by DPoP":                string(w.sign(w.claims(func(c map[string]any) { c["cnf"] = map[string]string{"jkt": "x"} }))),
		"bound by nothing":             string(w.sign(w.claims(func(c map[string]any) { c["cnf"] = map[string]string{} }))),
		"bound to a certificate":       string(w.sign(w.claims(func(c map[string]any) { c["cnf"] = map[string]string{"x5t#S256": "x"} }))),
	} {
		got, err := w.call(simpul.Secret(token))
		if got.Application != "" || simpul.CodeOf(err) != simpul.CodeUnauthenticated {
			t.Errorf("%s: got %+v, %v", name, got, err)
		}
		if err != nil && len(token) > 20 && strings.Contains(err.Error(), token[len(token)-20:]) {
			t.Errorf("%s: the refusal tells the token", name)
		}
	}
	if got, err := w.call(simpul.Secret(good)); err != nil || got.Application != simpus {
		t.Errorf("the good one: %+v, %v", got, err)
	}
}

// Where a token says that its key is somewhere else, nobody looks there.
func TestHeadersThatBringAKeyAreNotLookedAt(t *testing.T) {
	w := newWorld(t, testkit.SQLite(t))
	w.believe(nil)
	before := w.asked
	evil := newKey(t)
	for _, header := range []string{"jku", "x5u"} {
		token := signedWith(t, evil, map[string]any{header: w.server.URL + "/jahat", "kid": "k1"}, w.claims(nil))
		if got, err := w.call(token); got.Application != "" || simpul.CodeOf(err) != simpul.CodeUnauthenticated {
			t.Errorf("%s: got %+v, %v", header, got, err)
		}
		if got, err := w.call(signedWith(t, w.private, map[string]any{header: w.server.URL + "/jahat", "kid": "k1"}, w.claims(nil))); err != nil || got.Application != simpus {
			t.Errorf("%s of a good token: got %+v, %v", header, got, err)
		}
	}
	if w.trust.Tend(t.Context()); w.asked != before {
		t.Error("keys were fetched")
	}
	for _, id := range []string{"../../etc/passwd", "' OR 1=1 --", "k1\x00", "K1", strings.Repeat("k", 5000)} {
		if got, err := w.call(signedWith(t, w.private, map[string]any{"kid": id}, w.claims(nil))); got.Application != "" || simpul.CodeOf(err) != simpul.CodeUnauthenticated {
			t.Errorf("kid %.20q: got %+v, %v", id, got, err)
		}
	}
}

func TestABoundTokenNeedsItsCertificate(t *testing.T) {
	w := newWorld(t, testkit.SQLite(t))
	w.believe(nil)
	sum := sha256.Sum256([]byte("der"))
	token := w.sign(w.claims(func(c map[string]any) {
		c["cnf"] = map[string]string{"x5t#S256": base64.RawURLEncoding.EncodeToString(sum[:])}
	}))
	if _, err := w.call(token); simpul.CodeOf(err) != simpul.CodeUnauthenticated {
		t.Errorf("without a certificate: %v", err)
	}
	w.certificate = &x509.Certificate{Raw: []byte("other")}
	if _, err := w.call(token); simpul.CodeOf(err) != simpul.CodeUnauthenticated {
		t.Errorf("with another: %v", err)
	}
	w.certificate = &x509.Certificate{Raw: []byte("der")}
	if got, err := w.call(token); err != nil || got.Application != simpus {
		t.Errorf("with its own: %+v, %v", got, err)
	}
}

// What the control plane takes away ends a token that is remembered, too.
func TestARememberedTokenEndsAtOnce(t *testing.T) {
	for name, end := range map[string]func(*world) error{
		"revoked":          func(w *world) error { return w.issuers.RevokeToken(w.t.Context(), operator, "kota", "tok-1") },
		"issuer deleted":   func(w *world) error { return w.issuers.Delete(w.t.Context(), operator, "kota") },
		"issuer suspended": func(w *world) error { return w.put(func(s *Spec) { s.Suspended = true }) },
		"client unmapped":  func(w *world) error { return w.put(func(s *Spec) { s.Clients = nil }) },
		"audience changed": func(w *world) error { return w.put(func(s *Spec) { s.Audience = "lain" }) },
		"agency suspended": func(w *world) error { w.suspended[bandung] = true; return nil },
		"time passes":      func(w *world) error { w.now = w.now.Add(6 * time.Minute); return nil },
		"application gone": func(w *world) error {
			return w.exec("DELETE FROM agency_application WHERE id = 'simpus@bandungkota.go.id'")
		},
		"keys elsewhere": func(w *world) error { return w.put(func(s *Spec) { s.Keys = Source{URI: "http://127.0.0.1:1/keys"} }) },
		"key taken back": func(w *world) error { w.keys[0].KeyID = "k2"; w.now = w.now.Add(2 * time.Hour); return nil },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, testkit.SQLite(t))
			w.believe(nil)
			token := w.sign(w.claims(nil))
			if name == "key taken back" {
				token = w.sign(w.claims(func(c map[string]any) { c["exp"] = w.now.Add(5 * time.Hour).Unix() }))
			}
			if _, err := w.call(token); err != nil {
				t.Fatal(err)
			}
			if err := end(w); err != nil {
				t.Fatal(err)
			}
			w.follow()
			if got, err := w.call(token); err == nil || got.Application != "" {
				t.Errorf("still counts: %+v, %v", got, err)
			}
		})
	}
}

func (w *world) put(change func(*Spec)) error {
	_, err := w.issuers.Put(w.t.Context(), operator, "kota", w.spec(change), false)
	return err
}

func TestTheClaimThatNamesTheClient(t *testing.T) {
	w := newWorld(t, testkit.SQLite(t))
	for claim, other := range map[string]string{"azp": "client_id", "sub": "azp"} {
		w.believe(func(s *Spec) { s.ClientClaim = claim })
		if got, err := w.call(w.sign(w.claims(func(c map[string]any) { delete(c, "client_id"); c[claim], c[other] = "simpus-bandung", "lain" }))); err != nil || got.Application != simpus {
			t.Errorf("%s: got %+v, %v", claim, got, err)
		}
		if got, err := w.call(w.sign(w.claims(func(c map[string]any) { c["sub"], c["azp"] = "x", "x" }))); err == nil {
			t.Errorf("%s: another claim was taken: %+v", claim, got)
		}
	}
	w.believe(func(s *Spec) { s.TokenType = typePlain })
	if got, err := w.call(signed(t, w.private, "k1", "JWT", w.claims(nil))); err != nil || got.Application != simpus {
		t.Errorf("a plain token: got %+v, %v", got, err)
	}
	if got, err := w.call(signed(t, w.private, "k1", "JWT", w.claims(func(c map[string]any) { c["at_hash"] = "x" }))); err == nil {
		t.Errorf("an ID token beside plain ones: %+v", got)
	}
}

func TestTheCacheIsBounded(t *testing.T) {
	var c cache
	for i := range 3 * cacheSets * cacheWays {
		c.put(&verified{digest: sha256.Sum256([]byte(fmt.Sprint(i))), expires: monday.Add(time.Duration(i) * time.Second)})
	}
	last := 3*cacheSets*cacheWays - 1
	if c.get(sha256.Sum256([]byte(fmt.Sprint(last)))) == nil {
		t.Error("the last one, which expires last, is not remembered")
	}
	kept := 0
	for i := range last + 1 {
		if c.get(sha256.Sum256([]byte(fmt.Sprint(i)))) != nil {
			kept++
		}
	}
	if kept > cacheSets*cacheWays {
		t.Errorf("%d are kept", kept)
	}
}

func FuzzRead(f *testing.F) {
	w := newWorld(f, testkit.SQLite(f))
	w.believe(nil)
	good := w.sign(w.claims(nil)).Reveal()
	for _, seed := range []string{good, "..", "e30.e30.", "eyJhbGciOiJub25lIn0.e30.", strings.ToUpper(good)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, token string) {
		got, err := w.call(simpul.Secret(token))
		if (err == nil) != (got.Application != "") || err == nil && token != good {
			t.Errorf("%q stands for %+v, %v", token, got, err)
		}
	})
}

func BenchmarkRememberedToken(b *testing.B) {
	w := newWorld(b, testkit.SQLite(b))
	w.believe(nil)
	token := w.sign(w.claims(nil))
	for b.Loop() {
		if _, err := w.trust.Authenticate(nil, token); err != nil {
			b.Fatal(err)
		}
	}
}
