package evidence

import (
	"errors"
	"io"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// file is as much of an open file as the journal writes through.
type file interface {
	io.Writer
	Sync() error
	Close() error
}

// opener opens a file, or a directory in order to sync it. Tests replace it to
// make the disk fail.
type opener func(path string, flag int) (file, error)

func openOS(path string, flag int) (file, error) { return os.OpenFile(path, flag, 0o600) }

func writeFull(f file, b []byte) error {
	n, err := f.Write(b)
	if err == nil && n < len(b) {
		return io.ErrShortWrite
	}
	return err
}

// syncDir makes created and removed names in dir durable.
func syncDir(open opener, dir string) error {
	d, err := open(dir, os.O_RDONLY)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// makeDir creates dir so that it survives a power cut.
func makeDir(open opener, dir string) error {
	if _, err := os.Stat(dir); err == nil {
		return nil
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	return syncDir(open, filepath.Dir(dir))
}

// lockDir takes the journal for this process; closing the file, or the end of
// the process however it ends, releases it.
func lockDir(dir string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	err = unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	if err == nil {
		return f, nil
	}
	f.Close()
	if errors.Is(err, unix.EWOULDBLOCK) {
		return nil, held(dir)
	}
	return nil, err
}

// dropCache asks the kernel to forget clean pages of the file, so that reading
// it tells what the disk holds: after a failed fsync the cache may hold pages
// that never reached it. Advice only; a file system may ignore it.
func dropCache(f *os.File) { _ = unix.Fadvise(int(f.Fd()), 0, 0, unix.FADV_DONTNEED) }
