package archive

import (
	"archive/tar"
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"filippo.io/age"
	"github.com/klauspost/compress/zstd"
)

// File is one file in an archive, or an archive itself.
type File struct {
	Name   string `json:"name"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"` // lower-case hex
}

// target is as much of an open file as a Writer needs.
type target interface {
	io.Writer
	Sync() error
	Close() error
}

// Writer writes one archive. It is for one goroutine.
type Writer struct {
	path   string
	part   string
	file   target
	whole  *summed
	buffer *bufio.Writer
	sealed io.WriteCloser
	packed *zstd.Encoder
	tar    *tar.Writer
	copy   []byte
}

// summed counts and digests what passes.
type summed struct {
	to    io.Writer
	sum   hash.Hash
	bytes int64
}

func (s *summed) Write(b []byte) (int, error) {
	n, err := s.to.Write(b)
	s.sum.Write(b[:n])
	s.bytes += int64(n)
	return n, err
}

// Create begins the archive of that name, which must not exist. End it with
// Commit or Abort.
func Create(path string, recipients []Recipient) (*Writer, error) {
	return create(path, recipients, func(part string) (target, error) {
		return os.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	})
}

func create(path string, recipients []Recipient, open func(string) (target, error)) (*Writer, error) {
	if _, err := os.Lstat(path); err == nil {
		return nil, Unwritable(path, fs.ErrExist)
	}
	w := &Writer{path: path, part: path + ".part", copy: make([]byte, 1<<20)}
	var err error
	if w.file, err = open(w.part); err != nil {
		return nil, Unwritable(path, err)
	}
	w.whole = &summed{to: w.file, sum: sha256.New()}
	w.buffer = bufio.NewWriterSize(w.whole, 1<<20)
	if w.sealed, err = age.Encrypt(w.buffer, recipients...); err != nil {
		w.Abort()
		return nil, fmt.Errorf("encrypt: %w", err)
	}
	if w.packed, err = zstd.NewWriter(w.sealed, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(2)); err != nil {
		w.Abort()
		return nil, fmt.Errorf("compress: %w", err)
	}
	w.tar = tar.NewWriter(w.packed)
	return w, nil
}

// Add writes a file of so many bytes. A source that has fewer is an error.
func (w *Writer) Add(name string, size int64, from io.Reader) (File, error) {
	f := File{Name: name, Bytes: size}
	if !Plain(name) {
		return f, fmt.Errorf("archive: name %q", name)
	}
	if err := w.tar.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: name, Size: size, Mode: 0o600, Format: tar.FormatUSTAR}); err != nil {
		return f, Unwritable(w.path, err)
	}
	sum, given := sha256.New(), &source{from: io.LimitReader(from, size)}
	n, err := io.CopyBuffer(struct{ io.Writer }{w.tar}, io.TeeReader(given, sum), w.copy)
	if given.err != nil {
		return f, fmt.Errorf("read %s: %w", name, given.err)
	}
	if err != nil {
		return f, Unwritable(w.path, err)
	}
	if n != size {
		return f, fmt.Errorf("%s has %d bytes, and %d were promised", name, n, size)
	}
	f.SHA256 = hex.EncodeToString(sum.Sum(nil))
	return f, nil
}

// source remembers that reading failed, which is not the archive's failure.
type source struct {
	from io.Reader
	err  error
}

func (s *source) Read(b []byte) (int, error) {
	n, err := s.from.Read(b)
	if err != nil && err != io.EOF {
		s.err = err
	}
	return n, err
}

// AddBytes writes a file that is in memory.
func (w *Writer) AddBytes(name string, text []byte) (File, error) {
	return w.Add(name, int64(len(text)), bytes.NewReader(text))
}

// Commit puts the archive on disk under its name, and returns what it is as a
// file. When it fails nothing is left.
func (w *Writer) Commit() (File, error) {
	err := errors.Join(w.tar.Close(), w.packed.Close(), w.sealed.Close(), w.buffer.Flush(), w.file.Sync())
	if err == nil {
		err = w.file.Close()
	}
	if err != nil {
		w.Abort()
		return File{}, Unwritable(w.path, err)
	}
	if err := os.Rename(w.part, w.path); err != nil {
		w.Abort()
		return File{}, Unwritable(w.path, err)
	}
	if err := syncDir(filepath.Dir(w.path)); err != nil {
		return File{}, Unwritable(w.path, err)
	}
	return File{Name: filepath.Base(w.path), Bytes: w.whole.bytes, SHA256: hex.EncodeToString(w.whole.sum.Sum(nil))}, nil
}

// Abort removes what was written. It does nothing after Commit.
func (w *Writer) Abort() {
	if w.packed != nil {
		w.packed.Close() // ends its goroutines
	}
	w.file.Close()
	os.Remove(w.part)
}

func syncDir(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
