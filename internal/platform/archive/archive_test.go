package archive

import (
	"archive/tar"
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"filippo.io/age"
	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"

	"simpul"
)

const last = "manifest.json"

func pair(t testing.TB) *age.X25519Identity {
	t.Helper()
	id, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// noise does not pack, so that what is written is as long as what is read.
func noise(n int) []byte {
	b := make([]byte, n)
	rand.NewChaCha8([32]byte{1}).Read(b)
	return b
}

func write(t testing.TB, path string, id *age.X25519Identity, files map[string][]byte) []File {
	t.Helper()
	w, err := Create(path, []Recipient{id.Recipient()})
	if err != nil {
		t.Fatal(err)
	}
	var all []File
	for name, text := range files {
		f, err := w.AddBytes(name, text)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, f)
	}
	end, err := w.AddBytes(last, []byte("{}"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Commit(); err != nil {
		t.Fatal(err)
	}
	return append(all, end)
}

// readAll reads an archive to its end.
func readAll(from io.Reader, ids ...Identity) (all []File, err error) {
	r, err := newReader(from, "uji", ids, last)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	for {
		e, err := r.Next()
		if err == io.EOF {
			return all, nil
		}
		if err != nil {
			return all, err
		}
		if _, err := io.Copy(io.Discard, e); err != nil {
			return all, err
		}
		all = append(all, e.File())
	}
}

func TestAnArchiveComesBackAsItWas(t *testing.T) {
	path, id := filepath.Join(t.TempDir(), "x.simpul"), pair(t)
	written := write(t, path, id, map[string][]byte{"a/b": noise(3 << 20), "kosong": nil, "log/.state/x": []byte("y")})
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	read, err := readAll(f, id)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(written, read); diff != "" {
		t.Error(diff)
	}
	if _, err := os.Stat(path + ".part"); err == nil {
		t.Error("a half file is left")
	}
	if _, err := Create(path, []Recipient{id.Recipient()}); simpul.CodeOf(err) != simpul.CodeConflict {
		t.Errorf("an older archive would be overwritten: %v", err)
	}
}

func TestAnotherKeyOpensNothing(t *testing.T) {
	path, id := filepath.Join(t.TempDir(), "x.simpul"), pair(t)
	write(t, path, id, map[string][]byte{"a": []byte("rahasia")})
	text, _ := os.ReadFile(path)
	if _, err := readAll(bytes.NewReader(text), pair(t)); simpul.CodeOf(err) != simpul.CodeDenied {
		t.Error(err)
	}
	if bytes.Contains(text, []byte("rahasia")) {
		t.Error("the text stands in the clear")
	}
}

func TestAnArchiveThatWasCutOrChangedIsRefused(t *testing.T) {
	path, id := filepath.Join(t.TempDir(), "x.simpul"), pair(t)
	write(t, path, id, map[string][]byte{"a": noise(300 << 10)})
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for at := 0; at < len(text); at += 4093 {
		if _, err := readAll(bytes.NewReader(text[:at]), id); err == nil {
			t.Errorf("cut at %d of %d", at, len(text))
		}
	}
	if _, err := readAll(bytes.NewReader(text[:len(text)-1]), id); err == nil {
		t.Error("the last byte is gone")
	}
	for at := 0; at < len(text); at += 1021 {
		changed := bytes.Clone(text)
		changed[at] ^= 1
		if _, err := readAll(bytes.NewReader(changed), id); err == nil {
			t.Errorf("byte %d is another", at)
		}
	}
	if _, err := readAll(bytes.NewReader(append(bytes.Clone(text), text...)), id); err == nil {
		t.Error("something follows the end")
	}
}

// forge encrypts whatever it is given, as anyone can who knows the public key.
func forge(t testing.TB, id *age.X25519Identity, packed []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := age.Encrypt(&b, id.Recipient())
	if err != nil {
		t.Fatal(err)
	}
	if _, err = w.Write(packed); errors.Join(err, w.Close()) != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func pack(t testing.TB, plain []byte) []byte {
	t.Helper()
	w, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	return w.EncodeAll(plain, nil)
}

func tarOf(t testing.TB, headers ...*tar.Header) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, h := range headers {
		if err := w.WriteHeader(h); err != nil {
			t.Fatal(err)
		}
		if _, err := io.CopyN(w, zeros{}, h.Size); err != nil {
			t.Fatal(err)
		}
	}
	w.Close()
	return b.Bytes()
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) { clear(b); return len(b), nil }

func TestHostileArchivesAreRefused(t *testing.T) {
	id := pair(t)
	regular := func(name string, size int64) *tar.Header {
		return &tar.Header{Typeflag: tar.TypeReg, Name: name, Size: size, Mode: 0o600}
	}
	end := regular(last, 0)
	for name, plain := range map[string][]byte{
		"path traversal":      tarOf(t, regular("../etc/passwd", 1), end),
		"traversal within":    tarOf(t, regular("log/../../x", 1), end),
		"absolute path":       tarOf(t, regular("/etc/passwd", 1), end),
		"backslash":           tarOf(t, regular(`a\b`, 1), end),
		"dots":                tarOf(t, regular("a/./b", 1), end),
		"control characters":  tarOf(t, regular("a\nb", 1), end),
		"long name":           tarOf(t, regular(strings.Repeat("a/", 200)+"b", 1), end),
		"symbolic link":       tarOf(t, &tar.Header{Typeflag: tar.TypeSymlink, Name: "evidence", Linkname: "/etc"}, end),
		"hard link":           tarOf(t, &tar.Header{Typeflag: tar.TypeLink, Name: "evidence", Linkname: "/etc/passwd"}, end),
		"device":              tarOf(t, &tar.Header{Typeflag: tar.TypeChar, Name: "x"}, end),
		"directory":           tarOf(t, &tar.Header{Typeflag: tar.TypeDir, Name: "x/"}, end),
		"a name twice":        tarOf(t, regular("a", 1), regular("a", 1), end),
		"no manifest":         tarOf(t, regular("a", 1)),
		"behind the manifest": tarOf(t, end, regular("a", 1)),
		"bytes behind":        append(tarOf(t, end), 0),
		"nothing":             nil,
		"not a tar":           noise(4096),
		"a bomb":              tarOf(t, regular("a", 200<<20), end),
	} {
		if _, err := readAll(bytes.NewReader(forge(t, id, pack(t, plain))), id); simpul.CodeOf(err) != simpul.CodeInvalid || !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := readAll(bytes.NewReader(forge(t, id, noise(4096))), id); !errors.Is(err, ErrDamaged) {
		t.Errorf("not packed: %v", err)
	}
	if _, err := readAll(bytes.NewReader(noise(4096)), id); !errors.Is(err, ErrDamaged) {
		t.Errorf("not encrypted: %v", err)
	}
}

// full is a disk with so many bytes left.
type full struct {
	*os.File
	left int
}

func (f *full) Write(b []byte) (int, error) {
	if len(b) > f.left {
		n, _ := f.File.Write(b[:f.left])
		f.left = 0
		return n, syscall.ENOSPC
	}
	f.left -= len(b)
	return f.File.Write(b)
}

// syncless is a disk that does not take what it was given.
type syncless struct{ *os.File }

func (syncless) Sync() error { return syscall.EIO }

func TestAFullDiskLeavesNoHalfFile(t *testing.T) {
	id := pair(t)
	for left := 0; left < 3<<20; left += 500_000 {
		dir := t.TempDir()
		w, err := create(filepath.Join(dir, "x.simpul"), []Recipient{id.Recipient()}, func(part string) (target, error) {
			f, err := os.Create(part)
			return &full{f, left}, err
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err = w.AddBytes("a", noise(4<<20)); err == nil {
			_, err = w.Commit()
		}
		w.Abort()
		if e, ok := errors.AsType[*simpul.Error](err); !ok || !strings.Contains(e.Message.EN, "disk is full") {
			t.Errorf("%d bytes left: %v", left, err)
		}
		if files, _ := os.ReadDir(dir); len(files) > 0 {
			t.Errorf("%d bytes left: %v is there", left, files)
		}
	}
	dir := t.TempDir()
	w, err := create(filepath.Join(dir, "x.simpul"), []Recipient{id.Recipient()}, func(part string) (target, error) {
		f, err := os.Create(part)
		return syncless{f}, err
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Commit(); simpul.CodeOf(err) != simpul.CodeUnavailable {
		t.Error(err)
	}
	if files, _ := os.ReadDir(dir); len(files) > 0 {
		t.Errorf("%v is there", files)
	}
}

func TestASourceThatFails(t *testing.T) {
	w, err := Create(filepath.Join(t.TempDir(), "x"), []Recipient{pair(t).Recipient()})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Abort()
	if _, err := w.Add("a", 10, strings.NewReader("pendek")); err == nil {
		t.Error("fewer bytes than promised")
	}
	if _, err := w.Add("../a", 0, strings.NewReader("")); err == nil {
		t.Error("a name that no reader takes")
	}
}

func TestKeys(t *testing.T) {
	id, dir := pair(t), t.TempDir()
	put := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	if all, err := ParseRecipients([]string{id.Recipient().String()}); err != nil || len(all) != 1 {
		t.Error(all, err)
	}
	for _, text := range []string{"", "age1", id.String()} {
		if _, err := ParseRecipients([]string{text}); simpul.CodeOf(err) != simpul.CodeInvalid || strings.Contains(fmt.Sprint(err), "SECRET") {
			t.Errorf("%q: %v", text, err)
		}
	}
	if all, err := ReadIdentities(put("id", "# kunci\n"+id.String()+"\n")); err != nil || len(all) != 1 {
		t.Error(all, err)
	}
	if _, err := ReadIdentities(put("bad", id.String()+"x\n")); simpul.CodeOf(err) != simpul.CodeInvalid || strings.Contains(fmt.Sprint(err), "SECRET-KEY-1") {
		t.Error(err)
	}
	if all, err := ReadRecipients(put("to", id.Recipient().String()+"\n")); err != nil || len(all) != 1 {
		t.Error(all, err)
	}
	if _, _, err := ReadPassphrase(put("short", "pendek\n")); simpul.CodeOf(err) != simpul.CodeInvalid {
		t.Error(err)
	}
	if _, err := ReadIdentities(filepath.Join(dir, "nowhere")); simpul.CodeOf(err) != simpul.CodeUnavailable {
		t.Error(err)
	}
}

func TestAPassphraseOpensWhatItSealed(t *testing.T) {
	file := filepath.Join(t.TempDir(), "frasa")
	if err := os.WriteFile(file, []byte("kuda nil baterai staples\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	to, from, err := ReadPassphrase(file)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "x.simpul")
	w, err := Create(path, []Recipient{to})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.AddBytes(last, []byte("{}")); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Commit(); err != nil {
		t.Fatal(err)
	}
	r, err := Open(path, []Identity{from}, last)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if e, err := r.Next(); err != nil || e.Name() != last || e.Size() != 2 {
		t.Error(e, err)
	}
}

// Whatever stands behind the encryption, the reader ends, and takes nothing that
// has not the form of an archive.
func FuzzReader(f *testing.F) {
	id := pair(f)
	f.Add(pack(f, tarOf(f, &tar.Header{Typeflag: tar.TypeReg, Name: "a", Size: 3, Mode: 0o600}, &tar.Header{Typeflag: tar.TypeReg, Name: last, Mode: 0o600})), true)
	f.Add(tarOf(f, &tar.Header{Typeflag: tar.TypeSymlink, Name: "a", Linkname: "b"}), false)
	f.Fuzz(func(t *testing.T, text []byte, packed bool) {
		if !packed {
			text = pack(t, text)
		}
		all, err := readAll(bytes.NewReader(forge(t, id, text)), id)
		if err == nil && (len(all) == 0 || all[len(all)-1].Name != last) {
			t.Errorf("%v", all)
		}
		for _, file := range all {
			if !filepath.IsLocal(file.Name) || !Plain(file.Name) {
				t.Errorf("%q", file.Name)
			}
		}
	})
}

// Whatever is not age at all is refused.
func FuzzCiphertext(f *testing.F) {
	id := pair(f)
	f.Add([]byte("age-encryption.org/v1\n-> X25519 x\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		if _, err := readAll(bytes.NewReader(text), id); err == nil {
			t.Errorf("%q", text)
		}
	})
}
