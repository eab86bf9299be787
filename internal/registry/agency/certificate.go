package agency

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"strings"
	"time"
	"unicode"

	"simpul"
)

// Certificate is a TLS certificate by which an application proves itself to the
// gateway without a key: one certificate, or every one that an authority has
// issued to a subject.
type Certificate struct {
	ID          string
	Application simpul.ApplicationID
	Label       string
	Thumbprint  string // SHA-256 in base64url (x5t#S256); empty where it is by subject
	Subject     string // as RFC 4514 writes it; empty where only the thumbprint is known
	Authority   string // certificate of the authority that issued it, PEM; empty where it is by thumbprint
	CreatedAt   time.Time
	ExpiresAt   time.Time // of the certificate, or of the authority; zero: not known
	RevokedAt   time.Time // zero: it counts
}

// CertificateWish is what somebody declares: the certificate itself, or its
// thumbprint, or a subject with its authority.
type CertificateWish struct {
	Label       string
	Certificate string // PEM
	Thumbprint  string // SHA-256, in hex as openssl prints it or in base64url
	Subject     string // RFC 4514
	Authority   string // PEM
}

const (
	maxPEM       = 16 << 10 // bytes
	maxSubject   = 500
	leastRSABits = 2048
)

var kindCertificate = simpul.Text{ID: "Sertifikat", EN: "Certificate"}

func newCertificateID() string { return "c-" + strings.ToLower(rand.Text()[:12]) }

// read makes a certificate of what was declared.
func (w CertificateWish) read(now time.Time) (Certificate, error) {
	c := Certificate{Label: w.Label}
	ways := 0
	for _, there := range []bool{w.Certificate != "", w.Thumbprint != "", w.Subject != "" || w.Authority != ""} {
		if there {
			ways++
		}
	}
	var err error
	switch {
	case ways != 1:
		return c, badCertificate("certificate", "Sebutkan sertifikat dengan tepat satu cara.", "Name the certificate in exactly one way.",
			"Tempel sertifikatnya, atau sidik jarinya, atau subjek beserta sertifikat otoritas penerbitnya.", "Paste the certificate, or its fingerprint, or a subject with the certificate of its authority.")
	case w.Certificate != "":
		err = c.own(w.Certificate, now)
	case w.Thumbprint != "":
		err = c.named(w.Thumbprint)
	default:
		err = c.issued(w.Subject, w.Authority, now)
	}
	return c, err
}

func (c *Certificate) own(text string, now time.Time) error {
	parsed, err := parsePEM("certificate", text)
	if err != nil {
		return err
	}
	if now.After(parsed.NotAfter) {
		return badCertificate("certificate", "Sertifikat ini sudah berakhir pada "+day0(parsed.NotAfter)+".", "This certificate ended on "+day0(parsed.NotAfter)+".",
			"Daftarkan sertifikat yang masih berlaku.", "Register a certificate that is valid.")
	}
	if !strongKey(parsed.PublicKey) {
		return badCertificate("certificate", "Kunci pada sertifikat ini terlalu lemah.", "The key of this certificate is too weak.",
			"Gunakan kunci ECDSA P-256, Ed25519, atau RSA sekurang-kurangnya 2048 bit.", "Use an ECDSA P-256, an Ed25519, or an RSA key of at least 2048 bits.")
	}
	c.Thumbprint, c.Subject, c.ExpiresAt = thumbprintOf(parsed), shortened(parsed.Subject.String()), parsed.NotAfter.UTC()
	return nil
}

func strongKey(key any) bool {
	switch k := key.(type) {
	case *rsa.PublicKey:
		return k.N.BitLen() >= leastRSABits
	case *ecdsa.PublicKey, ed25519.PublicKey:
		return true
	}
	return false
}

func (c *Certificate) named(text string) error {
	text = strings.TrimSpace(text)
	if _, after, found := strings.Cut(text, "="); found && strings.Contains(strings.ToLower(text), "fingerprint") {
		text = after // as openssl x509 -fingerprint prints it
	}
	sum, err := hex.DecodeString(strings.ReplaceAll(text, ":", ""))
	if err != nil || len(sum) != sha256.Size {
		sum, err = base64.RawURLEncoding.Strict().DecodeString(text)
	}
	if err != nil || len(sum) != sha256.Size {
		return badCertificate("thumbprint", "Sidik jari SHA-256 ini tidak terbaca.", "This SHA-256 fingerprint is not readable.",
			"Tempel hasil openssl x509 -fingerprint -sha256.", "Paste what openssl x509 -fingerprint -sha256 prints.")
	}
	c.Thumbprint = base64.RawURLEncoding.EncodeToString(sum)
	return nil
}

func (c *Certificate) issued(subject, authority string, now time.Time) error {
	c.Subject = strings.TrimSpace(subject)
	if c.Subject == "" || len(c.Subject) > maxSubject || strings.ContainsFunc(c.Subject, unicode.IsControl) {
		return badCertificate("subject", "Subjek sertifikat belum diisi atau terlalu panjang.", "The certificate's subject is missing or too long.",
			"Tulis seperti hasil openssl x509 -noout -subject -nameopt RFC2253.", "Write it as openssl x509 -noout -subject -nameopt RFC2253 prints it.")
	}
	parsed, err := parsePEM("authority", authority)
	if err != nil {
		return err
	}
	if !parsed.IsCA || !parsed.BasicConstraintsValid || now.After(parsed.NotAfter) || !strongKey(parsed.PublicKey) {
		return badCertificate("authority", "Ini bukan sertifikat otoritas yang masih berlaku.", "This is no valid certificate of an authority.",
			"Tempel sertifikat CA yang langsung menerbitkan sertifikat aplikasi, bukan sertifikat aplikasinya.", "Paste the certificate of the CA that issues the application's certificates itself, not the application's.")
	}
	c.Authority, c.ExpiresAt = string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: parsed.Raw})), parsed.NotAfter.UTC()
	return nil
}

// parsePEM reads one certificate. A private key beside it must not be kept, not
// even for a moment longer.
func parsePEM(place, text string) (*x509.Certificate, error) {
	if strings.Contains(text, "PRIVATE KEY") {
		return nil, badCertificate(place, "Yang ditempel memuat kunci rahasia.", "What was pasted holds a private key.",
			"Tempel sertifikatnya saja. Kunci rahasia itu sudah keluar dari tempatnya: buat yang baru.", "Paste the certificate alone. That private key has left its place: make a new one.")
	}
	block, rest := pem.Decode([]byte(text))
	if len(text) > maxPEM || block == nil || block.Type != "CERTIFICATE" || strings.TrimSpace(string(rest)) != "" {
		return nil, unreadableCertificate(place)
	}
	parsed, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return nil, unreadableCertificate(place)
	}
	return parsed, nil
}

func unreadableCertificate(place string) error {
	return badCertificate(place, "Sertifikat tidak terbaca.", "The certificate is not readable.",
		"Tempel tepat satu sertifikat PEM, dari -----BEGIN CERTIFICATE----- sampai -----END CERTIFICATE-----.", "Paste exactly one PEM certificate, from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----.")
}

func badCertificate(place, id, en, remedyID, remedyEN string) error {
	return simpul.Invalid(place, simpul.Text{ID: id, EN: en}, simpul.Text{ID: remedyID, EN: remedyEN})
}

// thumbprintOf is x5t#S256 (RFC 7515 section 4.1.8).
func thumbprintOf(c *x509.Certificate) string {
	sum := sha256.Sum256(c.Raw)
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// authorityKeyOf names the key of an authority, whichever certificate it is in.
func authorityKeyOf(authority string) string {
	parsed, err := parsePEM("authority", authority)
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(parsed.RawSubjectPublicKeyInfo)
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

func shortened(text string) string {
	if len(text) <= maxSubject {
		return text
	}
	return strings.ToValidUTF8(text[:maxSubject], "")
}

func day0(t time.Time) string { return t.UTC().Format(time.DateOnly) }
