package oidc

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/web"
)

const (
	siti     = simpul.AccountID("siti.rahma@bandungkota.go.id")
	budi     = simpul.AccountID("budi@kemdikbud.go.id")
	callback = "https://warga.bandungkota.go.id/masuk/selesai"
	goodbye  = "https://warga.bandungkota.go.id/keluar"
)

// people is what the rooms of accounts and sessions know.
type people struct {
	mu       sync.Mutex
	persons  map[simpul.AccountID]Person
	sessions map[string]Session // by cookie
	ended    map[string]bool    // by ID
}

func newPeople() *people {
	return &people{
		persons: map[simpul.AccountID]Person{
			siti: {Account: siti, Name: "Siti Rahma", Email: "siti.rahma@bandungkota.go.id", Language: simpul.Indonesian, Agency: siti.Agency(), Roles: []simpul.Role{simpul.RoleConsumer}, Active: true},
			budi: {Account: budi, Name: "Budi", Email: "budi@kemdikbud.go.id", Language: simpul.English, Agency: budi.Agency(), Active: true},
		},
		sessions: map[string]Session{}, ended: map[string]bool{},
	}
}

func (p *people) Person(_ context.Context, id simpul.AccountID) (Person, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	person, known := p.persons[id]
	if !known {
		return Person{}, simpul.NotFound(simpul.Text{EN: "Account"}, string(id))
	}
	return person, nil
}

func (p *people) SignedIn(r *http.Request) (Session, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	cookie, err := r.Cookie("simpul")
	if err != nil {
		return Session{}, false
	}
	s, known := p.sessions[cookie.Value]
	return s, known && !p.ended[s.ID]
}

func (p *people) Ended(_ context.Context, id string) (bool, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.ended[id], nil
}

func (p *people) End(_ http.ResponseWriter, r *http.Request) error {
	s, ok := p.SignedIn(r)
	p.mu.Lock()
	defer p.mu.Unlock()
	if ok {
		p.ended[s.ID] = true
	}
	return nil
}

func (p *people) Application(_ context.Context, id simpul.ApplicationID) (Application, error) {
	return Application{Name: "Layanan Warga", Agency: "Pemerintah Kota Bandung"}, nil
}

func (p *people) close(id simpul.AccountID) {
	p.mu.Lock()
	defer p.mu.Unlock()
	person := p.persons[id]
	person.Active = false
	p.persons[id] = person
}

// shown is the TLS certificate of the next request.
type shown struct {
	mu          sync.Mutex
	certificate *x509.Certificate
	trusted     bool
}

func (s *shown) Shown(*http.Request) (*x509.Certificate, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.certificate, s.trusted
}

func (s *shown) show(c *x509.Certificate, trusted bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.certificate, s.trusted = c, trusted
}

func (w *world) neighbours() Neighbours {
	return Neighbours{Secrets: w.keyring, Live: w.keyring, Sessions: w.people, People: w.people, Applications: w.people, Certificates: w.shown}
}

// admin is who registers applications of the agency.
func admin(id simpul.AgencyID) simpul.Principal { return simpul.Acting("t-1", simpul.RoleAdmin, id) }

func standardSpec() ClientSpec {
	return ClientSpec{
		RedirectURIs: []string{callback}, PostLogoutRedirectURIs: []string{goodbye},
		TokenEndpointAuthMethod: bySecretBasic, GrantTypes: []string{grantCode, grantRefresh, grantClient},
	}
}

func (w *world) declare(id simpul.ApplicationID, s ClientSpec) {
	w.t.Helper()
	if _, err := w.PutClient(w.t.Context(), admin(id.Agency()), string(id), s); err != nil {
		w.t.Fatal(err)
	}
}

// browser is that of one person.
type browser struct {
	w       *world
	handler http.Handler
	cookie  string
	session string // public ID
}

func (w *world) browser() *browser {
	mux := http.NewServeMux()
	visitor := func(ctx context.Context) (simpul.Principal, bool) {
		who, ok := ctx.Value(visitorKey{}).(simpul.Principal)
		return who, ok
	}
	NewPages(w.Provider, visitor, "/masuk").Register(mux)
	return &browser{w: w, handler: web.Localize(web.Secure(httpapi.Unserved(mux, web.Fail)))}
}

type visitorKey struct{}

// signIn gives the browser a new session of the account.
func (b *browser) signIn(account simpul.AccountID) *browser {
	b.cookie, b.session = rand.Text(), "s-"+rand.Text()
	b.w.people.mu.Lock()
	defer b.w.people.mu.Unlock()
	b.w.people.sessions[b.cookie] = Session{ID: b.session, Account: account, At: b.w.now(), Methods: []string{"pwd", "otp", "mfa"}}
	return b
}

func (b *browser) do(method, target string, f url.Values, change ...func(*http.Request)) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, strings.NewReader(f.Encode()))
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	if b.cookie != "" {
		r.AddCookie(&http.Cookie{Name: "simpul", Value: b.cookie})
	}
	for _, c := range change {
		c(r)
	}
	rec := httptest.NewRecorder()
	b.handler.ServeHTTP(rec, r)
	return rec
}

const verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk-abc"

func challengeOf(verifier string) string {
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// asks are the parameters of a good authorization request, with changes; an
// empty value removes one.
func asks(changes ...string) url.Values {
	v := url.Values{
		"client_id": {string(warga)}, "redirect_uri": {callback}, "response_type": {"code"}, "scope": {"openid profile email agency"},
		"state": {"s t&=1"}, "nonce": {"n-1"}, "code_challenge": {challengeOf(verifier)}, "code_challenge_method": {"S256"},
	}
	for i := 0; i < len(changes); i += 2 {
		if changes[i+1] == "" {
			v.Del(changes[i])
		} else {
			v.Set(changes[i], changes[i+1])
		}
	}
	return v
}

func (b *browser) authorize(v url.Values) *httptest.ResponseRecorder {
	return b.do(http.MethodGet, AuthorizePath+"?"+v.Encode(), nil)
}

var hiddenRequest = regexp.MustCompile(`name="request" value="([^"]+)"`)

// consent answers the question on the page.
func (b *browser) consent(page *httptest.ResponseRecorder, decision string) *httptest.ResponseRecorder {
	b.w.t.Helper()
	m := hiddenRequest.FindStringSubmatch(page.Body.String())
	if m == nil {
		b.w.t.Fatalf("no question on the page: %d %s %s", page.Code, page.Header(), page.Body)
	}
	return b.do(http.MethodPost, ConsentPath, url.Values{"request": {m[1]}, "decision": {decision}})
}

// landing is where an answer sends the browser, by a redirect or by a page.
func landing(t testing.TB, rec *httptest.ResponseRecorder) *url.URL {
	t.Helper()
	place := rec.Header().Get("Location")
	if refresh, ok := strings.CutPrefix(rec.Header().Get("Refresh"), "0; url="); ok {
		place = refresh
		if !strings.Contains(rec.Body.String(), html.EscapeString(place)) {
			t.Errorf("the page has no link to %s", place)
		}
	}
	u, err := url.Parse(place)
	if err != nil || place == "" {
		t.Fatalf("leads nowhere: %d %v %s", rec.Code, rec.Header(), rec.Body)
	}
	return u
}

// code signs the browser's person in to the application and returns the code.
func (b *browser) code(v url.Values) string {
	b.w.t.Helper()
	rec := b.authorize(v)
	if hiddenRequest.MatchString(rec.Body.String()) {
		rec = b.consent(rec, "allow")
	}
	at := landing(b.w.t, rec)
	if at.Query().Get("code") == "" {
		b.w.t.Fatalf("no code: %s", at)
	}
	return at.Query().Get("code")
}

func exchange(code string, changes ...string) url.Values {
	f := url.Values{"grant_type": {grantCode}, "code": {code}, "redirect_uri": {callback}, "code_verifier": {verifier}}
	for i := 0; i < len(changes); i += 2 {
		f.Set(changes[i], changes[i+1])
	}
	return f
}

// tokens signs a person in to the application, all the way.
func (w *world) tokens(account simpul.AccountID, changes ...string) (tokenAnswer, *browser) {
	w.t.Helper()
	b := w.browser().signIn(account)
	rec := w.post(TokenPath, exchange(b.code(asks(changes...))), basic(warga, "spk_warga"))
	if rec.Code != http.StatusOK {
		w.t.Fatalf("no tokens: %d %s", rec.Code, rec.Body)
	}
	return decode[tokenAnswer](w.t, rec), b
}

func refreshing(token string, changes ...string) url.Values {
	f := url.Values{"grant_type": {grantRefresh}, "refresh_token": {token}}
	for i := 0; i < len(changes); i += 2 {
		f.Set(changes[i], changes[i+1])
	}
	return f
}

// payload reads a token's claims without checking them.
func payload(t testing.TB, token string) (claims map[string]any) {
	t.Helper()
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		t.Fatalf("not a token: %q", token)
	}
	text, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err == nil {
		err = json.Unmarshal(text, &claims)
	}
	if err != nil {
		t.Fatal(err)
	}
	return claims
}

func (w *world) userinfo(token string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, UserInfoPath, nil)
	r.Header.Set("Authorization", "Bearer "+token)
	rec := httptest.NewRecorder()
	w.mux.ServeHTTP(rec, r)
	return rec
}

// endSession is what the room of sessions does.
func (w *world) endSession(id string) {
	w.t.Helper()
	w.people.mu.Lock()
	w.people.ended[id] = true
	w.people.mu.Unlock()
	err := w.db.Write(w.t.Context(), simpul.NationScope(), func(tx *sqldb.Tx) error { return tx.Revise(w.t.Context(), "Session", id) })
	if err != nil {
		w.t.Fatal(err)
	}
}

// wantFault checks the one shape in which every endpoint refuses.
func wantFault(t testing.TB, what string, rec *httptest.ResponseRecorder, status int, code string) {
	t.Helper()
	var body map[string]any
	if err := json.Unmarshal(rec.Body.Bytes(), &body); err != nil || rec.Code != status || body["error"] != code || body["error_description"] == "" || len(body) != 2 {
		t.Errorf("%s: %d %s; want %d %s", what, rec.Code, rec.Body, status, code)
	}
	if rec.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("%s: may be kept: %v", what, rec.Header())
	}
}
