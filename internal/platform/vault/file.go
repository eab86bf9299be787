package vault

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// maxKeyFile bounds what is read as a key file, bytes: some thousand keys.
const maxKeyFile = 1 << 20

// readKeyFile reads the file unless others may read it, too, and has the guard
// open it.
func readKeyFile(file string, guard Guard) (*keyring, error) {
	text, err := readOwnFile(file)
	if err != nil {
		return nil, err
	}
	if text, err = unwrapped(file, text, guard); err != nil {
		return nil, err
	}
	k, err := parseKeyring(text)
	if errors.Is(err, errDamaged) {
		return nil, damagedFile(file)
	}
	return k, err
}

func readOwnFile(file string) ([]byte, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, fmt.Errorf("key file: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("key file: %w", err)
	}
	if !info.Mode().IsRegular() {
		return nil, damagedFile(file)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, exposedFile(file, info.Mode().Perm())
	}
	text, err := io.ReadAll(io.LimitReader(f, maxKeyFile))
	if err != nil {
		return nil, fmt.Errorf("key file: %w", err)
	}
	return text, nil
}

// replaceKeyFile puts the keys in the file's place, so that whatever happens
// meanwhile the file holds either the keys from before or these. When it
// returns nil they are on disk.
func replaceKeyFile(file string, k *keyring, guard Guard) error {
	text, err := k.encode()
	if err != nil {
		return err
	}
	if guard != nil {
		if text, err = wrapped(file, text, guard); err != nil {
			return err
		}
	}
	return replaceFile(file, append(text, '\n'))
}

func replaceFile(file string, text []byte) error {
	draft, err := writeDraft(file, text)
	if err != nil {
		return fmt.Errorf("write key file: %w", err)
	}
	if err := os.Rename(draft, file); err != nil {
		os.Remove(draft)
		return fmt.Errorf("write key file: %w", err)
	}
	if err := syncFolder(filepath.Dir(file)); err != nil {
		return fmt.Errorf("write key file: %w", err)
	}
	return nil
}

// writeDraft writes a file beside the key file, with mode 0600, to the disk.
func writeDraft(file string, text []byte) (draft string, err error) {
	f, err := os.CreateTemp(filepath.Dir(file), filepath.Base(file)+".*.new")
	if err != nil {
		return "", err
	}
	defer func() {
		if cerr := f.Close(); err == nil {
			err = cerr
		}
		if err != nil {
			os.Remove(f.Name())
		}
	}()
	if _, err := f.Write(text); err != nil {
		return "", err
	}
	return f.Name(), f.Sync()
}

func syncFolder(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}

// locked runs fn while no other process of this machine changes the key file.
func locked(file string, fn func() error) error {
	f, err := os.OpenFile(file+".lock", os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("lock key file: %w", err)
	}
	defer f.Close() // which unlocks
	if err := flock(f); err != nil {
		return fmt.Errorf("lock key file: %w", err)
	}
	return fn()
}

func flock(f *os.File) error {
	for {
		if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != syscall.EINTR {
			return err
		}
	}
}

func missing(err error) bool { return errors.Is(err, fs.ErrNotExist) }
