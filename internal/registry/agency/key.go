package agency

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"simpul"
)

// keyPrefix marks an API key of Simpul, so that secret scanners find leaked ones.
const keyPrefix = "spk_"

// Key is one credential of an application.
type Key struct {
	ID          string
	Application simpul.ApplicationID
	Label       string
	CreatedAt   time.Time
}

var kindKey = simpul.Text{ID: "Kunci API", EN: "API key"}

// newSecret makes the text of a key: the prefix and 26 characters of 5 random
// bits each, 130 bits in all.
func newSecret() simpul.Secret {
	return simpul.Secret(keyPrefix + strings.ToLower(rand.Text()))
}

// keyDigest is what is stored of a key. The secret has 130 random bits, so a
// plain SHA-256 cannot be guessed back and costs the gateway little.
func keyDigest(s simpul.Secret) string {
	sum := sha256.Sum256([]byte(s.Reveal()))
	return hex.EncodeToString(sum[:])
}

func newKeyID() string { return "k-" + strings.ToLower(rand.Text()[:12]) }
