package signin_test

import (
	"bufio"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
	"simpul/internal/registry/signin"
)

const (
	bandung  = simpul.AgencyID("bandungkota.go.id")
	callback = "/masuk/instansi/kembali"
)

// withAgencies puts the agencies where the providers' rows refer to them.
func withAgencies(t *testing.T, w *world) {
	t.Helper()
	err := w.db.Write(t.Context(), nation, func(tx *sqldb.Tx) error {
		for _, id := range []string{string(bandung), "surabayakota.go.id"} {
			if _, err := tx.Exec(t.Context(), `INSERT INTO agency_agency (id, name, level, created_at, updated_at) VALUES ($1, $1, 'kota', 0, 0)`, id); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func admin(id simpul.AgencyID) simpul.Principal {
	return simpul.Acting("t-admin", simpul.RoleAdmin, id)
}

// connected is a world in which Bandung has connected the provider, and siti has
// an account.
func connected(t *testing.T, issuer string, required bool) *world {
	t.Helper()
	w := quickWorld(t)
	withAgencies(t, w)
	w.registry.people[siti] = signin.Person{ID: siti, Name: "Siti Rahma", Active: true}
	w.at = time.Now() // the provider signs with the machine's time
	err := w.SetUpstream(t.Context(), admin(bandung), bandung,
		signin.Upstream{Issuer: issuer, ClientID: "simpul", Claim: "email", Domain: "bandungkota.go.id", Required: required}, "rahasia-klien")
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// depart begins a sign-in and returns the provider's address.
func (b *window) depart() *url.URL {
	b.t.Helper()
	out := b.get("/masuk/instansi/mulai?agency=bandungkota.go.id&next=/who")
	to, err := url.Parse(out.Header().Get("Location"))
	if err != nil || out.Code != http.StatusSeeOther {
		b.t.Fatalf("departure: %d %s", out.Code, out.Body)
	}
	return to
}

// TestAnIndependentProvider signs in with node's oidc-provider, in the way in
// which a browser would be led.
func TestAnIndependentProvider(t *testing.T) {
	issuer := startProvider(t)
	w := connected(t, issuer, true)
	if page := w.window(t).get("/masuk/instansi?agency=siti.rahma@bandungkota.go.id").Body.String(); !strings.Contains(page, strings.TrimPrefix(issuer, "http://")) {
		t.Error("the page does not say where it leads")
	}
	b := w.window(t)
	out := b.get(walk(t, b.depart(), "siti.rahma"))
	if out.Code != http.StatusSeeOther || out.Header().Get("Location") != "/who" || b.who() != string(siti) {
		t.Fatalf("got %d %s", out.Code, out.Body)
	}
	if out := b.get(walk(t, b.depart(), "orang.lain")); out.Code != http.StatusUnauthorized {
		t.Errorf("somebody without an account got in: %d", out.Code)
	}
}

var formAction = regexp.MustCompile(`action="([^"]+)"`)

// walk does what a person does at the provider, and returns the path to which
// the provider sends them back.
func walk(t *testing.T, to *url.URL, login string) string {
	t.Helper()
	jar, _ := cookiejar.New(nil)
	client := &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Get(to.String())
	for range 20 {
		if err != nil {
			t.Fatal(err)
		}
		text, _ := io.ReadAll(res.Body)
		res.Body.Close()
		next := res.Header.Get("Location")
		if back, ok := strings.CutPrefix(next, place); ok {
			return back
		}
		if next == "" {
			m := formAction.FindStringSubmatch(string(text))
			if m == nil {
				t.Fatalf("the provider answered %d: %s", res.StatusCode, text)
			}
			prompt := "consent"
			if strings.Contains(string(text), `value="login"`) {
				prompt = "login"
			}
			res, err = client.PostForm(to.Scheme+"://"+to.Host+strings.TrimPrefix(m[1], to.Scheme+"://"+to.Host), url.Values{"prompt": {prompt}, "login": {login}, "password": {"apa saja"}})
			continue
		}
		if strings.HasPrefix(next, "/") {
			next = to.Scheme + "://" + to.Host + next
		}
		res, err = client.Get(next)
	}
	t.Fatal("the provider leads in circles")
	return ""
}

// startProvider starts node's oidc-provider, or skips the test where there is
// none. In CI that is a failure.
func startProvider(t *testing.T) string {
	t.Helper()
	module := os.Getenv("OIDC_PROVIDER")
	if module == "" {
		module, _ = filepath.Abs("../../../node_modules/oidc-provider/lib/index.js")
	}
	if _, err := os.Stat(module); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("oidc-provider is not installed")
		}
		t.Skip("oidc-provider is not installed; run npm ci")
	}
	node := exec.CommandContext(t.Context(), "node", "testdata/provider.mjs", place+callback)
	node.Env = append(os.Environ(), "OIDC_PROVIDER="+module)
	in, err := node.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := node.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := node.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		in.Close()
		node.Wait()
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("the provider ended: %v", err)
	}
	return strings.TrimSpace(line)
}

// A name that the provider gives to somebody else does not open the account.
func TestAnAccountKeepsItsSubject(t *testing.T) {
	i := newImpostor(t)
	w := connected(t, i.URL, false)
	b := w.window(t)
	if b.get(i.answer(b.depart())); b.who() != string(siti) {
		t.Fatal("control")
	}
	i.claims = map[string]any{"sub": "5678"}
	stranger := w.window(t)
	if out := stranger.get(i.answer(stranger.depart())); out.Code != http.StatusUnauthorized || stranger.who() != "nobody" {
		t.Errorf("got %d", out.Code)
	}
}

func TestAnAgencyMayRequireItsProvider(t *testing.T) {
	w := connected(t, newImpostor(t).URL, true)
	p, device := w.joinWithPasskey(t, w.invite(budi, false).Reveal())
	p.post("/keluar", nil)
	status, verdict := device.use(p.window, "/masuk/passkey/selesai", "/")
	if status != http.StatusForbidden || !strings.Contains(verdict["message"].(string), "mewajibkan") || p.who() != "nobody" {
		t.Errorf("a passkey: %d %v", status, verdict)
	}
	if _, out := w.signIn(t, string(budi), "salah", "1"); strings.Contains(out.Body.String(), "mewajibkan") {
		t.Error("a stranger learns what the agency requires")
	}
}

func TestProvidersBelongToTheirAgency(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		w := newWorld(t, db)
		withAgencies(t, w)
		u := signin.Upstream{Issuer: "https://sso.bandungkota.go.id", ClientID: "simpul", Claim: "email"}
		if err := w.SetUpstream(t.Context(), admin(bandung), bandung, u, "rahasia-klien"); err != nil {
			t.Fatal(err)
		}
		stranger := admin("surabayakota.go.id")
		for name, err := range map[string]error{
			"set":     w.SetUpstream(t.Context(), stranger, bandung, u, "curian"),
			"remove":  w.RemoveUpstream(t.Context(), stranger, bandung),
			"unknown": w.SetUpstream(t.Context(), admin("tidakada.go.id"), "tidakada.go.id", u, "x"),
		} {
			if code := simpul.CodeOf(err); code != simpul.CodeNotFound && code != simpul.CodeConflict {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := w.UpstreamOf(t.Context(), stranger, bandung); simpul.CodeOf(err) != simpul.CodeNotFound {
			t.Errorf("read: %v", err)
		}
		u.Required = true
		if err := w.SetUpstream(t.Context(), admin(bandung), bandung, u, ""); err != nil {
			t.Errorf("without the secret again: %v", err)
		}
		u.Issuer = "https://lain.go.id"
		if err := w.SetUpstream(t.Context(), admin(bandung), bandung, u, ""); simpul.CodeOf(err) != simpul.CodeInvalid {
			t.Errorf("the secret went to another provider: %v", err)
		}
		got, err := w.UpstreamOf(t.Context(), admin(bandung), bandung)
		if err != nil || !got.Required || got.Issuer != "https://sso.bandungkota.go.id" {
			t.Errorf("%+v %v", got, err)
		}
		if stored := w.column(t, nation, `SELECT secret FROM signin_upstream`); len(stored) != 1 || strings.Contains(stored[0], "rahasia") {
			t.Errorf("stored %v", stored)
		}
		if err := w.RemoveUpstream(t.Context(), admin(bandung), bandung); err != nil {
			t.Error(err)
		}
	})
}

func TestSettingsThatCannotWork(t *testing.T) {
	w := quickWorld(t)
	withAgencies(t, w)
	if err := w.Announce("https://hub.example.go.id"); err != nil {
		t.Fatal(err)
	}
	good := signin.Upstream{Issuer: "https://sso.bandungkota.go.id", ClientID: "simpul", Claim: "email"}
	for place, spoil := range map[string]func(*signin.Upstream){
		"issuer":   func(u *signin.Upstream) { u.Issuer = "http://sso.bandungkota.go.id" },
		"issuer ":  func(u *signin.Upstream) { u.Issuer = "https://a:b@sso.bandungkota.go.id" },
		"issuer  ": func(u *signin.Upstream) { u.Issuer = "ftp://x" },
		"clientId": func(u *signin.Upstream) { u.ClientID = "a b" },
		"claim":    func(u *signin.Upstream) { u.Claim = "a b" },
		"domain":   func(u *signin.Upstream) { u.Domain = "@x" },
	} {
		u := good
		spoil(&u)
		err := w.SetUpstream(t.Context(), admin(bandung), bandung, u, "x")
		if e, ok := err.(*simpul.Error); !ok || e.Code != simpul.CodeInvalid || e.Place != strings.TrimSpace(place) {
			t.Errorf("%s: %v", place, err)
		}
	}
}

func TestTheAdministratorsPage(t *testing.T) {
	w := quickWorld(t)
	withAgencies(t, w)
	p, _ := w.joinWithPasskey(t, w.invite(siti, false).Reveal())
	if page := p.get("/instansi/masuk").Body.String(); !strings.Contains(page, place+callback) {
		t.Error("the page does not say what to register")
	}
	form := url.Values{"issuer": {"https://sso.bandungkota.go.id"}, "client": {"simpul"}, "secret": {"rahasia-klien"}, "claim": {"email"}, "agency": {"surabayakota.go.id"}}
	if out := p.post("/instansi/masuk", form); out.Code != http.StatusSeeOther {
		t.Fatalf("save: %d %s", out.Code, out.Body)
	}
	if got := w.column(t, nation, `SELECT agency FROM signin_upstream`); len(got) != 1 || got[0] != string(bandung) {
		t.Errorf("an administrator wrote for %v", got)
	}
	if page := p.get("/instansi/masuk?tersimpan=1").Body.String(); strings.Contains(page, "rahasia-klien") || !strings.Contains(page, "Tersimpan") {
		t.Error("the page shows the secret, or does not say that it is saved")
	}
	form.Set("issuer", "sso")
	if out := p.post("/instansi/masuk", form); out.Code != http.StatusBadRequest || !strings.Contains(out.Body.String(), "https tanpa parameter") {
		t.Errorf("a wrong one: %d", out.Code)
	}
	if out := w.window(t).get("/instansi/masuk"); out.Code != http.StatusSeeOther || !strings.HasPrefix(out.Header().Get("Location"), "/masuk?next=") {
		t.Errorf("a stranger: %d", out.Code)
	}
}

// An agency sets its provider as it likes, so the provider vouches for nobody
// who acts for the nation, and cannot keep them from signing in otherwise.
func TestAnAgencysProviderHasNoSayOverTheNation(t *testing.T) {
	i := newImpostor(t)
	w := connected(t, i.URL, true)
	w.join(t, siti)
	w.registry.nation = map[simpul.AccountID]bool{siti: true}
	b := w.window(t)
	if out := b.get(i.answer(b.depart())); out.Code != http.StatusUnauthorized || b.who() != "nobody" {
		t.Errorf("signed in as the operator: %d, %s", out.Code, b.who())
	}
}

func TestWhoeverIsNationalIsNotBoundToTheAgencysProvider(t *testing.T) {
	w := connected(t, newImpostor(t).URL, true)
	p := w.join(t, siti)
	w.registry.nation = map[simpul.AccountID]bool{siti: true}
	w.at = w.at.Add(time.Minute) // the former code is used up
	b, out := w.signIn(t, string(siti), password, p.code())
	if out.Code != http.StatusSeeOther || b.who() != string(siti) {
		t.Errorf("locked out: %d", out.Code)
	}
}

func TestAdministratorsHearOfTheProvider(t *testing.T) {
	w := connected(t, newImpostor(t).URL, false)
	if n := w.inbox.topics("account.provider"); n != 1 {
		t.Errorf("%d notices", n)
	}
}

// A provider decides who signs in as the administrator, so setting it takes more
// than editing the agency's profile.
func TestWhoEditsAProfileSetsNoProvider(t *testing.T) {
	w := connected(t, "https://masuk.bandungkota.go.id", false)
	clerk := simpul.Principal{ID: "t-clerk", Agency: bandung, Permissions: []simpul.Permission{simpul.OwnAccount, simpul.WriteAgencies}}
	u := signin.Upstream{Issuer: "https://jahat.example", ClientID: "simpul", Claim: "email"}
	for what, err := range map[string]error{
		"set":    w.SetUpstream(t.Context(), clerk, bandung, u, "rahasia"),
		"remove": w.RemoveUpstream(t.Context(), clerk, bandung),
	} {
		if simpul.CodeOf(err) != simpul.CodeDenied {
			t.Errorf("%s: %v", what, err)
		}
	}
	if got, err := w.UpstreamOf(t.Context(), admin(bandung), bandung); err != nil || got.Issuer != "https://masuk.bandungkota.go.id" {
		t.Errorf("changed to %s, %v", got.Issuer, err)
	}
}
