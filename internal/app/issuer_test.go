package app

import (
	"crypto/ecdsa"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"crypto/tls"
	"crypto/x509"

	"github.com/go-jose/go-jose/v4"

	"simpul"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/config"
	"simpul/internal/platform/httpapi"
	"simpul/internal/registry/agency"
	"simpul/internal/registry/issuer"
)

// A client certificate alone, and a token of an issuer that is believed, open the
// gateway for their application, until the control plane says otherwise.
func TestCertificatesAndTokensOfOthersOpenTheGateway(t *testing.T) {
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
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: mine.Leaf.Raw})
	registered, err := h.Applications.AddCertificate(t.Context(), operator, id, agency.CertificateWish{Certificate: string(text)})
	if err != nil {
		t.Fatal(err)
	}
	key := mine.PrivateKey.(*ecdsa.PrivateKey) // any will do
	keys, err := json.Marshal(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: key.Public(), KeyID: "k1"}}})
	if err != nil {
		t.Fatal(err)
	}
	const elsewhere, here = "https://sso.example.go.id", "https://gerbang.example.go.id"
	if _, err := h.Issuers.Put(t.Context(), operator, "sso", issuer.Spec{Name: "SSO", Issuer: elsewhere, Audience: here, Algorithms: []string{"ES256"},
		Keys: issuer.Source{Inline: keys}, Clients: []issuer.Client{{Client: "layanan", Application: id}}}, false); err != nil {
		t.Fatal(err)
	}
	at := serving(t, h)

	call := func(with *issued, header ...string) int {
		t.Helper()
		r, _ := http.NewRequest(http.MethodGet, at.Gateway+"/tidak/Ada", nil)
		for i := 0; i < len(header); i += 2 {
			r.Header.Add(header[i], header[i+1])
		}
		answer, err := speaking(t, server, with).Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		io.Copy(io.Discard, answer.Body)
		return answer.StatusCode
	}
	token := elsewhereToken(t, key, map[string]any{"iss": elsewhere, "aud": here, "client_id": "layanan", "sub": "layanan", "jti": "tok-1", "iat": time.Now().Unix(), "exp": time.Now().Add(time.Minute).Unix()})
	stranger := elsewhereToken(t, other.PrivateKey.(*ecdsa.PrivateKey), map[string]any{"iss": elsewhere, "aud": here, "client_id": "layanan", "sub": "layanan", "jti": "tok-2", "iat": time.Now().Unix(), "exp": time.Now().Add(time.Minute).Unix()})
	said := ":" + base64.StdEncoding.EncodeToString(mine.Leaf.Raw) + ":"
	const known, unknown = http.StatusNotFound, http.StatusUnauthorized // who is known asks for a LID that does not exist
	for what, try := range map[string]struct {
		with   *issued
		header []string
		want   int
	}{
		"its certificate":                     {&mine, nil, known},
		"another certificate":                 {&other, nil, unknown},
		"none":                                {nil, nil, unknown},
		"a certificate that it only tells of": {nil, []string{"Client-Cert", said}, unknown},
		"another, and tells of the right one": {&other, []string{"Client-Cert", said}, unknown},
		"its certificate and a wrong key":     {&mine, []string{"X-API-Key", "spk_salah"}, unknown},
		"a token of the issuer":               {nil, []string{"Authorization", "Bearer " + token}, known},
		"a token of a stranger":               {nil, []string{"Authorization", "Bearer " + stranger}, unknown},
		"a token as an API key":               {nil, []string{"X-API-Key", token}, known},
		"two tokens":                          {nil, []string{"Authorization", "Bearer " + token, "Authorization", "Bearer " + token}, http.StatusBadRequest},
		"a token and a key":                   {nil, []string{"Authorization", "Bearer " + token, "X-API-Key", "x"}, http.StatusBadRequest},
	} {
		if got := call(try.with, try.header...); got != try.want {
			t.Errorf("%s: %d, want %d", what, got, try.want)
		}
	}

	if err := h.Applications.RevokeCertificate(t.Context(), operator, id, registered.ID); err != nil {
		t.Fatal(err)
	}
	if err := h.Issuers.RevokeToken(t.Context(), operator, "sso", "tok-1"); err != nil {
		t.Fatal(err)
	}
	last, err := h.db.LastRevision(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := h.applied.await(t.Context(), last); err != nil {
		t.Fatal(err)
	}
	if got := call(&mine); got != unknown {
		t.Errorf("a revoked certificate: %d", got)
	}
	if got := call(nil, "Authorization", "Bearer "+token); got != unknown {
		t.Errorf("a revoked token: %d", got)
	}
}

func elsewhereToken(t *testing.T, key *ecdsa.PrivateKey, claims map[string]any) string {
	t.Helper()
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: jose.JSONWebKey{Key: key, KeyID: "k1"}}, (&jose.SignerOptions{}).WithType("at+jwt"))
	if err != nil {
		t.Fatal(err)
	}
	payload, err := json.Marshal(claims)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := signer.Sign(payload)
	if err != nil {
		t.Fatal(err)
	}
	token, err := signed.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// Client-Cert is a credential by itself only where the operator has named the
// proxy for that; to be trusted for addresses is not enough.
func TestWhoseWordOnACertificateIsACredential(t *testing.T) {
	mine, own := issue(t, "aplikasi", nil), issue(t, "sendiri", nil)
	addresses, err := httpapi.ParseProxies([]string{"192.0.2.1", "192.0.2.2"})
	if err != nil {
		t.Fatal(err)
	}
	c, err := newCertificates(config.Config{ProxyCertificates: []string{"192.0.2.2"}}, addresses, clock.System)
	if err != nil {
		t.Fatal(err)
	}
	sequence := func(i issued) string { return ":" + base64.StdEncoding.EncodeToString(i.Leaf.Raw) + ":" }
	for name, try := range map[string]struct {
		from   string
		over   *issued
		header []string
		want   *issued
	}{
		"a client's connection":          {"198.51.100.7:1", &own, nil, &own},
		"a client's word":                {"198.51.100.7:1", nil, []string{sequence(mine)}, nil},
		"a client's word over its own":   {"198.51.100.7:1", &own, []string{sequence(mine)}, &own},
		"a proxy trusted for addresses":  {"192.0.2.1:1", nil, []string{sequence(mine)}, nil},
		"that proxy's own certificate":   {"192.0.2.1:1", &own, nil, nil},
		"a proxy named for certificates": {"192.0.2.2:1", nil, []string{sequence(mine)}, &mine},
		"its own certificate":            {"192.0.2.2:1", &own, nil, nil},
		"two of them":                    {"192.0.2.2:1", nil, []string{sequence(mine), sequence(own)}, nil},
		"rubbish":                        {"192.0.2.2:1", nil, []string{":AAAA:"}, nil},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.RemoteAddr, r.Header["Client-Cert"] = try.from, try.header
		if try.over != nil {
			r.TLS = &tls.ConnectionState{PeerCertificates: []*x509.Certificate{try.over.Leaf}}
		}
		if got := c.Proven(r); (got == nil) != (try.want == nil) || got != nil && !got.Equal(try.want.Leaf) {
			t.Errorf("%s: got %v", name, got != nil)
		}
	}
}
