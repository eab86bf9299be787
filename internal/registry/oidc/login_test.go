package oidc

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
)

func TestSignInFromTheRequestToTheTokens(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		w := newWorld(t, db)
		w.declare(warga, standardSpec())
		b := w.browser().signIn(siti)

		page := b.authorize(asks())
		for _, words := range []string{"Layanan Warga", "Pemerintah Kota Bandung", "Siti Rahma", "warga.bandungkota.go.id", "Alamat surel Anda"} {
			if !strings.Contains(page.Body.String(), words) {
				t.Errorf("who is asked to consent does not read %q", words)
			}
		}
		at := landing(t, b.consent(page, "allow"))
		if got := at.Scheme + "://" + at.Host + at.Path; got != callback || at.Query().Get("state") != "s t&=1" || at.Query().Get("iss") != issuer {
			t.Errorf("sent to %s", at)
		}
		rec := w.post(TokenPath, exchange(at.Query().Get("code")), basic(warga, "spk_warga"))
		given := decode[tokenAnswer](t, rec)
		if rec.Code != http.StatusOK || given.Scope != "openid profile email agency" || given.TokenType != "Bearer" || given.ExpiresIn != 600 || given.RefreshToken == "" {
			t.Fatalf("got %d %s", rec.Code, rec.Body)
		}
		access, identity := payload(t, given.AccessToken), payload(t, given.IDToken)
		subject, _ := identity["sub"].(string)
		if subject == "" || strings.Contains(subject, "siti") || access["sub"] != subject || access["sid"] != b.session || access["client_id"] != string(warga) {
			t.Errorf("access token %v, ID token %v", access, identity)
		}
		for claim, want := range map[string]any{
			"iss": issuer, "aud": string(warga), "azp": string(warga), "nonce": "n-1", "sid": b.session, "acr": "aal2",
			"auth_time": float64(start.Unix()), "exp": float64(start.Unix() + 600), "at_hash": leftHalf(simpul.Secret(given.AccessToken)),
		} {
			if identity[claim] != want {
				t.Errorf("%s is %v, want %v", claim, identity[claim], want)
			}
		}
		w.wantAccepted(simpul.Secret(given.AccessToken), simpul.Consumer{Application: warga, Credential: "k-warga", Subject: subject})

		var info map[string]any
		rec = w.userinfo(given.AccessToken)
		if err := json.Unmarshal(rec.Body.Bytes(), &info); err != nil || info["sub"] != subject || info["name"] != "Siti Rahma" || info["email"] != string(siti) || info["agency"] != "bandungkota.go.id" {
			t.Errorf("userinfo: %d %s", rec.Code, rec.Body)
		}
		// The consent is remembered, so the second time nobody is asked; by
		// another application, or for more, one is.
		if again := b.authorize(asks("scope", "openid")); again.Code != http.StatusSeeOther || landing(t, again).Query().Get("code") == "" {
			t.Errorf("asked once more: %d", again.Code)
		}
		if more := b.authorize(asks("scope", "openid offline_access")); !hiddenRequest.MatchString(more.Body.String()) {
			t.Errorf("more is passed on without a question: %d", more.Code)
		}
		if forced := b.authorize(asks("prompt", "consent")); !hiddenRequest.MatchString(forced.Body.String()) {
			t.Errorf("prompt=consent does not ask: %d", forced.Code)
		}
		again, _ := w.tokens(siti)
		if payload(t, again.IDToken)["sub"] != subject {
			t.Error("the subject is not stable")
		}
		other, _ := w.tokens(budi)
		if payload(t, other.IDToken)["sub"] == subject {
			t.Error("two people are one subject")
		}
	})
}

func TestScopesDecideWhatUserinfoTells(t *testing.T) {
	w := sqlite(t)
	w.declare(warga, standardSpec())
	given, _ := w.tokens(siti, "scope", "openid phone offline_access")
	rec := w.userinfo(given.AccessToken)
	if body := strings.TrimSpace(rec.Body.String()); rec.Code != http.StatusOK || strings.Count(body, ":") != 1 {
		t.Errorf("openid alone tells %s", body)
	}
	if given.Scope != "openid offline_access" {
		t.Errorf("an unknown scope is given: %q", given.Scope)
	}
	machine := w.buy(warga, "spk_warga")
	wantFault(t, "a token of no person", w.userinfo(machine.Reveal()), http.StatusForbidden, "insufficient_scope")
	wantFault(t, "rubbish", w.userinfo("a.b.c"), http.StatusUnauthorized, "invalid_token")
	wantFault(t, "an ID token", w.userinfo(given.IDToken), http.StatusUnauthorized, "invalid_token")
}

func TestRefusedConsentIsToldToTheApplication(t *testing.T) {
	w := sqlite(t)
	w.declare(warga, standardSpec())
	b := w.browser().signIn(siti)
	page := b.authorize(asks())
	if at := landing(t, b.consent(page, "deny")).Query(); at.Get("error") != "access_denied" || at.Get("code") != "" || at.Get("iss") != issuer {
		t.Errorf("told %v", at)
	}
	if again := b.consent(page, "allow"); again.Code != http.StatusNotFound {
		t.Errorf("the question can be answered twice: %d", again.Code)
	}
}

func TestWhoIsNotSignedInSignsInFirst(t *testing.T) {
	w := sqlite(t)
	w.declare(warga, standardSpec())
	b := w.browser()
	rec := b.authorize(asks())
	to := landing(t, rec)
	if to.Path != "/masuk" || !strings.HasPrefix(to.Query().Get("next"), AuthorizePath+"?lanjut=") {
		t.Fatalf("sent to %s", to)
	}
	w.watch.pass(time.Minute)
	b.signIn(siti)
	page := b.do(http.MethodGet, to.Query().Get("next"), nil)
	at := landing(t, b.consent(page, "allow"))
	if at.Query().Get("code") == "" {
		t.Errorf("sent to %s", at)
	}
	// Whoever comes back by the sign-in form, and has consented before, gets a
	// page, since a redirect would be held to the form's policy.
	c := w.browser()
	next := landing(t, c.authorize(asks())).Query().Get("next")
	back := c.signIn(siti).do(http.MethodGet, next, nil)
	if back.Code != http.StatusOK || back.Header().Get("Location") != "" || landing(t, back).Query().Get("code") == "" {
		t.Errorf("after signing in: %d %v", back.Code, back.Header())
	}
	if again := c.do(http.MethodGet, next, nil); again.Code != http.StatusNotFound {
		t.Errorf("one request gives two codes: %d", again.Code)
	}
}

func TestPromptAndAge(t *testing.T) {
	w := sqlite(t)
	w.declare(warga, standardSpec())
	nobody := w.browser()
	if got := landing(t, nobody.authorize(asks("prompt", "none"))).Query().Get("error"); got != "login_required" {
		t.Errorf("silently, nobody: %q", got)
	}
	b := w.browser().signIn(siti)
	if got := landing(t, b.authorize(asks("prompt", "none"))).Query().Get("error"); got != "consent_required" {
		t.Errorf("silently, without consent: %q", got)
	}
	b.code(asks())
	if got := landing(t, b.authorize(asks("prompt", "none"))).Query(); got.Get("code") == "" {
		t.Errorf("silently, with consent: %v", got)
	}
	w.watch.pass(10 * time.Minute)
	if got := landing(t, b.authorize(asks("prompt", "none", "max_age", "60"))).Query().Get("error"); got != "login_required" {
		t.Errorf("silently, too long ago: %q", got)
	}
	for _, more := range [][]string{{"prompt", "login"}, {"max_age", "60"}, {"max_age", "0"}} {
		page := b.authorize(asks(more...))
		m := hiddenRequest.FindStringSubmatch(page.Body.String())
		if m == nil || !strings.Contains(page.Body.String(), AgainPath) {
			t.Fatalf("%v: not asked to sign in once more: %d", more, page.Code)
		}
		to := landing(t, b.do(http.MethodPost, AgainPath, url.Values{"request": {m[1]}}))
		if _, still := w.people.SignedIn(requestWith(b.cookie)); still || to.Path != "/masuk" {
			t.Errorf("%v: the session goes on; sent to %s", more, to)
		}
		w.watch.pass(time.Second)
		b.signIn(siti)
		if at := landing(t, b.do(http.MethodGet, to.Query().Get("next"), nil)); at.Query().Get("code") == "" {
			t.Errorf("%v: signed in once more, but %s", more, at)
		}
		w.watch.pass(2 * time.Minute)
	}
}

func requestWith(cookie string) *http.Request {
	r, _ := http.NewRequest(http.MethodGet, "/", nil)
	r.AddCookie(&http.Cookie{Name: "simpul", Value: cookie})
	return r
}

func TestRefreshTurnsAndNarrows(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		w := newWorld(t, db)
		w.declare(warga, standardSpec())
		given, _ := w.tokens(siti)
		rec := w.post(TokenPath, refreshing(given.RefreshToken, "scope", "openid email"), basic(warga, "spk_warga"))
		next := decode[tokenAnswer](t, rec)
		if rec.Code != http.StatusOK || next.Scope != "openid email" || next.RefreshToken == given.RefreshToken || payload(t, next.IDToken)["nonce"] != nil {
			t.Fatalf("got %d %s", rec.Code, rec.Body)
		}
		wantFault(t, "wider", w.post(TokenPath, refreshing(next.RefreshToken, "scope", "openid offline_access"), basic(warga, "spk_warga")), 400, "invalid_scope")
		// The wider request did not use the token up.
		rec = w.post(TokenPath, refreshing(next.RefreshToken), basic(warga, "spk_warga"))
		if rec.Code != http.StatusOK {
			t.Fatalf("got %d %s", rec.Code, rec.Body)
		}
		last := decode[tokenAnswer](t, rec)

		// A token that was turned comes back: all of the family ends.
		wantFault(t, "turned before", w.post(TokenPath, refreshing(given.RefreshToken), basic(warga, "spk_warga")), 400, "invalid_grant")
		wantFault(t, "the newest", w.post(TokenPath, refreshing(last.RefreshToken), basic(warga, "spk_warga")), 400, "invalid_grant")
		w.wantRefused(simpul.Secret(last.AccessToken), simpul.CodeUnauthenticated, "its login has ended")
	})
}

func TestRefreshEndsAfterThirtyDaysAndWithTheAccount(t *testing.T) {
	w := sqlite(t)
	w.declare(warga, standardSpec())
	given, _ := w.tokens(siti, "scope", "openid offline_access")
	for range 3 {
		w.watch.pass(9 * 24 * time.Hour)
		if err := w.Tend(t.Context()); err != nil {
			t.Fatal(err)
		}
		rec := w.post(TokenPath, refreshing(given.RefreshToken), basic(warga, "spk_warga"))
		if rec.Code != http.StatusOK {
			t.Fatalf("after %v: %d %s", w.now().Sub(start), rec.Code, rec.Body)
		}
		given = decode[tokenAnswer](t, rec)
	}
	w.watch.set(start.Add(loginLife))
	wantFault(t, "after 30 days", w.post(TokenPath, refreshing(given.RefreshToken), basic(warga, "spk_warga")), 400, "invalid_grant")

	if err := w.Tend(t.Context()); err != nil {
		t.Fatal(err)
	}
	given, _ = w.tokens(siti, "scope", "openid offline_access")
	w.people.close(siti)
	wantFault(t, "a closed account", w.post(TokenPath, refreshing(given.RefreshToken), basic(warga, "spk_warga")), 400, "invalid_grant")
	if err := w.Refresh(t.Context(), []sqldb.Revision{{Kind: "Account", ID: string(siti)}}); err != nil {
		t.Fatal(err)
	}
	if err := w.settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.wantRefused(simpul.Secret(given.AccessToken), simpul.CodeUnauthenticated, "its login has ended")
}

// A session that ends on one node ends its tokens on the other as soon as the
// revision comes, with no SQL between; whoever may go on offline does so without
// the session.
func TestASessionEndsEverywhere(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		w := newWorld(t, db)
		w.declare(warga, standardSpec())
		online, b := w.tokens(siti)
		rec := w.post(TokenPath, exchange(b.code(asks("scope", "openid offline_access"))), basic(warga, "spk_warga"))
		offline := decode[tokenAnswer](t, rec)
		other, before := w.node(), w.lastRevision()
		for _, node := range []*world{w, other} {
			if _, err := node.Verifier().Authenticate(nil, simpul.Secret(online.AccessToken)); err != nil {
				t.Fatal(err)
			}
		}
		w.endSession(b.session)
		changes := w.revisions(before)
		for _, node := range []*world{w, other} {
			if err := node.Refresh(t.Context(), changes); err != nil {
				t.Fatal(err)
			}
			for _, token := range []string{online.AccessToken, offline.AccessToken} {
				node.wantRefused(simpul.Secret(token), simpul.CodeUnauthenticated, "its session has ended")
			}
			if err := node.settle(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		// A node that starts afterwards knows it too.
		w.node().wantRefused(simpul.Secret(online.AccessToken), simpul.CodeUnauthenticated, "its session has ended")

		wantFault(t, "online", other.post(TokenPath, refreshing(online.RefreshToken), basic(warga, "spk_warga")), 400, "invalid_grant")
		rec = other.post(TokenPath, refreshing(offline.RefreshToken), basic(warga, "spk_warga"))
		on := decode[tokenAnswer](t, rec)
		if rec.Code != http.StatusOK || payload(t, on.AccessToken)["sid"] != nil || payload(t, on.IDToken)["sid"] != nil {
			t.Errorf("offline: %d %s", rec.Code, rec.Body)
		}
		if _, err := other.Verifier().Authenticate(nil, simpul.Secret(on.AccessToken)); err != nil {
			t.Error(err)
		}
	})
}

// What a stopped hub has missed it finds when it starts.
func TestASessionThatEndedUnseenIsFound(t *testing.T) {
	w := sqlite(t)
	w.declare(warga, standardSpec())
	given, b := w.tokens(siti)
	w.people.ended[b.session] = true
	w.node().wantRefused(simpul.Secret(given.AccessToken), simpul.CodeUnauthenticated, "its session has ended")
}

func TestConsentIsListedAndTakenBack(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		w := newWorld(t, db)
		w.declare(warga, standardSpec())
		given, b := w.tokens(siti)
		stranger := w.browser().signIn(budi)
		if page := stranger.do(http.MethodGet, ConsentsPath, nil); strings.Contains(page.Body.String(), "Layanan Warga") || !strings.Contains(page.Body.String(), "Belum ada aplikasi") {
			t.Error("somebody else's consent is shown")
		}
		if rec := stranger.do(http.MethodPost, ConsentsPath, url.Values{"application": {string(warga)}}); rec.Code != http.StatusNotFound {
			t.Errorf("somebody else's consent is taken back: %d", rec.Code)
		}
		if page := b.do(http.MethodGet, ConsentsPath, nil); !strings.Contains(page.Body.String(), "Layanan Warga") {
			t.Errorf("not listed: %d", page.Code)
		}
		before := w.lastRevision()
		other := w.node()
		if rec := b.do(http.MethodPost, ConsentsPath, url.Values{"application": {string(warga)}}); rec.Code != http.StatusSeeOther {
			t.Fatalf("not taken back: %d %s", rec.Code, rec.Body)
		}
		if err := other.Refresh(t.Context(), w.revisions(before)); err != nil {
			t.Fatal(err)
		}
		for _, node := range []*world{w, other} {
			node.wantRefused(simpul.Secret(given.AccessToken), simpul.CodeUnauthenticated, "its login has ended")
		}
		wantFault(t, "refresh", w.post(TokenPath, refreshing(given.RefreshToken), basic(warga, "spk_warga")), 400, "invalid_grant")
		if rec := b.authorize(asks()); !hiddenRequest.MatchString(rec.Body.String()) {
			t.Errorf("not asked once more: %d", rec.Code)
		}
		if to := landing(t, w.browser().do(http.MethodGet, ConsentsPath, nil)); to.Path != "/masuk" {
			t.Errorf("nobody is sent to %s", to)
		}
	})
}

func TestRefreshTokensAreRevokedAndIntrospected(t *testing.T) {
	w := sqlite(t)
	w.declare(warga, standardSpec())
	w.declare(dapodik, ClientSpec{TokenEndpointAuthMethod: bySecretBasic, GrantTypes: []string{grantClient}})
	given, _ := w.tokens(siti)
	look := func(token string, id simpul.ApplicationID, key string) string {
		return w.post(IntrospectPath, url.Values{"token": {token}}, basic(id, key)).Body.String()
	}
	if got := look(given.RefreshToken, warga, "spk_warga"); !strings.Contains(got, `"active":true`) || !strings.Contains(got, `"scope":"openid profile email agency"`) {
		t.Errorf("refresh token: %s", got)
	}
	if got := look(given.AccessToken, warga, "spk_warga"); !strings.Contains(got, `"active":true`) || !strings.Contains(got, `"sid"`) {
		t.Errorf("access token: %s", got)
	}
	for _, token := range []string{given.RefreshToken, given.AccessToken} {
		if got := strings.TrimSpace(look(token, dapodik, "spk_dapodik")); got != `{"active":false}` {
			t.Errorf("another application learns %s", got)
		}
		wantFault(t, "another's", w.post(RevokePath, url.Values{"token": {token}}, basic(dapodik, "spk_dapodik")), 400, "unauthorized_client")
	}
	if rec := w.post(RevokePath, url.Values{"token": {given.RefreshToken}}, basic(warga, "spk_warga")); rec.Code != http.StatusOK {
		t.Fatalf("not revoked: %d %s", rec.Code, rec.Body)
	}
	w.wantRefused(simpul.Secret(given.AccessToken), simpul.CodeUnauthenticated, "its login has ended")
	if got := strings.TrimSpace(look(given.RefreshToken, warga, "spk_warga")); got != `{"active":false}` {
		t.Errorf("after revocation: %s", got)
	}
}

func TestLogout(t *testing.T) {
	w := sqlite(t)
	w.declare(warga, standardSpec())
	given, b := w.tokens(siti)
	leave := func(b *browser, v url.Values) (*http.Request, *url.URL, int, string) {
		rec := b.do(http.MethodGet, LogoutPath+"?"+v.Encode(), nil)
		to, _ := url.Parse(rec.Header().Get("Location"))
		return requestWith(b.cookie), to, rec.Code, rec.Body.String()
	}
	// Anybody can send a browser here, so without proof the person is asked.
	r, _, code, page := leave(b, url.Values{"client_id": {string(warga)}, "post_logout_redirect_uri": {goodbye}})
	if _, still := w.people.SignedIn(r); !still || code != http.StatusOK || !strings.Contains(page, "Keluar dari Simpul?") {
		t.Errorf("signed out by whoever asks: %d", code)
	}
	// An ID token of another session proves nothing about this one.
	other := w.browser().signIn(siti)
	r, _, _, page = leave(other, url.Values{"id_token_hint": {given.IDToken}})
	if _, still := w.people.SignedIn(r); !still || !strings.Contains(page, "Keluar dari Simpul?") {
		t.Error("signed out by a token of another session")
	}
	for _, place := range []string{"https://jahat.example/", goodbye + "/", goodbye + "?x=1", "https://warga.bandungkota.go.id@jahat.example/keluar"} {
		if _, to, code, _ := leave(b, url.Values{"id_token_hint": {given.IDToken}, "post_logout_redirect_uri": {place}}); code != http.StatusBadRequest || to.String() != "" {
			t.Errorf("sent to %s: %d", place, code)
		}
	}
	r, to, code, _ := leave(b, url.Values{"id_token_hint": {given.IDToken}, "post_logout_redirect_uri": {goodbye}, "state": {"s 1"}})
	if _, still := w.people.SignedIn(r); still || code != http.StatusSeeOther || to.String() != goodbye+"?state=s+1" {
		t.Errorf("%d %s", code, to)
	}
	rec := other.do(http.MethodPost, LogoutPath+"/now", url.Values{"client_id": {string(warga)}, "post_logout_redirect_uri": {goodbye}})
	if _, still := w.people.SignedIn(requestWith(other.cookie)); still || landing(t, rec).String() != goodbye {
		t.Errorf("by the person's word: %d %v", rec.Code, rec.Header())
	}
}

func TestPushedRequestsCountOnceAndForTheirApplication(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		w := newWorld(t, db)
		w.declare(warga, standardSpec())
		spec := standardSpec()
		spec.RedirectURIs = []string{"https://dapodik.kemdikbud.go.id/cb"}
		w.declare(dapodik, spec)
		push := func() string {
			rec := w.post(PushPath, asks(), basic(warga, "spk_warga"))
			if rec.Code != http.StatusCreated {
				t.Fatalf("not taken: %d %s", rec.Code, rec.Body)
			}
			return decode[pushAnswer](t, rec).URI
		}
		b := w.browser().signIn(siti)
		uri := push()
		if rec := b.authorize(url.Values{"client_id": {string(dapodik)}, "request_uri": {uri}}); rec.Code != http.StatusNotFound {
			t.Errorf("another application uses it: %d", rec.Code)
		}
		next := landing(t, b.authorize(url.Values{"client_id": {string(warga)}, "request_uri": {uri}})).String()
		b.do(http.MethodGet, next+"&lang=en", nil) // a page that is loaded again, in the other language
		page := b.do(http.MethodGet, next, nil)
		if at := landing(t, b.consent(page, "allow")); at.Query().Get("code") == "" {
			t.Errorf("sent to %s", at)
		}
		if rec := b.authorize(url.Values{"client_id": {string(warga)}, "request_uri": {uri}}); rec.Code != http.StatusNotFound {
			t.Errorf("counts twice: %d", rec.Code)
		}
		uri = push()
		w.watch.pass(pushedLife)
		if rec := b.authorize(url.Values{"client_id": {string(warga)}, "request_uri": {uri}}); rec.Code != http.StatusNotFound {
			t.Errorf("counts for ever: %d", rec.Code)
		}
		wantFault(t, "without proof", w.post(PushPath, asks()), 401, "invalid_client")
		wantFault(t, "a place of others", w.post(PushPath, asks("redirect_uri", "https://jahat.example/"), basic(warga, "spk_warga")), 400, "invalid_request")
		wantFault(t, "plain", w.post(PushPath, asks("code_challenge_method", "plain"), basic(warga, "spk_warga")), 400, "invalid_request")
	})
}

func TestClassOfAssurance(t *testing.T) {
	for want, lists := range map[string][][]string{"aal1": {nil, {"pwd"}, {"otp"}}, "aal2": {{"pwd", "otp", "mfa"}, {"hwk"}, {"swk", "user"}}} {
		for _, methods := range lists {
			if got := classOf(methods); got != want {
				t.Errorf("%v is %s", methods, got)
			}
		}
	}
}

func TestForgetAndFacts(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		w := newWorld(t, db)
		w.declare(warga, standardSpec())
		given, _ := w.tokens(siti)
		err := db.Write(t.Context(), simpul.NationScope(), func(tx *sqldb.Tx) error {
			facts, err := w.Facts(t.Context(), tx, siti)
			if err != nil || len(facts["consents"].([]Consent)) != 1 || len(facts["logins"].([]map[string]any)) != 1 {
				t.Errorf("%v, %v", facts, err)
			}
			return w.Forget(t.Context(), tx, siti)
		})
		if err != nil {
			t.Fatal(err)
		}
		left, err := w.Consents(t.Context(), siti)
		if err != nil || len(left) != 0 {
			t.Errorf("left: %v, %v", left, err)
		}
		wantFault(t, "refresh", w.post(TokenPath, refreshing(given.RefreshToken), basic(warga, "spk_warga")), 400, "invalid_grant")
	})
}

// No tenant reaches who signs in where, and a declaration only its own.
func TestStoresAsTheWrongTenant(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		w := newWorld(t, db)
		w.declare(warga, standardSpec())
		w.tokens(siti)
		for _, scope := range []simpul.Scope{simpul.AgencyScope(dapodik.Agency()), simpul.PublicScope()} {
			db.Read(t.Context(), scope, func(tx *sqldb.Tx) error {
				if _, err := registrationOf(t.Context(), tx, warga); err == nil {
					t.Errorf("%q reads a registration", scope.Key())
				}
				if all, err := allRegistrations(t.Context(), tx); err != nil || len(all) != 0 {
					t.Errorf("%q lists registrations: %v %v", scope.Key(), all, err)
				}
				return nil
			})
			for what, try := range map[string]func(tx *sqldb.Tx) error{
				"put": func(tx *sqldb.Tx) error {
					_, err := putRegistration(t.Context(), tx, warga, ClientSpec{}, start)
					return err
				},
				"delete": func(tx *sqldb.Tx) error { return deleteRegistration(t.Context(), tx, warga) },
			} {
				if err := db.Write(t.Context(), scope, try); err == nil {
					t.Errorf("%q can %s", scope.Key(), what)
				}
			}
		}
		if got := w.view.registered.Load().of(warga); got == nil || !slices.Contains(got.Spec.RedirectURIs, callback) {
			t.Errorf("changed: %+v", got)
		}
	})
}
