package oidc

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
)

func (w *world) assert(assertion string, more ...string) *httptest.ResponseRecorder {
	w.t.Helper()
	return w.post(TokenPath, clientCredentials(append(more, "client_assertion_type", assertionType, "client_assertion", assertion)...))
}

func TestPrivateKeyJWT(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		w := newWorld(t, db)
		for _, alg := range assertionAlgorithms {
			k := newPair(t, alg)
			stored := w.register(warga, k)
			for _, audience := range []any{issuer, issuer + TokenPath, []string{issuer}} {
				rec := w.assert(w.assertion(k, warga, map[string]any{"aud": audience}), "client_id", string(warga))
				if rec.Code != http.StatusOK {
					t.Fatalf("%s for %v: %d %s", alg, audience, rec.Code, rec.Body)
				}
				token := simpul.Secret(decode[tokenAnswer](t, rec).AccessToken)
				w.wantAccepted(token, simpul.Consumer{Application: warga, Credential: stored.ID})
			}
		}
	})
}

func TestAnAssertionCountsOnceOnAllNodes(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		w := newWorld(t, db)
		k, other := newPair(t, jose.ES256), newPair(t, jose.ES256)
		w.register(warga, k)
		w.register(dapodik, other)
		node := w.node()
		jti := map[string]any{"jti": "satu"}
		first := w.assertion(k, warga, jti)
		if rec := w.assert(first); rec.Code != http.StatusOK {
			t.Fatalf("%d %s", rec.Code, rec.Body)
		}
		for name, rec := range map[string]*httptest.ResponseRecorder{
			"same node":    w.assert(first),
			"another node": node.assert(first),
			"same jti":     w.assert(w.assertion(k, warga, map[string]any{"jti": "satu", "iat": nil})),
		} {
			if rec.Code != http.StatusUnauthorized {
				t.Errorf("%s: %d %s", name, rec.Code, rec.Body)
			}
		}
		if rec := w.assert(w.assertion(other, dapodik, jti)); rec.Code != http.StatusOK {
			t.Errorf("another application's jti: %d %s", rec.Code, rec.Body)
		}
		// It is remembered until it is refused for its age.
		w.watch.pass(time.Minute)
		if err := w.Tend(t.Context()); err != nil {
			t.Fatal(err)
		}
		if rec := w.assert(first); rec.Code != http.StatusUnauthorized {
			t.Errorf("after tending: %d %s", rec.Code, rec.Body)
		}
	})
}

func TestAssertionRefusals(t *testing.T) {
	w := sqlite(t)
	k, other, foreign, wide := newPair(t, jose.ES256), newPair(t, jose.ES256), newPair(t, jose.ES256), newPair(t, jose.PS256)
	w.register(warga, k)
	w.register(warga, wide)
	w.register(dapodik, other)
	unix := func(d time.Duration) int64 { return start.Add(d).Unix() }
	kid := func(id string) map[jose.HeaderKey]any { return map[jose.HeaderKey]any{"kid": id} }
	with := func(changes map[string]any) string { return w.assertion(k, warga, changes) }
	good := w.claims(warga, nil)
	embedded := json.RawMessage(foreign.jwk)

	for name, assertion := range map[string]string{
		"empty parts":          "..",
		"rubbish":              "x",
		"no signature":         unsigned(t, `{"alg":"none","kid":"`+k.kid+`"}`, good),
		"alg None":             unsigned(t, `{"alg":"None","kid":"`+k.kid+`"}`, good),
		"no alg":               unsigned(t, `{"kid":"`+k.kid+`"}`, good),
		"HMAC with the JWK":    jws(t, jose.HS256, k.jwk, kid(k.kid), good),
		"HMAC with the kid":    jws(t, jose.HS256, []byte(strings.Repeat(k.kid, 2)), kid(k.kid), good),
		"RS256":                jws(t, jose.RS256, wide.private, kid(wide.kid), good),
		"another alg's key":    jws(t, jose.ES256, k.private, kid(wide.kid), good),
		"a stranger's key":     jws(t, jose.ES256, foreign.private, kid(k.kid), good),
		"embedded key":         jws(t, jose.ES256, foreign.private, map[jose.HeaderKey]any{"kid": k.kid, "jwk": embedded}, good),
		"key by address":       jws(t, jose.ES256, foreign.private, map[jose.HeaderKey]any{"kid": k.kid, "jku": "http://127.0.0.1:1/keys", "x5u": "http://127.0.0.1:1/x"}, good),
		"kid like a path":      jws(t, jose.ES256, k.private, kid("../../"+k.kid), good),
		"kid like SQL":         jws(t, jose.ES256, k.private, kid(k.kid+"' OR '1'='1"), good),
		"no kid":               jws(t, jose.ES256, k.private, nil, good),
		"another's key":        jws(t, jose.ES256, other.private, kid(other.kid), good),
		"critical extension":   jws(t, jose.ES256, k.private, map[jose.HeaderKey]any{"kid": k.kid, "crit": []string{"exp"}, "exp": 1}, good),
		"for another":          with(map[string]any{"aud": "https://elsewhere.go.id"}),
		"for us and another":   with(map[string]any{"aud": []string{issuer, "https://elsewhere.go.id"}}),
		"for nobody":           with(map[string]any{"aud": nil}),
		"of another issuer":    with(map[string]any{"iss": string(dapodik)}),
		"of no issuer":         with(map[string]any{"iss": nil}),
		"about another":        with(map[string]any{"sub": string(dapodik), "iss": string(dapodik)}),
		"without end":          with(map[string]any{"exp": nil}),
		"expired":              with(map[string]any{"exp": unix(-leeway - time.Second)}),
		"not yet":              with(map[string]any{"nbf": unix(leeway + time.Second)}),
		"made in the future":   with(map[string]any{"iat": unix(leeway + time.Second)}),
		"for too long":         with(map[string]any{"exp": unix(assertionLife + leeway + time.Second)}),
		"end beyond all time":  with(map[string]any{"exp": 1e300}),
		"without jti":          with(map[string]any{"jti": nil}),
		"with a very long jti": with(map[string]any{"jti": strings.Repeat("x", maxJTI+1)}),
		"very long":            with(map[string]any{"x": strings.Repeat("x", maxAssertion)}),
		"times as text":        with(map[string]any{"exp": "tomorrow"}),
		"with a byte more":     with(nil) + "A",
		"with a part more":     with(nil) + ".",
		"JSON serialization":   `{"payload":"e30","signatures":[]}`,
	} {
		t.Run(name, func(t *testing.T) {
			rec := w.assert(assertion)
			if got := decode[refusalBody](t, rec); rec.Code != http.StatusUnauthorized || got.Error != "invalid_client" {
				t.Errorf("%d %s", rec.Code, rec.Body)
			}
		})
	}
	if rec := w.assert(with(nil), "client_id", string(dapodik)); rec.Code != http.StatusUnauthorized {
		t.Errorf("another client_id: %d %s", rec.Code, rec.Body)
	}
	if rec := w.assert(with(nil)); rec.Code != http.StatusOK {
		t.Errorf("the good one, so that the others fail for their reason: %d %s", rec.Code, rec.Body)
	}
}

func unsigned(t *testing.T, header string, claims any) string {
	t.Helper()
	payload, err := json.Marshal(claims)
	if err != nil {
		t.Fatal(err)
	}
	b64 := base64.RawURLEncoding.EncodeToString
	return b64([]byte(header)) + "." + b64(payload) + "."
}

func TestARevokedPublicKeyEndsItsTokens(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		w := newWorld(t, db)
		node := w.node()
		before := w.lastRevision()
		k := newPair(t, jose.ES256)
		stored := w.register(warga, k)
		if err := node.Refresh(t.Context(), w.revisions(before)); err != nil {
			t.Fatal(err)
		}
		token := simpul.Secret(decode[tokenAnswer](t, w.assert(w.assertion(k, warga, nil))).AccessToken)
		consumer := simpul.Consumer{Application: warga, Credential: stored.ID}
		w.wantAccepted(token, consumer)
		node.wantAccepted(token, consumer)

		before = w.lastRevision()
		who := simpul.Acting("", simpul.RoleConsumer, warga.Agency())
		if err := w.RevokeClientKey(t.Context(), who, string(warga), stored.ID); err != nil {
			t.Fatal(err)
		}
		w.wantRefused(token, simpul.CodeUnauthenticated, "revoked")
		if rec := w.assert(w.assertion(k, warga, nil)); rec.Code != http.StatusUnauthorized {
			t.Errorf("the key still gets tokens: %d", rec.Code)
		}
		if err := node.Refresh(t.Context(), w.revisions(before)); err != nil {
			t.Fatal(err)
		}
		node.wantRefused(token, simpul.CodeUnauthenticated, "revoked")
	})
}

// The agency room deletes an application; its keys go with it.
func TestADeletedApplicationTakesItsPublicKeysAlong(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		w := newWorld(t, db)
		k := newPair(t, jose.ES256)
		w.register(warga, k)
		token := simpul.Secret(decode[tokenAnswer](t, w.assert(w.assertion(k, warga, nil))).AccessToken)
		err := db.Write(t.Context(), simpul.NationScope(), func(tx *sqldb.Tx) error {
			_, err := tx.Exec(t.Context(), `DELETE FROM agency_application WHERE id = $1`, warga)
			return err
		})
		if err == nil {
			err = w.Refresh(t.Context(), []sqldb.Revision{{Kind: "Application", ID: string(warga)}})
		}
		if err != nil {
			t.Fatal(err)
		}
		w.wantRefused(token, simpul.CodeUnauthenticated, "revoked")
	})
}

func FuzzAssertion(f *testing.F) {
	w := sqlite(f)
	k := newPair(f, jose.ES256)
	w.register(warga, k)
	good := w.assertion(k, warga, map[string]any{"jti": "x"})
	for _, seed := range []string{good, "", "..", "a.b.c", good + ".", strings.ToUpper(good), `{"payload":""}`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		_, a, err := w.readAssertion(text)
		if err != nil {
			return
		}
		signed, _, _ := strings.Cut(good, ".")
		if got, _, _ := strings.Cut(text, "."); got != signed || a.ID != "x" || a.Subject != string(warga) {
			t.Errorf("%q was believed", text)
		}
	})
}
