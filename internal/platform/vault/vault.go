package vault

import (
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
)

// Vault seals and opens values with the keys of one file. Its methods may be
// called at the same time. It never logs, and no error of it holds a value.
type Vault struct {
	file     string
	guard    Guard      // nil where the file is in clear
	changing sync.Mutex // held while the keys change
	keys     atomic.Pointer[keyring]
}

// Open reads the key file, or makes one with fresh keys where there is none. It
// refuses a file that others than its owner may read, and one that it does not
// understand, which it leaves as it is.
//
// A file that is lost must be restored, not made anew; [Attach] tells the two
// apart.
func Open(file string) (*Vault, error) { return OpenGuarded(file, nil) }

// OpenGuarded is Open for a file that is wrapped by the guard; without a guard
// it is in clear. A file of the other form is refused, never turned into it:
// see [Wrap] and [Unwrap].
func OpenGuarded(file string, guard Guard) (*Vault, error) {
	v := &Vault{file: file, guard: guard}
	k, err := readKeyFile(file, guard)
	if missing(err) {
		k, err = v.create()
	}
	if err != nil {
		return nil, err
	}
	v.keys.Store(k)
	return v, nil
}

// create makes the file, unless somebody else just did.
func (v *Vault) create() (k *keyring, err error) {
	if err := os.MkdirAll(filepath.Dir(v.file), 0o700); err != nil {
		return nil, err
	}
	err = locked(v.file, func() error {
		if k, err = readKeyFile(v.file, v.guard); !missing(err) {
			return err
		}
		if k, err = generateKeyring(); err != nil {
			return err
		}
		return replaceKeyFile(v.file, k, v.guard)
	})
	return k, err
}

// Seal encrypts a value for its place, under the primary key. The result is 33
// bytes longer than the value, and another one each time.
func (v *Vault) Seal(plaintext []byte, place Place) ([]byte, error) {
	if !place.complete() {
		return nil, incomplete(place)
	}
	sealed, err := v.keys.Load().aead.Encrypt(plaintext, place.associated())
	if err != nil {
		return nil, unsealable(place, err)
	}
	return sealed, nil
}

// Open decrypts what was sealed for the same place. It fails with
// [ErrUnknownKey] where the key file lacks the key, and with [ErrAltered] where
// the value is not what was sealed, or was sealed for another place; the two
// cannot be told apart.
func (v *Vault) Open(sealed []byte, place Place) ([]byte, error) {
	id, ok := keyOf(sealed)
	if !ok {
		return nil, altered(place)
	}
	k, err := v.holding(id)
	if err != nil {
		return nil, unknownKey(v.file, id, place, err)
	}
	plaintext, err := k.aead.Decrypt(sealed, place.associated())
	if err != nil {
		return nil, altered(place)
	}
	return plaintext, nil
}

// holding returns the keys if the one with the ID is among them, else those of
// the file, to which another process may have added it.
func (v *Vault) holding(id KeyID) (*keyring, error) {
	k := v.keys.Load()
	if _, ok := k.find(id); ok {
		return k, nil
	}
	if err := v.Reload(); err != nil {
		return nil, err
	}
	k = v.keys.Load()
	if _, ok := k.find(id); !ok {
		return nil, ErrUnknownKey
	}
	return k, nil
}

// Digest returns a keyed hash of the value, 64 hexadecimal digits: the same for
// the same value and purpose, and telling nothing of the value to whoever lacks
// the key file. The purpose, by habit "table.column", keeps digests of different
// columns apart. The value is taken as it is: whoever wants "A@x" to be found as
// "a@x" makes them equal before.
func (v *Vault) Digest(value, purpose string) (string, error) {
	return v.keys.Load().digest(value, purpose)
}
