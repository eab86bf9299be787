package witness

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"simpul"
)

// maxKeyFile bounds what is read as a key file, bytes.
const maxKeyFile = 1 << 10

// OpenKey reads the witness's own key, or makes one under the name where there is
// no file. The file is one line, a signer key of C2SP signed-note, for its owner
// alone. A name that is not the key's is refused: the key stands in other
// people's lists under it.
func OpenKey(file, name string) (Signer, error) {
	s, err := readKey(file)
	if errors.Is(err, fs.ErrNotExist) {
		s, err = makeKey(file, name)
	}
	if err != nil {
		return Signer{}, err
	}
	if name != "" && name != s.name {
		return Signer{}, renamed(file, s.name, name)
	}
	return s, nil
}

func readKey(file string) (Signer, error) {
	f, err := os.Open(file)
	if err != nil {
		return Signer{}, fmt.Errorf("key of the witness: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return Signer{}, fmt.Errorf("key of the witness: %w", err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return Signer{}, exposed(file)
	}
	text, err := io.ReadAll(io.LimitReader(f, maxKeyFile))
	if err != nil {
		return Signer{}, fmt.Errorf("key of the witness: %w", err)
	}
	return parseSigner(file, string(text))
}

// parseSigner reads PRIVATE+KEY+name+hash+key.
func parseSigner(file, text string) (Signer, error) {
	parts := strings.Split(strings.TrimSuffix(text, "\n"), "+")
	if len(parts) < 5 || parts[0] != "PRIVATE" || parts[1] != "KEY" || !isName(parts[2]) {
		return Signer{}, damagedKey(file)
	}
	seed, err := strict.DecodeString(strings.Join(parts[4:], "+")) // base64 has + of its own
	if err != nil || len(seed) != 1+ed25519.SeedSize || seed[0] != algorithm {
		return Signer{}, damagedKey(file)
	}
	s := newSigner(parts[2], seed[1:])
	if fmt.Sprintf("%08x", s.hash) != parts[3] {
		return Signer{}, damagedKey(file)
	}
	return s, nil
}

// makeKey writes a fresh key to the disk, unless somebody else just did.
func makeKey(file, name string) (Signer, error) {
	if !isName(name) {
		return Signer{}, unnamed(name)
	}
	seed := make([]byte, ed25519.SeedSize)
	rand.Read(seed)
	s := newSigner(name, seed)
	line := fmt.Sprintf("PRIVATE+KEY+%s+%08x+%s\n", name, s.hash, strict.EncodeToString(append([]byte{algorithm}, seed...)))
	if err := makeFolder(filepath.Dir(file)); err != nil {
		return Signer{}, fmt.Errorf("key of the witness: %w", err)
	}
	err := writeNew(file, []byte(line))
	if errors.Is(err, fs.ErrExist) {
		return readKey(file)
	}
	if err != nil {
		return Signer{}, fmt.Errorf("key of the witness: %w", err)
	}
	return s, nil
}

// writeNew puts a file in place whole, and only where there is none.
func writeNew(file string, text []byte) error {
	draft, err := writeDraft(file, text)
	if err != nil {
		return err
	}
	defer os.Remove(draft)
	if err := os.Link(draft, file); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(file))
}

// replace puts a file in the place of another, so that whatever happens meanwhile
// one of the two is there whole. When it returns nil the new one is on disk.
func replace(file string, text []byte) error {
	draft, err := writeDraft(file, text)
	if err != nil {
		return err
	}
	if err := os.Rename(draft, file); err != nil {
		os.Remove(draft)
		return err
	}
	return syncFolder(filepath.Dir(file))
}

func writeDraft(file string, text []byte) (draft string, err error) {
	f, err := os.CreateTemp(filepath.Dir(file), "."+filepath.Base(file)+".*.new") // mode 0600
	if err != nil {
		return "", err
	}
	_, err = io.Copy(f, bytes.NewReader(text))
	err = errors.Join(err, f.Sync())
	if err = errors.Join(err, f.Close()); err != nil {
		os.Remove(f.Name())
		return "", err
	}
	return f.Name(), nil
}

func makeFolder(dir string) error {
	if _, err := os.Stat(dir); err == nil {
		return nil
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(dir))
}

func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

func unnamed(name string) error {
	return simpul.Invalid("witness.name",
		simpul.Text{ID: fmt.Sprintf("Saksi belum punya nama yang sah: %q.", name), EN: fmt.Sprintf("The witness has no valid name yet: %q.", name)},
		simpul.Text{ID: "Isi witness.name dengan nama domain lembaga Anda, tanpa spasi dan tanda +, misalnya saksi.bpk.go.id. Nama ini menjadi bagian kunci dan tidak dapat diganti.",
			EN: "Set witness.name to a domain name of your institution, without spaces and +, such as saksi.bpk.go.id. The name is part of the key and cannot be changed."})
}

func renamed(file, is, wanted string) error {
	return simpul.Invalid("witness.name",
		simpul.Text{ID: fmt.Sprintf("Kunci saksi di %s bernama %s, bukan %s.", file, is, wanted), EN: fmt.Sprintf("The witness's key in %s is called %s, not %s.", file, is, wanted)},
		simpul.Text{ID: "Pakai nama kunci itu, atau pindahkan berkas kuncinya dan kirim kunci publik yang baru kepada setiap log.", EN: "Use the key's name, or move the key file away and send the new public key to every log."})
}

func exposed(file string) error {
	return simpul.Invalid("witness.key",
		simpul.Text{ID: "Kunci saksi " + file + " dapat dibaca pengguna lain.", EN: "Others may read the witness's key " + file + "."},
		simpul.Text{ID: "Jalankan: chmod 600 " + file + ". Bila orang lain mungkin sudah membacanya, buat kunci baru.", EN: "Run: chmod 600 " + file + ". If others may have read it, make a new key."})
}

func damagedKey(file string) error {
	return simpul.Invalid("witness.key",
		simpul.Text{ID: "Isi " + file + " bukan kunci saksi.", EN: "What is in " + file + " is no key of a witness."},
		simpul.Text{ID: "Kembalikan berkas itu dari cadangan. Hanya bila tidak ada: pindahkan berkasnya, jalankan lagi, dan kirim kunci publik yang baru kepada setiap log.", EN: "Restore the file from a backup. Only if there is none: move it away, start again, and send the new public key to every log."})
}
