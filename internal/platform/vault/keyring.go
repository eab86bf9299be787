package vault

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/aead/aesgcm"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/prf"
	"github.com/tink-crypto/tink-go/v2/prf/hmacprf"
	"github.com/tink-crypto/tink-go/v2/tink"
)

// keyring is the content of a key file, ready for use. It is immutable.
type keyring struct {
	sealing *keyset.Handle
	digests *keyset.Handle
	aead    tink.AEAD
	prf     *prf.Set
	proof   string // the same for as long as the digest key is
}

// keyFileFormat names the only format of a key file so far.
const keyFileFormat = "simpul/keys/1"

// keyFile is a key file: two Tink keysets in Tink's own JSON.
type keyFile struct {
	Format  string          `json:"format"`
	Sealing json.RawMessage `json:"sealing"`
	Digests json.RawMessage `json:"digests"`
}

// errDamaged says no more, since what a parser says may quote a key.
var errDamaged = errors.New("not a key file, or a damaged one")

func generateKeyring() (*keyring, error) {
	sealing, err := keyset.NewHandle(aead.AES256GCMKeyTemplate())
	if err != nil {
		return nil, fmt.Errorf("generate sealing key: %w", err)
	}
	digests, err := keyset.NewHandle(prf.HMACSHA256PRFKeyTemplate())
	if err != nil {
		return nil, fmt.Errorf("generate digest key: %w", err)
	}
	return newKeyring(sealing, digests)
}

func parseKeyring(text []byte) (*keyring, error) {
	var f keyFile
	if err := json.Unmarshal(text, &f); err != nil || f.Format != keyFileFormat {
		return nil, errDamaged
	}
	sealing, err := insecurecleartextkeyset.Read(keyset.NewJSONReader(bytes.NewReader(f.Sealing)))
	if err != nil {
		return nil, errDamaged
	}
	digests, err := insecurecleartextkeyset.Read(keyset.NewJSONReader(bytes.NewReader(f.Digests)))
	if err != nil {
		return nil, errDamaged
	}
	return newKeyring(sealing, digests)
}

// newKeyring accepts the two kinds of keys that the package promises, no other.
func newKeyring(sealing, digests *keyset.Handle) (k *keyring, err error) {
	if !every(sealing, isSealingKey) || !every(digests, isDigestKey) || digests.Len() != 1 {
		return nil, errDamaged
	}
	k = &keyring{sealing: sealing, digests: digests}
	if k.aead, err = aead.New(sealing); err != nil {
		return nil, fmt.Errorf("use sealing keys: %w", err)
	}
	if k.prf, err = prf.NewPRFSet(digests); err != nil {
		return nil, fmt.Errorf("use digest key: %w", err)
	}
	if k.proof, err = k.digest("", "vault/proof"); err != nil {
		return nil, err
	}
	return k, nil
}

func every(h *keyset.Handle, accept func(*keyset.Entry) bool) bool {
	for i := range h.Len() {
		if e, err := h.Entry(i); err != nil || e.KeyStatus() != keyset.Enabled || !accept(e) {
			return false
		}
	}
	_, err := h.Primary()
	return err == nil
}

// isSealingKey wants AES-256 and Tink's prefix, which names the key in whatever
// is sealed under it.
func isSealingKey(e *keyset.Entry) bool {
	p, ok := e.Key().Parameters().(*aesgcm.Parameters)
	return ok && p.KeySizeInBytes() == 32 && p.Variant() == aesgcm.VariantTink
}

func isDigestKey(e *keyset.Entry) bool {
	p, ok := e.Key().Parameters().(*hmacprf.Parameters)
	return ok && p.KeySizeInBytes() >= 32 && p.HashType() == hmacprf.SHA256
}

func (k *keyring) encode() ([]byte, error) {
	sealing, err := clearText(k.sealing)
	if err != nil {
		return nil, err
	}
	digests, err := clearText(k.digests)
	if err != nil {
		return nil, err
	}
	return json.MarshalIndent(keyFile{keyFileFormat, sealing, digests}, "", "  ")
}

func clearText(h *keyset.Handle) ([]byte, error) {
	var b bytes.Buffer
	if err := insecurecleartextkeyset.Write(h, keyset.NewJSONWriter(&b)); err != nil {
		return nil, fmt.Errorf("encode keys: %w", err)
	}
	return b.Bytes(), nil
}

// digestBytes is the whole of HMAC-SHA-256.
const digestBytes = 32

func (k *keyring) digest(value, purpose string) (string, error) {
	sum, err := k.prf.ComputePrimaryPRF(encode(purpose, value), digestBytes)
	if err != nil {
		return "", fmt.Errorf("digest for %s: %w", purpose, err)
	}
	return fmt.Sprintf("%x", sum), nil
}

// keys lists the sealing keys, oldest first.
func (k *keyring) keys() []Key {
	all := make([]Key, 0, k.sealing.Len())
	for i := range k.sealing.Len() {
		if e, err := k.sealing.Entry(i); err == nil {
			all = append(all, Key{ID: KeyID(e.KeyID()), Primary: e.IsPrimary()})
		}
	}
	return all
}

// find returns the key with the ID.
func (k *keyring) find(id KeyID) (Key, bool) {
	for _, key := range k.keys() {
		if key.ID == id {
			return key, true
		}
	}
	return Key{}, false
}

// rotated returns the keyring with a new primary key.
func (k *keyring) rotated() (*keyring, error) {
	manager := keyset.NewManagerFromHandle(k.sealing)
	id, err := manager.Add(aead.AES256GCMKeyTemplate())
	if err != nil {
		return nil, fmt.Errorf("generate sealing key: %w", err)
	}
	if err := manager.SetPrimary(id); err != nil {
		return nil, fmt.Errorf("make key %d the primary: %w", id, err)
	}
	return k.managed(manager)
}

// without returns the keyring without one key, which is not the primary.
func (k *keyring) without(id KeyID) (*keyring, error) {
	manager := keyset.NewManagerFromHandle(k.sealing)
	if err := manager.Delete(uint32(id)); err != nil {
		return nil, fmt.Errorf("delete key %s: %w", id, err)
	}
	return k.managed(manager)
}

func (k *keyring) managed(manager *keyset.Manager) (*keyring, error) {
	sealing, err := manager.Handle()
	if err != nil {
		return nil, fmt.Errorf("assemble keys: %w", err)
	}
	return newKeyring(sealing, k.digests)
}

// Tink's prefix of a ciphertext: one octet, then the ID of the key.
// https://developers.google.com/tink/wire-format
const (
	prefixTink   = 0x01
	prefixLength = 5
)

// keyOf tells under which key a value was sealed.
func keyOf(sealed []byte) (KeyID, bool) {
	if len(sealed) < prefixLength || sealed[0] != prefixTink {
		return 0, false
	}
	return KeyID(binary.BigEndian.Uint32(sealed[1:])), true
}
