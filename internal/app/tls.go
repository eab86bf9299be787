package app

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"simpul"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/config"
	"simpul/internal/platform/httpapi"
)

// asking says of whom a listener asks a certificate. None is ever required:
// what a certificate is worth is decided where it is used (RFC 8705).
type asking int

const (
	always       asking = iota // applications call here
	whereTrusted               // people come here, whose browsers would ask them to choose one
)

// lookAgain is how often the files of a certificate are looked at.
const lookAgain = time.Second

// keyPair is a certificate on disk that is read again when it changes, so that
// a renewed one is served without a restart.
type keyPair struct {
	cert, key string
	log       *slog.Logger
	mu        sync.Mutex
	looked    time.Time
	text      []byte // of both files, as they were read last
	current   *tls.Certificate
}

// newTLS reads what a listener needs to speak TLS, nil where it speaks none.
func newTLS(c config.TLS, asks asking, log *slog.Logger) (*tls.Config, error) {
	if c.Cert == "" {
		return nil, nil
	}
	pair := &keyPair{cert: c.Cert, key: c.Key, log: log}
	if err := pair.reread(); err != nil {
		return nil, badTLS(c.Cert, err)
	}
	secured := &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: pair.get, NextProtos: []string{"h2", "http/1.1"}}
	if asks == always || c.ClientCA != "" {
		secured.ClientAuth = tls.RequestClientCert
	}
	return secured, nil
}

// get returns the certificate that is on disk. One that cannot be read is
// reported, and the former goes on.
func (p *keyPair) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if time.Since(p.looked) >= lookAgain {
		if err := p.reread(); err != nil {
			p.log.Error("the renewed certificate cannot be used; the former goes on", "file", p.cert, "error", err)
		}
	}
	return p.current, nil
}

func (p *keyPair) reread() error {
	p.looked = time.Now()
	cert, err := os.ReadFile(p.cert)
	if err != nil {
		return err
	}
	key, err := os.ReadFile(p.key)
	if err != nil {
		return err
	}
	text := append(cert, key...)
	if bytes.Equal(text, p.text) {
		return nil
	}
	pair, err := tls.X509KeyPair(cert, key)
	if err != nil {
		return err
	}
	p.text, p.current = text, &pair
	return nil
}

func badTLS(file string, cause error) error {
	return &simpul.Error{
		Code: simpul.CodeInvalid, Place: file, Err: cause,
		Message: simpul.Text{ID: "Sertifikat TLS ini tidak dapat dipakai.", EN: "This TLS certificate cannot be used."},
		Remedy:  simpul.Text{ID: "Periksa apakah berkas sertifikat dan kuncinya ada, berformat PEM, dan berpasangan.", EN: "Check that the files of the certificate and its key exist, are PEM, and belong together."},
	}
}

// overTLS puts TLS on a listener that is to speak it.
func overTLS(l net.Listener, secured *tls.Config) net.Listener {
	if secured == nil {
		return l
	}
	return tls.NewListener(l, secured)
}

// certificates knows which certificate a client has shown: on the connection,
// or, where a trusted proxy ended that, in Client-Cert (RFC 9440). A proxy's own
// certificate is no client's.
type certificates struct {
	proxies  httpapi.Proxies
	vouching httpapi.Proxies // that set Client-Cert themselves, so that it is a credential
	roots    *x509.CertPool  // of clients; nil for none
	now      clock.Clock
}

// newCertificates reads the authorities that both listeners trust for clients.
func newCertificates(c config.Config, proxies httpapi.Proxies, now clock.Clock) (*certificates, error) {
	vouching, err := httpapi.ParseProxies(c.ProxyCertificates)
	if err != nil {
		return nil, err
	}
	all := &certificates{proxies: proxies, vouching: vouching, now: now}
	for _, file := range []string{c.Gateway.TLS.ClientCA, c.Control.TLS.ClientCA} {
		if file == "" {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, badTLS(file, err)
		}
		if all.roots == nil {
			all.roots = x509.NewCertPool()
		}
		if !all.roots.AppendCertsFromPEM(text) {
			return nil, badTLS(file, errors.New("no certificate in it"))
		}
	}
	return all, nil
}

// Shown returns the certificate of the client, and whether an authority that the
// hub trusts has issued it. Whatever cannot be read is no certificate.
func (c *certificates) Shown(r *http.Request) (*x509.Certificate, bool) {
	chain := c.chain(r)
	if len(chain) == 0 {
		return nil, false
	}
	return chain[0], c.trusts(chain)
}

// Proven returns the certificate by which alone the client may be known: that of
// its own connection, or what a proxy says that is named for it; nil for none. A
// proxy that is trusted for addresses only may pass on what a client wrote.
func (c *certificates) Proven(r *http.Request) *x509.Certificate {
	switch {
	case c.vouching.Sent(r):
		if chain, err := forwarded(r.Header); err == nil {
			return chain[0]
		}
	case !c.proxies.Sent(r) && r.TLS != nil && len(r.TLS.PeerCertificates) > 0:
		return r.TLS.PeerCertificates[0]
	}
	return nil
}

func (c *certificates) chain(r *http.Request) []*x509.Certificate {
	switch {
	case r == nil:
		return nil
	case c.proxies.Sent(r):
		chain, err := forwarded(r.Header)
		if err != nil {
			return nil
		}
		return chain
	case r.TLS != nil:
		return r.TLS.PeerCertificates
	}
	return nil
}

func (c *certificates) trusts(chain []*x509.Certificate) bool {
	if c.roots == nil {
		return false
	}
	between := x509.NewCertPool()
	for _, issuer := range chain[1:] {
		between.AddCert(issuer)
	}
	_, err := chain[0].Verify(x509.VerifyOptions{Roots: c.roots, Intermediates: between, CurrentTime: c.now(), KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}})
	return err == nil
}

// maxChain is how many certificates are read beyond the client's own.
const maxChain = 5

// forwarded reads Client-Cert, a byte sequence of RFC 9651, and Client-Cert-Chain,
// a list of such.
func forwarded(h http.Header) ([]*x509.Certificate, error) {
	own := h.Values("Client-Cert")
	if len(own) != 1 {
		return nil, errors.New("not one Client-Cert")
	}
	items := own
	if rest := strings.Join(h.Values("Client-Cert-Chain"), ","); rest != "" {
		items = append([]string{own[0]}, strings.Split(rest, ",")...)
	}
	if len(items) > 1+maxChain {
		return nil, errors.New("too long a chain")
	}
	chain := make([]*x509.Certificate, len(items))
	for i, item := range items {
		var err error
		if chain[i], err = parseByteSequence(item); err != nil {
			return nil, fmt.Errorf("certificate %d: %w", i, err)
		}
	}
	return chain, nil
}

func parseByteSequence(item string) (*x509.Certificate, error) {
	text := strings.Trim(item, " \t")
	if len(text) < 2 || text[0] != ':' || text[len(text)-1] != ':' {
		return nil, errors.New("not between colons")
	}
	der, err := base64.StdEncoding.DecodeString(text[1 : len(text)-1])
	if err != nil {
		return nil, err
	}
	return x509.ParseCertificate(der)
}
