package issuer

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"go.uber.org/goleak"

	"simpul"
	"simpul/internal/platform/sqldb"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	bandung = simpul.AgencyID("bandungkota.go.id")
	simpus  = simpul.ApplicationID("simpus@bandungkota.go.id")
	gerbang = "https://gerbang.example.go.id"
)

var (
	operator = simpul.Acting("t-operator", simpul.RoleOperator, "")
	monday   = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
)

// world is a room with an issuer of others beside it.
type world struct {
	t       testing.TB
	db      *sqldb.DB
	now     time.Time
	issuers *Issuers
	trust   *Trust
	notices []simpul.Notice

	suspended   map[simpul.AgencyID]bool
	certificate *x509.Certificate // that every client shows

	server  *httptest.Server
	mu      sync.Mutex
	keys    []jose.JSONWebKey
	issuer  string // that the metadata names; the server's own address when empty
	jwks    string // likewise
	answer  http.HandlerFunc
	asked   int // for keys
	private *ecdsa.PrivateKey
}

func (w *world) Notify(_ context.Context, _ *sqldb.Tx, n simpul.Notice) error {
	w.notices = append(w.notices, n)
	return nil
}

func (w *world) IsSuspended(id simpul.AgencyID) bool           { return w.suspended[id] }
func (w *world) Shown(*http.Request) (*x509.Certificate, bool) { return w.certificate, false }
func (w *world) clock() time.Time                              { return w.now }
func (w *world) exec(statement string) error {
	return w.db.Write(context.Background(), simpul.NationScope(), func(tx *sqldb.Tx) error {
		_, err := tx.Exec(context.Background(), statement)
		return err
	})
}

func newWorld(t testing.TB, db *sqldb.DB) *world {
	t.Helper()
	w := &world{t: t, db: db, now: monday, suspended: map[simpul.AgencyID]bool{}}
	for _, statement := range []string{
		"INSERT INTO agency_agency (id, name, level, created_at, updated_at) VALUES ('bandungkota.go.id', 'Bandung', 'kota', 0, 0)",
		"INSERT INTO agency_application (id, agency, name, created_at, updated_at) VALUES ('simpus@bandungkota.go.id', 'bandungkota.go.id', 'Simpus', 0, 0)",
	} {
		if err := w.exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	w.private = newKey(t)
	w.keys = []jose.JSONWebKey{{Key: w.private.Public(), KeyID: "k1", Use: "sig"}}
	w.server = httptest.NewServer(http.HandlerFunc(w.serve))
	t.Cleanup(w.server.Close)
	w.issuers = NewIssuers(db, w.clock, w, func() string { return "https://hub.example.go.id" })
	w.trust = NewTrust(db, w, w, w.clock, slog.New(slog.DiscardHandler))
	return w
}

func newKey(t testing.TB) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func (w *world) serve(out http.ResponseWriter, r *http.Request) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case w.answer != nil:
		w.answer(out, r)
	case r.URL.Path == "/.well-known/openid-configuration":
		issuer, jwks := w.issuer, w.jwks
		if issuer == "" {
			issuer = w.server.URL
		}
		if jwks == "" {
			jwks = w.server.URL + "/keys"
		}
		json.NewEncoder(out).Encode(map[string]string{"issuer": issuer, "jwks_uri": jwks})
	case r.URL.Path == "/keys":
		w.asked++
		json.NewEncoder(out).Encode(jose.JSONWebKeySet{Keys: w.keys})
	default:
		http.NotFound(out, r)
	}
}

// spec is a declaration of the world's issuer.
func (w *world) spec(change func(*Spec)) Spec {
	s := Spec{Name: "Identitas Kota", Issuer: w.server.URL, Audience: gerbang, Algorithms: []string{"ES256", "RS256"},
		Keys: Source{Discovery: true}, Clients: []Client{{"simpus-bandung", simpus}}}
	if change != nil {
		change(&s)
	}
	return s
}

// believe declares the issuer, and has its keys fetched.
func (w *world) believe(change func(*Spec)) {
	w.t.Helper()
	if _, err := w.issuers.Put(w.t.Context(), operator, "kota", w.spec(change), false); err != nil {
		w.t.Fatal(err)
	}
	w.follow()
}

// follow brings the view up to date and tends the keys.
func (w *world) follow() {
	w.t.Helper()
	if err := w.trust.Load(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
	w.trust.Tend(w.t.Context())
}

// claims are those of a good token.
func (w *world) claims(change func(map[string]any)) map[string]any {
	c := map[string]any{
		"iss": w.server.URL, "aud": gerbang, "sub": "simpus-bandung", "client_id": "simpus-bandung", "jti": "tok-1",
		"iat": w.now.Unix(), "exp": w.now.Add(5 * time.Minute).Unix(),
	}
	if change != nil {
		change(c)
	}
	return c
}

// sign makes a token of claims with the issuer's key.
func (w *world) sign(claims any) simpul.Secret {
	w.t.Helper()
	return signed(w.t, w.private, "k1", "at+jwt", claims)
}

func signed(t testing.TB, key any, id, typ string, claims any) simpul.Secret {
	t.Helper()
	algorithm := jose.ES256
	switch key.(type) {
	case []byte:
		algorithm = jose.HS256
	}
	options := (&jose.SignerOptions{}).WithType(jose.ContentType(typ))
	if id != "" {
		options = options.WithHeader("kid", id)
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: algorithm, Key: key}, options)
	if err != nil {
		t.Fatal(err)
	}
	payload, ok := claims.(string)
	if !ok {
		text, err := json.Marshal(claims)
		if err != nil {
			t.Fatal(err)
		}
		payload = string(text)
	}
	object, err := signer.Sign([]byte(payload))
	if err != nil {
		t.Fatal(err)
	}
	token, err := object.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return simpul.Secret(token)
}

func (w *world) call(token simpul.Secret) (simpul.Consumer, error) {
	return w.trust.Authenticate(httptest.NewRequest(http.MethodGet, "/master/Kota", nil), token)
}

// signedWith signs with further members of the header.
func signedWith(t testing.TB, key *ecdsa.PrivateKey, header map[string]any, claims any) simpul.Secret {
	t.Helper()
	options := (&jose.SignerOptions{}).WithType("at+jwt")
	for name, value := range header {
		options = options.WithHeader(jose.HeaderKey(name), value)
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: key}, options)
	if err != nil {
		t.Fatal(err)
	}
	payload, err := json.Marshal(claims)
	if err != nil {
		t.Fatal(err)
	}
	object, err := signer.Sign(payload)
	if err != nil {
		t.Fatal(err)
	}
	token, err := object.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return simpul.Secret(token)
}
