package issuer

import (
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
)

func TestKeysComeFromEachOfThreePlaces(t *testing.T) {
	w := newWorld(t, testkit.SQLite(t))
	inline, err := w.keys[0].MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	for name, source := range map[string]Source{
		"discovery": {Discovery: true},
		"address":   {URI: w.server.URL + "/keys"},
		"inline":    {Inline: []byte(`{"keys":[` + string(inline) + `]}`)},
	} {
		w.believe(func(s *Spec) { s.Keys = source })
		if got, err := w.call(w.sign(w.claims(nil))); err != nil || got.Application != simpus {
			t.Errorf("%s: got %+v, %v", name, got, err)
		}
		if h := w.trust.Health(w.server.URL); len(h.Keys) != 1 || h.Keys[0] != "k1" || h.Written != (name == "inline") {
			t.Errorf("%s: %+v", name, h)
		}
	}
}

// A key that is not known yet is fetched, but strangers cannot make the hub ask
// more often than once a minute.
func TestAnUnknownKeyIsAskedForWithinBounds(t *testing.T) {
	w := newWorld(t, testkit.SQLite(t))
	w.believe(nil)
	next := newKey(t)
	token := signed(t, next, "k2", "at+jwt", w.claims(nil))
	if _, err := w.call(token); simpul.CodeOf(err) != simpul.CodeUnauthenticated {
		t.Fatal(err)
	}
	w.keys = append(w.keys, jose.JSONWebKey{Key: next.Public(), KeyID: "k2"})
	before := w.asked
	w.trust.Tend(t.Context())
	if w.asked != before {
		t.Error("asked within a minute of the last time")
	}
	w.now = w.now.Add(askPause)
	for range 100 {
		w.call(token)
		w.trust.Tend(t.Context())
	}
	if w.asked != before+1 {
		t.Errorf("asked %d times in a minute", w.asked-before)
	}
	if got, err := w.call(token); err != nil || got.Application != simpus {
		t.Errorf("the new key is not known: %+v, %v", got, err)
	}
}

func TestADeadIssuerKeepsItsKeysForADay(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		w := newWorld(t, db)
		w.believe(nil)
		w.answer = func(out http.ResponseWriter, _ *http.Request) { out.WriteHeader(http.StatusBadGateway) }
		fresh := func() simpul.Secret { return w.sign(w.claims(nil)) }

		w.now = w.now.Add(23 * time.Hour)
		w.trust.Tend(t.Context())
		if _, err := w.call(fresh()); err != nil {
			t.Errorf("after 23 hours: %v", err)
		}
		if h := w.trust.Health(w.server.URL); h.Failure.ID == "" || !h.Until.Equal(monday.Add(keptFor)) {
			t.Errorf("its screen says %+v", h)
		}

		// Another process, which begins while the issuer is away.
		w.trust = NewTrust(db, w, w, w.clock, slog.New(slog.DiscardHandler))
		w.follow()
		if _, err := w.call(fresh()); err != nil {
			t.Errorf("after a restart: %v", err)
		}

		w.now = w.now.Add(2 * time.Hour)
		if _, err := w.call(fresh()); simpul.CodeOf(err) != simpul.CodeUnavailable {
			t.Errorf("after 25 hours: %v", err)
		}
		w.answer = nil
		w.trust.Tend(t.Context())
		if _, err := w.call(fresh()); err != nil {
			t.Errorf("once it is back: %v", err)
		}
	})
}

func TestWhatCannotBeFetchedIsToldInWords(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(*world)
		says  string
	}{
		"no answer":                  {func(w *world) { w.server.Close() }, "not reached"},
		"no metadata":                {func(w *world) { w.answer = http.NotFound }, "not the document"},
		"metadata of others":         {func(w *world) { w.issuer = "https://lain.example" }, "another issuer"},
		"keys over plain HTTP":       {func(w *world) { w.jwks = "http://keys.example.go.id/keys" }, "another issuer"},
		"keys of a file":             {func(w *world) { w.jwks = "file:///etc/passwd" }, "another issuer"},
		"keys at a metadata service": {func(w *world) { w.jwks = "http://169.254.169.254/latest" }, "another issuer"},
		"a redirect": {func(w *world) {
			w.answer = func(out http.ResponseWriter, r *http.Request) {
				http.Redirect(out, r, "http://169.254.169.254/", http.StatusFound)
			}
		}, "not the document"},
		"no end": {func(w *world) { w.answer = endless }, "not the document"},
		"no JSON": {func(w *world) {
			w.answer = func(out http.ResponseWriter, _ *http.Request) { out.Write([]byte("<html>")) }
		}, "not the document"},
		"no keys": {func(w *world) { w.keys = []jose.JSONWebKey{} }, "no public key"},
		"a symmetric key alone": {func(w *world) {
			w.keys = []jose.JSONWebKey{{Key: []byte("rahasia-rahasia-rahasia-rahasia!"), KeyID: "k1"}}
		}, "no public key"},
		"a private key alone":  {func(w *world) { w.keys = []jose.JSONWebKey{{Key: w.private, KeyID: "k1"}} }, "no public key"},
		"a key for encryption": {func(w *world) { w.keys[0].Use = "enc" }, "no public key"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, testkit.SQLite(t))
			c.spoil(w)
			w.believe(nil)
			h := w.trust.Health(w.server.URL)
			if len(h.Keys) != 0 || !strings.Contains(h.Failure.EN, c.says) || h.Failure.ID == "" {
				t.Errorf("got %+v", h)
			}
			if _, err := w.call(w.sign(w.claims(nil))); simpul.CodeOf(err) != simpul.CodeUnavailable {
				t.Errorf("a token is met with %v", err)
			}
		})
	}
}

func endless(out http.ResponseWriter, r *http.Request) {
	for r.Context().Err() == nil {
		if _, err := out.Write(make([]byte, 32<<10)); err != nil {
			return
		}
	}
}

// Whatever name leads there, an address that no provider may have is not called.
func TestForbiddenAddressesAreNotCalled(t *testing.T) {
	for _, address := range []string{"169.254.169.254:80", "[fe80::1]:443", "224.0.0.1:443", "0.0.0.0:80", "100.100.100.200:80", "[fd00:ec2::254]:80"} {
		if guard("tcp", address, nil) == nil {
			t.Errorf("%s would be called", address)
		}
	}
	for _, address := range []string{"10.1.2.3:443", "127.0.0.1:80", "103.1.2.3:443"} {
		if err := guard("tcp", address, nil); err != nil {
			t.Errorf("%s would not be called: %v", address, err)
		}
	}
}

// A change of one issuer leaves the keys of the others, and what they verified.
func TestAChangeElsewhereLeavesKeysAlone(t *testing.T) {
	w := newWorld(t, testkit.SQLite(t))
	w.believe(nil)
	token, before := w.sign(w.claims(nil)), w.asked
	w.call(token)
	if _, err := w.issuers.Put(t.Context(), operator, "lain", w.spec(func(s *Spec) { s.Issuer = "https://lain.example"; s.Keys = Source{URI: "https://127.0.0.1:1/keys"} }), false); err != nil {
		t.Fatal(err)
	}
	if err := w.trust.Refresh(t.Context(), []sqldb.Revision{{Kind: "Issuer", ID: "lain"}}); err != nil {
		t.Fatal(err)
	}
	if got, err := w.call(token); err != nil || w.asked != before {
		t.Errorf("got %+v, %v; asked %d times", got, err, w.asked-before)
	}
}

// The caller that ends the context ends Run; nothing is left behind.
func TestRunFetchesWhatIsDeclared(t *testing.T) {
	w := newWorld(t, testkit.SQLite(t))
	if _, err := w.issuers.Put(t.Context(), operator, "kota", w.spec(nil), false); err != nil {
		t.Fatal(err)
	}
	fetched := make(chan struct{})
	w.answer = func(out http.ResponseWriter, r *http.Request) {
		select {
		case fetched <- struct{}{}:
		case <-r.Context().Done():
		}
		http.NotFound(out, r)
	}
	done := make(chan struct{})
	ctx := t.Context()
	stop, cancel := contextOf(ctx)
	go func() { defer close(done); w.trust.Run(stop) }()
	if err := w.trust.Refresh(ctx, []sqldb.Revision{{Kind: "Issuer", ID: "kota"}}); err != nil {
		t.Fatal(err)
	}
	<-fetched
	cancel()
	<-done
}
