package oidc

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/big"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// signingKey opens the key that signs now, as an insider would.
func (w *world) signingKey() (id string, private *ecdsa.PrivateKey) {
	w.t.Helper()
	var stored []storedKey
	err := w.db.Read(w.t.Context(), simpul.NationScope(), func(tx *sqldb.Tx) (err error) {
		stored, err = listSigningKeys(w.t.Context(), tx)
		return err
	})
	if err == nil {
		private, err = stored[0].open(w.vault)
	}
	if err != nil {
		w.t.Fatal(err)
	}
	return stored[0].ID, private
}

func TestTokensThatAreRefused(t *testing.T) {
	w := sqlite(t)
	id, ours := w.signingKey()
	stranger, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	public, err := json.Marshal(jose.JSONWebKey{Key: &ours.PublicKey, KeyID: id})
	if err != nil {
		t.Fatal(err)
	}
	good := *newAccessClaims(w.view.at.Load(), simpul.Consumer{Application: warga, Credential: "k-warga"}, start)
	with := func(change func(*accessClaims)) accessClaims {
		c := good
		change(&c)
		return c
	}
	head := func(more ...any) map[jose.HeaderKey]any {
		h := map[jose.HeaderKey]any{"typ": "at+jwt", "kid": id}
		for i := 0; i < len(more); i += 2 {
			h[jose.HeaderKey(more[i].(string))] = more[i+1]
		}
		return h
	}
	by := func(key any, claims any, more ...any) string { return jws(t, jose.ES256, key, head(more...), claims) }
	token := by(ours, good)
	w.wantAccepted(simpul.Secret(token), simpul.Consumer{Application: warga, Credential: "k-warga"})
	parts := strings.Split(token, ".")
	b64 := base64.RawURLEncoding.EncodeToString
	other, err := json.Marshal(with(func(c *accessClaims) { c.Client, c.Subject = dapodik, string(dapodik) }))
	if err != nil {
		t.Fatal(err)
	}

	for name, forged := range map[string]string{
		"empty":                     "",
		"dots":                      "..",
		"an API key":                "spk_warga",
		"two parts":                 parts[0] + "." + parts[1],
		"four parts":                token + ".x",
		"without its signature":     parts[0] + "." + parts[1] + ".",
		"half its signature":        parts[0] + "." + parts[1] + "." + parts[2][:43],
		"signature of zeros":        parts[0] + "." + parts[1] + "." + b64(make([]byte, 64)),
		"other claims":              parts[0] + "." + b64(other) + "." + parts[2],
		"alg none":                  b64([]byte(`{"alg":"none","kid":"`+id+`","typ":"at+jwt"}`)) + "." + parts[1] + ".",
		"alg none, signed":          b64([]byte(`{"alg":"none","kid":"`+id+`","typ":"at+jwt"}`)) + "." + parts[1] + "." + parts[2],
		"HMAC with the public key":  jws(t, jose.HS256, public, head(), good),
		"HMAC with its coordinates": jws(t, jose.HS256, publicBytes(t, ours), head(), good),
		"a stranger's signature":    by(stranger, good),
		"embedded key":              by(stranger, good, "jwk", json.RawMessage(`{"kty":"EC"}`)),
		"embedded key, ours signs":  by(ours, good, "jwk", json.RawMessage(public)),
		"key by address":            by(stranger, good, "jku", "http://127.0.0.1:1/keys"),
		"certificate by address":    by(stranger, good, "x5u", "http://127.0.0.1:1/keys"),
		"unknown kid":               by(ours, good, "kid", "x"),
		"no kid":                    by(ours, good, "kid", ""),
		"kid like a path":           by(ours, good, "kid", "../../../dev/null"),
		"kid like SQL":              by(ours, good, "kid", id+"' OR 1=1 --"),
		"an ID token":               by(ours, good, "typ", "JWT"),
		"a logout token":            by(ours, good, "typ", "logout+jwt"),
		"critical extension":        by(ours, good, "crit", []string{"exp"}, "exp", 1),
		"of another issuer":         by(ours, with(func(c *accessClaims) { c.Issuer = "https://elsewhere.go.id" })),
		"for another audience":      by(ours, with(func(c *accessClaims) { c.Audience = "https://elsewhere.go.id" })),
		"for no audience":           by(ours, with(func(c *accessClaims) { c.Audience = "" })),
		"for two audiences":         by(ours, map[string]any{"aud": []string{issuer, "x"}}),
		"of a person":               by(ours, with(func(c *accessClaims) { c.Subject = "budi@bandungkota.go.id" })),
		"of nobody":                 by(ours, with(func(c *accessClaims) { c.Subject, c.Client = "", "" })),
		"without jti":               by(ours, with(func(c *accessClaims) { c.ID = "" })),
		"not yet":                   by(ours, with(func(c *accessClaims) { c.NotBefore = start.Add(leeway + time.Second).Unix() })),
		"without end":               by(ours, with(func(c *accessClaims) { c.Expiry = 0 })),
		"without a key":             by(ours, with(func(c *accessClaims) { c.Credential = "" })),
		"of a key that is gone":     by(ours, with(func(c *accessClaims) { c.Credential = "k-gone" })),
		"not claims":                by(ours, "hello"),
		"too long": by(ours, struct {
			accessClaims
			X string
		}{good, strings.Repeat("x", maxToken)}),
		"a newline before": "\n" + token,
		"a space after":    token + " ",
		"padding":          token + "==",
	} {
		t.Run(name, func(t *testing.T) {
			got, err := w.Verifier().Authenticate(nil, simpul.Secret(forged))
			if simpul.CodeOf(err) != simpul.CodeUnauthenticated || got != (simpul.Consumer{}) {
				t.Errorf("got %+v, %v", got, err)
			}
		})
	}
}

func publicBytes(t *testing.T, k *ecdsa.PrivateKey) []byte {
	t.Helper()
	b, err := k.PublicKey.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// What a refusal says to its reader does not depend on why.
func TestRefusedTokensAreToldTheSame(t *testing.T) {
	w := sqlite(t)
	token := w.buy(warga, "spk_warga").Reveal()
	var first *simpul.Error
	for _, forged := range []string{"", "x.y.z", token + "A", "e" + token} {
		_, err := w.Verifier().Authenticate(nil, simpul.Secret(forged))
		e, ok := err.(*simpul.Error)
		if !ok {
			t.Fatalf("%v", err)
		}
		if first == nil {
			first = e
		}
		if e.Code != first.Code || e.Message != first.Message || e.Remedy != first.Remedy {
			t.Errorf("%q: %+v, want %+v", forged, e, first)
		}
	}
}

func TestATokenLivesAsLongAsItSays(t *testing.T) {
	w := sqlite(t)
	token := w.buy(warga, "spk_warga")
	for _, c := range []struct {
		after time.Duration
		code  simpul.Code
	}{
		{-leeway, ""}, {-leeway - time.Second, simpul.CodeUnauthenticated},
		{tokenLife + leeway - time.Millisecond, ""}, {tokenLife + leeway, simpul.CodeUnauthenticated},
	} {
		w.watch.set(start.Add(c.after))
		for _, way := range []string{"first", "cached"} {
			if _, err := w.Verifier().Authenticate(nil, token); simpul.CodeOf(err) != c.code {
				t.Errorf("%s after %v: %v", way, c.after, err)
			}
		}
	}
}

// Where nobody tends the keys, one that is past its time is not believed, even
// in a token that says to live longer.
func TestAKeyPastItsTimeIsNotBelieved(t *testing.T) {
	w := sqlite(t)
	id, private := w.signingKey()
	claims := newAccessClaims(w.view.at.Load(), simpul.Consumer{Application: warga, Credential: "k-warga"}, start)
	claims.Expiry = start.Add(10 * signsFor).Unix()
	token := simpul.Secret(jws(t, jose.ES256, private, map[jose.HeaderKey]any{"typ": "at+jwt", "kid": id}, claims))
	w.watch.set(start.Add(signsFor + keptFor))
	w.wantRefused(token, simpul.CodeUnauthenticated, "not of a key of ours")
	w.watch.set(start.Add(signsFor + keptFor - time.Millisecond))
	w.wantAccepted(token, simpul.Consumer{Application: warga, Credential: "k-warga"})
}

func TestATokenEndsWithItsKeyAndItsAgency(t *testing.T) {
	w := sqlite(t)
	first, second := w.buy(warga, "spk_warga"), w.buy(dapodik, "spk_dapodik")
	w.wantAccepted(first, simpul.Consumer{Application: warga, Credential: "k-warga"})
	w.wantAccepted(second, simpul.Consumer{Application: dapodik, Credential: "k-dapodik"})
	w.keyring.revoke("spk_warga")
	w.wantRefused(first, simpul.CodeUnauthenticated, "revoked")
	w.keyring.suspend(dapodik.Agency())
	w.wantRefused(second, simpul.CodeDenied, "suspended")
}

// ECDSA signatures can be changed to another good one (r, n-s): the token's
// text is new, its jti is not.
func TestARevokedTokenStaysRevokedInAnotherSpelling(t *testing.T) {
	w := sqlite(t)
	token := w.buy(warga, "spk_warga")
	twin := simpul.Secret(otherSignature(t, token.Reveal()))
	w.wantAccepted(twin, simpul.Consumer{Application: warga, Credential: "k-warga"})
	w.revokeToken(warga, "spk_warga", token)
	w.wantRefused(token, simpul.CodeUnauthenticated, "revoked")
	w.wantRefused(twin, simpul.CodeUnauthenticated, "revoked")
}

func otherSignature(t *testing.T, token string) string {
	t.Helper()
	i := strings.LastIndexByte(token, '.')
	sig, err := base64.RawURLEncoding.DecodeString(token[i+1:])
	if err != nil {
		t.Fatal(err)
	}
	s := new(big.Int).SetBytes(sig[32:])
	s.Sub(elliptic.P256().Params().N, s).FillBytes(sig[32:])
	return token[:i+1] + base64.RawURLEncoding.EncodeToString(sig)
}

func TestIsAccessToken(t *testing.T) {
	for credential, want := range map[simpul.Secret]bool{"a.b.c": true, "spk_abc": false, "spt_abc": false, "": false, "a.b": false, "a.b.c.d": false} {
		if got := IsAccessToken(credential); got != want {
			t.Errorf("%q: %v", credential.Reveal(), got)
		}
	}
}

func TestTheCacheIsBoundedAndExact(t *testing.T) {
	c := &cache{}
	digest := func(n byte) [32]byte { return [32]byte{7, 31: n} } // all of one set
	for n := range byte(cacheWays) {
		c.put(digest(n), &accessClaims{ID: string(n), Expiry: 100 - int64(n)})
	}
	for n := range byte(cacheWays) {
		if got, ok := c.get(digest(n)); !ok || got.ID != string(n) {
			t.Errorf("%d: got %+v", n, got)
		}
	}
	if _, ok := c.get(digest(99)); ok {
		t.Error("a token was taken for another")
	}
	c.put(digest(99), &accessClaims{ID: "new", Expiry: 200})
	if got, ok := c.get(digest(99)); !ok || got.ID != "new" {
		t.Errorf("the new one: %+v", got)
	}
	for n := range byte(cacheWays) {
		if _, ok := c.get(digest(n)); ok != (n != cacheWays-1) {
			t.Errorf("%d is there: %v; the one that expires first should have gone", n, ok)
		}
	}
}

// For the race detector: calls go on while tokens are revoked and keys change.
func TestVerifyingWhileThingsChange(t *testing.T) {
	w := sqlite(t)
	tokens := make([]simpul.Secret, 8)
	for i := range tokens {
		tokens[i] = w.buy(warga, "spk_warga")
	}
	var calls sync.WaitGroup
	for _, token := range tokens {
		calls.Go(func() {
			for range 20 {
				w.Verifier().Authenticate(nil, token)
			}
		})
	}
	for _, token := range tokens[1:] {
		w.revokeToken(warga, "spk_warga", token)
	}
	if err := w.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	calls.Wait()
	w.wantAccepted(tokens[0], simpul.Consumer{Application: warga, Credential: "k-warga"})
	for _, token := range tokens[1:] {
		w.wantRefused(token, simpul.CodeUnauthenticated, "revoked")
	}
}

func FuzzAuthenticate(f *testing.F) {
	w := sqlite(f)
	token := w.buy(warga, "spk_warga").Reveal()
	parts := strings.Split(token, ".")
	for _, seed := range []string{token, "", "..", parts[0] + "..", parts[0] + "." + parts[1] + ".", token + ".", token + "\n", strings.Repeat(parts[0]+".", 3)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, err := w.Verifier().Authenticate(nil, simpul.Secret(text))
		if err != nil {
			if simpul.CodeOf(err) != simpul.CodeUnauthenticated || c != (simpul.Consumer{}) {
				t.Errorf("%q: %+v, %v", text, c, err)
			}
			return
		}
		if !strings.HasPrefix(text, parts[0]+"."+parts[1]+".") {
			t.Errorf("%q was believed", text)
		}
	})
}

func BenchmarkAuthenticate(b *testing.B) {
	w := sqlite(b)
	verifier := w.Verifier()
	tokens := make([]simpul.Secret, 64)
	for i := range tokens {
		tokens[i] = w.buy(warga, "spk_warga")
	}
	authenticate := func(b *testing.B, token simpul.Secret) {
		if _, err := verifier.Authenticate(nil, token); err != nil {
			b.Fatal(err)
		}
	}
	b.Run("api key", func(b *testing.B) { // what the agency room does for a plain key
		key, byDigest := []byte("spk_abcdefghijklmnopqrstuvwxyz"), map[string]simpul.Consumer{}
		sum := sha256.Sum256(key)
		byDigest[hex.EncodeToString(sum[:])] = simpul.Consumer{Application: warga}
		for b.Loop() {
			sum := sha256.Sum256(key)
			if _, known := byDigest[hex.EncodeToString(sum[:])]; !known {
				b.Fatal("unknown")
			}
		}
	})
	b.Run("cached", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			authenticate(b, tokens[i%len(tokens)])
		}
	})
	b.Run("first", func(b *testing.B) {
		keys := w.view.keys.Load()
		for i := 0; b.Loop(); i++ {
			if _, err := keys.read(tokens[i%len(tokens)].Reveal(), start); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("forged", func(b *testing.B) {
		forged := simpul.Secret(fmt.Sprint("x", tokens[0].Reveal()))
		for b.Loop() {
			verifier.Authenticate(nil, forged)
		}
	})
}
