package oidc

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/hex"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
)

func clientBody(id simpul.ApplicationID, s ClientSpec) map[string]any {
	return map[string]any{"apiVersion": httpapi.APIVersion, "kind": kindClient, "metadata": map[string]any{"id": id}, "spec": s}
}

func TestOpenIDClientsByTenant(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		w := newWorld(t, db)
		api := w.api(t)
		const path = "/applications/" + string(warga) + "/openid-client"
		if rec := api.do(owner, http.MethodPut, path, clientBody(warga, standardSpec())); rec.Code != http.StatusCreated {
			t.Fatalf("%d %s", rec.Code, rec.Body)
		}
		if rec := api.do(owner, http.MethodPut, path, clientBody(warga, standardSpec())); rec.Code != http.StatusOK {
			t.Errorf("a second time: %d %s", rec.Code, rec.Body)
		}
		if rec := api.do(owner, http.MethodGet, path, nil); rec.Code != http.StatusOK || !strings.Contains(rec.Body.String(), callback) {
			t.Errorf("%d %s", rec.Code, rec.Body)
		}
		for _, method := range []string{http.MethodPut, http.MethodGet, http.MethodDelete} {
			for _, id := range []simpul.ApplicationID{warga, "tidak-ada@bandungkota.go.id"} {
				rec := api.do(stranger, method, "/applications/"+string(id)+"/openid-client", clientBody(id, standardSpec()))
				if rec.Code != http.StatusNotFound || strings.Contains(rec.Body.String(), "selesai") {
					t.Errorf("a stranger's %s of %s: %d %s", method, id, rec.Code, rec.Body)
				}
			}
		}
		if rec := api.do("auditor bandungkota.go.id", http.MethodPut, path, clientBody(warga, standardSpec())); rec.Code != http.StatusForbidden {
			t.Errorf("an auditor writes: %d", rec.Code)
		}
		if rec := api.do(owner, http.MethodPut, path, clientBody(dapodik, standardSpec())); rec.Code != http.StatusBadRequest {
			t.Errorf("the body of another: %d", rec.Code)
		}
		if rec := api.do(owner, http.MethodDelete, path, nil); rec.Code != http.StatusNoContent {
			t.Errorf("%d %s", rec.Code, rec.Body)
		}
		if rec := api.do(owner, http.MethodGet, path, nil); rec.Code != http.StatusNotFound {
			t.Errorf("deleted: %d", rec.Code)
		}
	})
}

func TestBadDeclarations(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*ClientSpec)
		place  string
	}{
		"unknown proof":            {func(s *ClientSpec) { s.TokenEndpointAuthMethod = "client_secret_post" }, "spec.tokenEndpointAuthMethod"},
		"implicit":                 {func(s *ClientSpec) { s.GrantTypes = []string{"implicit"} }, "spec.grantTypes"},
		"password":                 {func(s *ClientSpec) { s.GrantTypes = []string{"password"} }, "spec.grantTypes"},
		"no grant":                 {func(s *ClientSpec) { s.GrantTypes = nil }, "spec.grantTypes"},
		"refresh alone":            {func(s *ClientSpec) { s.GrantTypes = []string{grantRefresh} }, "spec.grantTypes"},
		"public for itself":        {func(s *ClientSpec) { s.TokenEndpointAuthMethod = byNothing }, "spec.grantTypes"},
		"no redirect":              {func(s *ClientSpec) { s.RedirectURIs = nil }, "spec.redirectUris"},
		"bad logout":               {func(s *ClientSpec) { s.PostLogoutRedirectURIs = []string{"http://a.go.id/"} }, "spec.postLogoutRedirectUris"},
		"bad back channel":         {func(s *ClientSpec) { s.BackchannelLogoutURI = "ftp://a.go.id/" }, "spec.backchannelLogoutUri"},
		"no subject":               {func(s *ClientSpec) { s.TokenEndpointAuthMethod = byIssuedCert }, "spec.tlsClientAuthSubjectDn"},
		"no certificate":           {func(s *ClientSpec) { s.TokenEndpointAuthMethod = bySelfSignedCert }, "spec.certificateThumbprints"},
		"rubbish as a fingerprint": {func(s *ClientSpec) { s.Thumbprints = []string{"ab:cd"} }, "spec.certificateThumbprints"},
	} {
		s := standardSpec()
		c.change(&s)
		_, err := s.normal()
		if e, ok := err.(*simpul.Error); !ok || e.Place != c.place || e.Remedy.ID == "" || e.Message.EN == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, uri := range []string{
		"http://warga.go.id/cb", "https://a@warga.go.id/cb", "https://warga.go.id/cb#x", "https://warga.go.id/../cb", "https://warga.go.id/a/./cb", "https://WARGA.go.id/cb",
		"https://warga.go.id./cb", "https://*.go.id/cb", "https://warga.go.id:/cb", "https:///cb", "https:warga", "javascript:alert(1)", "//warga.go.id/cb", "/cb", "",
		"https://warga.go.id/%2e%2e/cb", "https://warga.go.id/a%2fb", "https://warga.go.id\\cb", "https://warga.go.id/cb\n", "http://localhost.jahat.example/cb", "http://127.0.0.1.jahat.example/",
		"https://" + strings.Repeat("a", maxURI), "http://localhost@jahat.example/",
	} {
		if isClientURI(uri) {
			t.Errorf("%q is accepted", uri)
		}
	}
	for _, uri := range []string{callback, "https://warga.go.id", "https://warga.go.id/", "https://warga.go.id:8443/cb?x=1", "http://localhost:3000/cb", "http://127.0.0.1/cb", "http://[::1]:8080/cb"} {
		if !isClientURI(uri) {
			t.Errorf("%q is refused", uri)
		}
	}
}

func newCertificate(t testing.TB, subject pkix.Name) *x509.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: subject, NotBefore: start.Add(-time.Hour), NotAfter: start.Add(24 * time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, c, c, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	if c, err = x509.ParseCertificate(der); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestCertificatesProveAndBind(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		w := newWorld(t, db)
		own, other := newCertificate(t, pkix.Name{CommonName: "warga"}), newCertificate(t, pkix.Name{CommonName: "warga"})
		thumb := thumbprintOf(own)
		spec := standardSpec()
		spec.TokenEndpointAuthMethod, spec.Thumbprints = bySelfSignedCert, []string{asHex(t, thumb)}
		w.declare(warga, spec)
		ask := func() *httptest.ResponseRecorder {
			return w.post(TokenPath, clientCredentials("client_id", string(warga)))
		}
		wantFault(t, "no certificate", ask(), 401, "invalid_client")
		w.shown.show(other, true)
		wantFault(t, "another certificate", ask(), 401, "invalid_client")
		w.shown.show(own, false)
		rec := ask()
		if rec.Code != http.StatusOK {
			t.Fatalf("%d %s", rec.Code, rec.Body)
		}
		token := simpul.Secret(decode[tokenAnswer](t, rec).AccessToken)
		if cnf, _ := payload(t, token.Reveal())["cnf"].(map[string]any); cnf["x5t#S256"] != thumb {
			t.Errorf("bound to %v", cnf)
		}
		w.wantAccepted(token, simpul.Consumer{Application: warga, Credential: "x-" + thumb})
		w.shown.show(other, true)
		w.wantRefused(token, simpul.CodeUnauthenticated, "without its certificate")
		w.shown.show(nil, false)
		w.wantRefused(token, simpul.CodeUnauthenticated, "without its certificate")

		w.shown.show(own, false)
		w.watch.pass(25 * time.Hour)
		wantFault(t, "expired certificate", ask(), 401, "invalid_client")
		w.watch.set(start)

		// By subject: only of an authority that is trusted, and the same subject.
		spec.TokenEndpointAuthMethod, spec.Thumbprints, spec.SubjectDN = byIssuedCert, nil, "CN=warga"
		w.declare(warga, spec)
		w.wantRefused(token, simpul.CodeUnauthenticated, "its key was revoked")
		wantFault(t, "untrusted", ask(), 401, "invalid_client")
		w.shown.show(newCertificate(t, pkix.Name{CommonName: "warga", Organization: []string{"x"}}), true)
		wantFault(t, "another subject", ask(), 401, "invalid_client")
		w.shown.show(other, true)
		if rec := ask(); rec.Code != http.StatusOK {
			t.Errorf("trusted: %d %s", rec.Code, rec.Body)
		}
	})
}

func TestTokensAreBoundWhereThatIsDeclared(t *testing.T) {
	w := sqlite(t)
	spec := standardSpec()
	spec.BoundTokens = true
	w.declare(warga, spec)
	wantFault(t, "without", w.post(TokenPath, clientCredentials(), basic(warga, "spk_warga")), 400, "invalid_request")
	own := newCertificate(t, pkix.Name{CommonName: "warga"})
	w.shown.show(own, false)
	given, _ := w.tokens(siti)
	w.shown.show(nil, false)
	wantFault(t, "userinfo without the certificate", w.userinfo(given.AccessToken), http.StatusUnauthorized, "invalid_token")
}

func asHex(t *testing.T, thumbprint string) string {
	t.Helper()
	normal, ok := normalThumbprint(thumbprint)
	if !ok || normal != thumbprint {
		t.Fatal(normal)
	}
	sum, err := base64.RawURLEncoding.DecodeString(thumbprint)
	if err != nil {
		t.Fatal(err)
	}
	pairs := make([]string, len(sum))
	for i, b := range sum {
		pairs[i] = strings.ToUpper(hex.EncodeToString([]byte{b}))
	}
	return strings.Join(pairs, ":")
}

func TestApplicationsAreToldThatASessionHasEnded(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		w := newWorld(t, db)
		var taken atomic.Pointer[url.Values]
		var calls atomic.Int32
		status := atomic.Int32{}
		status.Store(http.StatusInternalServerError)
		receiver := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			text, _ := io.ReadAll(r.Body)
			v, _ := url.ParseQuery(string(text))
			taken.Store(&v)
			calls.Add(1)
			rw.WriteHeader(int(status.Load()))
		}))
		defer receiver.Close()
		spec := standardSpec()
		spec.BackchannelLogoutURI = strings.Replace(receiver.URL, "127.0.0.1", "localhost", 1) + "/keluar"
		w.declare(warga, spec)
		given, b := w.tokens(siti)
		other := w.node()

		w.endSession(b.session)
		for _, node := range []*world{w, other} {
			node.notice([]sqldb.Revision{{Kind: "Session", ID: b.session}})
			if err := node.settle(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		deliver := func(want int32) {
			t.Helper()
			for _, node := range []*world{w, other} {
				if err := node.Deliver(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			if got := calls.Load(); got != want {
				t.Errorf("told %d times, want %d", got, want)
			}
		}
		deliver(1)
		deliver(1) // not before the pause is over
		w.watch.pass(firstPause)
		status.Store(http.StatusOK)
		deliver(2)
		w.watch.pass(time.Hour)
		deliver(2) // it has been taken

		claims := payload(t, taken.Load().Get("logout_token"))
		events, _ := claims["events"].(map[string]any)
		if claims["iss"] != issuer || claims["aud"] != string(warga) || claims["sid"] != b.session || claims["sub"] != payload(t, given.IDToken)["sub"] || events[logoutEvent] == nil || claims["nonce"] != nil || claims["jti"] == "" {
			t.Errorf("logout token %v", claims)
		}
		if _, ok := w.hinted(taken.Load().Get("logout_token")); ok {
			t.Error("a logout token passes for an ID token")
		}
		w.wantRefused(simpul.Secret(taken.Load().Get("logout_token")), simpul.CodeUnauthenticated, "")
	})
}

func TestAnApplicationThatNeverAnswersIsGivenUp(t *testing.T) {
	w := sqlite(t)
	var calls atomic.Int32
	receiver := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		calls.Add(1)
		http.Redirect(rw, r, "/lain", http.StatusFound) // which is not followed
	}))
	defer receiver.Close()
	spec := standardSpec()
	spec.BackchannelLogoutURI = strings.Replace(receiver.URL, "127.0.0.1", "localhost", 1) + "/keluar"
	w.declare(warga, spec)
	_, b := w.tokens(siti)
	w.endSession(b.session)
	if err := w.endSessionNow(b.session); err != nil {
		t.Fatal(err)
	}
	for range maxAttempts + 5 {
		if err := w.Deliver(t.Context()); err != nil {
			t.Fatal(err)
		}
		w.watch.pass(maxPause)
	}
	if got := calls.Load(); got != maxAttempts {
		t.Errorf("told %d times, want %d", got, maxAttempts)
	}
	if !strings.Contains(w.log.String(), "was not told") {
		t.Errorf("nobody learns of it: %s", w.log)
	}
}

func (w *world) endSessionNow(id string) error { return w.Provider.endSession(w.t.Context(), id) }

func TestPauses(t *testing.T) {
	if pauseAfter(1) != firstPause || pauseAfter(2) != 2*firstPause || pauseAfter(maxAttempts) != maxPause || pauseAfter(1000) != maxPause {
		t.Error(pauseAfter(1), pauseAfter(2), pauseAfter(1000))
	}
}
