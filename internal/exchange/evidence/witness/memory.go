package witness

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"simpul"
)

// memory is what a witness knows of logs: one file for each, which holds the
// newest checkpoint that it cosigned. One process holds it at a time.
type memory struct {
	dir  string
	lock *os.File
	keep func(file string, text []byte) error // replace; tests make it fail
}

// remembered is a file of the memory. Sum is over the other members, so that a
// file that was changed by accident is not believed.
type remembered struct {
	Origin string `json:"origin"`
	Size   uint64 `json:"size"`
	Root   string `json:"root"` // hexadecimal
	Sum    string `json:"sum"`
}

func (r remembered) sum() string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\n%d\n%s", r.Origin, r.Size, r.Root))
	return hex.EncodeToString(sum[:])
}

func openMemory(dir string) (*memory, error) {
	if err := makeFolder(dir); err != nil {
		return nil, fmt.Errorf("memory of the witness: %w", err)
	}
	lock, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("memory of the witness: %w", err)
	}
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		lock.Close()
		return nil, inUse(dir, err)
	}
	return &memory{dir, lock, replace}, nil
}

// Close lets another process have the memory.
func (m *memory) Close() error { return m.lock.Close() }

// file is where a log is remembered. An origin may have any character, so its
// digest names the file.
func (m *memory) file(origin string) string {
	sum := sha256.Sum256([]byte(origin))
	return filepath.Join(m.dir, hex.EncodeToString(sum[:16])+".json")
}

// recall returns what is known of a log: an empty tree of one that was never
// seen. What cannot be read is an error and never taken for an empty tree, since
// a witness that forgets can be led to vouch for a second tree.
func (m *memory) recall(origin string) (Checkpoint, error) {
	file := m.file(origin)
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return Checkpoint{Origin: origin, Root: sha256.Sum256(nil)}, nil
	}
	if err != nil {
		return Checkpoint{}, fmt.Errorf("memory of the witness: %w", err)
	}
	var r remembered
	if err := json.Unmarshal(text, &r); err != nil || r.Sum != r.sum() || r.Origin != origin {
		return Checkpoint{}, damagedMemory(file, origin)
	}
	c := Checkpoint{Origin: origin, Size: r.Size}
	if n, err := hex.Decode(c.Root[:], []byte(r.Root)); err != nil || n != len(c.Root) {
		return Checkpoint{}, damagedMemory(file, origin)
	}
	return c, nil
}

// remember puts a checkpoint on disk. When it returns nil it is there.
func (m *memory) remember(c Checkpoint) error {
	r := remembered{Origin: c.Origin, Size: c.Size, Root: hex.EncodeToString(c.Root[:])}
	r.Sum = r.sum()
	text, err := json.Marshal(r)
	if err != nil {
		return err
	}
	if err := m.keep(m.file(c.Origin), append(text, '\n')); err != nil {
		return fmt.Errorf("memory of the witness: %w", err)
	}
	return nil
}

func inUse(dir string, cause error) error {
	return &simpul.Error{
		Code: simpul.CodeConflict, Place: dir, Err: cause,
		Message: simpul.Text{ID: "Ingatan saksi sedang dipakai proses lain.", EN: "Another process uses the witness's memory."},
		Remedy:  simpul.Text{ID: "Satu saksi dijalankan satu proses. Hentikan yang lain lebih dulu.", EN: "One process runs one witness. Stop the other first."},
	}
}

func damagedMemory(file, origin string) error {
	return &simpul.Error{
		Code: simpul.CodeInvalid, Place: file,
		Message: simpul.Text{ID: "Ingatan saksi tentang " + origin + " rusak.", EN: "The witness's memory of " + origin + " is damaged."},
		Remedy: simpul.Text{
			ID: "Saksi tidak menandatangani log ini sampai berkas itu dikembalikan dari cadangan terbaru. Menghapusnya berarti saksi lupa, dan log dapat membohonginya.",
			EN: "The witness does not cosign this log until the file is restored from the newest backup. To delete it makes the witness forget, and the log can then deceive it."},
	}
}
