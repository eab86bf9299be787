package oidc

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
)

const (
	issuer  = "https://hub.go.id"
	control = "https://kendali.hub.go.id"
	warga   = simpul.ApplicationID("warga@bandungkota.go.id")
	dapodik = simpul.ApplicationID("dapodik@kemdikbud.go.id")
)

var start = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

// sealer is a vault with one key.
type sealer struct{ aead cipher.AEAD }

func newSealer(t testing.TB) sealer {
	t.Helper()
	key := make([]byte, 16)
	rand.Read(key)
	block, err := aes.NewCipher(key)
	if err != nil {
		t.Fatal(err)
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		t.Fatal(err)
	}
	return sealer{aead}
}

func (s sealer) Seal(plaintext []byte, table, row, column string) ([]byte, error) {
	return s.aead.Seal(nil, nil, plaintext, []byte(table+"/"+row+"/"+column)), nil
}

func (s sealer) Open(sealed []byte, table, row, column string) ([]byte, error) {
	return s.aead.Open(nil, nil, sealed, []byte(table+"/"+row+"/"+column))
}

// keyring is what the agency room knows.
type keyring struct {
	mu        sync.Mutex
	keys      map[string]simpul.Consumer // by secret
	suspended map[simpul.AgencyID]bool
	failed    error
}

func (k *keyring) Authenticate(secret simpul.Secret) (simpul.Consumer, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	c, known := k.keys[secret.Reveal()]
	switch {
	case k.failed != nil:
		return simpul.Consumer{}, k.failed
	case !known:
		return simpul.Consumer{}, &simpul.Error{Code: simpul.CodeUnauthenticated}
	case k.suspended[c.Application.Agency()]:
		return simpul.Consumer{}, suspended(c.Application.Agency())
	}
	return c, nil
}

func (k *keyring) IsLive(id string) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, c := range k.keys {
		if c.Credential == id {
			return true
		}
	}
	return false
}

func (k *keyring) IsSuspended(id simpul.AgencyID) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.suspended[id]
}

func (k *keyring) revoke(secret string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.keys, secret)
}

func (k *keyring) suspend(id simpul.AgencyID) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.suspended[id] = true
}

// watch is a clock that the test sets.
type watch struct {
	mu sync.Mutex
	at time.Time
}

func (w *watch) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.at
}

func (w *watch) set(t time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.at = t
}

func (w *watch) pass(d time.Duration) { w.set(w.now().Add(d)) }

// world is a provider with two applications that have a key each.
type world struct {
	*Provider
	t       testing.TB
	db      *sqldb.DB
	vault   sealer
	keyring *keyring
	people  *people
	shown   *shown
	watch   *watch
	log     *bytes.Buffer
	mux     *http.ServeMux
}

func newWorld(t testing.TB, db *sqldb.DB) *world {
	t.Helper()
	populate(t, db)
	w := &world{
		t: t, db: db, vault: newSealer(t), watch: &watch{at: start}, people: newPeople(), shown: &shown{},
		keyring: &keyring{suspended: map[simpul.AgencyID]bool{}, keys: map[string]simpul.Consumer{
			"spk_warga":   {Application: warga, Credential: "k-warga"},
			"spk_dapodik": {Application: dapodik, Credential: "k-dapodik"},
		}},
	}
	w.begin()
	return w
}

// begin starts the provider, as a process would.
func (w *world) begin() {
	w.t.Helper()
	w.log = &bytes.Buffer{}
	var err error
	w.Provider, err = New(w.db, w.vault, w.neighbours(), w.watch.now, slog.New(slog.NewTextHandler(w.log, nil)))
	if err == nil {
		err = w.Announce(Addresses{Issuer: issuer, Control: control})
	}
	if err == nil {
		err = w.Load(w.t.Context())
	}
	if err != nil {
		w.t.Fatal(err)
	}
	w.mux = http.NewServeMux()
	w.Register(w.mux)
}

// node is another process of the same hub.
func (w *world) node() *world {
	w.t.Helper()
	other := &world{t: w.t, db: w.db, vault: w.vault, keyring: w.keyring, people: w.people, shown: w.shown, watch: w.watch}
	other.begin()
	return other
}

// sqlite is a world on a database of its own.
func sqlite(t testing.TB) *world { return newWorld(t, testkit.SQLite(t)) }

func populate(t testing.TB, db *sqldb.DB) {
	t.Helper()
	err := db.Write(t.Context(), simpul.NationScope(), func(tx *sqldb.Tx) error {
		for _, id := range []simpul.ApplicationID{warga, dapodik} {
			if _, err := tx.Exec(t.Context(), `INSERT INTO agency_agency (id, name, level, created_at, updated_at) VALUES ($1, 'A', 'kota', 0, 0)`, id.Agency()); err != nil {
				return err
			}
			if _, err := tx.Exec(t.Context(), `INSERT INTO agency_application (id, agency, name, created_at, updated_at) VALUES ($1, $2, 'A', 0, 0)`, id, id.Agency()); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// post sends a form; change adds to the request.
func (w *world) post(path string, f url.Values, change ...func(*http.Request)) *httptest.ResponseRecorder {
	w.t.Helper()
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(f.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for _, c := range change {
		c(r)
	}
	rec := httptest.NewRecorder()
	w.mux.ServeHTTP(rec, r)
	return rec
}

func basic(id simpul.ApplicationID, secret string) func(*http.Request) {
	return func(r *http.Request) { r.SetBasicAuth(url.QueryEscape(string(id)), url.QueryEscape(secret)) }
}

func clientCredentials(more ...string) url.Values {
	f := url.Values{"grant_type": {"client_credentials"}}
	for i := 0; i < len(more); i += 2 {
		f.Add(more[i], more[i+1])
	}
	return f
}

// buy gets a token by API key.
func (w *world) buy(id simpul.ApplicationID, secret string) simpul.Secret {
	w.t.Helper()
	rec := w.post(TokenPath, clientCredentials(), basic(id, secret))
	if rec.Code != http.StatusOK {
		w.t.Fatalf("no token: %d %s", rec.Code, rec.Body)
	}
	return simpul.Secret(decode[tokenAnswer](w.t, rec).AccessToken)
}

func decode[T any](t testing.TB, rec *httptest.ResponseRecorder) (v T) {
	t.Helper()
	if err := json.Unmarshal(rec.Body.Bytes(), &v); err != nil {
		t.Fatalf("%v: %s", err, rec.Body)
	}
	return v
}

type refusalBody struct {
	Error       string `json:"error"`
	Description string `json:"error_description"`
}

// wantAccepted and wantRefused are what the gateway would find.
func (w *world) wantAccepted(token simpul.Secret, want simpul.Consumer) {
	w.t.Helper()
	for range 2 { // by signature, then from the cache
		if got, err := w.Verifier().Authenticate(nil, token); err != nil || got != want {
			w.t.Errorf("got %+v, %v; want %+v", got, err, want)
		}
	}
}

func (w *world) wantRefused(token simpul.Secret, code simpul.Code, why string) {
	w.t.Helper()
	got, err := w.Verifier().Authenticate(nil, token)
	if simpul.CodeOf(err) != code || got != (simpul.Consumer{}) || !strings.Contains(err.Error(), why) {
		w.t.Errorf("got %+v, %v; want %s because of %q", got, err, code, why)
	}
}

// pair is a key pair of an application.
type pair struct {
	alg     jose.SignatureAlgorithm
	private any
	jwk     []byte // public
	kid     string
}

func newPair(t testing.TB, alg jose.SignatureAlgorithm) pair {
	t.Helper()
	var private, public any
	var err error
	switch alg {
	case jose.ES256:
		var k *ecdsa.PrivateKey
		k, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		private, public = k, &k.PublicKey
	case jose.EdDSA:
		public, private, err = ed25519.GenerateKey(rand.Reader)
	default:
		var k *rsa.PrivateKey
		k, err = rsa.GenerateKey(rand.Reader, 2048)
		private, public = k, &k.PublicKey
	}
	if err != nil {
		t.Fatal(err)
	}
	kid, err := thumbprint(public)
	if err != nil {
		t.Fatal(err)
	}
	jwk, err := json.Marshal(jose.JSONWebKey{Key: public})
	if err != nil {
		t.Fatal(err)
	}
	return pair{alg, private, jwk, kid}
}

// register gives the application the key.
func (w *world) register(id simpul.ApplicationID, k pair) ClientKey {
	w.t.Helper()
	stored, err := w.RegisterKey(w.t.Context(), simpul.Acting("", simpul.RoleAdmin, id.Agency()), string(id), k.jwk, "uji")
	if err != nil {
		w.t.Fatal(err)
	}
	return stored
}

// claims of a good assertion, with changes; nil removes one.
func (w *world) claims(id simpul.ApplicationID, changes map[string]any) map[string]any {
	c := map[string]any{
		"iss": string(id), "sub": string(id), "aud": issuer, "jti": rand.Text(),
		"iat": w.now().Unix(), "exp": w.now().Add(time.Minute).Unix(),
	}
	maps.Copy(c, changes)
	maps.DeleteFunc(c, func(_ string, v any) bool { return v == nil })
	return c
}

func jws(t testing.TB, alg jose.SignatureAlgorithm, key any, header map[jose.HeaderKey]any, claims any) string {
	t.Helper()
	s, err := jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: key}, &jose.SignerOptions{ExtraHeaders: header})
	if err != nil {
		t.Fatal(err)
	}
	payload, err := json.Marshal(claims)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := s.Sign(payload)
	if err != nil {
		t.Fatal(err)
	}
	text, err := signed.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func (w *world) assertion(k pair, id simpul.ApplicationID, changes map[string]any) string {
	return jws(w.t, k.alg, k.private, map[jose.HeaderKey]any{"kid": k.kid}, w.claims(id, changes))
}

// revisions returns all changes after the number, as a follower gets them.
func (w *world) revisions(after int64) (all []sqldb.Revision) {
	w.t.Helper()
	ctx, stop := context.WithCancel(w.t.Context())
	w.db.Follow(ctx, after, func(batch []sqldb.Revision) error {
		all = batch
		stop()
		return nil
	}, func(err error) {
		if !errors.Is(err, context.Canceled) {
			w.t.Error(err)
		}
	})
	return all
}

func (w *world) lastRevision() int64 {
	w.t.Helper()
	last, err := w.db.LastRevision(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	return last
}
