package signin_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
)

func TestAnInvitationWorksOnce(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		w := newWorld(t, db)
		code := w.invite(siti, false)
		w.joinWithPasskey(t, code.Reveal())
		out := w.window(t).post("/undangan", url.Values{"code": {code.Reveal()}})
		if out.Code != http.StatusNotFound || !strings.Contains(out.Body.String(), "tidak dapat dipakai lagi") || !strings.Contains(out.Body.String(), "minta admin instansi Anda") {
			t.Errorf("again: %d", out.Code)
		}
	})
}

// Two browsers that hold the same invitation: one gets in.
func TestAnInvitationThatWasUsedMeanwhile(t *testing.T) {
	w := quickWorld(t)
	code := w.invite(siti, false)
	first, second := w.window(t), w.window(t)
	first.open(code)
	second.open(code)
	secret := second.authenticator("/undangan/sandi")
	w.joinWithPasskey(t, code.Reveal())
	p := person{window: second, totp: secret}
	if out := second.post("/undangan/sandi", url.Values{"password": {password}, "code": {p.code()}}); out.Code != http.StatusNotFound || second.who() != "nobody" {
		t.Errorf("the second: %d", out.Code)
	}
	if status, _ := first.send("/undangan/passkey/mulai", map[string]any{}); status != http.StatusNotFound {
		t.Errorf("the first: %d", status)
	}
}

func TestInvitationCodesAsPeopleEnterThem(t *testing.T) {
	w := quickWorld(t)
	code := w.invite(siti, false).Reveal()
	for name, entered := range map[string]string{
		"as it is":      code,
		"in groups":     code[:4] + "-" + code[4:8] + " " + code[8:],
		"upper case":    strings.ToUpper(code),
		"the address":   "https://hub.example.go.id/undangan#" + code,
		"with spaces":   "  " + code + "\r\n",
		"in the middle": "/undangan#" + code,
	} {
		if out := w.window(t).post("/undangan", url.Values{"code": {entered}}); out.Code != http.StatusSeeOther {
			t.Errorf("%s: %d", name, out.Code)
		}
	}
	for name, entered := range map[string]string{"nothing": "", "too short": code[1:], "too long": code + "a", "other signs": code[1:] + "!", "hostile": "<script>alert(1)</script>aa"} {
		out := w.window(t).post("/undangan", url.Values{"code": {entered}})
		if out.Code != http.StatusBadRequest || !strings.Contains(out.Body.String(), "bukan kode undangan") || strings.Contains(out.Body.String(), "<script>alert") {
			t.Errorf("%s: %d", name, out.Code)
		}
	}
	out := w.window(t).get("/undangan/pilih")
	if out.Code != http.StatusSeeOther || out.Header().Get("Location") != "/undangan" {
		t.Errorf("without a code: %d", out.Code)
	}
}

// Recovering an account drops everything that it had.
func TestRecoveryReplacesWhatThereWas(t *testing.T) {
	w := quickWorld(t)
	p, device := w.joinWithPasskey(t, w.invite(siti, false).Reveal())
	code := w.invite(siti, true)
	b := w.window(t)
	b.open(code)
	if page := b.get("/undangan/pilih").Body.String(); !strings.Contains(page, "semua cara dan sesi yang lama dihapus") {
		t.Error("the page does not say what will be gone")
	}
	if p.who() != string(siti) {
		t.Error("looking at an invitation changed something")
	}
	fresh := person{window: b, totp: b.authenticator("/undangan/sandi")}
	if out := b.post("/undangan/sandi", url.Values{"password": {password}, "code": {fresh.code()}}); out.Code != http.StatusSeeOther {
		t.Fatalf("recovery: %d", out.Code)
	}
	fresh.kept()
	if p.who() != "nobody" || fresh.who() != string(siti) {
		t.Error("the former session goes on, or the new one does not")
	}
	if status, _ := device.use(w.window(t), "/masuk/passkey/selesai", "/"); status != http.StatusUnauthorized {
		t.Errorf("the former passkey: %d", status)
	}
	if out := w.window(t).post("/masuk/pemulihan", url.Values{"account": {string(siti)}, "password": {password}, "code": {p.codes[0]}}); out.Code != http.StatusUnauthorized {
		t.Errorf("a former recovery code: %d", out.Code)
	}
}

func TestWhatAnInvitationRefuses(t *testing.T) {
	w := quickWorld(t)
	b := w.window(t)
	b.open(w.invite(siti, false))
	p := person{window: b, totp: b.authenticator("/undangan/sandi")}
	for says, form := range map[string][2]string{
		"terlalu pendek":       {"kuda makan", p.code()},
		"sering dipakai":       {"Password12345", p.code()},
		"memuat nama Anda":     {"rahmasukakuda99", p.code()},
		"Kode ini tidak cocok": {password, "000000"},
		"tidak dapat diketik":  {"empat kuda\x00 makan", p.code()},
	} {
		out := b.post("/undangan/sandi", url.Values{"password": {form[0]}, "code": {form[1]}})
		if out.Code != http.StatusBadRequest || !strings.Contains(out.Body.String(), says) {
			t.Errorf("%s: %d", says, out.Code)
		}
	}
	w.at = w.at.Add(31 * time.Minute)
	if out := b.post("/undangan/sandi", url.Values{"password": {password}, "code": {p.code()}}); out.Code != http.StatusConflict {
		t.Errorf("after half an hour: %d", out.Code)
	}
}

// The code that set the authenticator up does not sign in as well.
func TestTheFirstCodeIsUsed(t *testing.T) {
	w := quickWorld(t)
	p := w.join(t, siti)
	if _, out := w.signIn(t, string(siti), password, p.code()); out.Code != http.StatusUnauthorized {
		t.Errorf("got %d", out.Code)
	}
}

func TestRecoveryCodesAreShownUntilTheyAreKept(t *testing.T) {
	w := quickWorld(t)
	p := w.join(t, siti)
	out := p.post("/akun/kode-pemulihan", nil)
	if out.Code != http.StatusSeeOther {
		t.Fatalf("renew: %d", out.Code)
	}
	stranger := w.join(t, budi)
	stranger.jar["simpul-langkah"] = p.jar["simpul-langkah"]
	if out := stranger.get("/akun/kode-pemulihan"); codePattern.MatchString(out.Body.String()) {
		t.Error("somebody else sees the codes")
	}
	first := codePattern.FindAllString(p.get("/akun/kode-pemulihan").Body.String(), -1)
	again := p.kept()
	if len(first) != 10 || first[0] != again[0] {
		t.Error("loading the page again shows other codes")
	}
	if out := p.get("/akun/kode-pemulihan"); out.Code != http.StatusSeeOther {
		t.Errorf("after they are kept: %d", out.Code)
	}
	if out := w.window(t).post("/masuk/pemulihan", url.Values{"account": {string(siti)}, "password": {password}, "code": {p.codes[0]}}); out.Code != http.StatusUnauthorized {
		t.Errorf("a code of before: %d", out.Code)
	}
}
