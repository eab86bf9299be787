package app

import (
	"context"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"simpul"
	"simpul/internal/platform/config"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
	"simpul/internal/platform/trail"
	"simpul/internal/registry/agency"
	"simpul/internal/registry/identity"
	"simpul/internal/registry/oidc"
)

const (
	personID  = simpul.AccountID("siti@bandungkota.go.id")
	warga     = "warga@bandungkota.go.id"
	wargaBack = "https://warga.bandungkota.go.id/kembali"
)

// What began in a session ends with it, on every node; and with the person's
// account.
func TestASessionEndsItsTokensOnAnotherNode(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { endsItsTokens(t, "sqlite://"+filepath.Join(t.TempDir(), "simpul.db")) })
	t.Run("postgres", func(t *testing.T) { endsItsTokens(t, testkit.PostgresURL(t)) })
}

func endsItsTokens(t *testing.T, database string) {
	said := &transcript{}
	here := node(t, database, said, nil)
	letters := &captured{}
	others := here.people()
	others.Mailer = letters
	here.Identity.Connect(others)
	key := wargaApplication(t, here)
	at := serving(t, here)
	there := node(t, database, said, func(c *config.Config) {
		c.Vault.File, c.Gateway.URL = here.config.Vault.File, at.Gateway
	})
	serving(t, there)

	operator := simpul.Acting("", simpul.RoleOperator, "")
	who := identity.Newcomer{ID: string(personID), Personal: identity.Personal{Name: "Siti Rahma", Email: "siti@example.go.id"}, Roles: []identity.Assignment{{Role: simpul.RoleAdmin}}}
	if _, err := here.Identity.Invite(t.Context(), operator, who); err != nil {
		t.Fatal(err)
	}
	b := newPersonBrowser(t, at)
	secret := b.join(letters.code())

	first := b.token(key, "openid")
	holds(t, there, first, true)
	b.post("/keluar", nil)
	holds(t, there, first, false)

	b.signIn(secret)
	offline := b.token(key, "openid offline_access")
	holds(t, there, offline, true)
	if _, err := here.Identity.Suspend(t.Context(), operator, string(personID)); err != nil {
		t.Fatal(err)
	}
	holds(t, there, offline, false)
	said.withholds(t, here, secret, personPassword, letters.code(), strings.ReplaceAll(letters.code(), "-", ""), key.Reveal(), first.Reveal(), offline.Reveal(), "Siti Rahma", "siti@example.go.id")
	if text := b.get("/akun"); !strings.Contains(text, `name="password"`) {
		t.Error("whoever is suspended is still signed in")
	}
}

// transcript is what the hubs of a test log.
type transcript struct {
	mu   sync.Mutex
	text strings.Builder
}

func (s *transcript) Write(line []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(line)
}

// withholds checks that neither the log nor the audit trail tells a secret, or
// who somebody is as a person.
func (s *transcript) withholds(t *testing.T, h *Hub, secrets ...string) {
	t.Helper()
	s.mu.Lock()
	told := s.text.String()
	s.mu.Unlock()
	err := h.db.Read(t.Context(), simpul.NationScope(), func(tx *sqldb.Tx) error {
		events, err := trail.List(t.Context(), tx, trail.Filter{}, 0, 1000)
		for _, e := range events {
			told += fmt.Sprintf("%+v\n", e)
		}
		return err
	})
	if err != nil || !strings.Contains(told, "session.begin") {
		t.Fatalf("the trail is not there: %v", err)
	}
	for _, text := range secrets {
		if text == "" || strings.Contains(told, text) {
			t.Errorf("%q is told:\n%s", text, told)
		}
	}
}

// holds waits until the node accepts the token, or refuses it.
func holds(t *testing.T, node *Hub, token simpul.Secret, want bool) {
	t.Helper()
	deadline, tick := time.After(waitMost), time.NewTicker(10*time.Millisecond)
	defer tick.Stop()
	for {
		_, err := node.tokens.Verifier().Authenticate(nil, token)
		if (err == nil) == want {
			return
		}
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("accepted: %v (%v)", !want, err)
		}
	}
}

func node(t *testing.T, database string, said io.Writer, change func(*config.Config)) *Hub {
	t.Helper()
	c := config.Default()
	c.Data, c.Gateway.Addr, c.Control.Addr, c.Drain.Delay, c.Database.URL = t.TempDir(), "127.0.0.1:0", "127.0.0.1:0", 0, database
	if change != nil {
		change(&c)
	}
	if err := c.Validate(); err != nil {
		t.Fatal(err)
	}
	h, err := Open(t.Context(), c, slog.New(slog.NewTextHandler(said, &slog.HandlerOptions{Level: slog.LevelDebug})))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.Close() })
	return h
}

// wargaApplication registers an application that signs people in, and returns
// its key.
func wargaApplication(t *testing.T, h *Hub) simpul.Secret {
	t.Helper()
	operator := simpul.Acting("", simpul.RoleOperator, "")
	if _, err := h.Agencies.Put(t.Context(), operator, "bandungkota.go.id", agency.Spec{Name: "Bandung", Level: agency.Kota, Region: "32.73"}, false); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Applications.Put(t.Context(), operator, warga, agency.ApplicationSpec{Name: "Warga"}, false); err != nil {
		t.Fatal(err)
	}
	spec := oidc.ClientSpec{RedirectURIs: []string{wargaBack}, TokenEndpointAuthMethod: "client_secret_basic", GrantTypes: []string{"authorization_code", "refresh_token"}}
	if _, err := h.tokens.PutClient(t.Context(), operator, warga, spec); err != nil {
		t.Fatal(err)
	}
	_, key, err := h.Applications.IssueKey(t.Context(), operator, warga, agency.KeyWish{})
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// captured is the post of a test: it keeps the link of the last invitation.
type captured struct {
	mu   sync.Mutex
	link string
}

func (c *captured) Invite(_ context.Context, _ *sqldb.Tx, _, _ string, _ simpul.Language, link, _ string, _ time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.link = link
	return nil
}

func (c *captured) code() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, code, _ := strings.Cut(c.link, "#")
	return code
}

// personBrowser is a person's browser on the portal.
type personBrowser struct {
	t      *testing.T
	at     Ready
	client *http.Client
}

func newPersonBrowser(t *testing.T, at Ready) personBrowser {
	jar, _ := cookiejar.New(nil)
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return personBrowser{t, at, &http.Client{Jar: jar, Transport: transport, CheckRedirect: stay}}
}

func (b personBrowser) get(path string) string {
	b.t.Helper()
	res, err := b.client.Get(b.at.Control + path)
	return b.read(res, err)
}

func (b personBrowser) post(path string, form url.Values) string {
	b.t.Helper()
	res, err := b.client.PostForm(b.at.Control+path, form)
	return b.read(res, err)
}

// read returns the page, and where it leads on.
func (b personBrowser) read(res *http.Response, err error) string {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode >= 400 {
		b.t.Fatalf("%s: %d %v %s", res.Request.URL.Path, res.StatusCode, err, text)
	}
	if next, err := res.Location(); err == nil && next.Host == res.Request.URL.Host {
		return b.get(next.RequestURI())
	}
	return string(text)
}

func (b personBrowser) found(pattern, page string) string {
	b.t.Helper()
	m := regexp.MustCompile(pattern).FindStringSubmatch(page)
	if m == nil {
		b.t.Fatalf("no %s on the page: %s", pattern, page)
	}
	return html.UnescapeString(m[1])
}

const personPassword = "empat kuda makan rumput"

// join comes in by an invitation, and returns the authenticator's secret.
func (b personBrowser) join(code string) (secret string) {
	b.t.Helper()
	b.post("/undangan", url.Values{"code": {code}})
	secret = strings.ReplaceAll(b.found(`id="kunci"[^>]*>([A-Z2-7-]+)<`, b.get("/undangan/sandi")), "-", "")
	b.post("/undangan/sandi", url.Values{"password": {personPassword}, "code": {b.digits(secret, 0)}})
	return secret
}

// signIn uses the next code of the authenticator: that of now is used up.
func (b personBrowser) signIn(secret string) {
	b.t.Helper()
	b.post("/masuk", url.Values{"account": {string(personID)}, "password": {personPassword}, "code": {b.digits(secret, 30*time.Second)}})
}

func (b personBrowser) digits(secret string, later time.Duration) string {
	b.t.Helper()
	code, err := totp.GenerateCode(secret, time.Now().Add(later))
	if err != nil {
		b.t.Fatal(err)
	}
	return code
}

// token signs the person in to the application.
func (b personBrowser) token(key simpul.Secret, scope string) simpul.Secret {
	b.t.Helper()
	const verifier, challenge = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM" // RFC 7636 appendix B
	page := b.get("/oauth2/authorize?" + url.Values{"client_id": {warga}, "redirect_uri": {wargaBack}, "response_type": {"code"},
		"scope": {scope}, "prompt": {"consent"}, "code_challenge": {challenge}, "code_challenge_method": {"S256"}}.Encode())
	page = b.post("/oauth2/consent", url.Values{"request": {b.found(`name="request" value="([^"]+)"`, page)}, "decision": {"allow"}})
	at, err := url.Parse(b.found(`href="(https://warga[^"]+)"`, page))
	if err != nil {
		b.t.Fatal(err)
	}
	form := url.Values{"grant_type": {"authorization_code"}, "code": {at.Query().Get("code")}, "redirect_uri": {wargaBack}, "code_verifier": {verifier}}
	r, err := http.NewRequestWithContext(b.t.Context(), http.MethodPost, b.at.Gateway+"/oauth2/token", strings.NewReader(form.Encode()))
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.SetBasicAuth(url.QueryEscape(warga), key.Reveal())
	res, err := b.client.Do(r)
	var given struct {
		Token string `json:"access_token"`
	}
	if err := json.Unmarshal([]byte(b.read(res, err)), &given); err != nil || given.Token == "" {
		b.t.Fatalf("no token: %v", err)
	}
	return simpul.Secret(given.Token)
}
