package archive

import (
	"archive/tar"
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"os"
	"regexp"
	"strings"
	"sync/atomic"

	"filippo.io/age"
	"github.com/klauspost/compress/zstd"
)

// Bounds of what a Reader accepts.
const (
	MaxEntry   = 4 << 30 // bytes of one file
	maxEntries = 20_000_000
	maxWindow  = 8 << 20 // bytes that unpacking holds
	// Rows of a database pack well, but nothing that Simpul writes packs like this.
	maxRatio = 1000
	ratioOf  = 64 << 20 // bytes that need no ratio
)

// plain is a relative name in ASCII whose parts are not dots alone.
var plain = regexp.MustCompile(`^[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*$`)

// Plain reports whether a name can stand in an archive.
func Plain(name string) bool {
	if len(name) > 99 || !plain.MatchString(name) {
		return false
	}
	for part := range strings.SplitSeq(name, "/") {
		if strings.Trim(part, ".") == "" {
			return false
		}
	}
	return true
}

// Reader reads one archive from its beginning. It is for one goroutine.
type Reader struct {
	path   string
	closer io.Closer
	read   *counted // before it is unpacked
	packed *zstd.Decoder
	tar    *tar.Reader
	seen   map[string]bool
	last   string // name of the entry that ends the archive

	entry *entry
	given int64 // bytes unpacked so far
}

// counted counts while the decoder reads ahead in a goroutine of its own.
type counted struct {
	from  io.Reader
	bytes atomic.Int64
}

func (c *counted) Read(b []byte) (int, error) {
	n, err := c.from.Read(b)
	c.bytes.Add(int64(n))
	return n, err
}

// Open opens an archive whose last entry has the given name.
func Open(path string, identities []Identity, last string) (*Reader, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, unreadable(path, err)
	}
	r, err := newReader(f, path, identities, last)
	if err != nil {
		f.Close()
		return nil, err
	}
	r.closer = f
	return r, nil
}

func newReader(from io.Reader, path string, identities []Identity, last string) (*Reader, error) {
	open, err := age.Decrypt(bufio.NewReaderSize(from, 1<<20), identities...)
	if mismatch := new(age.NoIdentityMatchError); errors.As(err, &mismatch) {
		return nil, locked(path, err)
	}
	if err != nil {
		return nil, damaged(path, err)
	}
	r := &Reader{path: path, read: &counted{from: open}, seen: map[string]bool{}, last: last}
	r.packed, err = zstd.NewReader(r.read, zstd.WithDecoderMaxWindow(maxWindow), zstd.WithDecoderConcurrency(2), zstd.WithDecoderLowmem(true))
	if err != nil {
		return nil, damaged(path, err)
	}
	r.tar = tar.NewReader(r.packed)
	return r, nil
}

// Next returns the next file, or io.EOF once the archive has ended as it must.
// What of the file before was not read is read first, so that its digest is known.
func (r *Reader) Next() (*Entry, error) {
	if r.entry != nil {
		if _, err := io.Copy(io.Discard, &Entry{r, r.entry}); err != nil {
			return nil, err
		}
		if r.entry.name == r.last {
			return nil, r.end()
		}
	}
	h, err := r.tar.Next()
	if err == io.EOF {
		return nil, damaged(r.path, errors.New("it ends without "+r.last))
	}
	if err != nil {
		return nil, damaged(r.path, err)
	}
	if why := r.refuses(h); why != "" {
		return nil, hostile(r.path, why)
	}
	r.seen[h.Name] = true
	r.entry = &entry{name: h.Name, size: h.Size, sum: sha256.New()}
	return &Entry{r, r.entry}, nil
}

func (r *Reader) refuses(h *tar.Header) string {
	switch {
	case h.Typeflag != tar.TypeReg:
		return "an entry that is not a regular file"
	case !Plain(h.Name):
		return "a name that is not plain"
	case r.seen[h.Name]:
		return "a name that stands twice"
	case len(r.seen) == maxEntries:
		return "too many entries"
	case h.Size > MaxEntry:
		return "an entry that is too large"
	}
	return ""
}

// end makes sure that nothing follows the last entry, and that age and zstd have
// seen their end.
func (r *Reader) end() error {
	if _, err := r.tar.Next(); err == nil {
		return hostile(r.path, "entries behind the last one")
	} else if err != io.EOF {
		return damaged(r.path, err)
	}
	n, err := io.Copy(io.Discard, io.LimitReader(r.packed, 1))
	if err != nil {
		return damaged(r.path, err)
	}
	if n > 0 {
		return hostile(r.path, "bytes behind the last entry")
	}
	if n, err := io.Copy(io.Discard, io.LimitReader(r.read, 1)); err != nil || n > 0 {
		return damaged(r.path, errors.Join(err, errors.New("bytes behind the end")))
	}
	return io.EOF
}

// Close releases the file.
func (r *Reader) Close() error {
	r.packed.Close()
	if r.closer == nil {
		return nil
	}
	return r.closer.Close()
}

// entry is the file at which a Reader stands.
type entry struct {
	name string
	size int64
	read int64
	sum  hash.Hash
}

// Entry is one file of an archive while it is read.
type Entry struct {
	reader *Reader
	entry  *entry
}

// Name returns the name, which is plain.
func (e *Entry) Name() string { return e.entry.name }

// Size returns how many bytes the file has.
func (e *Entry) Size() int64 { return e.entry.size }

// File returns what the file is, once it was read to its end.
func (e *Entry) File() File {
	return File{Name: e.entry.name, Bytes: e.entry.read, SHA256: hex.EncodeToString(e.entry.sum.Sum(nil))}
}

// Read reads the file's bytes.
func (e *Entry) Read(b []byte) (int, error) {
	n, err := e.reader.tar.Read(b)
	e.entry.sum.Write(b[:n])
	e.entry.read += int64(n)
	e.reader.given += int64(n)
	if e.reader.given > ratioOf+maxRatio*e.reader.read.bytes.Load() {
		return n, hostile(e.reader.path, "far more than was packed")
	}
	if err != nil && err != io.EOF {
		err = damaged(e.reader.path, err)
	}
	return n, err
}
