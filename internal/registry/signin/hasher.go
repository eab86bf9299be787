package signin

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"

	"simpul"
)

// Hasher keeps passwords.
type Hasher interface {
	// Hash returns what is stored of a password.
	Hash(password simpul.Secret) (string, error)
	// Matches reports whether the password is the stored one. It takes as long for
	// an empty or unreadable one, which matches nothing.
	Matches(stored string, password simpul.Secret) bool
}

// Argon2id hashes with argon2id (RFC 9106) under the parameters of the OWASP
// Password Storage Cheat Sheet: 19 MiB, 2 passes, 1 lane. A few run at once, so
// that many attempts do not take the machine's memory.
type Argon2id struct{ turns chan struct{} }

// NewArgon2id returns a hasher that does at most that many at once.
func NewArgon2id(atOnce int) Argon2id { return Argon2id{make(chan struct{}, atOnce)} }

const (
	argonMemory = 19 << 10 // KiB
	argonPasses = 2
	argonLanes  = 1
	argonKey    = 32 // bytes
	argonSalt   = 16 // bytes
)

// phcPrefix is how a hash with today's parameters begins, in the PHC string
// format.
var phcPrefix = fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$", argon2.Version, argonMemory, argonPasses, argonLanes)

// Hash implements Hasher.
func (a Argon2id) Hash(password simpul.Secret) (string, error) {
	salt := make([]byte, argonSalt)
	if _, err := rand.Read(salt); err != nil {
		return "", err
	}
	key := a.key(password, salt)
	return phcPrefix + base64.RawStdEncoding.EncodeToString(salt) + "$" + base64.RawStdEncoding.EncodeToString(key), nil
}

// Matches implements Hasher.
func (a Argon2id) Matches(stored string, password simpul.Secret) bool {
	salt, want, ok := parsePHC(stored)
	if !ok {
		salt, want = make([]byte, argonSalt), make([]byte, argonKey)
	}
	got := a.key(password, salt)
	return subtle.ConstantTimeCompare(got, want) == 1 && ok
}

func (a Argon2id) key(password simpul.Secret, salt []byte) []byte {
	a.turns <- struct{}{}
	defer func() { <-a.turns }()
	return argon2.IDKey([]byte(password.Reveal()), salt, argonPasses, argonMemory, argonLanes, argonKey)
}

// parsePHC reads a hash of today's parameters. When they change, this is where
// the former ones are still read.
func parsePHC(stored string) (salt, key []byte, ok bool) {
	rest, ok := strings.CutPrefix(stored, phcPrefix)
	if !ok {
		return nil, nil, false
	}
	first, second, _ := strings.Cut(rest, "$")
	salt, err := base64.RawStdEncoding.DecodeString(first)
	if err != nil || len(salt) != argonSalt {
		return nil, nil, false
	}
	key, err = base64.RawStdEncoding.DecodeString(second)
	return salt, key, err == nil && len(key) == argonKey
}
