package evidence

import (
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// disk is a disk that a test can make fail, and from which it can pull the plug.
type disk struct {
	mu      sync.Mutex
	onWrite func(b []byte) (keep int, err error) // nil: all is written
	onSync  func(path string) error              // nil: all is well
	onOpen  func(path string, flag int) error    // nil: all is well
	syncs   int
	born    map[string]bool  // files whose name is durable
	synced  map[string]int64 // how much of a file is durable, bytes
}

func newDisk() *disk { return &disk{born: map[string]bool{}, synced: map[string]int64{}} }

func (d *disk) open(path string, flag int) (file, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.onOpen != nil {
		if err := d.onOpen(path, flag); err != nil {
			return nil, err
		}
	}
	f, err := openOS(path, flag)
	return &diskFile{f, d, path}, err
}

// set changes how the disk behaves.
func (d *disk) set(change func(*disk)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	change(d)
}

func (d *disk) heal() { d.set(func(d *disk) { d.onWrite, d.onSync, d.onOpen = nil, nil, nil }) }

func (d *disk) countSyncs() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.syncs
}

// cutPower leaves of every segment in dir what was synced, and a random part of
// the rest, the end of which may be zeros: space that was given, not written.
func (d *disk) cutPower(t *testing.T, dir string, r *rand.Rand) {
	t.Helper()
	d.mu.Lock()
	defer d.mu.Unlock()
	paths, err := filepath.Glob(filepath.Join(dir, "*"+suffix))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		if !d.born[path] && r.IntN(2) == 0 {
			os.Remove(path)
			continue
		}
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		safe := d.synced[path]
		b = b[:safe+r.Int64N(int64(len(b))-safe+1)]
		clear(b[safe+r.Int64N(int64(len(b))-safe+1):])
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

type diskFile struct {
	file
	disk *disk
	path string
}

func (f *diskFile) Write(b []byte) (int, error) {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	if f.disk.onWrite == nil {
		return f.file.Write(b)
	}
	keep, err := f.disk.onWrite(b)
	if n, werr := f.file.Write(b[:keep]); werr != nil {
		return n, werr
	}
	return keep, err
}

func (f *diskFile) Sync() error {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	f.disk.syncs++
	if f.disk.onSync != nil {
		if err := f.disk.onSync(f.path); err != nil {
			return err
		}
	}
	info, err := os.Stat(f.path)
	if err != nil {
		return err
	}
	if info.IsDir() {
		f.disk.bear(f.path)
	}
	f.disk.synced[f.path] = info.Size()
	return nil // a test that pulls the plug does so by cutPower
}

// bear makes the names in dir durable.
func (d *disk) bear(dir string) {
	names, _ := fs.Glob(os.DirFS(dir), "*"+suffix)
	for _, name := range names {
		d.born[filepath.Join(dir, name)] = true
	}
}
