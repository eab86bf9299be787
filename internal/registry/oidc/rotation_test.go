package oidc

import (
	"context"
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-jose/go-jose/v4"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
)

func TestDue(t *testing.T) {
	key := func(from, until time.Duration) SigningKey {
		return SigningKey{SignsFrom: start.Add(from), SignsUntil: start.Add(until)}
	}
	const h = time.Hour
	for name, c := range map[string]struct {
		keys []SigningKey
		from time.Duration
		ok   bool
	}{
		"no key":                     {nil, 0, true},
		"one that signs long":        {[]SigningKey{key(-h, 25*h)}, 0, false},
		"one that ends within a day": {[]SigningKey{key(-h, 24*h)}, 24 * h, true},
		"one that ends in an hour":   {[]SigningKey{key(-h, h)}, h, true},
		"one that has ended":         {[]SigningKey{key(-2*h, -h)}, 0, true},
		"one that ends now":          {[]SigningKey{key(-2*h, 0)}, 0, true},
		"the next is published":      {[]SigningKey{key(-h, h), key(h, 100*h)}, 0, false},
		"the next, in another order": {[]SigningKey{key(h, 100*h), key(-h, h)}, 0, false},
		"the next leaves a gap":      {[]SigningKey{key(-h, h), key(2*h, 100*h)}, h, true},
		"only a future one":          {[]SigningKey{key(h, 100*h)}, 0, true},
		"both end within a day":      {[]SigningKey{key(-h, h), key(h, 20*h)}, 20 * h, true},
	} {
		from, ok := due(c.keys, start)
		if ok != c.ok || ok && !from.Equal(start.Add(c.from)) {
			t.Errorf("%s: got %v %v, want %v %v", name, from.Sub(start), ok, c.from, c.ok)
		}
	}
}

func (w *world) published() (ids []string) {
	w.t.Helper()
	var set jose.JSONWebKeySet
	if err := json.Unmarshal(w.get(JWKSPath).Body.Bytes(), &set); err != nil {
		w.t.Fatal(err)
	}
	for _, k := range set.Keys {
		if !k.IsPublic() || k.Use != "sig" || k.Algorithm != "ES256" {
			w.t.Errorf("published: %+v", k)
		}
		ids = append(ids, k.KeyID)
	}
	return ids
}

func (w *world) tend() {
	w.t.Helper()
	if err := w.Tend(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}

// kidOf reads the header of a token of ours.
func kidOf(t *testing.T, token simpul.Secret) string {
	t.Helper()
	signed, err := jose.ParseSignedCompact(token.Reveal(), []jose.SignatureAlgorithm{algorithm})
	if err != nil {
		t.Fatal(err)
	}
	return signed.Signatures[0].Header.KeyID
}

func TestKeysRotateWithOverlap(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		w := newWorld(t, db)
		first := w.published()
		if len(first) != 1 {
			t.Fatalf("published at first: %v", first)
		}
		end := start.Add(signsFor)

		w.watch.set(end.Add(-publishedBefore - time.Second))
		w.tend()
		if got := w.published(); len(got) != 1 {
			t.Errorf("published too early: %v", got)
		}
		w.watch.set(end.Add(-publishedBefore))
		w.tend()
		w.tend() // twice makes no third
		both := w.published()
		if len(both) != 2 {
			t.Fatalf("published a day before: %v", both)
		}
		w.watch.set(end.Add(-time.Millisecond))
		old := w.buy(warga, "spk_warga")
		w.watch.set(end)
		young := w.buy(warga, "spk_warga")
		if kidOf(t, old) != both[0] || kidOf(t, young) != both[1] || both[0] != first[0] {
			t.Errorf("signed by %s, then %s; published %v", kidOf(t, old), kidOf(t, young), both)
		}
		for _, token := range []simpul.Secret{old, young} {
			w.wantAccepted(token, simpul.Consumer{Application: warga, Credential: "k-warga"})
		}
		w.watch.set(end.Add(keptFor - time.Millisecond))
		w.tend()
		if got := w.published(); len(got) != 2 {
			t.Errorf("not kept: %v", got)
		}
		w.watch.set(end.Add(keptFor))
		w.tend()
		if got := w.published(); len(got) != 1 || got[0] != both[1] {
			t.Errorf("kept too long: %v", got)
		}
	})
}

// A key is kept longer than the last of its tokens lives.
func TestAKeyOutlivesItsTokens(t *testing.T) {
	if keptFor <= tokenLife+leeway {
		t.Errorf("kept for %v, tokens live %v", keptFor, tokenLife+leeway)
	}
	if publishedBefore <= 2*jwksAge {
		t.Errorf("published %v before, copies live %v", publishedBefore, jwksAge)
	}
}

func TestNodesThatStartTogetherMakeOneKey(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		w := newWorld(t, db)
		w.watch.set(start.Add(2 * signsFor)) // nothing signs any more
		var starts sync.WaitGroup
		for range 4 {
			starts.Go(func() {
				if err := w.rotate(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		starts.Wait()
		if keys, err := w.SigningKeys(t.Context()); err != nil || len(keys) != 1 {
			t.Errorf("%v, %v", keys, err)
		}
	})
}

func TestAnotherNodeLearnsOfAKey(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		w := newWorld(t, db)
		node, before := w.node(), w.lastRevision()
		w.watch.set(start.Add(2 * signsFor))
		w.tend()
		token := w.buy(warga, "spk_warga")
		node.wantRefused(token, simpul.CodeUnauthenticated, "not of a key of ours")
		if err := node.Refresh(t.Context(), w.revisions(before)); err != nil {
			t.Fatal(err)
		}
		node.wantAccepted(token, simpul.Consumer{Application: warga, Credential: "k-warga"})
	})
}

func TestAWithdrawnKeyEndsItsTokens(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		w := newWorld(t, db)
		token := w.buy(warga, "spk_warga")
		w.wantAccepted(token, simpul.Consumer{Application: warga, Credential: "k-warga"})
		id := w.published()[0]
		if err := w.WithdrawKey(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		w.wantRefused(token, simpul.CodeUnauthenticated, "not of a key of ours")
		if got := w.published(); len(got) != 1 || got[0] == id {
			t.Errorf("published: %v", got)
		}
		w.wantAccepted(w.buy(warga, "spk_warga"), simpul.Consumer{Application: warga, Credential: "k-warga"})
		if err := w.WithdrawKey(t.Context(), id); simpul.CodeOf(err) != simpul.CodeNotFound {
			t.Errorf("twice: %v", err)
		}
	})
}

// Nothing in the database helps whoever has not the vault.
func TestAKeyOfAnotherVaultIsNotBelieved(t *testing.T) {
	w := sqlite(t)
	foreign, err := newSigningKey(newSealer(t), start)
	if err != nil {
		t.Fatal(err)
	}
	moved, err := newSigningKey(w.vault, start)
	if err != nil {
		t.Fatal(err)
	}
	moved.ID = strings.Repeat("x", 43)
	rubbish := storedKey{foreign.SigningKey, "not base64"}
	rubbish.ID = strings.Repeat("y", 43)
	err = w.db.Write(t.Context(), simpul.NationScope(), func(tx *sqldb.Tx) error {
		for _, k := range []storedKey{foreign, moved, rubbish} {
			if err := insertSigningKey(t.Context(), tx, k); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		err = w.Load(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	if got := w.published(); len(got) != 1 {
		t.Errorf("published: %v", got)
	}
	if got := strings.Count(w.log.String(), "cannot be used"); got != 3 {
		t.Errorf("%d of 3 reported: %s", got, w.log)
	}
	w.wantAccepted(w.buy(warga, "spk_warga"), simpul.Consumer{Application: warga, Credential: "k-warga"})
}

// Without the vault's key the hub goes on; it gives no tokens.
func TestWithoutItsVaultTheProviderGivesNothing(t *testing.T) {
	w := sqlite(t)
	w.vault = newSealer(t)
	w.begin()
	if rec := w.post(TokenPath, clientCredentials(), basic(warga, "spk_warga")); rec.Code != 503 {
		t.Errorf("%d %s", rec.Code, rec.Body)
	}
}

func TestTheHeaderIsWrittenAsItIsRead(t *testing.T) {
	w := sqlite(t)
	header, _, _ := strings.Cut(w.buy(warga, "spk_warga").Reveal(), ".")
	if want := headerOf(w.published()[0], accessTokenType); header != want {
		t.Errorf("got %s, want %s", header, want)
	}
}

func TestOnlyTheNationReachesSigningKeys(t *testing.T) {
	w := newWorld(t, testkit.Postgres(t))
	w.revokeToken(warga, "spk_warga", w.buy(warga, "spk_warga"))
	for _, scope := range []simpul.Scope{simpul.AgencyScope(warga.Agency()), simpul.PublicScope()} {
		err := w.db.Read(t.Context(), scope, func(tx *sqldb.Tx) error {
			keys, err := listSigningKeys(t.Context(), tx)
			if len(keys) != 0 {
				t.Errorf("%q sees signing keys", scope.Key())
			}
			if err != nil {
				return err
			}
			revocations, err := revocationsSince(t.Context(), tx, time.Time{})
			if len(revocations) != 0 {
				t.Errorf("%q sees revocations", scope.Key())
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
		k, err := newSigningKey(w.vault, start)
		if err == nil {
			err = w.db.Write(t.Context(), scope, func(tx *sqldb.Tx) error { return insertSigningKey(t.Context(), tx, k) })
		}
		if err == nil {
			t.Errorf("%q added a signing key", scope.Key())
		}
	}
}

func TestRunTendsEveryHourUntilItIsStopped(t *testing.T) {
	w := sqlite(t)
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		begin, last := time.Now(), time.Now()
		p := *w.Provider
		p.now = func() time.Time {
			if last = time.Now(); last.Sub(begin) >= 2*tending {
				stop()
			}
			return start
		}
		p.tendHourly(ctx)
		if d := last.Sub(begin); d != 2*tending {
			t.Errorf("tended for the last time after %v", d)
		}
	})
}
