package issuer

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
)

func contextOf(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithCancel(ctx)
}

func TestDeclarationsAreKept(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		w := newWorld(t, db)
		if _, err := w.issuers.Put(t.Context(), operator, "kota", w.spec(nil), true); err != nil {
			t.Fatal(err)
		}
		if _, err := w.issuers.Get(t.Context(), operator, "kota"); simpul.CodeOf(err) != simpul.CodeNotFound {
			t.Fatalf("a rehearsal was stored: %v", err)
		}
		w.notices = nil
		first, err := w.issuers.Put(t.Context(), operator, "kota", w.spec(nil), false)
		if err != nil || !first.Created || first.Spec.TokenType != "at+jwt" || first.Spec.ClientClaim != "client_id" {
			t.Fatalf("got %+v, %v", first, err)
		}
		again, err := w.issuers.Put(t.Context(), operator, "kota", w.spec(func(s *Spec) { s.Name = "Lain" }), false)
		if err != nil || again.Created {
			t.Fatalf("got %+v, %v", again, err)
		}
		if len(w.notices) != 1 || w.notices[0].Agency != bandung || !w.notices[0].Urgent {
			t.Errorf("the agency was told %+v", w.notices)
		}
		got, err := w.issuers.Get(t.Context(), operator, "kota")
		if err != nil || got.Spec.Name != "Lain" || len(got.Spec.Clients) != 1 || got.Spec.Clients[0].Application != simpus {
			t.Fatalf("got %+v, %v", got, err)
		}
		if all, err := w.issuers.List(t.Context(), operator, httpapi.Page{Limit: 10}); err != nil || len(all) != 1 || len(all[0].Spec.Clients) != 1 {
			t.Fatalf("got %+v, %v", all, err)
		}
		if _, err := w.issuers.Put(t.Context(), operator, "kota-dua", w.spec(nil), false); simpul.CodeOf(err) != simpul.CodeConflict {
			t.Errorf("one issuer under two IDs: %v", err)
		}
		if _, err := w.issuers.Put(t.Context(), operator, "lain", w.spec(func(s *Spec) { s.Issuer, s.Clients[0].Application = "https://lain.example", "tidak@ada.go.id" }), false); simpul.CodeOf(err) != simpul.CodeInvalid {
			t.Errorf("an application that does not exist: %v", err)
		}
	})
}

func TestOnlyTheNationBelieves(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		w := newWorld(t, db)
		w.believe(nil)
		for name, p := range map[string]simpul.Principal{
			"its own agency": simpul.Acting("a", simpul.RoleAdmin, bandung), "another agency": simpul.Acting("b", simpul.RoleAdmin, "sumedangkab.go.id"), "nobody": {},
		} {
			for what, try := range map[string]func() error{
				"put": func() error { _, err := w.issuers.Put(t.Context(), p, "kota", w.spec(nil), false); return err },
				"new": func() error {
					_, err := w.issuers.Put(t.Context(), p, "baru", w.spec(func(s *Spec) { s.Issuer = "https://baru.example" }), false)
					return err
				},
				"get":    func() error { _, err := w.issuers.Get(t.Context(), p, "kota"); return err },
				"delete": func() error { return w.issuers.Delete(t.Context(), p, "kota") },
				"revoke": func() error { return w.issuers.RevokeToken(t.Context(), p, "kota", "tok-1") },
			} {
				if code := simpul.CodeOf(try()); code != simpul.CodeDenied && code != simpul.CodeNotFound {
					t.Errorf("%s of %s: %q", what, name, code)
				}
			}
			if all, err := w.issuers.List(t.Context(), p, httpapi.Page{Limit: 10}); err != nil || len(all) != 0 {
				t.Errorf("%s sees %+v, %v", name, all, err)
			}
		}
		if got, err := w.call(w.sign(w.claims(nil))); err != nil || got.Application != simpus {
			t.Errorf("something was changed: %+v, %v", got, err)
		}
	})
}

// An agency that deletes an application takes its mapping with it, under its own
// scope.
func TestAMappingGoesWithItsApplication(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		w := newWorld(t, db)
		w.believe(nil)
		err := db.Write(t.Context(), simpul.AgencyScope(bandung), func(tx *sqldb.Tx) error {
			_, err := tx.Exec(t.Context(), "DELETE FROM agency_application WHERE id = $1", simpus)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := w.trust.Refresh(t.Context(), []sqldb.Revision{{Kind: "Application", ID: string(simpus)}}); err != nil {
			t.Fatal(err)
		}
		if got, err := w.call(w.sign(w.claims(nil))); err == nil {
			t.Errorf("a token of its client stands for %+v", got)
		}
	})
}

func TestDeclarationsThatAreRefused(t *testing.T) {
	w := newWorld(t, testkit.SQLite(t))
	short, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		short = nil
	}
	set := func(keys ...jose.JSONWebKey) json.RawMessage {
		text, err := json.Marshal(jose.JSONWebKeySet{Keys: keys})
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	good := jose.JSONWebKey{Key: w.private.Public(), KeyID: "k1"}
	for name, c := range map[string]struct {
		change func(*Spec)
		place  string
	}{
		"no name":              {func(s *Spec) { s.Name = " " }, "spec.name"},
		"name with lines":      {func(s *Spec) { s.Name = "a\nb" }, "spec.name"},
		"plain HTTP":           {func(s *Spec) { s.Issuer = "http://sso.kemkes.go.id" }, "spec.issuer"},
		"with a query":         {func(s *Spec) { s.Issuer = "https://a.go.id?x=1" }, "spec.issuer"},
		"with a user":          {func(s *Spec) { s.Issuer = "https://a@b.go.id" }, "spec.issuer"},
		"the hub itself":       {func(s *Spec) { s.Issuer = "https://hub.example.go.id" }, "spec.issuer"},
		"no audience":          {func(s *Spec) { s.Audience = "" }, "spec.audience"},
		"no algorithm":         {func(s *Spec) { s.Algorithms = nil }, "spec.algorithms"},
		"none":                 {func(s *Spec) { s.Algorithms = []string{"none"} }, "spec.algorithms"},
		"a symmetric one":      {func(s *Spec) { s.Algorithms = []string{"ES256", "HS256"} }, "spec.algorithms"},
		"an unknown type":      {func(s *Spec) { s.TokenType = "logout+jwt" }, "spec.tokenType"},
		"an unknown claim":     {func(s *Spec) { s.ClientClaim = "email" }, "spec.clientClaim"},
		"no keys":              {func(s *Spec) { s.Keys = Source{} }, "spec.keys"},
		"keys in two places":   {func(s *Spec) { s.Keys.URI = "https://a.go.id/k" }, "spec.keys"},
		"keys over plain HTTP": {func(s *Spec) { s.Keys = Source{URI: "http://a.go.id/k"} }, "spec.keys.jwksUri"},
		"keys that are none":   {func(s *Spec) { s.Keys = Source{Inline: []byte(`{"keys":[]}`)} }, "spec.keys.inline"},
		"no JSON":              {func(s *Spec) { s.Keys = Source{Inline: []byte(`[`)} }, "spec.keys.inline"},
		"a private key":        {func(s *Spec) { s.Keys = Source{Inline: set(good, jose.JSONWebKey{Key: w.private, KeyID: "k2"})} }, "spec.keys.inline"},
		"a symmetric key":      {func(s *Spec) { s.Keys = Source{Inline: set(good, jose.JSONWebKey{Key: []byte("x"), KeyID: "k2"})} }, "spec.keys.inline"},
		"a client twice":       {func(s *Spec) { s.Clients = append(s.Clients, s.Clients...) }, "spec.clients"},
		"a client with spaces": {func(s *Spec) { s.Clients[0].Client = "a b" }, "spec.clients"},
		"no application":       {func(s *Spec) { s.Clients[0].Application = "" }, "spec.clients"},
		"a short RSA key":      {func(s *Spec) { s.Keys = Source{Inline: weakSet(short, set)} }, "spec.keys.inline"},
	} {
		_, err := w.issuers.Put(t.Context(), operator, "kota", w.spec(c.change), false)
		e, ok := err.(*simpul.Error)
		if !ok || e.Code != simpul.CodeInvalid || e.Place != c.place || e.Message.ID == "" || e.Remedy.EN == "" {
			t.Errorf("%s: got %v, want a fault at %s", name, err, c.place)
		}
	}
	for _, id := range []string{"", "A", "a_b", "-a", strings.Repeat("a", 64), "a/b"} {
		if _, err := w.issuers.Put(t.Context(), operator, id, w.spec(nil), false); simpul.CodeOf(err) != simpul.CodeInvalid {
			t.Errorf("ID %q: %v", id, err)
		}
	}
}

func weakSet(short *rsa.PrivateKey, set func(...jose.JSONWebKey) json.RawMessage) json.RawMessage {
	if short == nil {
		return []byte(`{}`) // this Go makes no weak key
	}
	return set(jose.JSONWebKey{Key: short.Public(), KeyID: "k"})
}

func FuzzParseKeys(f *testing.F) {
	for _, seed := range []string{`{"keys":[]}`, `{"keys":[{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}]}`, `{"keys":[{"kty":"RSA","n":"AQAB","e":"AQAB"}]}`, `{"keys":[{"kty":"OKP","crv":"Ed25519","x":"AA"}]}`, `{"keys":[{"kty":"oct","k":"AA"}]}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, document []byte) {
		set, err := parseKeys(document)
		if err != nil {
			return
		}
		for _, k := range set.keys {
			if !strong(k.key) {
				t.Errorf("%q gives a key %T", document, k.key)
			}
		}
	})
}
