package oidc

import (
	"crypto/ecdsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
	"simpul/internal/platform/trail"
)

// hostile is a world with two applications that sign people in, and a browser
// whose person has consented to the first.
func hostile(t *testing.T, db *sqldb.DB) (*world, *browser) {
	w := newWorld(t, db)
	w.declare(warga, standardSpec())
	spec := standardSpec()
	spec.RedirectURIs = []string{"https://dapodik.kemdikbud.go.id/cb"}
	w.declare(dapodik, spec)
	b := w.browser().signIn(siti)
	b.code(asks())
	return w, b
}

func TestReplayedCodeEndsWhatItGave(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		w, b := hostile(t, db)
		code := b.code(asks())
		given := decode[tokenAnswer](t, w.post(TokenPath, exchange(code), basic(warga, "spk_warga")))
		wantFault(t, "replay", w.post(TokenPath, exchange(code), basic(warga, "spk_warga")), 400, "invalid_grant")
		w.wantRefused(simpul.Secret(given.AccessToken), simpul.CodeUnauthenticated, "its login has ended")
		wantFault(t, "its refresh token", w.post(TokenPath, refreshing(given.RefreshToken), basic(warga, "spk_warga")), 400, "invalid_grant")
	})
}

func TestCodesAreBound(t *testing.T) {
	w, b := hostile(t, testkit.SQLite(t))
	for name, c := range map[string]struct {
		change []string
		by     func(*http.Request)
		code   string
	}{
		"wrong verifier":               {[]string{"code_verifier", strings.Repeat("x", 43)}, basic(warga, "spk_warga"), "invalid_grant"},
		"challenge as verifier":        {[]string{"code_verifier", challengeOf(verifier)}, basic(warga, "spk_warga"), "invalid_grant"},
		"short verifier":               {[]string{"code_verifier", "x"}, basic(warga, "spk_warga"), "invalid_grant"},
		"no verifier":                  {[]string{"code_verifier", ""}, basic(warga, "spk_warga"), "invalid_request"},
		"other redirect URI":           {[]string{"redirect_uri", callback + "/"}, basic(warga, "spk_warga"), "invalid_grant"},
		"no redirect URI":              {[]string{"redirect_uri", ""}, basic(warga, "spk_warga"), "invalid_request"},
		"mixed-up client":              {nil, basic(dapodik, "spk_dapodik"), "invalid_grant"},
		"another client's redirect":    {[]string{"redirect_uri", "https://dapodik.kemdikbud.go.id/cb"}, basic(dapodik, "spk_dapodik"), "invalid_grant"},
		"a code that never was":        {[]string{"code", "spc_" + strings.Repeat("a", 26)}, basic(warga, "spk_warga"), "invalid_grant"},
		"the code as a refresh token":  {[]string{"grant_type", "refresh_token"}, basic(warga, "spk_warga"), "invalid_request"},
		"client_id of another in body": {[]string{"client_id", string(dapodik)}, basic(warga, "spk_warga"), "invalid_client"},
	} {
		t.Run(name, func(t *testing.T) {
			status := http.StatusBadRequest
			if c.code == "invalid_client" {
				status = http.StatusUnauthorized
			}
			wantFault(t, name, w.post(TokenPath, exchange(b.code(asks()), c.change...), c.by), status, c.code)
		})
	}
	code := b.code(asks())
	w.watch.pass(codeLife)
	wantFault(t, "expired code", w.post(TokenPath, exchange(code), basic(warga, "spk_warga")), 400, "invalid_grant")

	code = b.code(asks())
	wantFault(t, "wrong verifier first", w.post(TokenPath, exchange(code, "code_verifier", strings.Repeat("x", 43)), basic(warga, "spk_warga")), 400, "invalid_grant")
	wantFault(t, "then the right one", w.post(TokenPath, exchange(code), basic(warga, "spk_warga")), 400, "invalid_grant")

	code = b.code(asks())
	w.people.ended[b.session] = true
	wantFault(t, "a code of a session that has ended", w.post(TokenPath, exchange(code), basic(warga, "spk_warga")), 400, "invalid_grant")
}

// Nobody is ever sent to a place that is not registered to the letter: they get
// a page, which is not itself a way to another site.
func TestRedirectURITricks(t *testing.T) {
	_, b := hostile(t, testkit.SQLite(t))
	for _, uri := range []string{
		"https://jahat.example/masuk/selesai", callback + "/", callback + "?x=1", callback + "#x", callback + "/../lain", callback + "%2f..",
		"https://warga.bandungkota.go.id@jahat.example/masuk/selesai", "https://x@warga.bandungkota.go.id/masuk/selesai",
		"https://warga.bandungkota.go.id:443/masuk/selesai", "https://warga.bandungkota.go.id:8443/masuk/selesai", "https://WARGA.bandungkota.go.id/masuk/selesai",
		"HTTPS://warga.bandungkota.go.id/masuk/selesai", "http://warga.bandungkota.go.id/masuk/selesai", "https://warga.bandungkota.go.id./masuk/selesai",
		"https://warga.bandungkota.go.id\\@jahat.example/masuk/selesai", "//jahat.example/", "javascript:alert(1)", "data:text/html,x", " " + callback, callback + " ",
		"https://dapodik.kemdikbud.go.id/cb", "",
	} {
		rec := b.authorize(asks("redirect_uri", uri))
		if rec.Code != http.StatusBadRequest || rec.Header().Get("Location")+rec.Header().Get("Refresh") != "" {
			t.Errorf("%q: %d %v", uri, rec.Code, rec.Header())
		}
		if uri != "" && strings.Contains(rec.Body.String(), `href="`+uri) {
			t.Errorf("%q: the page leads there", uri)
		}
	}
	for _, id := range []string{"tidak-ada@bandungkota.go.id", "", "'; DROP TABLE oidc_client; --"} {
		if rec := b.authorize(asks("client_id", id)); rec.Code != http.StatusBadRequest || rec.Header().Get("Location") != "" {
			t.Errorf("client %q: %d", id, rec.Code)
		}
	}
}

func TestBadAuthorizationRequests(t *testing.T) {
	w, b := hostile(t, testkit.SQLite(t))
	for name, c := range map[string]struct {
		change []string
		code   string
	}{
		"no PKCE":           {[]string{"code_challenge", "", "code_challenge_method", ""}, "invalid_request"},
		"plain PKCE":        {[]string{"code_challenge", verifier, "code_challenge_method", "plain"}, "invalid_request"},
		"PKCE by default":   {[]string{"code_challenge_method", ""}, "invalid_request"},
		"short challenge":   {[]string{"code_challenge", "abc"}, "invalid_request"},
		"implicit":          {[]string{"response_type", "token"}, "unsupported_response_type"},
		"hybrid":            {[]string{"response_type", "code id_token"}, "unsupported_response_type"},
		"no response type":  {[]string{"response_type", ""}, "invalid_request"},
		"fragment":          {[]string{"response_mode", "fragment"}, "invalid_request"},
		"form_post":         {[]string{"response_mode", "form_post"}, "invalid_request"},
		"request object":    {[]string{"request", "eyJhbGciOiJub25lIn0.e30."}, "request_not_supported"},
		"request by URI":    {[]string{"request_uri", "https://jahat.example/r"}, "request_uri_not_supported"},
		"registration":      {[]string{"registration", "{}"}, "registration_not_supported"},
		"no openid":         {[]string{"scope", "profile"}, "invalid_scope"},
		"no scope":          {[]string{"scope", ""}, "invalid_scope"},
		"silent and login":  {[]string{"prompt", "none login"}, "invalid_request"},
		"strange prompt":    {[]string{"prompt", "create"}, "invalid_request"},
		"negative age":      {[]string{"max_age", "-1"}, "invalid_request"},
		"age in words":      {[]string{"max_age", "lama"}, "invalid_request"},
		"immense age":       {[]string{"max_age", "99999999999999999999"}, "invalid_request"},
		"oversized nonce":   {[]string{"nonce", strings.Repeat("n", maxNonce+1)}, "invalid_request"},
		"oversized state":   {[]string{"state", strings.Repeat("s", maxState+1)}, "invalid_request"},
		"hint of a forgery": {[]string{"prompt", "none consent"}, "invalid_request"},
	} {
		at := landing(t, b.authorize(asks(c.change...)))
		if q := at.Query(); q.Get("error") != c.code || q.Get("error_description") == "" || q.Get("iss") != issuer || q.Get("code") != "" || !strings.HasPrefix(at.String(), callback+"?") {
			t.Errorf("%s: sent to %s, want %s", name, at, c.code)
		}
	}
	good := asks().Encode()
	for name, query := range map[string]string{
		"duplicate redirect_uri": good + "&redirect_uri=" + url.QueryEscape(callback),
		"duplicate client_id":    good + "&client_id=" + url.QueryEscape(string(dapodik)),
		"duplicate state":        good + "&state=2",
		"oversized":              good + "&x=" + strings.Repeat("a", maxQuery),
		"half an escape":         good + "&x=%zz",
		"no text":                good + "&x=%ff",
		"a line break":           good + "&x=%0a",
		"a semicolon":            good + ";x=1",
	} {
		rec := b.do(http.MethodGet, AuthorizePath+"?"+query, nil)
		if rec.Code != http.StatusBadRequest && rec.Code != http.StatusRequestEntityTooLarge || rec.Header().Get("Location") != "" {
			t.Errorf("%s: %d %v", name, rec.Code, rec.Header())
		}
	}
	w.keyring.suspend(warga.Agency())
	if at := landing(t, b.authorize(asks())); at.Query().Get("error") != "unauthorized_client" {
		t.Errorf("suspended: %s", at)
	}
}

func TestConsentCannotBeForged(t *testing.T) {
	w, _ := hostile(t, testkit.SQLite(t))
	b := w.browser().signIn(budi)
	page := b.authorize(asks())
	request := hiddenRequest.FindStringSubmatch(page.Body.String())[1]
	allow := url.Values{"request": {request}, "decision": {"allow"}}

	// Clickjacking: nobody may frame the question, and nothing of it is kept.
	h := page.Header()
	if h.Get("X-Frame-Options") != "DENY" || !strings.Contains(h.Get("Content-Security-Policy"), "frame-ancestors 'none'") || h.Get("Cache-Control") != "no-store" {
		t.Errorf("headers %v", h)
	}
	crossSite := func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") }
	foreign := func(r *http.Request) { r.Header.Del("Sec-Fetch-Site"); r.Header.Set("Origin", "https://jahat.example") }
	for name, rec := range map[string]int{
		"cross-site":      b.do(http.MethodPost, ConsentPath, allow, crossSite).Code,
		"foreign origin":  b.do(http.MethodPost, ConsentPath, allow, foreign).Code,
		"by GET":          b.do(http.MethodGet, ConsentPath+"?"+allow.Encode(), nil).Code,
		"another person":  w.browser().signIn(siti).do(http.MethodPost, ConsentPath, allow).Code,
		"another session": w.browser().signIn(budi).do(http.MethodPost, ConsentPath, allow).Code,
		"nobody":          w.browser().do(http.MethodPost, ConsentPath, allow).Code,
		"guessed":         b.do(http.MethodPost, ConsentPath, url.Values{"request": {"x"}, "decision": {"allow"}}).Code,
		"twice a field":   b.do(http.MethodPost, ConsentPath, url.Values{"request": {request, request}, "decision": {"allow"}}).Code,
	} {
		if rec < 400 {
			t.Errorf("%s: %d", name, rec)
		}
	}
	if all, _ := w.Consents(t.Context(), budi); len(all) != 0 {
		t.Errorf("consented: %v", all)
	}
	if at := landing(t, b.consent(page, "allow")); at.Query().Get("code") == "" {
		t.Errorf("the person's own answer: %s", at)
	}
	// A request that was never shown as a question cannot be answered.
	secret, err := w.keep(t.Context(), waiting{application: warga, parameters: form{"client_id": string(warga)}}, waitingLife)
	if err != nil {
		t.Fatal(err)
	}
	if rec := b.do(http.MethodPost, ConsentPath, url.Values{"request": {secret.Reveal()}, "decision": {"allow"}}); rec.Code != http.StatusNotFound {
		t.Errorf("a request of which nobody was asked: %d", rec.Code)
	}
}

// Access tokens that say they are of a person, made by everybody but us.
func TestForgedTokensOfPeople(t *testing.T) {
	w, b := hostile(t, testkit.SQLite(t))
	given := decode[tokenAnswer](t, w.post(TokenPath, exchange(b.code(asks())), basic(warga, "spk_warga")))
	good := payload(t, given.AccessToken)
	kid := w.view.keys.Load().signers[0].ID
	stored, err := w.SigningKeys(t.Context())
	if err != nil || len(stored) == 0 {
		t.Fatal(err)
	}
	public := publicOf(t, w)
	stranger := newPair(t, jose.ES256)
	head := func(more map[string]any) map[jose.HeaderKey]any {
		h := map[jose.HeaderKey]any{"typ": "at+jwt", "kid": kid}
		for k, v := range more {
			h[jose.HeaderKey(k)] = v
		}
		return h
	}
	raw := func(header string) string {
		body, _ := json.Marshal(good)
		return base64.RawURLEncoding.EncodeToString([]byte(header)) + "." + base64.RawURLEncoding.EncodeToString(body) + "."
	}
	parts := strings.Split(given.AccessToken, ".")
	for name, token := range map[string]string{
		"alg none":                  raw(`{"alg":"none","kid":"` + kid + `","typ":"at+jwt"}`),
		"alg none without kid":      raw(`{"alg":"none"}`),
		"public key as HMAC secret": jws(t, jose.HS256, public, head(nil), good),
		"a stranger's key, our kid": jws(t, jose.ES256, stranger.private, head(nil), good),
		"jku":                       jws(t, jose.ES256, stranger.private, head(map[string]any{"jku": "https://jahat.example/jwks"}), good),
		"x5u":                       jws(t, jose.ES256, stranger.private, head(map[string]any{"x5u": "https://jahat.example/x"}), good),
		"jwk":                       jws(t, jose.ES256, stranger.private, head(map[string]any{"jwk": json.RawMessage(stranger.jwk)}), good),
		"kid of a path":             jws(t, jose.ES256, stranger.private, map[jose.HeaderKey]any{"typ": "at+jwt", "kid": "../../dev/null"}, good),
		"the ID token":              given.IDToken,
		"ID token, other header":    parts[0] + "." + strings.Join(strings.Split(given.IDToken, ".")[1:], "."),
		"another's signature":       parts[0] + "." + parts[1] + "." + strings.Split(given.IDToken, ".")[2],
		"no signature":              parts[0] + "." + parts[1] + ".",
		"the refresh token":         given.RefreshToken,
	} {
		if _, err := w.Verifier().Authenticate(nil, simpul.Secret(token)); simpul.CodeOf(err) != simpul.CodeUnauthenticated {
			t.Errorf("%s: %v", name, err)
		}
		wantFault(t, name, w.userinfo(token), http.StatusUnauthorized, "invalid_token")
	}
	// Neither is an ID token of theirs a hint that anybody believes.
	for name, token := range map[string]string{
		"none":     raw(`{"alg":"none","kid":"` + kid + `","typ":"JWT"}`),
		"HMAC":     jws(t, jose.HS256, public, map[jose.HeaderKey]any{"typ": "JWT", "kid": kid}, payload(t, given.IDToken)),
		"stranger": jws(t, jose.ES256, stranger.private, map[jose.HeaderKey]any{"typ": "JWT", "kid": kid}, payload(t, given.IDToken)),
		"access":   given.AccessToken,
	} {
		if _, ok := w.hinted(token); ok {
			t.Errorf("%s is believed as a hint", name)
		}
	}
	w.watch.pass(tokenLife + leeway)
	w.wantRefused(simpul.Secret(given.AccessToken), simpul.CodeUnauthenticated, "expired")
}

// publicOf is the hub's public key as everybody can read it, as bytes.
func publicOf(t *testing.T, w *world) []byte {
	t.Helper()
	var set jose.JSONWebKeySet
	if err := json.Unmarshal(w.view.keys.Load().jwks, &set); err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKIXPublicKey(set.Keys[0].Key.(*ecdsa.PublicKey))
	if err != nil {
		t.Fatal(err)
	}
	return der
}

// A token of a person is refused where another hub, or another purpose, is
// meant, though our own key has signed it.
func TestPeoplesTokensOfTheWrongKind(t *testing.T) {
	w, b := hostile(t, testkit.SQLite(t))
	given := decode[tokenAnswer](t, w.post(TokenPath, exchange(b.code(asks())), basic(warga, "spk_warga")))
	for name, change := range map[string]func(*accessClaims){
		"wrong audience":         func(c *accessClaims) { c.Audience = "https://lain.go.id" },
		"wrong issuer":           func(c *accessClaims) { c.Issuer = "https://lain.go.id" },
		"no subject":             func(c *accessClaims) { c.Subject = "" },
		"a person without login": func(c *accessClaims) { c.Login = "" },
		"a login of nobody":      func(c *accessClaims) { c.Subject = string(c.Client) },
		"another's key":          func(c *accessClaims) { c.Credential = "k-x" },
		"not yet":                func(c *accessClaims) { c.NotBefore = start.Add(time.Hour).Unix() },
	} {
		var claims accessClaims
		text, _ := json.Marshal(payload(t, given.AccessToken))
		if err := json.Unmarshal(text, &claims); err != nil {
			t.Fatal(err)
		}
		change(&claims)
		token, err := claims.sign(w.view.keys.Load().signers[0].access)
		if err != nil {
			t.Fatal(err)
		}
		w.wantRefused(token, simpul.CodeUnauthenticated, "")
		_ = name
	}
}

func TestStolenRefreshTokens(t *testing.T) {
	w, b := hostile(t, testkit.SQLite(t))
	given := decode[tokenAnswer](t, w.post(TokenPath, exchange(b.code(asks())), basic(warga, "spk_warga")))
	wantFault(t, "another application", w.post(TokenPath, refreshing(given.RefreshToken), basic(dapodik, "spk_dapodik")), 400, "invalid_grant")
	wantFault(t, "no proof", w.post(TokenPath, refreshing(given.RefreshToken)), 401, "invalid_client")
	for _, token := range []string{"spr_", "spr__", "spr_a_b", strings.ToUpper(given.RefreshToken), given.RefreshToken[:len(given.RefreshToken)/2], "spr_" + strings.Repeat("a", 26) + "_" + strings.Repeat("b", 26)} {
		wantFault(t, token, w.post(TokenPath, refreshing(token), basic(warga, "spk_warga")), 400, "invalid_grant")
	}
	// None of that has ended the login of the one who owns it.
	if rec := w.post(TokenPath, refreshing(given.RefreshToken), basic(warga, "spk_warga")); rec.Code != http.StatusOK {
		t.Errorf("the owner: %d %s", rec.Code, rec.Body)
	}
}

// A stronger proof that was declared is not replaced by a weaker one.
func TestProofsAreNotDowngraded(t *testing.T) {
	w := sqlite(t)
	k := newPair(t, jose.ES256)
	w.register(warga, k)
	spec := standardSpec()
	spec.TokenEndpointAuthMethod = byPrivateKey
	w.declare(warga, spec)
	wantFault(t, "API key", w.post(TokenPath, clientCredentials(), basic(warga, "spk_warga")), 401, "invalid_client")
	wantFault(t, "client_id alone", w.post(TokenPath, clientCredentials("client_id", string(warga))), 401, "invalid_client")
	if rec := w.assert(w.assertion(k, warga, nil)); rec.Code != http.StatusOK {
		t.Errorf("the declared proof: %d %s", rec.Code, rec.Body)
	}
	spec = standardSpec()
	spec.TokenEndpointAuthMethod, spec.GrantTypes = byNothing, []string{grantCode}
	w.declare(dapodik, spec)
	wantFault(t, "public, for itself", w.post(TokenPath, clientCredentials("client_id", string(dapodik))), 400, "unauthorized_client")
	wantFault(t, "public, asks about tokens", w.post(IntrospectPath, url.Values{"token": {"x"}, "client_id": {string(dapodik)}}), 401, "invalid_client")
	b := w.browser().signIn(siti)
	rec := w.post(TokenPath, exchange(b.code(asks("client_id", string(dapodik))), "client_id", string(dapodik)))
	given := decode[tokenAnswer](t, rec)
	if rec.Code != http.StatusOK || given.RefreshToken != "" {
		t.Fatalf("a public application: %d %s", rec.Code, rec.Body)
	}
	w.wantRefused(simpul.Secret(given.AccessToken), simpul.CodeDenied, "") // the gateway is for applications that prove themselves
	if rec := w.userinfo(given.AccessToken); rec.Code != http.StatusOK {
		t.Errorf("userinfo: %d %s", rec.Code, rec.Body)
	}
	if err := w.DeleteClient(t.Context(), admin(dapodik.Agency()), string(dapodik)); err != nil {
		t.Fatal(err)
	}
	w.wantRefused(simpul.Secret(given.AccessToken), simpul.CodeUnauthenticated, "its key was revoked")
}

func FuzzAuthorizationRequest(f *testing.F) {
	f.Add(asks().Encode())
	f.Add("client_id=a&client_id=b")
	f.Add("redirect_uri=%00&scope=openid&max_age=1e9&prompt=none%20none")
	registration := &Registration{Application: warga, Spec: standardSpec()}
	f.Fuzz(func(t *testing.T, query string) {
		parsed, err := parseQuery(query)
		if err != nil {
			return
		}
		a, err := readAuthorization(parsed, registration)
		if err != nil {
			if _, ok := err.(*fault); !ok {
				t.Errorf("%q: %v", query, err)
			}
			return
		}
		again, err := parseQuery(parsed.encode())
		if err != nil || len(again) != len(parsed) {
			t.Errorf("%q does not survive: %v", query, err)
		}
		a.redirectURI = callback
		u, err := url.Parse(a.place(issuer, url.Values{"code": {"c"}}))
		if err != nil || u.Query().Get("state") != a.state || u.Host != "warga.bandungkota.go.id" {
			t.Errorf("%q leads to %v", query, u)
		}
	})
}

func FuzzClientURI(f *testing.F) {
	for _, s := range []string{callback, "http://localhost:3000/cb", "https://a@b/", "https://a/..", "https://a:/", "http://[::1]:1/x?y=z"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if !isClientURI(s) {
			return
		}
		u, err := url.Parse(s)
		if err != nil || u.User != nil || u.Fragment != "" || u.String() != s || u.Scheme == "http" && u.Hostname() != "localhost" && u.Hostname() != "127.0.0.1" && u.Hostname() != "::1" {
			t.Errorf("%q is accepted", s)
		}
	})
}

// Anybody can send a browser here, so what is kept of that is bounded by where
// it comes from, and goes when its time is over.
func TestRequestsOfStrangersAreBounded(t *testing.T) {
	w := sqlite(t)
	w.declare(warga, standardSpec())
	from := func(address string) func(*http.Request) {
		return func(r *http.Request) { *r = *r.WithContext(trail.WithOrigin(r.Context(), address)) }
	}
	ask := func(address string) *httptest.ResponseRecorder {
		return w.browser().do(http.MethodGet, AuthorizePath+"?"+asks().Encode(), nil, from(address))
	}
	for i := range mostBegun {
		if rec := ask(fmt.Sprintf("2001:db8::%x", i)); rec.Code != http.StatusSeeOther {
			t.Fatalf("request %d: %d", i, rec.Code)
		}
	}
	if rec := ask("2001:db8::ffff"); rec.Code != http.StatusTooManyRequests || rec.Header().Get("Location") != "" {
		t.Errorf("one more: %d", rec.Code)
	}
	if rec := ask("192.0.2.1"); rec.Code != http.StatusSeeOther {
		t.Errorf("somebody else: %d", rec.Code)
	}
	w.watch.pass(waitingLife + time.Minute)
	ask("192.0.2.1")
	kept := 0
	err := w.db.Read(t.Context(), simpul.NationScope(), func(tx *sqldb.Tx) error {
		return sqldb.Each(t.Context(), tx, func(scan sqldb.Scan) error { return scan(&kept) }, `SELECT COUNT(*) FROM oidc_request`)
	})
	if err != nil || kept != 1 {
		t.Errorf("%d requests are kept, %v", kept, err)
	}
}
