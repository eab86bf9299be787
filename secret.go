package simpul

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"log/slog"
	"strings"
)

// Secret is a credential. It prints as dots; Reveal is the only way out.
type Secret string

// String hides the secret.
func (s Secret) String() string { return "••••" }

// Format hides the secret under every verb, also those that pass String by.
func (s Secret) Format(f fmt.State, verb rune) {
	fmt.Fprintf(f, fmt.FormatString(f, verb), s.String())
}

// LogValue hides the secret in logs.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText hides the secret in JSON and other encodings.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Reveal returns the secret itself, to be shown once or sent to its verifier.
func (s Secret) Reveal() string { return string(s) }

// NewSecret makes a credential: the prefix, by which scanners find leaked ones,
// and 26 characters of 5 random bits each, 130 bits in all.
func NewSecret(prefix string) Secret { return Secret(prefix + strings.ToLower(rand.Text())) }

// Digest is what is kept of a secret made by NewSecret: its SHA-256 in hex. With
// 130 random bits it cannot be guessed back, so no slower hash is needed. It is
// not for passwords.
func (s Secret) Digest() string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}
