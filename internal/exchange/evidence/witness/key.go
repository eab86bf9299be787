package witness

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// algorithm is that of timestamped Ed25519 cosignatures in C2SP signed-note.
const algorithm = 4

// Lengths of the parts of a cosignature.
const (
	hashBytes = 4
	timeBytes = 8
)

// Key is the public key of a witness, for cosignatures of version 1 (C2SP
// tlog-cosignature). It is a verifier of golang.org/x/mod/sumdb/note.
type Key struct {
	name   string
	hash   uint32
	public [ed25519.PublicKeySize]byte
}

var errKey = errors.New("not the key of a witness")

// ParseKey reads a verifier key: name, hash and key with + between them. One whose
// hash is not that of its name and key is refused, and one of another kind.
func ParseKey(vkey string) (Key, error) {
	name, rest, _ := strings.Cut(vkey, "+")
	_, encoded, _ := strings.Cut(rest, "+")
	typed, err := strict.DecodeString(encoded)
	if err != nil || len(typed) != 1+ed25519.PublicKeySize || typed[0] != algorithm || !isName(name) {
		return Key{}, errKey
	}
	k := newKey(name, typed[1:])
	if k.String() != vkey {
		return Key{}, fmt.Errorf("%w: it has a mistake", errKey)
	}
	return k, nil
}

func newKey(name string, public ed25519.PublicKey) Key {
	k := Key{name: name}
	copy(k.public[:], public)
	sum := sha256.Sum256(append([]byte(name+"\n"), k.typed()...))
	k.hash = binary.BigEndian.Uint32(sum[:])
	return k
}

func (k Key) typed() []byte { return append([]byte{algorithm}, k.public[:]...) }

// isName reports whether a key may be called so (C2SP signed-note).
func isName(s string) bool {
	return s != "" && len(s) <= 200 && utf8.ValidString(s) && !strings.Contains(s, "+") &&
		strings.IndexFunc(s, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) }) < 0
}

// String writes the key as it stands in lists of keys.
func (k Key) String() string {
	return fmt.Sprintf("%s+%08x+%s", k.name, k.hash, base64.StdEncoding.EncodeToString(k.typed()))
}

// Line is the key in a file of public keys.
func (k Key) Line() string { return "witness " + k.String() }

// Name is what the key is called in signature lines.
func (k Key) Name() string { return k.name }

// KeyHash tells keys of one name apart.
func (k Key) KeyHash() uint32 { return k.hash }

// Verify reports whether the signature, a time and an Ed25519 signature, is this
// witness's over the text of a checkpoint.
func (k Key) Verify(text, signature []byte) bool {
	_, ok := k.open(text, signature)
	return ok
}

// open returns when a valid cosignature was made.
func (k Key) open(text, signature []byte) (time.Time, bool) {
	if len(signature) != timeBytes+ed25519.SignatureSize {
		return time.Time{}, false
	}
	seconds := binary.BigEndian.Uint64(signature)
	if seconds > latest || !ed25519.Verify(k.public[:], cosigned(seconds, text), signature[timeBytes:]) {
		return time.Time{}, false
	}
	return time.Unix(int64(seconds), 0).UTC(), true
}

// latest is the end of the year 9999, after which times are not written any more.
const latest = 253402300799

// cosigned is the message that a witness signs.
func cosigned(seconds uint64, text []byte) []byte {
	return fmt.Appendf(nil, "cosignature/v1\ntime %d\n%s", seconds, text)
}

// Signer cosigns for one witness.
type Signer struct {
	Key
	private ed25519.PrivateKey
}

func newSigner(name string, seed []byte) Signer {
	private := ed25519.NewKeyFromSeed(seed)
	return Signer{newKey(name, private.Public().(ed25519.PublicKey)), private}
}

// Cosign returns the signature line over the text of a checkpoint, with its
// newline. The caller answers for the text: see [Role].
func (s Signer) Cosign(text string, at time.Time) string {
	seconds := uint64(max(at.Unix(), 0))
	signature := binary.BigEndian.AppendUint32(nil, s.hash)
	signature = binary.BigEndian.AppendUint64(signature, seconds)
	signature = append(signature, ed25519.Sign(s.private, cosigned(seconds, []byte(text)))...)
	return "— " + s.name + " " + base64.StdEncoding.EncodeToString(signature) + "\n"
}

// id tells keys apart within a page.
func (k Key) id() string { return fmt.Sprintf("%08x", k.hash) }
