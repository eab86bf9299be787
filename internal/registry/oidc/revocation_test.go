package oidc

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
)

func (w *world) revokeToken(id simpul.ApplicationID, secret string, token simpul.Secret) {
	w.t.Helper()
	if rec := w.post(RevokePath, url.Values{"token": {token.Reveal()}}, basic(id, secret)); rec.Code != http.StatusOK || rec.Body.Len() != 0 {
		w.t.Errorf("revocation: %d %s", rec.Code, rec.Body)
	}
}

func TestRevocationHoldsAtOnceHereAndSoonElsewhere(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		w := newWorld(t, db)
		node := w.node()
		token, kept := w.buy(warga, "spk_warga"), w.buy(warga, "spk_warga")
		consumer := simpul.Consumer{Application: warga, Credential: "k-warga"}
		w.wantAccepted(token, consumer)
		node.wantAccepted(token, consumer)

		before := w.lastRevision()
		w.revokeToken(warga, "spk_warga", token)
		w.wantRefused(token, simpul.CodeUnauthenticated, "revoked")
		if err := node.Refresh(t.Context(), w.revisions(before)); err != nil {
			t.Fatal(err)
		}
		node.wantRefused(token, simpul.CodeUnauthenticated, "revoked")
		w.node().wantRefused(token, simpul.CodeUnauthenticated, "revoked") // one that starts later
		w.wantAccepted(kept, consumer)
		w.revokeToken(warga, "spk_warga", token) // twice is no error
	})
}

func TestOnlyTheOwnerRevokesAToken(t *testing.T) {
	w := sqlite(t)
	token := w.buy(warga, "spk_warga")
	rec := w.post(RevokePath, url.Values{"token": {token.Reveal()}}, basic(dapodik, "spk_dapodik"))
	if rec.Code != 400 || decode[refusalBody](t, rec).Error != "unauthorized_client" {
		t.Errorf("%d %s", rec.Code, rec.Body)
	}
	w.wantAccepted(token, simpul.Consumer{Application: warga, Credential: "k-warga"})
}

func TestRevokingRubbishChangesNothing(t *testing.T) {
	w := sqlite(t)
	before := w.lastRevision()
	for _, rubbish := range []string{"x", "a.b.c", w.buy(warga, "spk_warga").Reveal() + "A"} {
		w.revokeToken(warga, "spk_warga", simpul.Secret(rubbish))
	}
	if rec := w.post(RevokePath, url.Values{}, basic(warga, "spk_warga")); rec.Code != 400 {
		t.Errorf("no token: %d", rec.Code)
	}
	if after := w.lastRevision(); after != before {
		t.Errorf("revision %d became %d", before, after)
	}
}

func TestIntrospection(t *testing.T) {
	w := sqlite(t)
	token := w.buy(warga, "spk_warga")
	ask := func(id simpul.ApplicationID, secret, token string) map[string]any {
		rec := w.post(IntrospectPath, url.Values{"token": {token}, "token_type_hint": {"access_token"}}, basic(id, secret))
		if rec.Code != http.StatusOK || rec.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%d %v", rec.Code, rec.Header())
		}
		return decode[map[string]any](t, rec)
	}
	got := ask(warga, "spk_warga", token.Reveal())
	delete(got, "jti")
	want := map[string]any{
		"active": true, "token_type": "Bearer", "iss": issuer, "aud": issuer, "sub": string(warga), "client_id": string(warga),
		"credential": "k-warga", "iat": float64(start.Unix()), "nbf": float64(start.Unix()), "exp": float64(start.Add(tokenLife).Unix()),
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	nothing := map[string]any{"active": false}
	if got := ask(dapodik, "spk_dapodik", token.Reveal()); !cmp.Equal(got, nothing) {
		t.Errorf("another application learns %v", got)
	}
	if got := ask(warga, "spk_warga", "a.b.c"); !cmp.Equal(got, nothing) {
		t.Errorf("rubbish: %v", got)
	}
	w.revokeToken(warga, "spk_warga", token)
	if got := ask(warga, "spk_warga", token.Reveal()); !cmp.Equal(got, nothing) {
		t.Errorf("revoked: %v", got)
	}
}

func TestExpiredRevocationsAreForgotten(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		w := newWorld(t, db)
		token := w.buy(warga, "spk_warga")
		w.revokeToken(warga, "spk_warga", token)
		left := func() (rows, held int) {
			err := db.Read(t.Context(), simpul.NationScope(), func(tx *sqldb.Tx) error {
				all, err := revocationsSince(t.Context(), tx, time.Time{})
				rows = len(all)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			w.view.revoked.until.Range(func(any, any) bool { held++; return true })
			return rows, held
		}
		for _, c := range []struct {
			after time.Duration
			want  int
		}{{tokenLife + leeway, 1}, {tokenLife + leeway + time.Second, 0}} {
			w.watch.set(start.Add(c.after))
			if err := w.Tend(t.Context()); err != nil {
				t.Fatal(err)
			}
			if rows, held := left(); rows != c.want || held != c.want {
				t.Errorf("after %v: %d rows, %d in memory; want %d", c.after, rows, held, c.want)
			}
			w.wantRefused(token, simpul.CodeUnauthenticated, "expired")
		}
	})
}
