package proof

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"simpul"
)

// MaxKeysBytes bounds a keys file.
const MaxKeysBytes = 1 << 20

// Keys are the public keys that somebody trusts. Where they come from decides what
// a proof is worth: not from whoever handed over the proof.
type Keys struct {
	logs, witnesses []key
}

// Logs is how many keys of logs there are.
func (k Keys) Logs() int { return len(k.logs) }

// Witnesses is how many keys of witnesses there are.
func (k Keys) Witnesses() int { return len(k.witnesses) }

// Types of a key in C2SP signed-note.
const (
	ed25519Note        = 1
	ed25519Cosignature = 4
)

// key is a verifier key of C2SP signed-note.
type key struct {
	name   string
	hash   uint32
	public ed25519.PublicKey
}

// ParseKeys reads a keys file: one key a line, "log" or "witness" and a verifier key as
// C2SP signed-note writes it; empty lines and lines that begin with # count for nothing.
// A log key has type 1 (Ed25519), a witness key type 4 (Ed25519 cosignature/v1). The Place
// of an error is the number of the line.
func ParseKeys(text []byte) (Keys, error) {
	var k Keys
	if len(text) > MaxKeysBytes {
		return k, badKeys(0, "Berkas kunci lebih besar dari 1 MiB.", "The keys file is larger than 1 MiB.")
	}
	number := 0
	for line := range bytes.Lines(bytes.TrimPrefix(text, []byte("\ufeff"))) { // editors on Windows begin files so
		number++
		if err := k.add(number, strings.TrimSpace(string(line))); err != nil {
			return Keys{}, err
		}
	}
	if len(k.logs) == 0 {
		return Keys{}, badKeys(0, "Berkas kunci ini tidak memuat satu pun kunci log.", "This keys file holds no key of a log.")
	}
	return k, nil
}

func (k *Keys) add(number int, line string) error {
	if line == "" || line[0] == '#' {
		return nil
	}
	role, written, _ := strings.Cut(line, " ")
	one, algorithm, ok := parseKey(strings.TrimSpace(written))
	switch {
	case role != "log" && role != "witness":
		return badKeys(number, "Baris ini tidak dimulai dengan log atau witness.", "This line begins with neither log nor witness.")
	case !ok:
		return badKeys(number, "Kunci pada baris ini tidak utuh.", "The key on this line is not whole.")
	case role == "log" && algorithm != ed25519Note:
		return badKeys(number, "Kunci pada baris ini bukan kunci log.", "The key on this line is not one of a log.")
	case role == "witness" && algorithm != ed25519Cosignature:
		return badKeys(number, "Kunci pada baris ini bukan kunci saksi.", "The key on this line is not one of a witness.")
	case role == "log" && one.among(k.witnesses), role == "witness" && one.among(k.logs):
		return badKeys(number, "Kunci ini sudah tertulis dalam peran lain: log tidak dapat menjadi saksi bagi dirinya.", "This key stands in the other role already: a log is no witness of itself.")
	}
	if role == "log" {
		k.logs = with(k.logs, one)
	} else {
		k.witnesses = with(k.witnesses, one)
	}
	return nil
}

// with adds a key that is not there yet.
func with(keys []key, one key) []key {
	if slices.ContainsFunc(keys, func(k key) bool { return k.name == one.name && k.public.Equal(one.public) }) {
		return keys
	}
	return append(keys, one)
}

// among reports whether one of the keys has the same public key, under whatever name.
func (k key) among(keys []key) bool {
	return slices.ContainsFunc(keys, func(other key) bool { return other.public.Equal(k.public) })
}

// parseKey reads NAME+HASH+BASE64 with an Ed25519 key.
func parseKey(written string) (k key, algorithm byte, ok bool) {
	name, rest, _ := strings.Cut(written, "+")
	hash, encoded, _ := strings.Cut(rest, "+")
	public, err := decodeBase64(encoded)
	if err != nil || len(public) != 1+ed25519.PublicKeySize || !isName(name) {
		return key{}, 0, false
	}
	k = key{name, keyHash(name, public), public[1:]}
	return k, public[0], hash == fmt.Sprintf("%08x", k.hash)
}

func keyHash(name string, public []byte) uint32 {
	sum := sha256.Sum256(append([]byte(name+"\n"), public...))
	return binary.BigEndian.Uint32(sum[:])
}

// isName knows the names of keys: no spaces, no plus (C2SP signed-note), and
// nothing that a terminal would not show.
func isName(s string) bool {
	return s != "" && utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool { return r == '+' || unicode.IsSpace(r) || !unicode.IsPrint(r) })
}

// signed reports whether the signature over the text is of the log's key.
func (k key) signed(text string, signature []byte) bool {
	return ed25519.Verify(k.public, []byte(text), signature)
}

// cosigned reports whether the signature over the text is of the witness's key, and
// when it was made (C2SP tlog-cosignature).
func (k key) cosigned(text string, signature []byte) (at time.Time, ok bool) {
	const stamp, latest = 8, 253402300799 // bytes; the last second that RFC 3339 can write
	if len(signature) != stamp+ed25519.SignatureSize {
		return at, false
	}
	seconds := binary.BigEndian.Uint64(signature)
	message := fmt.Sprintf("cosignature/v1\ntime %d\n%s", seconds, text)
	if seconds > latest || !ed25519.Verify(k.public, []byte(message), signature[stamp:]) {
		return at, false
	}
	return time.Unix(int64(seconds), 0).UTC(), true
}

func badKeys(line int, id, en string) error {
	place := ""
	if line > 0 {
		place = strconv.Itoa(line)
	}
	return simpul.Invalid(place, simpul.Text{ID: id, EN: en}, simpul.Text{
		ID: "Ambil kunci dari tempat yang Anda percaya, misalnya /.well-known/simpul-keys pada hub, satu kunci per baris: log atau witness, lalu kuncinya.",
		EN: "Get keys from a place that you trust, such as /.well-known/simpul-keys of the hub, one key a line: log or witness, then the key."})
}
