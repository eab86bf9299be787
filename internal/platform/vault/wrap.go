package vault

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
)

// Wrap turns a key file in clear into one that only the guard opens, and returns
// the name of the copy of it that stays beside it, in clear. No hub may run on
// the file meanwhile.
func Wrap(file string, guard Guard) (backup string, err error) {
	return convert(file, nil, guard, ".before-wrap")
}

// Unwrap turns a key file that only the guard opens into one in clear, and
// returns the name of the wrapped copy that stays beside it.
func Unwrap(file string, guard Guard) (backup string, err error) {
	return convert(file, guard, nil, ".before-unwrap")
}

// convert reads the file under one guard and writes it under another, with a
// copy of what was there first on disk.
func convert(file string, from, to Guard, suffix string) (backup string, err error) {
	err = locked(file, func() error {
		text, err := readOwnFile(file)
		if missing(err) {
			return lostFile(file)
		}
		if err != nil {
			return err
		}
		if _, already := isWrapped(text); already == (to != nil) {
			return alreadySo(file, already)
		}
		k, err := readKeyFile(file, from)
		if err != nil {
			return err
		}
		if backup, err = keepCopy(file+suffix, text); err != nil {
			return err
		}
		return replaceKeyFile(file, k, to)
	})
	return backup, err
}

// mostCopies bounds the search for a name that is free.
const mostCopies = 1000

// keepCopy writes the text to a file of this name, or with a number behind it:
// an older copy is never overwritten.
func keepCopy(name string, text []byte) (string, error) {
	free := name
	for i := 2; i < mostCopies; i++ {
		f, err := os.OpenFile(free, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		if errors.Is(err, fs.ErrExist) {
			free = name + "-" + strconv.Itoa(i)
			continue
		}
		if err != nil {
			return "", fmt.Errorf("copy key file: %w", err)
		}
		_, err = f.Write(text)
		if err = errors.Join(err, f.Sync(), f.Close(), syncFolder(filepath.Dir(free))); err != nil {
			return "", fmt.Errorf("copy key file: %w", err)
		}
		return free, nil
	}
	return "", fmt.Errorf("copy key file: too many copies of %s", name)
}
