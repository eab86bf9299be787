package safety

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"simpul"
	"simpul/internal/platform/archive"
)

// keep says what becomes of a file of a backup while it is read: where it goes,
// or nil for nowhere. It is asked before the manifest is known.
type keep func(name string) (io.WriteCloser, error)

func nowhere(string) (io.WriteCloser, error) { return nil, nil }

// mostManifest bounds the manifest, bytes.
const mostManifest = 256 << 20

// readBackup reads one backup to its end and makes sure that it holds what its
// manifest says, no more and no less.
func readBackup(ctx context.Context, path string, keys []archive.Identity, to keep) (Manifest, []byte, error) {
	r, err := archive.Open(path, keys, manifestName)
	if err != nil {
		return Manifest{}, nil, err
	}
	defer r.Close()
	var text []byte
	found := map[string]archive.File{}
	for {
		e, err := r.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return Manifest{}, nil, err
		}
		if err := ctx.Err(); err != nil {
			return Manifest{}, nil, err
		}
		if e.Name() == manifestName {
			if text, err = io.ReadAll(io.LimitReader(e, mostManifest)); err != nil {
				return Manifest{}, nil, err
			}
			continue
		}
		if err := pour(e, to); err != nil {
			return Manifest{}, nil, err
		}
		found[e.Name()] = e.File()
	}
	m, err := parseManifest(text)
	if err != nil {
		return m, text, untrue(path, err)
	}
	return m, text, m.matches(path, found)
}

// pour reads an entry to its end.
func pour(e *archive.Entry, to keep) error {
	if !belongs(e.Name()) {
		return untrue(e.Name(), errors.New("no backup has such a file"))
	}
	w, err := to(e.Name())
	if err != nil {
		return err
	}
	if w == nil {
		_, err := io.Copy(io.Discard, e)
		return err
	}
	failed := &sink{to: w}
	_, err = io.CopyBuffer(failed, struct{ io.Reader }{e}, make([]byte, 256<<10))
	cerr := w.Close()
	if failed.err != nil || err == nil && cerr != nil {
		return archive.Unwritable(e.Name(), errors.Join(failed.err, cerr))
	}
	return err
}

// sink remembers that writing failed, which is not the archive's failure.
type sink struct {
	to  io.Writer
	err error
}

func (s *sink) Write(b []byte) (int, error) {
	n, err := s.to.Write(b)
	if err != nil {
		s.err = err
	}
	return n, err
}

// belongs reports whether a backup can hold a file of that name.
func belongs(name string) bool {
	return name == keysName || beside.MatchString(name) || segment.MatchString(name) || strings.HasPrefix(name, logFolder+"/") || strings.HasPrefix(name, databasePart+"/")
}

func (m Manifest) matches(path string, found map[string]archive.File) error {
	promised := m.files()
	for name, f := range promised {
		if is, ok := found[name]; !ok || is != f {
			return untrue(path, fmt.Errorf("%s is not what the manifest says", name))
		}
	}
	for name := range found {
		if _, ok := promised[name]; !ok {
			return untrue(path, fmt.Errorf("the manifest does not know %s", name))
		}
	}
	return nil
}

// follows makes sure that a backup continues the one before it.
func (m Manifest) follows(path string, before *Manifest, beforeText []byte) error {
	switch {
	case before == nil && m.Since == nil:
		return nil
	case before == nil:
		return broken(path, words("cadangan ini tambahan; cadangan penuh dan semua di antaranya harus disebut lebih dahulu", "this backup is incremental; the full one and all between must be named before it"))
	case m.Since == nil:
		return broken(path, words("cadangan ini penuh dan tidak melanjutkan yang sebelumnya", "this backup is a full one and does not continue the one before"))
	case m.Since.ID != before.ID || m.Since.SHA256 != digest(beforeText):
		return broken(path, words("cadangan ini tidak melanjutkan yang disebut sebelumnya", "this backup does not continue the one named before it"))
	case m.Journal.ID != before.Journal.ID && before.Journal.ID != "" || m.Journal.Position < before.Journal.Position:
		return broken(path, words("jurnalnya bukan kelanjutan yang sebelumnya", "its journal is no continuation of the one before"))
	}
	return nil
}

// Verified is what reading backups found.
type Verified struct {
	Manifest Manifest // of the last one
	Files    int      // backups
	Bytes    int64    // of their contents, unpacked
	Opened   bool     // the contents were read; otherwise the encrypted file alone was compared with its receipt
}

// Verify reads a full backup and the incremental ones that follow it, in order,
// and compares all of it. Without keys it compares each encrypted file with its
// receipt, which tells that the file is as it was made.
func Verify(ctx context.Context, paths []string, keys []archive.Identity) (v Verified, err error) {
	if len(keys) == 0 {
		return verifySealed(paths)
	}
	var before *Manifest
	var beforeText []byte
	places := map[string]Copy{}
	for _, path := range paths {
		m, text, err := readBackup(ctx, path, keys, nowhere)
		if err != nil {
			return v, err
		}
		if err := m.follows(path, before, beforeText); err != nil {
			return v, err
		}
		for name, f := range m.files() {
			v.Bytes += f.Bytes
			places[name] = Copy{File: f, In: m.ID}
		}
		before, beforeText = &m, text
		v.Files, v.Manifest = v.Files+1, m
	}
	v.Opened = true
	return v, v.Manifest.complete(places)
}

// complete makes sure that every file of the store is in one of the backups read.
func (m Manifest) complete(places map[string]Copy) error {
	for _, c := range m.copies() {
		if at, ok := places[c.Name]; !ok || at.File != c.File || at.In != c.In {
			return broken(c.Name, words("berkas ini ada di cadangan lain, yang tidak disebut", "this file is in another backup, which was not named"))
		}
	}
	return nil
}

func verifySealed(paths []string) (v Verified, err error) {
	for _, path := range paths {
		r, err := ReadReceipt(path)
		if err != nil {
			return v, err
		}
		f, err := os.Open(path)
		if err != nil {
			return v, noReceipt(path, err)
		}
		sum := sha256.New()
		n, err := io.Copy(sum, f)
		f.Close()
		if err != nil {
			return v, err
		}
		if n != r.Archive.Bytes || hex.EncodeToString(sum.Sum(nil)) != r.Archive.SHA256 {
			return v, untrue(path, errors.New("the file is not what its receipt says"))
		}
		v.Files, v.Bytes = v.Files+1, v.Bytes+n
		v.Manifest = Manifest{ID: r.ID, At: r.At, Version: r.Version, Log: r.Log, Journal: r.Journal}
	}
	return v, nil
}

func untrue(path string, cause error) error {
	return &simpul.Error{
		Code: simpul.CodeInvalid, Place: path, Err: fmt.Errorf("%w: %w", archive.ErrDamaged, cause),
		Message: simpul.Text{ID: "Isi cadangan ini tidak sesuai dengan daftarnya.", EN: "This backup does not hold what its list says."},
		Remedy:  simpul.Text{ID: "Salin lagi dari tempat penyimpanan, atau pakai cadangan lain. Tidak ada isinya yang dipakai.", EN: "Copy it again from where it is kept, or use another backup. Nothing of it was used."},
	}
}

func broken(path string, why simpul.Text) error {
	return &simpul.Error{
		Code: simpul.CodeInvalid, Place: path,
		Message: simpul.Text{ID: "Rangkaian cadangan terputus: " + why.ID + ".", EN: "The chain of backups is broken: " + why.EN + "."},
		Remedy:  simpul.Text{ID: "Sebutkan cadangan penuh lebih dahulu, lalu setiap cadangan tambahan menurut waktunya.", EN: "Name the full backup first, then each incremental one in the order of time."},
	}
}
