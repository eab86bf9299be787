package oidc

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"maps"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"

	"simpul"
)

// ClientKey is a public key with which an application authenticates itself
// (private_key_jwt). The private key never leaves the application.
type ClientKey struct {
	ID          string // of the credential, as evidence names it
	Application simpul.ApplicationID
	Thumbprint  string // RFC 7638; the kid that the application's assertions carry
	Label       string
	CreatedAt   time.Time

	jwk       string // public, RFC 7517
	public    any
	algorithm jose.SignatureAlgorithm
}

// maxJWK is the longest public key that is read, in bytes.
const maxJWK = 4 << 10

// Sizes of RSA keys, in bits: too short is weak, too long makes the hub work.
const minRSA, maxRSA = 2048, 4096

// assertionAlgorithms are those with which an application may sign: what FAPI
// 2.0 Security Profile section 5.4.1 leaves. No RS256, no none, no HMAC.
var assertionAlgorithms = []jose.SignatureAlgorithm{jose.ES256, jose.PS256, jose.EdDSA}

// parseClientKey reads one public JWK. What else it says (x5c, x5u, …) is
// dropped. The algorithm follows from the kind of key, never from a message.
func parseClientKey(text []byte) (ClientKey, error) {
	if len(text) > maxJWK {
		return ClientKey{}, badJWK("terlalu panjang", "too long")
	}
	var parsed jose.JSONWebKey
	if err := json.Unmarshal(text, &parsed); err != nil {
		return ClientKey{}, badJWK("tidak terbaca", "not readable")
	}
	if !parsed.IsPublic() {
		return ClientKey{}, privateJWK()
	}
	k := ClientKey{public: parsed.Key}
	if k.algorithm = algorithmOf(parsed.Key); k.algorithm == "" {
		return ClientKey{}, badJWK("bukan EC P-256, Ed25519, atau RSA 2048 sampai 4096 bit", "not EC P-256, Ed25519 or RSA of 2048 to 4096 bits")
	}
	if parsed.Algorithm != "" && parsed.Algorithm != string(k.algorithm) {
		return ClientKey{}, badJWK("untuk algoritma "+parsed.Algorithm+", bukan "+string(k.algorithm), "for the algorithm "+parsed.Algorithm+", not "+string(k.algorithm))
	}
	var err error
	if k.Thumbprint, err = thumbprint(parsed.Key); err != nil {
		return ClientKey{}, err
	}
	plain, err := json.Marshal(jose.JSONWebKey{Key: parsed.Key, KeyID: k.Thumbprint, Algorithm: string(k.algorithm), Use: "sig"})
	k.jwk = string(plain)
	return k, err
}

func algorithmOf(public any) jose.SignatureAlgorithm {
	switch key := public.(type) {
	case *ecdsa.PublicKey:
		if key.Curve == elliptic.P256() {
			return jose.ES256
		}
	case ed25519.PublicKey:
		return jose.EdDSA
	case *rsa.PublicKey:
		if bits := key.N.BitLen(); minRSA <= bits && bits <= maxRSA {
			return jose.PS256
		}
	}
	return ""
}

func badJWK(id, en string) error {
	return simpul.Invalid("body.jwk",
		simpul.Text{ID: "Kunci publik (JWK) " + id + ".", EN: "The public key (JWK) is " + en + "."},
		simpul.Text{ID: "Kirim satu JWK publik: EC P-256 (ES256), Ed25519 (EdDSA), atau RSA (PS256).", EN: "Send one public JWK: EC P-256 (ES256), Ed25519 (EdDSA) or RSA (PS256)."})
}

func privateJWK() error {
	return simpul.Invalid("body.jwk",
		simpul.Text{ID: "JWK ini memuat kunci privat, atau bukan kunci asimetris.", EN: "This JWK holds a private key, or is not an asymmetric key."},
		simpul.Text{ID: "Anggap kunci ini bocor: buat pasangan baru, lalu kirim bagian publiknya saja.", EN: "Treat this key as leaked: make a new pair, and send only its public part."})
}

func newClientKeyID() string { return "c-" + strings.ToLower(rand.Text()[:12]) }

// clientKeys is one immutable state of the applications' public keys.
type clientKeys struct {
	byApplication map[simpul.ApplicationID]map[string]ClientKey // by thumbprint
	live          map[string]bool                               // by ID
}

func newClientKeys() *clientKeys {
	return &clientKeys{map[simpul.ApplicationID]map[string]ClientKey{}, map[string]bool{}}
}

func (c *clientKeys) find(application simpul.ApplicationID, kid string) (ClientKey, bool) {
	k, ok := c.byApplication[application][kid]
	return k, ok
}

func (c *clientKeys) isLive(id string) bool { return c.live[id] }

func (c *clientKeys) clone() *clientKeys {
	return &clientKeys{maps.Clone(c.byApplication), maps.Clone(c.live)}
}

func (c *clientKeys) put(k ClientKey) {
	if k.algorithm == "" {
		return
	}
	if c.byApplication[k.Application] == nil {
		c.byApplication[k.Application] = map[string]ClientKey{}
	}
	c.byApplication[k.Application][k.Thumbprint] = k
	c.live[k.ID] = true
}

// replace gives an application the keys that it has now.
func (c *clientKeys) replace(application simpul.ApplicationID, keys []ClientKey) {
	for _, k := range c.byApplication[application] {
		delete(c.live, k.ID)
	}
	delete(c.byApplication, application) // whose inner map the former state shares
	for _, k := range keys {
		c.put(k)
	}
}
