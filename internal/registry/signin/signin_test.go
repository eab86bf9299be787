package signin_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
)

func TestAPasswordAndACodeTogether(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		w := newWorld(t, db)
		p := w.join(t, siti)
		w.at = w.at.Add(time.Minute)
		b, out := w.signIn(t, " Siti.Rahma@bandungkota.go.id ", password, p.code())
		if out.Code != http.StatusSeeOther || out.Header().Get("Location") != "/who" || b.who() != string(siti) {
			t.Fatalf("got %d", out.Code)
		}
		if session, ok := w.pages.SignedIn(b.request("/")); !ok || !slices.Equal(session.Methods, []string{"pwd", "otp", "mfa"}) {
			t.Errorf("session %+v", session)
		}
		if n := w.inbox.topics("session.begun"); n != 1 {
			t.Errorf("told of a second browser %d times", n)
		}
	})
}

var moving = regexp.MustCompile(`value="[^"]*"|<time.*?</time>`)

// Whoever does not get in learns nothing: the same words, the same status, the
// same number of hashes.
func TestRefusalsAreAllAlike(t *testing.T) {
	w := quickWorld(t)
	p := w.join(t, siti)
	closed := w.join(t, budi)
	w.registry.close(budi)
	passkeyOnly, _ := w.joinWithPasskey(t, w.invite("rina@bandungkota.go.id", false).Reveal())
	w.at = w.at.Add(time.Minute)
	used := p.code()
	if _, out := w.signIn(t, string(siti), password, used); out.Code != http.StatusSeeOther {
		t.Fatalf("control: %d", out.Code)
	}
	w.hasher.count()

	var words string
	for name, try := range map[string][3]string{
		"unknown account":        {"tidak.ada@bandungkota.go.id", password, p.code()},
		"unknown agency":         {"siti@tidakada.go.id", password, p.code()},
		"no account's name":      {"' OR ''='", password, p.code()},
		"wrong password":         {string(siti), "bukan kata sandi ini", p.code()},
		"wrong code":             {string(siti), password, "000000"},
		"both wrong":             {string(siti), "bukan", "000000"},
		"code used before":       {string(siti), password, used},
		"closed account":         {string(budi), password, closed.code()},
		"passkey only":           {"rina@bandungkota.go.id", password, "123456"},
		"passkey only, recovery": {"rina@bandungkota.go.id", password, passkeyOnly.codes[0]},
		"somebody's recovery":    {string(siti), password, closed.codes[0]},
		"endless":                {string(siti), strings.Repeat("x", 5000), "1"},
	} {
		b := w.window(t)
		b.from = "198.51.100." + name // an origin of its own, that its failures do not add up
		out := b.post("/masuk", url.Values{"account": {try[0]}, "password": {try[1]}, "code": {try[2]}})
		said := moving.ReplaceAllString(out.Body.String(), "")
		if words == "" {
			words = said
		}
		if out.Code != http.StatusUnauthorized || said != words || len(out.Result().Cookies()) != 0 {
			t.Errorf("%s: %d, or other words", name, out.Code)
		}
		if n := w.hasher.count(); n != 1 {
			t.Errorf("%s: %d hashes", name, n)
		}
		if strings.Contains(out.Body.String(), try[1]) {
			t.Errorf("%s: the page repeats the password", name)
		}
	}
	if got := w.trailOf(t, siti); !slices.Contains(got, "session.refuse") {
		t.Error("refusals are not in the person's trail")
	}
}

func TestLockoutGrowsAndHolds(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		w := newWorld(t, db)
		p := w.join(t, siti)
		w.at = w.at.Add(time.Minute)
		fail := func() {
			t.Helper()
			if _, out := w.signIn(t, string(siti), "salah", "000000"); out.Code != http.StatusUnauthorized {
				t.Fatalf("got %d", out.Code)
			}
		}
		for range 5 {
			fail()
		}
		w.hasher.count()
		if _, out := w.signIn(t, string(siti), password, p.code()); out.Code != http.StatusUnauthorized || w.hasher.count() != 1 {
			t.Errorf("the right password during the delay: %d, or without the work", out.Code)
		}

		// After a restart, or on another node.
		other := newWorldOn(t, w)
		if _, out := other.signIn(t, string(siti), password, p.code()); out.Code != http.StatusUnauthorized {
			t.Errorf("another node does not know of the failures: %d", out.Code)
		}

		w.at = w.at.Add(time.Second)
		if _, out := w.signIn(t, string(siti), password, p.code()); out.Code != http.StatusSeeOther {
			t.Errorf("after the delay: %d", out.Code)
		}
	})
}

// newWorldOn is another process of the same hub.
func newWorldOn(t *testing.T, w *world) *world {
	other := newWorld(t, w.db)
	other.registry.people, other.at = w.registry.people, w.at
	return other
}

// Guessing somebody's password does not keep them from using their passkey.
func TestALockedPasswordLeavesThePasskey(t *testing.T) {
	w := quickWorld(t)
	p, device := w.joinWithPasskey(t, w.invite(siti, false).Reveal())
	for range 12 {
		w.signIn(t, string(siti), "salah", "000000")
	}
	if status, v := device.use(p.window, "/masuk/passkey/selesai", "/"); status != 200 {
		t.Errorf("got %d %v", status, v)
	}
}

// One address that tries many accounts is held up too; another is not.
func TestAnOriginIsHeldUp(t *testing.T) {
	w := quickWorld(t)
	p := w.join(t, siti)
	w.at = w.at.Add(time.Minute)
	b := w.window(t)
	b.from = "203.0.113.9"
	for i := range 25 {
		b.post("/masuk", url.Values{"account": {"orang" + string(rune('a'+i)) + "@bandungkota.go.id"}, "password": {"x"}, "code": {"1"}})
	}
	right := url.Values{"account": {string(siti)}, "password": {password}, "code": {p.code()}}
	if out := b.post("/masuk", right); out.Code != http.StatusUnauthorized {
		t.Errorf("the address that guesses: %d", out.Code)
	}
	w.at = w.at.Add(time.Minute)
	right.Set("code", p.code())
	if out := w.window(t).post("/masuk", right); out.Code != http.StatusSeeOther {
		t.Errorf("another address: %d", out.Code)
	}
}

func TestRecoveryCodesWorkOnce(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		w := newWorld(t, db)
		p := w.join(t, siti)
		keyed, _ := w.joinWithPasskey(t, w.invite(budi, false).Reveal())
		for _, c := range []struct {
			name, account, password, code string
			status                        int
		}{
			{"in place of the authenticator's", string(siti), password, p.codes[0], http.StatusSeeOther},
			{"the same again", string(siti), password, p.codes[0], http.StatusUnauthorized},
			{"without the password", string(siti), "", p.codes[1], http.StatusUnauthorized},
			{"alone, for whoever has passkeys only", string(budi), "", strings.ToUpper(keyed.codes[0]), http.StatusSeeOther},
			{"alone again", string(budi), "", keyed.codes[0], http.StatusUnauthorized},
			{"somebody else's", string(budi), "", p.codes[2], http.StatusUnauthorized},
			{"none", string(budi), "", "aaaa-bbbb-cccc-dddd", http.StatusUnauthorized},
		} {
			b := w.window(t)
			out := b.post("/masuk/pemulihan", url.Values{"account": {c.account}, "password": {c.password}, "code": {c.code}})
			if out.Code != c.status {
				t.Errorf("%s: %d", c.name, out.Code)
			}
		}
		if n := w.inbox.topics("account.credential"); n != 2 {
			t.Errorf("people were told of %d uses", n)
		}
		stored := strings.Join(w.column(t, nation, `SELECT digest FROM signin_recovery`), " ")
		if strings.Contains(stored, strings.ReplaceAll(p.codes[5], "-", "")) {
			t.Error("codes are stored in clear")
		}
	})
}

func TestFewCodesAreSaid(t *testing.T) {
	w := quickWorld(t)
	p := w.join(t, siti)
	if strings.Contains(p.get("/akun").Body.String(), "tinggal") {
		t.Error("ten are called few")
	}
	for i := range 7 {
		w.at = w.at.Add(time.Minute)
		if out := w.window(t).post("/masuk/pemulihan", url.Values{"account": {string(siti)}, "password": {password}, "code": {p.codes[i]}}); out.Code != http.StatusSeeOther {
			t.Fatalf("code %d: %d", i, out.Code)
		}
	}
	if page := p.get("/akun").Body.String(); !strings.Contains(page, "tinggal 3") {
		t.Error("three are not said to be few")
	}
}

func TestPasswordsAndAuthenticatorsAreReplaced(t *testing.T) {
	w := quickWorld(t)
	p := w.join(t, siti)
	other, _ := w.signIn(t, string(siti), password, p.codes[0])
	if other.who() != string(siti) {
		t.Fatal("no second browser")
	}
	const better = "lima bebek renang sore"
	if out := p.post("/akun/sandi", url.Values{"password": {"pendek"}}); out.Code != http.StatusBadRequest || !strings.Contains(out.Body.String(), "terlalu pendek") {
		t.Errorf("a short one: %d", out.Code)
	}
	if out := p.post("/akun/sandi", url.Values{"password": {better}}); out.Code != http.StatusSeeOther {
		t.Fatalf("a good one: %d", out.Code)
	}
	if other.who() != "nobody" || p.who() != string(siti) {
		t.Error("the new password did not end the other browser, or ended this one")
	}
	w.at = w.at.Add(time.Minute)
	if _, out := w.signIn(t, string(siti), password, p.code()); out.Code != http.StatusUnauthorized {
		t.Errorf("the former password: %d", out.Code)
	}
	before := p.totp
	p.totp = p.authenticator("/akun/autentikator")
	if p.totp == before || p.authenticator("/akun/autentikator") != p.totp {
		t.Error("the page shows the former secret, or another one at each load")
	}
	if out := p.post("/akun/autentikator", url.Values{"password": {better}, "code": {"000000"}}); out.Code != http.StatusBadRequest {
		t.Errorf("a wrong code: %d", out.Code)
	}
	if out := p.post("/akun/autentikator", url.Values{"password": {better}, "code": {p.code()}}); out.Code != http.StatusSeeOther {
		t.Fatalf("the right code: %d", out.Code)
	}
	w.at = w.at.Add(time.Minute)
	if _, out := w.signIn(t, string(siti), better, p.code()); out.Code != http.StatusSeeOther {
		t.Errorf("with both new: %d", out.Code)
	}
	if out := p.post("/akun/sandi/hapus", nil); out.Code != http.StatusConflict {
		t.Errorf("the only way in was removed: %d", out.Code)
	}
}

func TestATokenStaysAWayIn(t *testing.T) {
	w := quickWorld(t)
	for name, c := range map[string]struct {
		token  string
		status int
		says   string
	}{
		"right":    {" spt_operator\n", http.StatusSeeOther, ""},
		"nothing":  {"  ", http.StatusBadRequest, "Isi token Anda."},
		"unknown":  {"spt_tidakada", http.StatusUnauthorized, "tidak dikenal"},
		"hostile":  {`"><script>`, http.StatusUnauthorized, "tidak dikenal"},
		"too long": {strings.Repeat("x", 70_000), http.StatusRequestEntityTooLarge, "terlalu panjang"},
	} {
		b := w.window(t)
		out := b.post("/masuk", url.Values{"token": {c.token}})
		if out.Code != c.status || !strings.Contains(out.Body.String(), c.says) || out.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d", name, out.Code)
		}
		if strings.Contains(out.Body.String(), "<script>") || strings.Contains(out.Body.String(), "spt_tidakada") {
			t.Errorf("%s: the page repeats what was entered", name)
		}
		if got := b.who(); (got == "t-operator") != (c.status == http.StatusSeeOther) {
			t.Errorf("%s: signed in as %s", name, got)
		}
	}
	b := w.window(t)
	b.post("/masuk", url.Values{"token": {"spt_operator"}})
	session, ok := w.pages.SignedIn(b.request("/"))
	if !ok || session.Token != "t-operator" || session.Account != "" || len(session.Methods) != 0 {
		t.Errorf("session %+v", session)
	}
	if out := b.get("/akun"); out.Code != http.StatusOK || !strings.Contains(out.Body.String(), "Anda masuk dengan token") {
		t.Errorf("its page: %d", out.Code)
	}
	if out := b.post("/akun/kode-pemulihan", nil); out.Code != http.StatusForbidden {
		t.Errorf("a program made recovery codes: %d", out.Code)
	}
	delete(w.registry.tokens, "spt_operator")
	if b.who() != "nobody" {
		t.Error("the session outlived its token")
	}
}

// Another site can make a browser post nothing here.
func TestOtherSitesCannotPost(t *testing.T) {
	w := quickWorld(t)
	p := w.join(t, siti)
	for _, path := range []string{"/masuk", "/masuk/pemulihan", "/masuk/passkey/mulai", "/masuk/passkey/selesai", "/keluar", "/undangan", "/undangan/sandi",
		"/akun/sandi", "/akun/sandi/hapus", "/akun/autentikator", "/akun/kode-pemulihan", "/akun/passkey/mulai", "/akun/passkey/hapus", "/akun/perangkat/keluar-lain", "/akun/bukti", "/instansi/masuk", "/instansi/masuk/hapus"} {
		for header, value := range map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://jahat.example"} {
			r := httptest.NewRequest(http.MethodPost, place+path, nil)
			r.Header.Set(header, value)
			if out := p.do(r); out.Code != http.StatusForbidden {
				t.Errorf("%s with %s: %d", path, header, out.Code)
			}
		}
	}
	if p.who() != string(siti) {
		t.Error("another site signed somebody out")
	}
}

// Another site cannot use these pages to lead people to itself.
func TestNextStaysHere(t *testing.T) {
	w := quickWorld(t)
	_, device := w.joinWithPasskey(t, w.invite(siti, false).Reveal())
	for next, want := range map[string]string{
		"/exchanges?a=b&c=%2F%2F": "/exchanges?a=b&c=%2F%2F",
		"":                        "/",
		"exchanges":               "/",
		"//jahat.example":         "/",
		"/\\jahat.example":        "/",
		"/\t/jahat.example":       "/",
		"https://jahat.example/":  "/",
		"javascript:alert(1)":     "/",
		"https:/jahat.example":    "/",
		"/%zz":                    "/",
		"/masuk?next=/masuk":      "/",
		"/keluar":                 "/",
	} {
		out := w.window(t).post("/masuk", url.Values{"token": {"spt_operator"}, "next": {next}})
		if got := out.Header().Get("Location"); got != want {
			t.Errorf("%q leads to %q, want %q", next, got, want)
		}
		if _, v := device.use(w.window(t), "/masuk/passkey/selesai", next); v["next"] != want {
			t.Errorf("%q by passkey leads to %v", next, v["next"])
		}
	}
}

// Whoever has an IPv6 line has more addresses than there are attempts.
func TestAnIPv6LineIsOneOrigin(t *testing.T) {
	w := quickWorld(t)
	p := w.join(t, siti)
	w.at = w.at.Add(time.Minute)
	b := w.window(t)
	for i := range 25 {
		b.from = fmt.Sprintf("2001:db8:0:1::%x", i+1)
		b.post("/masuk", url.Values{"account": {fmt.Sprintf("orang%d@bandungkota.go.id", i)}, "password": {"x"}, "code": {"1"}})
	}
	b.from = "2001:db8:0:1::ffff"
	if out := b.post("/masuk", url.Values{"account": {string(siti)}, "password": {password}, "code": {p.code()}}); out.Code != http.StatusUnauthorized {
		t.Errorf("the line that guesses: %d", out.Code)
	}
}

// What the hub remembers of strangers is bounded, by where they come from.
func TestStrangersBeginToSignInOnlySoOften(t *testing.T) {
	w := quickWorld(t)
	b := w.window(t)
	for i := range 300 {
		b.from = fmt.Sprintf("2001:db8:0:1::%x", i+1)
		if status, _ := b.send("/masuk/passkey/mulai", nil); status != http.StatusOK {
			t.Fatalf("attempt %d: %d", i, status)
		}
	}
	if status, _ := b.send("/masuk/passkey/mulai", nil); status != http.StatusTooManyRequests {
		t.Errorf("passkeys go on: %d", status)
	}
	if out := b.get("/masuk/instansi/mulai?agency=bandungkota.go.id"); out.Code != http.StatusTooManyRequests {
		t.Errorf("providers go on: %d", out.Code)
	}
	if got := len(w.column(t, nation, `SELECT digest FROM signin_ceremony`)); got != 300 {
		t.Errorf("%d steps are remembered", got)
	}
	if status, _ := w.window(t).send("/masuk/passkey/mulai", nil); status != http.StatusOK {
		t.Errorf("others are kept out: %d", status)
	}
	w.at = w.at.Add(time.Second)
	if status, _ := b.send("/masuk/passkey/mulai", nil); status != http.StatusOK {
		t.Errorf("a second later: %d", status)
	}
}

// A stranger who fails under somebody's name again and again does not keep them
// out of a browser in which they were signed in.
func TestAStrangerLocksNobodyOut(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		w := newWorld(t, db)
		p := w.join(t, siti)
		other := w.join(t, budi)
		p.post("/keluar", nil)
		stranger := func(b *window) {
			for range 12 {
				b.post("/masuk", url.Values{"account": {string(siti)}, "password": {"salah sama sekali"}, "code": {"000000"}})
				w.at = w.at.Add(15 * time.Second)
			}
		}
		stranger(&window{t: t, world: w, jar: map[string]string{}, from: "203.0.113.9"})
		stranger(other.window) // a browser is known for its own account only
		if _, out := w.signIn(t, string(siti), password, p.code()); out.Code != http.StatusUnauthorized {
			t.Errorf("guessing goes on: %d", out.Code)
		}
		right := func() url.Values {
			return url.Values{"account": {string(siti)}, "password": {password}, "code": {p.code()}, "next": {"/who"}}
		}
		if out := p.post("/masuk", right()); out.Code != http.StatusSeeOther || p.who() != string(siti) {
			t.Errorf("the owner is kept out: %d", out.Code)
		}
		p.post("/keluar", nil)
		w.at = w.at.Add(time.Minute)
		for range 5 {
			p.post("/masuk", url.Values{"account": {string(siti)}, "password": {"salah sama sekali"}, "code": {"000000"}})
		}
		if out := p.post("/masuk", right()); out.Code != http.StatusUnauthorized {
			t.Errorf("a known browser guesses without end: %d", out.Code)
		}
	})
}
