package signin_test

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
	"simpul/internal/platform/trail"
	"simpul/internal/platform/web"
	"simpul/internal/registry/signin"
)

const (
	siti  = simpul.AccountID("siti.rahma@bandungkota.go.id")
	budi  = simpul.AccountID("budi@bandungkota.go.id")
	place = "http://hub.example.go.id:8081"

	password = "empat kuda makan rumput"
)

var monday = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

// sealer seals as the vault does: bound to the place.
type sealer struct{ aead cipher.AEAD }

func newSealer(t testing.TB) sealer {
	block, err := aes.NewCipher([]byte("0123456789abcdef"))
	if err != nil {
		t.Fatal(err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		t.Fatal(err)
	}
	return sealer{aead}
}

func (s sealer) Seal(plaintext []byte, table, row, column string) ([]byte, error) {
	nonce := make([]byte, s.aead.NonceSize())
	rand.Read(nonce)
	return s.aead.Seal(nonce, nonce, plaintext, []byte(table+"/"+row+"/"+column)), nil
}

func (s sealer) Open(sealed []byte, table, row, column string) ([]byte, error) {
	n := s.aead.NonceSize()
	if len(sealed) < n {
		return nil, io.ErrUnexpectedEOF
	}
	return s.aead.Open(nil, sealed[:n], sealed[n:], []byte(table+"/"+row+"/"+column))
}

func (s sealer) Digest(value, purpose string) (string, error) {
	mac := hmac.New(sha256.New, []byte("key"))
	mac.Write([]byte(purpose + "\x00" + value))
	return hex.EncodeToString(mac.Sum(nil)), nil
}

// hasher counts how often it hashes, and is quick.
type hasher struct {
	mu     sync.Mutex
	hashes int
}

func (h *hasher) Hash(p simpul.Secret) (string, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.hashes++
	return "hashed:" + p.Digest(), nil
}

func (h *hasher) Matches(stored string, p simpul.Secret) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.hashes++
	return stored == "hashed:"+p.Digest()
}

// count returns how many hashes there were since it was asked last.
func (h *hasher) count() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	n := h.hashes
	h.hashes = 0
	return n
}

// registry is who has an account, an invitation or a token.
type registry struct {
	mu      sync.Mutex
	people  map[simpul.AccountID]signin.Person
	invites map[simpul.Secret]signin.Invitation
	tokens  map[simpul.Secret]simpul.Principal
	nation  map[simpul.AccountID]bool // who acts for every agency
}

func refused(code simpul.Code) error {
	return &simpul.Error{Code: code, Message: simpul.Text{ID: "Tidak ada.", EN: "Not there."}}
}

func (r *registry) Person(_ context.Context, id simpul.AccountID) (signin.Person, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	p, ok := r.people[id]
	if !ok {
		return p, refused(simpul.CodeNotFound)
	}
	return p, nil
}

func (r *registry) PrincipalOf(ctx context.Context, id simpul.AccountID) (simpul.Principal, error) {
	p, err := r.Person(ctx, id)
	if err != nil || !p.Active {
		return simpul.Principal{}, refused(simpul.CodeUnauthenticated)
	}
	acting := simpul.Acting(string(id), simpul.RoleAdmin, id.Agency())
	if r.nation[id] {
		acting = simpul.Acting(string(id), simpul.RoleOperator, "")
	}
	acting.Account = id
	return acting, nil
}

func (r *registry) Principal(_ context.Context, token simpul.Secret) (simpul.Principal, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	p, ok := r.tokens[token]
	if !ok {
		return p, refused(simpul.CodeUnauthenticated)
	}
	return p, nil
}

func (r *registry) TokenHolder(_ context.Context, id string) (simpul.Principal, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, p := range r.tokens {
		if p.ID == id {
			return p, nil
		}
	}
	return simpul.Principal{}, refused(simpul.CodeUnauthenticated)
}

func (r *registry) Invitation(_ context.Context, code simpul.Secret) (signin.Invitation, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	inv, ok := r.invites[code]
	if !ok {
		return inv, refused(simpul.CodeNotFound)
	}
	return inv, nil
}

func (r *registry) Redeem(ctx context.Context, _ *sqldb.Tx, code simpul.Secret) (signin.Invitation, error) {
	inv, err := r.Invitation(ctx, code)
	if err != nil {
		return inv, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.invites, code)
	r.people[inv.Account] = signin.Person{ID: inv.Account, Name: inv.Name, Active: true}
	return inv, nil
}

// close makes an account one that does not get in.
func (r *registry) close(id simpul.AccountID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	p := r.people[id]
	p.Active = false
	r.people[id] = p
}

// inbox is what people were told.
type inbox struct {
	mu  sync.Mutex
	all []simpul.Notice
}

func (i *inbox) Notify(_ context.Context, _ *sqldb.Tx, n simpul.Notice) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.all = append(i.all, n)
	return nil
}

func (i *inbox) topics(topic string) (n int) {
	i.mu.Lock()
	defer i.mu.Unlock()
	for _, x := range i.all {
		if x.Topic == topic {
			n++
		}
	}
	return n
}

// world is a hub's sign-in with a page that tells who is signed in.
type world struct {
	http.Handler
	*signin.Service
	pages    *signin.Pages
	db       *sqldb.DB
	registry *registry
	hasher   *hasher
	inbox    *inbox
	at       time.Time    // what its clock shows
	passed   atomic.Int64 // ns, on top of it
	mux      *http.ServeMux
}

func newWorld(t testing.TB, db *sqldb.DB) *world {
	t.Helper()
	w := &world{
		db: db, hasher: &hasher{}, inbox: &inbox{}, at: monday,
		registry: &registry{people: map[simpul.AccountID]signin.Person{}, invites: map[simpul.Secret]signin.Invitation{}, tokens: map[simpul.Secret]simpul.Principal{
			"spt_operator": simpul.Acting("t-operator", simpul.RoleOperator, ""),
		}},
	}
	log := slog.New(slog.DiscardHandler)
	w.Service = signin.New(db, w.registry, w.inbox, newSealer(t), w.hasher, signin.Limits{Idle: 30 * time.Minute, Absolute: 12 * time.Hour}, func() time.Time { return w.at.Add(time.Duration(w.passed.Load())) }, log)
	if err := w.Announce(place); err != nil {
		t.Fatal(err)
	}
	w.pages = signin.NewPages(w.Service, false, log)
	mux := http.NewServeMux()
	w.mux = mux
	w.pages.Register(mux)
	mux.HandleFunc("GET /who", func(out http.ResponseWriter, r *http.Request) {
		visitor, ok := signin.Visitor(r.Context())
		if !ok {
			io.WriteString(out, "nobody")
			return
		}
		io.WriteString(out, visitor.ID)
	})
	screens := web.Localize(w.pages.Remember(web.Secure(mux)))
	w.Handler = http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		from := r.Header.Get("X-From")
		if from == "" {
			from = "192.0.2.1"
		}
		screens.ServeHTTP(out, r.WithContext(trail.WithOrigin(r.Context(), from)))
	})
	return w
}

func quickWorld(t testing.TB) *world { return newWorld(t, testkit.SQLite(t)) }

// invite makes an invitation and returns its code.
func (w *world) invite(id simpul.AccountID, recover bool) simpul.Secret {
	w.registry.mu.Lock()
	defer w.registry.mu.Unlock()
	code := simpul.NewSecret("")
	w.registry.invites[code] = signin.Invitation{Account: id, Name: "Siti Rahma", Recover: recover, Until: w.at.Add(time.Hour)}
	return code
}

// window is one browser: it keeps cookies.
type window struct {
	t     testing.TB
	world *world
	jar   map[string]string
	from  string // its address
}

func (w *world) window(t testing.TB) *window {
	return &window{t: t, world: w, jar: map[string]string{}, from: "192.0.2.1"}
}

func (b *window) do(r *http.Request) *httptest.ResponseRecorder {
	b.t.Helper()
	for name, value := range b.jar {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	r.Header.Set("X-From", b.from)
	r.Header.Set("User-Agent", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36")
	out := httptest.NewRecorder()
	b.world.ServeHTTP(out, r)
	for _, c := range out.Result().Cookies() {
		if c.MaxAge < 0 {
			delete(b.jar, c.Name)
		} else {
			b.jar[c.Name] = c.Value
		}
	}
	return out
}

func (b *window) get(path string) *httptest.ResponseRecorder {
	b.t.Helper()
	return b.do(httptest.NewRequest(http.MethodGet, place+path, nil))
}

func (b *window) post(path string, form url.Values) *httptest.ResponseRecorder {
	b.t.Helper()
	r := httptest.NewRequest(http.MethodPost, place+path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.do(r)
}

// send posts JSON and returns the answer's.
func (b *window) send(path string, body any) (int, map[string]any) {
	b.t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		b.t.Fatal(err)
	}
	out := b.do(httptest.NewRequest(http.MethodPost, place+path, strings.NewReader(string(text))))
	got := map[string]any{}
	if err := json.Unmarshal(out.Body.Bytes(), &got); err != nil {
		b.t.Fatalf("%s: %v: %s", path, err, out.Body)
	}
	return out.Code, got
}

func (b *window) who() string { return b.get("/who").Body.String() }

// person is somebody who came in by an invitation and what they came away with.
type person struct {
	*window
	totp  string   // secret of the authenticator
	codes []string // recovery codes
}

var (
	keyPattern  = regexp.MustCompile(`id="kunci"[^>]*>([A-Z2-7-]+)<`)
	codePattern = regexp.MustCompile(`[a-z2-7]{4}-[a-z2-7]{4}-[a-z2-7]{4}-[a-z2-7]{4}`)
)

// join brings somebody in with a password and an authenticator.
func (w *world) join(t testing.TB, id simpul.AccountID) person {
	t.Helper()
	p := person{window: w.window(t)}
	p.open(w.invite(id, false))
	p.totp = p.authenticator("/undangan/sandi")
	out := p.post("/undangan/sandi", url.Values{"password": {password}, "code": {p.code()}})
	if out.Code != http.StatusSeeOther || out.Header().Get("Location") != "/akun/kode-pemulihan" {
		t.Fatalf("join: %d %s", out.Code, out.Body)
	}
	p.codes = p.kept()
	return p
}

// open enters an invitation.
func (b *window) open(code simpul.Secret) {
	b.t.Helper()
	out := b.post("/undangan", url.Values{"code": {strings.ToUpper(code.Reveal())}})
	if out.Code != http.StatusSeeOther || out.Header().Get("Location") != "/undangan/pilih" {
		b.t.Fatalf("invitation: %d %s", out.Code, out.Body)
	}
}

// authenticator returns the secret that a page shows.
func (b *window) authenticator(path string) string {
	b.t.Helper()
	m := keyPattern.FindStringSubmatch(b.get(path).Body.String())
	if m == nil {
		b.t.Fatalf("%s shows no key", path)
	}
	return strings.ReplaceAll(m[1], "-", "")
}

// code is what the authenticator shows now.
func (p person) code() string {
	p.t.Helper()
	code, err := totp.GenerateCode(p.totp, p.world.at)
	if err != nil {
		p.t.Fatal(err)
	}
	return code
}

// kept reads the recovery codes and says that they are kept.
func (b *window) kept() []string {
	b.t.Helper()
	codes := codePattern.FindAllString(b.get("/akun/kode-pemulihan").Body.String(), -1)
	if len(codes) != 10 {
		b.t.Fatalf("recovery codes: %v", codes)
	}
	b.post("/akun/kode-pemulihan/selesai", nil)
	return codes
}

// signIn tries to sign in from a fresh browser.
func (w *world) signIn(t testing.TB, account, password, code string) (*window, *httptest.ResponseRecorder) {
	b := w.window(t)
	return b, b.post("/masuk", url.Values{"account": {account}, "password": {password}, "code": {code}, "next": {"/who"}})
}

// trailOf lists the actions in a person's trail, the newest first.
func (w *world) trailOf(t testing.TB, id simpul.AccountID) (actions []string) {
	t.Helper()
	err := w.db.Read(t.Context(), simpul.NationScope(), func(tx *sqldb.Tx) error {
		events, err := trail.List(t.Context(), tx, trail.Filter{Account: id}, 0, 100)
		for _, e := range events {
			actions = append(actions, e.Action)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return actions
}

// column is one column of a table, as the scope sees it.
func (w *world) column(t testing.TB, scope simpul.Scope, query string) (all []string) {
	t.Helper()
	err := w.db.Read(t.Context(), scope, func(tx *sqldb.Tx) (err error) {
		all, err = sqldb.All(t.Context(), tx, func(scan sqldb.Scan) (s string, err error) { return s, scan(&s) }, query)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
