package vault

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1" // within RSA-OAEP only, where collisions do not matter (RFC 8017 appendix B.1)
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
)

// Guard keeps an RSA key outside of this machine's files, such as in a hardware
// security module, and opens with it what was encrypted to it.
type Guard interface {
	Public() ([]byte, error) // SubjectPublicKeyInfo in DER
	// Unwrap decrypts by RSA-OAEP with the hash, "SHA-256" or "SHA-1".
	Unwrap(wrapped []byte, hash string) ([]byte, error)
}

// wrappedFormat names the only format of a wrapped key file so far.
const wrappedFormat = "simpul/keys/wrapped/1"

// wrappedFile is a key file that only a guard opens: a data key, fresh for every
// writing, encrypted to the guard's key, and the key file under the data key by
// AES-256-GCM. What the guard gives back for an altered Key does not open Sealed.
type wrappedFile struct {
	Format string `json:"format"`
	Guard  string `json:"guard"` // SHA-256 of the guard's public key, in hex
	Hash   string `json:"hash"`  // of RSA-OAEP
	Key    []byte `json:"key"`
	Sealed []byte `json:"sealed"`
}

const dataKeyBytes = 32

// oaepHashes are tried in this order: some tokens know SHA-1 only.
func oaepHashes() []string { return []string{"SHA-256", "SHA-1"} }

func newHash(name string) hash.Hash {
	if name == "SHA-1" {
		return sha1.New()
	}
	return sha256.New()
}

func fingerprint(der []byte) string {
	sum := sha256.Sum256(der)
	return hex.EncodeToString(sum[:])
}

// isWrapped tells the two forms of a key file apart.
func isWrapped(text []byte) (f wrappedFile, ok bool) {
	return f, json.Unmarshal(text, &f) == nil && f.Format == wrappedFormat
}

// unwrapped returns a key file's text in clear.
func unwrapped(file string, text []byte, guard Guard) ([]byte, error) {
	f, is := isWrapped(text)
	switch {
	case !is && guard == nil:
		return text, nil
	case !is:
		return nil, notWrapped(file)
	case guard == nil:
		return nil, unguarded(file)
	}
	der, err := guard.Public()
	if err != nil {
		return nil, err
	}
	if fingerprint(der) != f.Guard {
		return nil, foreignGuard(file)
	}
	key, err := guard.Unwrap(f.Key, f.Hash)
	if err != nil {
		return nil, err
	}
	return f.open(file, key)
}

func (f wrappedFile) open(file string, key []byte) ([]byte, error) {
	defer zero(key)
	gcm, err := gcmOf(key)
	if err != nil || len(f.Sealed) < gcm.NonceSize() {
		return nil, damagedFile(file)
	}
	text, err := gcm.Open(nil, f.Sealed[:gcm.NonceSize()], f.Sealed[gcm.NonceSize():], f.bound())
	if err != nil {
		return nil, damagedFile(file)
	}
	return text, nil
}

// bound is what the sealing binds the file to.
func (f wrappedFile) bound() []byte { return encode(f.Format, f.Guard, f.Hash) }

// wrapped returns a key file's text as only the guard opens it, and has made
// sure that it does.
func wrapped(file string, text []byte, guard Guard) ([]byte, error) {
	der, err := guard.Public()
	if err != nil {
		return nil, err
	}
	var failed []error
	for _, name := range oaepHashes() {
		f, err := seal(text, der, name)
		if err != nil {
			return nil, err
		}
		key, err := guard.Unwrap(f.Key, name)
		if err != nil {
			failed = append(failed, err)
			continue
		}
		if again, err := f.open(file, key); err != nil || !bytes.Equal(again, text) {
			return nil, foreignGuard(file)
		}
		return json.MarshalIndent(f, "", "  ")
	}
	return nil, errors.Join(failed...)
}

func seal(text, der []byte, hashName string) (wrappedFile, error) {
	parsed, err := x509.ParsePKIXPublicKey(der)
	public, ok := parsed.(*rsa.PublicKey)
	if err != nil || !ok {
		return wrappedFile{}, fmt.Errorf("guard's public key: %w", errors.Join(err, errors.New("not RSA")))
	}
	key := make([]byte, dataKeyBytes)
	defer zero(key)
	rand.Read(key) // never fails (crypto/rand)
	f := wrappedFile{Format: wrappedFormat, Guard: fingerprint(der), Hash: hashName}
	if f.Key, err = rsa.EncryptOAEP(newHash(hashName), rand.Reader, public, key, nil); err != nil {
		return wrappedFile{}, fmt.Errorf("wrap key file: %w", err)
	}
	gcm, err := gcmOf(key)
	if err != nil {
		return wrappedFile{}, fmt.Errorf("wrap key file: %w", err)
	}
	nonce := make([]byte, gcm.NonceSize())
	rand.Read(nonce)
	f.Sealed = gcm.Seal(nonce, nonce, text, f.bound())
	return f, nil
}

func gcmOf(key []byte) (cipher.AEAD, error) {
	if len(key) != dataKeyBytes {
		return nil, errDamaged
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// zero overwrites a key that is no longer needed, as far as Go lets us.
func zero(b []byte) {
	for i := range b {
		b[i] = 0
	}
}
