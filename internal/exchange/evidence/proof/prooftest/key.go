package prooftest

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"time"
)

// Algorithms of C2SP signed-note.
const (
	algorithmLog     = 1 // Ed25519
	algorithmWitness = 4 // Ed25519, cosignature/v1
)

// Key signs checkpoints. Two keys that are made alike are the same key.
type Key struct {
	Name      string
	algorithm byte
	private   ed25519.PrivateKey
}

// LogKey makes a key of a log; the seed tells keys of one name apart.
func LogKey(name, seed string) Key { return newKey(algorithmLog, name, seed) }

// WitnessKey makes a key of a witness.
func WitnessKey(name, seed string) Key { return newKey(algorithmWitness, name, seed) }

func newKey(algorithm byte, name, seed string) Key {
	private := sha256.Sum256([]byte("prooftest " + name + " " + seed))
	return Key{name, algorithm, ed25519.NewKeyFromSeed(private[:])}
}

// Line is the key's line in a keys file, without the line break.
func (k Key) Line() string {
	role := "log"
	if k.algorithm == algorithmWitness {
		role = "witness"
	}
	return role + " " + k.Verifier()
}

// Verifier is the public key as C2SP signed-note writes it.
func (k Key) Verifier() string {
	return fmt.Sprintf("%s+%08x+%s", k.Name, k.hash(), base64.StdEncoding.EncodeToString(k.public()))
}

// As is the same secret under the other role's algorithm.
func (k Key) As(other Key) Key { return Key{k.Name, other.algorithm, k.private} }

func (k Key) public() []byte {
	return append([]byte{k.algorithm}, k.private.Public().(ed25519.PublicKey)...)
}

func (k Key) hash() uint32 {
	sum := sha256.Sum256(append([]byte(k.Name+"\n"), k.public()...))
	return binary.BigEndian.Uint32(sum[:])
}

// Sign is the signature line over the text of a note, without the line break. The time counts
// for witnesses only.
func (k Key) Sign(text string, at time.Time) string {
	signature := binary.BigEndian.AppendUint32(nil, k.hash())
	if k.algorithm == algorithmWitness {
		signature = binary.BigEndian.AppendUint64(signature, uint64(at.Unix()))
		text = fmt.Sprintf("cosignature/v1\ntime %d\n%s", at.Unix(), text)
	}
	signature = append(signature, ed25519.Sign(k.private, []byte(text))...)
	return "— " + k.Name + " " + base64.StdEncoding.EncodeToString(signature)
}
