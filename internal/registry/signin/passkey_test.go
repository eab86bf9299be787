package signin_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
)

func TestAPasskeyByInvitationAndThenToSignIn(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		w := newWorld(t, db)
		p, device := w.joinWithPasskey(t, w.invite(siti, false).Reveal())
		if got := p.who(); got != string(siti) {
			t.Fatalf("after the invitation: %s", got)
		}
		p.post("/keluar", nil)
		if got := p.who(); got != "nobody" {
			t.Fatalf("after signing out: %s", got)
		}
		status, verdict := device.use(p.window, "/masuk/passkey/selesai", "/who")
		if status != 200 || verdict["next"] != "/who" || p.who() != string(siti) {
			t.Fatalf("with the passkey: %d %v", status, verdict)
		}
		session, ok := w.pages.SignedIn(p.request("/who"))
		if !ok || session.Account != siti || session.Token != "" || !slices.Equal(session.Methods, []string{"hwk", "user", "mfa"}) || !session.At.Equal(w.at) {
			t.Errorf("session: %+v", session)
		}
		if w.hasher.count() != 0 {
			t.Error("a person with a passkey needed a password")
		}
		page := p.get("/akun").Body.String()
		for _, want := range []string{"Laptop kantor", "Di satu perangkat", "10 kode", "Sebuah passkey ditambahkan.", "Chrome di Linux"} {
			if !strings.Contains(page, want) {
				t.Errorf("the account's page does not say %q", want)
			}
		}
	})
}

func (b *window) request(path string) *http.Request {
	r, _ := http.NewRequest(http.MethodGet, place+path, nil)
	for name, value := range b.jar {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	return r
}

// What a hostile page, a copied device or a second try brings is not believed.
func TestPasskeysThatAreNotBelieved(t *testing.T) {
	for name, spoil := range map[string]func(*authenticator, *window){
		"another origin":        func(a *authenticator, _ *window) { a.origin = "https://hub.example.go.id.jahat.example" },
		"another port":          func(a *authenticator, _ *window) { a.origin = "http://hub.example.go.id:9" },
		"another relying party": func(a *authenticator, _ *window) { a.rp = "jahat.example" },
		"nobody verified":       func(a *authenticator, _ *window) { a.flags = present },
		"another key":           func(a *authenticator, _ *window) { a.key = newAuthenticator(a.t).key },
		"another person":        func(a *authenticator, _ *window) { a.handle = b64([]byte("somebody else, sixty-four bytes long")) },
		"unknown credential":    func(a *authenticator, _ *window) { a.id = []byte("unknown-credential-id") },
		"counter as before":     func(a *authenticator, _ *window) { a.counter-- },
		"counter backwards":     func(a *authenticator, _ *window) { a.counter -= 2 },
		"became a synced key":   func(a *authenticator, _ *window) { a.flags |= backupEligible | backedUp },
	} {
		t.Run(name, func(t *testing.T) {
			w := quickWorld(t)
			p, device := w.joinWithPasskey(t, w.invite(siti, false).Reveal())
			device.counter = 5
			if status, v := device.use(p.window, "/masuk/passkey/selesai", "/"); status != 200 {
				t.Fatalf("untouched: %d %v", status, v)
			}
			stranger := w.window(t)
			spoil(device, stranger)
			status, verdict := device.use(stranger, "/masuk/passkey/selesai", "/")
			if status != http.StatusUnauthorized || verdict["message"] == nil || stranger.who() != "nobody" {
				t.Errorf("got %d %v", status, verdict)
			}
			copied := strings.HasPrefix(name, "counter")
			if got := slices.Contains(w.trailOf(t, siti), "passkey.refuse"); got != copied {
				t.Errorf("recorded as a copy: %v", got)
			}
		})
	}
}

func TestACeremonyIsUsedOnceInTimeAndByItsBrowser(t *testing.T) {
	w := quickWorld(t)
	_, device := w.joinWithPasskey(t, w.invite(siti, false).Reveal())
	b := w.window(t)
	_, options := b.send("/masuk/passkey/mulai", map[string]any{})
	step := b.jar["simpul-langkah"]
	device.counter++
	answer := map[string]any{"credential": device.get(options)}
	if status, v := b.send("/masuk/passkey/selesai", answer); status != 200 {
		t.Fatalf("first: %d %v", status, v)
	}
	for name, prepare := range map[string]func(*window){
		"the same again":   func(b *window) { b.jar["simpul-langkah"] = step },
		"no cookie":        func(*window) {},
		"a cookie made up": func(b *window) { b.jar["simpul-langkah"] = "abc" },
		"too late": func(b *window) {
			_, options = b.send("/masuk/passkey/mulai", map[string]any{})
			device.counter++
			answer = map[string]any{"credential": device.get(options)}
			w.at = w.at.Add(5*time.Minute + time.Second)
		},
	} {
		other := w.window(t)
		prepare(other)
		if status, v := other.send("/masuk/passkey/selesai", answer); status != http.StatusConflict || other.who() != "nobody" {
			t.Errorf("%s: %d %v", name, status, v)
		}
	}
}

// An answer to making a passkey is no answer to signing in, and the reverse.
func TestOneCeremonyDoesNotStandForAnother(t *testing.T) {
	w := quickWorld(t)
	p, device := w.joinWithPasskey(t, w.invite(siti, false).Reveal())
	_, options := p.send("/akun/passkey/mulai", map[string]any{})
	device.counter++
	if status, _ := p.send("/masuk/passkey/selesai", map[string]any{"credential": device.get(options)}); status != http.StatusConflict {
		t.Errorf("a registration signed in: %d", status)
	}
}

func TestPasskeysAreAddedRenamedAndRemoved(t *testing.T) {
	w := quickWorld(t)
	p, _ := w.joinWithPasskey(t, w.invite(siti, false).Reveal())
	w.at = w.at.Add(time.Second)
	second := newAuthenticator(t)
	second.flags |= backupEligible | backedUp
	_, options := p.send("/akun/passkey/mulai", map[string]any{})
	if status, v := p.send("/akun/passkey/selesai", map[string]any{"credential": second.create(options), "name": " Ponsel\n pribadi "}); status != 200 || v["next"] != "/akun" {
		t.Fatalf("add: %d %v", status, v)
	}
	all, err := w.Passkeys(t.Context(), siti)
	if err != nil || len(all) != 2 || all[1].Name != "Ponsel pribadi" || !all[1].BackedUp || all[0].BackedUp {
		t.Fatalf("%v %+v", err, all)
	}
	if n := w.inbox.topics("account.credential"); n != 1 {
		t.Errorf("told %d times", n)
	}
	p.post("/akun/passkey/nama", url.Values{"id": {all[1].ID}, "name": {"<b>Ponsel</b>"}})
	if page := p.get("/akun").Body.String(); strings.Contains(page, "<b>Ponsel") {
		t.Error("a name is not escaped")
	}
	if out := p.post("/akun/passkey/hapus", url.Values{"id": {all[0].ID}}); out.Code != http.StatusSeeOther {
		t.Fatalf("remove: %d", out.Code)
	}
	if out := p.post("/akun/passkey/hapus", url.Values{"id": {all[1].ID}}); out.Code != http.StatusConflict {
		t.Errorf("the last way in was removed: %d", out.Code)
	}
	stranger, _ := w.joinWithPasskey(t, w.invite(budi, false).Reveal())
	if out := stranger.post("/akun/passkey/nama", url.Values{"id": {all[1].ID}, "name": {"curian"}}); out.Code != http.StatusNotFound {
		t.Errorf("somebody else's passkey was renamed: %d", out.Code)
	}
}

// A session that was left open changes no credential.
func TestChangesNeedARecentProof(t *testing.T) {
	w := quickWorld(t)
	p, device := w.joinWithPasskey(t, w.invite(siti, false).Reveal())
	all, _ := w.Passkeys(t.Context(), siti)
	w.at = w.at.Add(6 * time.Minute)
	for _, path := range []string{"/akun/passkey/hapus", "/akun/passkey/nama", "/akun/sandi", "/akun/sandi/hapus", "/akun/autentikator", "/akun/kode-pemulihan"} {
		out := p.post(path, url.Values{"id": {all[0].ID}, "name": {"x"}, "password": {password}})
		if out.Code != http.StatusSeeOther || !strings.HasPrefix(out.Header().Get("Location"), "/akun/bukti?next=") {
			t.Errorf("%s: %d %s", path, out.Code, out.Header().Get("Location"))
		}
	}
	if _, v := p.send("/akun/passkey/mulai", map[string]any{}); v["next"] != "/akun/bukti?next=%2Fakun" {
		t.Errorf("adding a passkey: %v", v)
	}
	before := p.jar["simpul"]
	if status, v := device.use(p.window, "/akun/bukti/passkey", "/akun/sandi"); status != 200 || v["next"] != "/akun/sandi" {
		t.Fatalf("proof: %d %v", status, v)
	}
	if p.jar["simpul"] == before {
		t.Error("the session kept its secret after a proof")
	}
	old := w.window(t)
	old.jar["simpul"] = before
	if old.who() != "nobody" || p.who() != string(siti) {
		t.Error("the former secret still works, or the new one does not")
	}
	if out := p.get("/akun/autentikator"); out.Code != http.StatusOK {
		t.Errorf("after the proof: %d", out.Code)
	}
}

// Somebody else's passkey is no proof for this session.
func TestAProofIsOfTheSamePerson(t *testing.T) {
	w := quickWorld(t)
	p, _ := w.joinWithPasskey(t, w.invite(siti, false).Reveal())
	_, other := w.joinWithPasskey(t, w.invite(budi, false).Reveal())
	w.at = w.at.Add(6 * time.Minute)
	if status, _ := other.use(p.window, "/akun/bukti/passkey", "/akun"); status != http.StatusUnauthorized {
		t.Errorf("got %d", status)
	}
}

// A hub that is reached by an IP address serves people without passkeys.
func TestAnAddressWithoutAName(t *testing.T) {
	w := quickWorld(t)
	p := w.join(t, siti)
	for _, at := range []string{"http://192.0.2.7:8081", "http://[2001:db8::1]:8081"} {
		if err := w.Announce(at); err != nil {
			t.Fatalf("%s: %v", at, err)
		}
		if status, v := p.send("/masuk/passkey/mulai", map[string]any{}); status != http.StatusServiceUnavailable || !strings.Contains(v["remedy"].(string), "kata sandi") {
			t.Errorf("%s: %d %v", at, status, v)
		}
	}
	w.at = w.at.Add(time.Minute)
	if _, out := w.signIn(t, string(siti), password, p.code()); out.Code != http.StatusSeeOther {
		t.Errorf("password and code: %d", out.Code)
	}
	for _, broken := range []string{"", "hub.example.go.id", "://", "http://"} {
		if w.Announce(broken) == nil {
			t.Errorf("%q is an address", broken)
		}
	}
}
