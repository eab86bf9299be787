package simpul

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"log/slog"
	"strings"
)

// Digest says which body passed the hub, and itself of which kind it is: the SHA-256
// of the body in 64 hexadecimal digits, or "keyed:" and as many digits of a commitment
// ([DigestKey]), which tells nothing to whoever lacks the key. It is empty for no body, and
// for one that did not pass whole.
type Digest string

// keyed begins a digest that is a commitment.
const keyed = "keyed:"

// DigestOf is the plain digest of a body, given its SHA-256.
func DigestOf(body [sha256.Size]byte) Digest {
	var text [2 * sha256.Size]byte
	hex.Encode(text[:], body[:])
	return Digest(text[:])
}

// KeyedDigest is a commitment that somebody has made.
func KeyedDigest(commitment [sha256.Size]byte) Digest {
	var text [len(keyed) + 2*sha256.Size]byte
	copy(text[:], keyed)
	hex.Encode(text[len(keyed):], commitment[:])
	return Digest(text[:])
}

// Keyed reports whether the digest is a commitment, which is no SHA-256 of the body.
func (d Digest) Keyed() bool { return strings.HasPrefix(string(d), keyed) }

// Digits is what stands behind the word that says of which kind the digest is.
func (d Digest) Digits() string { return strings.TrimPrefix(string(d), keyed) }

// DigestKey is the secret of one record, by which its digests are commitments: random, and
// recorded in the sealed part alone. Who has it holds bodies against the record. When it is
// gone, what is left of a body is one of 2^128 equally likely texts, however few
// contents the body can have. The zero value is no key.
type DigestKey [16]byte

// NewDigestKey makes a key.
func NewDigestKey() (k DigestKey) {
	rand.Read(k[:]) // never fails since Go 1.24
	return k
}

// digestKeyText writes a key in one way only.
var digestKeyText = base64.RawURLEncoding.Strict()

// ParseDigestKey reads a key as Append writes it.
func ParseDigestKey(s string) (k DigestKey, ok bool) {
	b, err := digestKeyText.DecodeString(s)
	if err != nil || len(b) != len(k) || digestKeyText.EncodedLen(len(k)) != len(s) { // the decoder skips line breaks
		return k, false
	}
	return DigestKey(b), true
}

// Append appends the key itself, in unpadded base64url: 22 characters.
func (k DigestKey) Append(b []byte) []byte { return digestKeyText.AppendEncode(b, k[:]) }

// The first byte of what a commitment is over says of which body it is. Bytes 0 to 2 begin
// what else the hub commits to: leaves, nodes, and roots of fields.
const (
	ofRequest  = 3
	ofResponse = 4
)

// Request commits to the body of a call, given its SHA-256.
func (k DigestKey) Request(body [sha256.Size]byte) Digest { return k.commit(ofRequest, body) }

// Response commits to the body of an answer, given its SHA-256. Call and answer with one
// and the same body do not look alike.
func (k DigestKey) Response(body [sha256.Size]byte) Digest { return k.commit(ofResponse, body) }

// commit is SHA-256 over that byte, the key, and the body's SHA-256. Every part has a fixed
// length, so nothing can be read in two ways or be made longer, and no HMAC is needed; 49
// bytes are one block of SHA-256.
func (k DigestKey) commit(of byte, body [sha256.Size]byte) Digest {
	var in [1 + len(k) + sha256.Size]byte
	in[0] = of
	copy(in[1:], k[:])
	copy(in[1+len(k):], body[:])
	return KeyedDigest(sha256.Sum256(in[:]))
}

// String hides the key.
func (DigestKey) String() string { return "••••" }

// Format hides the key under every verb, also those that pass String by.
func (k DigestKey) Format(f fmt.State, verb rune) {
	fmt.Fprintf(f, fmt.FormatString(f, verb), k.String())
}

// LogValue hides the key in logs.
func (k DigestKey) LogValue() slog.Value { return slog.StringValue(k.String()) }
