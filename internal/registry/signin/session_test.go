package signin_test

import (
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
)

var nation = simpul.NationScope()

func TestSessionsEndByThemselves(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		w := newWorld(t, db)
		idle := w.join(t, siti)
		session, _ := w.pages.SignedIn(idle.request("/"))
		w.at = monday.Add(29 * time.Minute)
		if idle.who() != string(siti) {
			t.Error("ended before half an hour")
		}
		w.at = w.at.Add(30 * time.Minute)
		if over, err := w.Ended(t.Context(), session.ID); idle.who() != "nobody" || err != nil || !over {
			t.Errorf("half an hour without a request: %v %v", over, err)
		}

		busy, _ := w.joinWithPasskey(t, w.invite(budi, false).Reveal())
		for range 12*6 - 1 {
			w.at = w.at.Add(10 * time.Minute)
			if busy.who() != string(budi) {
				t.Fatalf("ended in use after %v", w.at.Sub(monday))
			}
		}
		w.at = w.at.Add(10 * time.Minute)
		if busy.who() != "nobody" {
			t.Error("lasts longer than twelve hours")
		}
	})
}

func TestLastSeenIsWrittenOnceAMinute(t *testing.T) {
	w := quickWorld(t)
	p := w.join(t, siti)
	seen := func() string { return strings.Join(w.column(t, nation, `SELECT seen_at FROM signin_session`), " ") }
	first := seen()
	w.at = w.at.Add(59 * time.Second)
	p.who()
	if seen() != first {
		t.Error("written within the minute")
	}
	w.at = w.at.Add(time.Second)
	p.who()
	if seen() == first {
		t.Error("not written after a minute")
	}
}

func TestSessionsAreEndedByTheirOwner(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		w := newWorld(t, db)
		here, device := w.joinWithPasskey(t, w.invite(siti, false).Reveal())
		var others []*window
		for range 3 {
			w.at = w.at.Add(time.Second)
			b := w.window(t)
			device.use(b, "/masuk/passkey/selesai", "/")
			others = append(others, b)
		}
		stranger, _ := w.joinWithPasskey(t, w.invite(budi, false).Reveal())
		all, err := w.Sessions(t.Context(), siti)
		if err != nil || len(all) != 4 {
			t.Fatalf("%v, %d sessions", err, len(all))
		}
		if out := stranger.post("/akun/perangkat/keluar", url.Values{"id": {all[0].ID}}); out.Code != http.StatusNotFound || others[2].who() != string(siti) {
			t.Errorf("somebody else ended a session: %d", out.Code)
		}
		here.post("/akun/perangkat/keluar", url.Values{"id": {all[0].ID}})
		if others[2].who() != "nobody" || others[1].who() != string(siti) {
			t.Error("ended another session than the chosen one")
		}
		here.post("/akun/perangkat/keluar-lain", nil)
		if others[0].who() != "nobody" || others[1].who() != "nobody" || here.who() != string(siti) || stranger.who() != string(budi) {
			t.Error("ended too few, or too many")
		}
		revised := w.column(t, nation, `SELECT id FROM revision WHERE kind = 'Session'`)
		for _, s := range all[:3] {
			if over, err := w.Ended(t.Context(), s.ID); err != nil || !over || !slices.Contains(revised, s.ID) {
				t.Errorf("%s: over %v, announced %v", s.ID, over, slices.Contains(revised, s.ID))
			}
		}
		if over, err := w.Ended(t.Context(), all[3].ID); err != nil || over {
			t.Errorf("the kept one: %v %v", over, err)
		}
	})
}

// What identity asks for: within its transaction, in the scope of the agency.
func TestEndAllAndForget(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		w := newWorld(t, db)
		p, device := w.joinWithPasskey(t, w.invite(siti, false).Reveal())
		other, _ := w.joinWithPasskey(t, w.invite(budi, false).Reveal())
		in := func(scope simpul.Scope, do func(tx *sqldb.Tx) error) {
			t.Helper()
			if err := w.db.Write(t.Context(), scope, do); err != nil {
				t.Fatal(err)
			}
		}
		agency := simpul.AgencyScope("bandungkota.go.id")
		for _, stranger := range []simpul.Scope{simpul.AgencyScope("surabayakota.go.id"), simpul.PublicScope()} {
			in(stranger, func(tx *sqldb.Tx) error { return w.EndAll(t.Context(), tx, siti) })
			if p.who() != string(siti) {
				t.Fatalf("%q ended another tenant's session", stranger.Key())
			}
		}
		var facts map[string]any
		in(agency, func(tx *sqldb.Tx) (err error) {
			facts, err = w.Facts(t.Context(), tx, siti)
			return err
		})
		if len(facts["passkeys"].([]map[string]any)) != 1 || facts["recoveryCodesLeft"] != int64(10) {
			t.Errorf("facts: %v", facts)
		}
		in(agency, func(tx *sqldb.Tx) error { return w.EndAll(t.Context(), tx, siti) })
		if p.who() != "nobody" || other.who() != string(budi) {
			t.Error("ended too few, or too many")
		}
		if status, _ := device.use(p.window, "/masuk/passkey/selesai", "/"); status != 200 {
			t.Errorf("the passkey is gone: %d", status)
		}
		in(agency, func(tx *sqldb.Tx) error { return w.Forget(t.Context(), tx, siti) })
		if status, _ := device.use(p.window, "/masuk/passkey/selesai", "/"); status != http.StatusUnauthorized || p.who() != "nobody" {
			t.Errorf("a forgotten passkey works: %d", status)
		}
		if left := w.column(t, nation, `SELECT account FROM signin_recovery`); len(left) != 10 || left[0] != string(budi) {
			t.Errorf("recovery codes left: %v", left)
		}
	})
}

// An attacker who plants a session's secret in somebody's browser gets nothing
// when they sign in.
func TestSessionFixation(t *testing.T) {
	w := quickWorld(t)
	p, device := w.joinWithPasskey(t, w.invite(siti, false).Reveal())
	planted := p.jar["simpul"]
	device.use(p.window, "/masuk/passkey/selesai", "/")
	if p.jar["simpul"] == planted {
		t.Error("signing in kept the secret")
	}
	attacker := w.window(t)
	attacker.jar["simpul"] = planted
	if attacker.who() != "nobody" {
		t.Error("the former secret still works")
	}
	for _, made := range []string{"", "x", strings.ToUpper(p.jar["simpul"]), p.jar["simpul"] + "a", p.jar["simpul"][1:]} {
		attacker.jar["simpul"] = made
		if attacker.who() != "nobody" {
			t.Errorf("%q is a session", made)
		}
	}
}

func TestAClosedAccountIsOut(t *testing.T) {
	w := quickWorld(t)
	p, device := w.joinWithPasskey(t, w.invite(siti, false).Reveal())
	w.registry.close(siti)
	if p.who() != "nobody" {
		t.Error("its session goes on")
	}
	for _, id := range w.column(t, nation, `SELECT id FROM signin_session`) {
		if over, err := w.Ended(t.Context(), id); err != nil || !over {
			t.Errorf("its session is not over: %v %v", over, err)
		}
	}
	if status, _ := device.use(p.window, "/masuk/passkey/selesai", "/"); status != http.StatusUnauthorized {
		t.Errorf("its passkey: %d", status)
	}
}

func TestCookieFlags(t *testing.T) {
	w := quickWorld(t)
	form := strings.NewReader(url.Values{"token": {"spt_operator"}}.Encode())
	r := httptest.NewRequest(http.MethodPost, "/masuk", form)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	out := httptest.NewRecorder()
	w.ServeHTTP(out, r)
	plain := out.Result().Cookies()[0]
	if plain.Name != "simpul" || plain.Secure || !plain.HttpOnly || plain.SameSite != http.SameSiteLaxMode || plain.Path != "/" || plain.Domain != "" {
		t.Errorf("without TLS: %+v", plain)
	}
	r = httptest.NewRequest(http.MethodPost, "/masuk", strings.NewReader(url.Values{"token": {"spt_operator"}}.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.TLS = &tls.ConnectionState{}
	out = httptest.NewRecorder()
	w.ServeHTTP(out, r)
	if c := out.Result().Cookies()[0]; c.Name != "__Host-simpul" || !c.Secure || !c.HttpOnly {
		t.Errorf("over TLS: %+v", c)
	}
}

// What people sign in with is theirs and their agency's. On PostgreSQL nobody
// else sees it, even where a statement forgets to ask.
func TestNoOtherTenantSeesCredentials(t *testing.T) {
	w := newWorld(t, testkit.Postgres(t))
	w.joinWithPasskey(t, w.invite(siti, false).Reveal())
	w.signIn(t, string(siti), "salah", "1")
	for _, scope := range []simpul.Scope{simpul.AgencyScope("surabayakota.go.id"), simpul.PublicScope()} {
		for _, table := range []string{"signin_person", "signin_passkey", "signin_recovery", "signin_session", "signin_failure", "signin_ceremony", "signin_upstream", "signin_subject"} {
			if got := w.column(t, scope, `SELECT 'x' FROM `+table); len(got) != 0 {
				t.Errorf("scope %q sees %d rows of %s", scope.Key(), len(got), table)
			}
		}
	}
	own := simpul.AgencyScope("bandungkota.go.id")
	for _, table := range []string{"signin_failure", "signin_ceremony"} {
		if got := w.column(t, own, `SELECT 'x' FROM `+table); len(got) != 0 {
			t.Errorf("the agency sees %d rows of %s", len(got), table)
		}
	}
}

// A copy of the database tells no secret.
func TestSecretsAreStoredHashedOrSealed(t *testing.T) {
	w := quickWorld(t)
	p := w.join(t, siti)
	var stored strings.Builder
	for _, query := range []string{
		`SELECT password || ' ' || totp FROM signin_person`, `SELECT digest || ' ' || id FROM signin_session`,
		`SELECT digest FROM signin_recovery`, `SELECT digest || ' ' || sealed FROM signin_ceremony`, `SELECT subject FROM signin_failure`,
	} {
		stored.WriteString(strings.Join(w.column(t, nation, query), " "))
	}
	for _, secret := range append([]string{password, p.totp, p.jar["simpul"]}, p.codes...) {
		if strings.Contains(stored.String(), strings.ReplaceAll(secret, "-", "")) {
			t.Error("a secret can be read from the database")
		}
	}
	for _, e := range w.column(t, nation, `SELECT subject || detail FROM trail_event`) {
		if strings.Contains(e, p.jar["simpul"]) || strings.Contains(e, password) {
			t.Error("a secret can be read from the trail")
		}
	}
}
