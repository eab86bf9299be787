package oidc

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"net/http"
	"slices"
	"time"
)

// thumbprintOf is x5t#S256: SHA-256 over the certificate's DER, in base64url
// (RFC 7515 section 4.1.8).
func thumbprintOf(certificate *x509.Certificate) string {
	sum := sha256.Sum256(certificate.Raw)
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// byCertificate accepts the certificate that the request shows for what the
// application has declared, and names it as a credential (RFC 8705 section 2).
// A certificate of one's own is known by its digest; one that an authority has
// issued, by its subject.
func (p *Provider) byCertificate(r *http.Request, s ClientSpec) (credential string, err error) {
	certificate, trusted := p.Certificates.Shown(r)
	if certificate == nil {
		return "", errors.New("no certificate")
	}
	if err := withinLife(certificate, p.now()); err != nil {
		return "", err
	}
	thumbprint := thumbprintOf(certificate)
	switch {
	case s.TokenEndpointAuthMethod == bySelfSignedCert && !slices.Contains(s.Thumbprints, thumbprint):
		return "", errors.New("a certificate that is not registered")
	case s.TokenEndpointAuthMethod == byIssuedCert && !trusted:
		return "", errors.New("a certificate of an authority that is not trusted")
	case s.TokenEndpointAuthMethod == byIssuedCert && certificate.Subject.String() != s.SubjectDN:
		return "", errors.New("a certificate of another subject")
	}
	return s.credentialOf(thumbprint), nil
}

func withinLife(c *x509.Certificate, now time.Time) error {
	if now.Before(c.NotBefore) || now.After(c.NotAfter) {
		return errors.New("a certificate that is not valid now")
	}
	return nil
}
