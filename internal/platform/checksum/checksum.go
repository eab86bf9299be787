package checksum

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Name is the file with the sums, in the folder that they are of.
const Name = "checksums"

// Block is how many bytes one sum covers.
const Block = 64 << 10

// format begins the file; another form gets another number.
const format = "simpul/checksums/1"

// most bounds what is read as a file of sums, bytes: some terabyte of blocks.
const most = 128 << 20

type list struct {
	Format string    `json:"format"`
	At     time.Time `json:"at"`
	Files  []file    `json:"files"`
}

type file struct {
	Name  string `json:"name"` // below the folder, with slashes
	Bytes int64  `json:"bytes"`
	Sums  []byte `json:"sums"` // of each block, big-endian
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Write sums the named files of the folder. When it returns nil the sums are on disk.
func Write(dir string, names []string, at time.Time) error {
	l := list{Format: format, At: at.UTC()}
	for _, name := range names {
		f, err := sumFile(filepath.Join(dir, filepath.FromSlash(name)))
		if err != nil {
			return fmt.Errorf("checksum %s: %w", name, err)
		}
		f.Name = name
		l.Files = append(l.Files, f)
	}
	text, err := json.Marshal(l)
	if err != nil {
		return err
	}
	return replace(filepath.Join(dir, Name), fmt.Appendf(text, "\n%08x\n", crc32.Checksum(text, castagnoli)))
}

func sumFile(path string) (f file, err error) {
	err = eachBlock(path, func(block []byte) {
		f.Bytes += int64(len(block))
		f.Sums = binary.BigEndian.AppendUint32(f.Sums, crc32.Checksum(block, castagnoli))
	})
	return f, err
}

func eachBlock(path string, fn func([]byte)) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	block := make([]byte, Block)
	for {
		n, err := io.ReadFull(f, block)
		if n > 0 {
			fn(block[:n])
		}
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// replace puts a file in place so that it is whole or absent.
func replace(path string, text []byte) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*.new")
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		os.Remove(f.Name())
		return err
	}
	d, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// Remove takes the sums away before something that they cover changes. Without
// sums there is nothing to do.
func Remove(dir string) error {
	err := os.Remove(filepath.Join(dir, Name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// Kind is how a file differs from what was summed.
type Kind int

// The kinds.
const (
	Changed Kind = iota // a block has other bytes
	Resized             // the file is longer or shorter
	Gone                // the file is missing
	Unread              // the system did not let the file be read
	Unsound             // the sums themselves are not what was written
)

// Difference is a block that is no longer what was summed.
type Difference struct {
	File   string
	Offset int64 // bytes from the start of the file, of the block or of where it ends early
	Kind   Kind
	Err    error // of Unread
}

// Report is what comparing found.
type Report struct {
	At          time.Time // when the sums were written; zero where there are none
	Files       []string  // that they cover
	Differences []Difference
}

// Compare reads every file that the sums of the folder cover. A folder without
// sums gives a Report without a time.
func Compare(dir string) (Report, error) {
	text, err := readLimited(filepath.Join(dir, Name))
	if errors.Is(err, fs.ErrNotExist) {
		return Report{}, nil
	}
	if err != nil {
		return Report{}, err
	}
	l, err := parse(text)
	if err != nil {
		return Report{At: time.Unix(0, 0), Differences: []Difference{{File: Name, Kind: Unsound}}}, nil
	}
	r := Report{At: l.At}
	for _, f := range l.Files {
		r.Files = append(r.Files, f.Name)
		r.Differences = append(r.Differences, f.compare(filepath.Join(dir, filepath.FromSlash(f.Name)))...)
	}
	return r, nil
}

func readLimited(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, most))
}

var errSums = errors.New("the file of checksums is damaged")

// parse refuses whatever Write does not write.
func parse(text []byte) (l list, err error) {
	head, tail, ok := strings.Cut(string(text), "\n")
	if !ok || tail != fmt.Sprintf("%08x\n", crc32.Checksum([]byte(head), castagnoli)) {
		return l, errSums
	}
	if err := json.Unmarshal([]byte(head), &l); err != nil || l.Format != format {
		return l, errSums
	}
	for _, f := range l.Files {
		if !filepath.IsLocal(filepath.FromSlash(f.Name)) || f.Bytes < 0 || int64(len(f.Sums)) != (f.Bytes+Block-1)/Block*4 {
			return l, errSums
		}
	}
	return l, nil
}

func (f file) compare(path string) (found []Difference) {
	now, err := sumFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return []Difference{{File: f.Name, Kind: Gone}}
	}
	if err != nil {
		return []Difference{{File: f.Name, Kind: Unread, Err: err}}
	}
	for at := 0; at < min(len(f.Sums), len(now.Sums)); at += 4 {
		if string(f.Sums[at:at+4]) != string(now.Sums[at:at+4]) {
			found = append(found, Difference{File: f.Name, Offset: int64(at/4) * Block, Kind: Changed})
		}
	}
	if f.Bytes != now.Bytes {
		found = append(found, Difference{File: f.Name, Offset: min(f.Bytes, now.Bytes), Kind: Resized})
	}
	return found
}
