package app

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"simpul"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/config"
	"simpul/internal/platform/httpapi"
	"simpul/internal/registry/agency"
	"simpul/internal/registry/oidc"
)

// issued is a certificate with its key, on disk as well.
type issued struct {
	tls.Certificate
	cert, key string // files
}

// issue makes a certificate for localhost and for clients; by itself where no
// authority is given.
func issue(t testing.TB, name string, by *issued) issued {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	serial, _ := rand.Int(rand.Reader, big.NewInt(1<<62))
	template := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: name}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, BasicConstraintsValid: true, IsCA: by == nil,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	parent, signer := template, any(key)
	if by != nil {
		parent, signer = by.Leaf, by.PrivateKey
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, signer)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	out := issued{cert: filepath.Join(dir, "cert.pem"), key: filepath.Join(dir, "key.pem")}
	write(t, out.cert, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	write(t, out.key, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}))
	if out.Certificate, err = tls.LoadX509KeyPair(out.cert, out.key); err != nil {
		t.Fatal(err)
	}
	return out
}

func write(t testing.TB, file string, text []byte) {
	t.Helper()
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
}

func (i issued) thumbprint() string {
	sum := sha256.Sum256(i.Leaf.Raw)
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// An application proves itself by its certificate on the hub's own TLS, and its
// token works on the connection of that certificate only.
func TestTokensBoundToCertificatesOverTLS(t *testing.T) {
	server, mine, other := issue(t, "hub", nil), issue(t, "aplikasi", nil), issue(t, "pencuri", nil)
	c := config.Default()
	c.Data, c.Gateway.Addr, c.Control.Addr = t.TempDir(), "127.0.0.1:0", "127.0.0.1:0"
	c.Gateway.TLS = config.TLS{Cert: server.cert, Key: server.key}
	if err := c.Validate(); err != nil {
		t.Fatal(err)
	}
	h, err := Open(t.Context(), c, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.Close() })
	const id = "layanan@bandungkota.go.id"
	operator := simpul.Acting("", simpul.RoleOperator, "")
	if _, err := h.Agencies.Put(t.Context(), operator, "bandungkota.go.id", agency.Spec{Name: "Bandung", Level: agency.Kota, Region: "32.73"}, false); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Applications.Put(t.Context(), operator, id, agency.ApplicationSpec{Name: "Layanan"}, false); err != nil {
		t.Fatal(err)
	}
	spec := oidc.ClientSpec{TokenEndpointAuthMethod: "self_signed_tls_client_auth", GrantTypes: []string{"client_credentials"}, Thumbprints: []string{mine.thumbprint()}}
	if _, err := h.tokens.PutClient(t.Context(), operator, id, spec); err != nil {
		t.Fatal(err)
	}
	at := serving(t, h)
	if !strings.HasPrefix(at.Gateway, "https://") || !strings.HasPrefix(at.Control, "http://") {
		t.Fatalf("announced as %+v", at)
	}
	ask := func(with *issued) (int, string) {
		answer, err := speaking(t, server, with).PostForm(at.Gateway+"/oauth2/token", url.Values{"grant_type": {"client_credentials"}, "client_id": {id}})
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		var given struct {
			Token string `json:"access_token"`
		}
		json.NewDecoder(answer.Body).Decode(&given)
		return answer.StatusCode, given.Token
	}
	for what, with := range map[string]*issued{"nobody": nil, "another certificate": &other} {
		if status, _ := ask(with); status != http.StatusUnauthorized {
			t.Errorf("%s: %d", what, status)
		}
	}
	status, token := ask(&mine)
	if status != http.StatusOK {
		t.Fatalf("the certificate that is registered: %d", status)
	}
	call := func(with *issued) int {
		r, _ := http.NewRequest(http.MethodGet, at.Gateway+"/tidak/Ada", nil)
		r.Header.Set("Authorization", "Bearer "+token)
		// What a client says of itself is not believed: it is no proxy.
		r.Header.Set("Client-Cert", ":"+base64.StdEncoding.EncodeToString(mine.Leaf.Raw)+":")
		answer, err := speaking(t, server, with).Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		io.Copy(io.Discard, answer.Body)
		return answer.StatusCode
	}
	for what, c := range map[string]struct {
		with *issued
		want int
	}{"with it": {&mine, http.StatusNotFound}, "with another": {&other, http.StatusUnauthorized}, "with none": {nil, http.StatusUnauthorized}} {
		if got := call(c.with); got != c.want {
			t.Errorf("a call %s: %d, want %d", what, got, c.want)
		}
	}
	old := speaking(t, server, nil)
	old.Transport.(*http.Transport).TLSClientConfig.MaxVersion = tls.VersionTLS11
	if answer, err := old.Get(at.Gateway + "/healthz"); err == nil {
		answer.Body.Close()
		t.Error("TLS 1.1 is spoken")
	}
}

// serving serves the hub until the test ends.
func serving(t *testing.T, h *Hub) Ready {
	t.Helper()
	ready, ended := make(chan Ready, 1), make(chan error, 1)
	ctx, stop := contextOf(t)
	go func() { ended <- h.Serve(ctx, func(at Ready) { ready <- at }) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	select {
	case at := <-ready:
		return at
	case err := <-ended:
		t.Fatal(err)
		return Ready{}
	}
}

// speaking is a client that trusts the server and shows a certificate, if any.
func speaking(t *testing.T, server issued, with *issued) *http.Client {
	t.Helper()
	roots := x509.NewCertPool()
	roots.AddCert(server.Leaf)
	secured := &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS10}
	if with != nil {
		secured.Certificates = []tls.Certificate{with.Certificate}
	}
	transport := &http.Transport{TLSClientConfig: secured}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, Timeout: waitMost}
}

func TestWhichCertificateIsShown(t *testing.T) {
	authority := issue(t, "otoritas", nil)
	mine, own := issue(t, "aplikasi", &authority), issue(t, "sendiri", nil)
	proxies, err := httpapi.ParseProxies([]string{"192.0.2.1"})
	if err != nil {
		t.Fatal(err)
	}
	c, err := newCertificates(config.Config{Gateway: config.Listener{TLS: config.TLS{ClientCA: authority.cert}}}, proxies, clock.System)
	if err != nil {
		t.Fatal(err)
	}
	sequence := func(i issued) string { return ":" + base64.StdEncoding.EncodeToString(i.Leaf.Raw) + ":" }
	for name, try := range map[string]struct {
		from    string
		over    *issued
		header  []string
		want    *issued
		trusted bool
	}{
		"nothing":                      {"198.51.100.7:1", nil, nil, nil, false},
		"on the connection":            {"198.51.100.7:1", &own, nil, &own, false},
		"issued, on the connection":    {"198.51.100.7:1", &mine, nil, &mine, true},
		"said by a client":             {"198.51.100.7:1", nil, []string{sequence(mine)}, nil, false},
		"said by a client over TLS":    {"198.51.100.7:1", &own, []string{sequence(mine)}, &own, false},
		"said by a proxy":              {"192.0.2.1:1", nil, []string{sequence(mine)}, &mine, true},
		"said by a proxy, self-signed": {"192.0.2.1:1", nil, []string{sequence(own)}, &own, false},
		"the proxy's own":              {"192.0.2.1:1", &mine, nil, nil, false},
		"two":                          {"192.0.2.1:1", nil, []string{sequence(mine), sequence(own)}, nil, false},
		"rubbish":                      {"192.0.2.1:1", nil, []string{":AAAA:"}, nil, false},
		"no colons":                    {"192.0.2.1:1", nil, []string{strings.Trim(sequence(mine), ":")}, nil, false},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.RemoteAddr, r.Header["Client-Cert"] = try.from, try.header
		if try.over != nil {
			r.TLS = &tls.ConnectionState{PeerCertificates: []*x509.Certificate{try.over.Leaf}}
		}
		got, trusted := c.Shown(r)
		if (got == nil) != (try.want == nil) || got != nil && !got.Equal(try.want.Leaf) || trusted != try.trusted {
			t.Errorf("%s: got %v, trusted %v", name, got != nil, trusted)
		}
	}
}

func TestARenewedCertificateIsServed(t *testing.T) {
	first, second := issue(t, "pertama", nil), issue(t, "kedua", nil)
	log := &strings.Builder{}
	pair := &keyPair{cert: first.cert, key: first.key, log: slog.New(slog.NewTextHandler(log, nil))}
	serves := func() string {
		t.Helper()
		pair.looked = time.Time{}
		c, err := pair.get(nil)
		if err != nil {
			t.Fatal(err)
		}
		return c.Leaf.Subject.CommonName
	}
	if got := serves(); got != "pertama" {
		t.Errorf("serves %s", got)
	}
	for from, to := range map[string]string{second.cert: first.cert, second.key: first.key} {
		text, err := os.ReadFile(from)
		if err != nil {
			t.Fatal(err)
		}
		write(t, to, text)
	}
	if got := serves(); got != "kedua" {
		t.Errorf("after the renewal serves %s", got)
	}
	write(t, first.key, []byte("rusak"))
	if got := serves(); got != "kedua" || !strings.Contains(log.String(), "renewed certificate") {
		t.Errorf("with a broken key serves %s, says %q", got, log)
	}
	if _, err := newTLS(config.TLS{Cert: first.cert, Key: first.key}, always, slog.New(slog.DiscardHandler)); simpul.CodeOf(err) != simpul.CodeInvalid {
		t.Errorf("begins with a broken key: %v", err)
	}
}

func FuzzForwardedCertificate(f *testing.F) {
	mine := issue(f, "aplikasi", nil)
	f.Add(":"+base64.StdEncoding.EncodeToString(mine.Leaf.Raw)+":", "")
	f.Add(":AA==:", ":AA==:, :AA==:")
	f.Fuzz(func(t *testing.T, own, chain string) {
		got, err := forwarded(http.Header{"Client-Cert": {own}, "Client-Cert-Chain": {chain}})
		if err == nil && (len(got) == 0 || len(got) > 1+maxChain) {
			t.Errorf("%d certificates", len(got))
		}
	})
}

func contextOf(t *testing.T) (context.Context, context.CancelFunc) {
	return context.WithCancel(context.WithoutCancel(t.Context()))
}
