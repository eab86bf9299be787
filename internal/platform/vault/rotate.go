package vault

import (
	"errors"
	"fmt"
)

// KeyID names a sealing key within its file.
type KeyID uint32

// String gives the ID as people see it, eight hexadecimal digits.
func (id KeyID) String() string { return fmt.Sprintf("%08x", uint32(id)) }

// Key tells of a sealing key, without the key.
type Key struct {
	ID      KeyID
	Primary bool // everything is sealed under this one
}

// Keys lists the sealing keys, oldest first.
func (v *Vault) Keys() []Key { return v.keys.Load().keys() }

// Rotate adds a key and seals under it from now on; what is sealed stays as it
// is and still opens. When it returns, the new key is on disk. Copy the file to
// its backup, and to the other machines of the hub.
func (v *Vault) Rotate() error {
	return v.change((*keyring).rotated)
}

// Destroy removes a key for ever. Whatever is still sealed under it is lost, so
// the primary key is refused. See [Vault.Current] for what to do first.
func (v *Vault) Destroy(id KeyID) error {
	return v.change(func(k *keyring) (*keyring, error) {
		key, ok := k.find(id)
		if !ok {
			return nil, noSuchKey(id)
		}
		if key.Primary {
			return nil, stillPrimary(id)
		}
		return k.without(id)
	})
}

// Current reports whether a value is sealed under the primary key. One that is
// not should be opened and sealed anew before its key is destroyed.
func (v *Vault) Current(sealed []byte) bool {
	id, ok := keyOf(sealed)
	if !ok {
		return false
	}
	key, ok := v.keys.Load().find(id)
	return ok && key.Primary
}

// Reload reads the key file again, to which another process may have added a
// key. It refuses a file of another vault, and then keeps the keys that it has.
func (v *Vault) Reload() error {
	v.changing.Lock()
	defer v.changing.Unlock()
	k, err := v.reread()
	if err == nil {
		v.keys.Store(k)
	}
	return err
}

// change replaces the keys, in the file first. It begins with what is in the
// file, so that no key that another process made is lost.
func (v *Vault) change(next func(*keyring) (*keyring, error)) error {
	v.changing.Lock()
	defer v.changing.Unlock()
	return locked(v.file, func() error {
		k, err := v.reread()
		if err != nil {
			return err
		}
		if k, err = next(k); err != nil {
			return err
		}
		if err := replaceKeyFile(v.file, k, v.guard); err != nil {
			return errors.Join(err, v.adopt())
		}
		v.keys.Store(k)
		return nil
	})
}

// adopt takes over whatever is in the file, after a change of it whose outcome
// is not known.
func (v *Vault) adopt() error {
	k, err := v.reread()
	if err == nil {
		v.keys.Store(k)
	}
	return err
}

// reread reads the file and makes sure that it is still of this vault.
func (v *Vault) reread() (*keyring, error) {
	k, err := readKeyFile(v.file, v.guard)
	if missing(err) {
		return nil, lostFile(v.file)
	}
	if err != nil {
		return nil, err
	}
	if k.proof != v.keys.Load().proof {
		return nil, foreignFile(v.file)
	}
	return k, nil
}

// Export returns the keys in clear, as a key file has them that nothing wraps.
// Whoever gets this opens everything; it is for a backup that is encrypted at
// once.
func (v *Vault) Export() ([]byte, error) {
	text, err := v.keys.Load().encode()
	if err != nil {
		return nil, err
	}
	return append(text, '\n'), nil
}
