package evidence

import (
	"bytes"
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"time"

	"simpul"

	"github.com/go-json-experiment/json"
)

// Removal says up to where a journal was removed at the end of the retention of its
// records. It stands in the file "removed" beside the segments, written before they go: a
// segment that is missing and not covered by it was removed by somebody else, and is
// damage. The database has the same (evidence_removal, and the audit trail), so that
// whoever writes the file to cover up for a missing segment is found out.
type Removal struct {
	Journal string         `json:"journal"`
	Through uint64         `json:"through"` // sequence of the last record that was removed; 0: none was
	At      time.Time      `json:"at"`
	Days    map[string]int `json:"days"` // for which each class was kept
}

const (
	removalFile   = "removed"
	removalFormat = "simpul-removed/1"
)

// encode writes the file: format, CRC-32C of the object in hex, and the object, with
// spaces between them and a line break at the end.
func (r Removal) encode() ([]byte, error) {
	object, err := json.Marshal(r, json.Deterministic(true))
	if err != nil {
		return nil, err
	}
	return fmt.Appendf(nil, "%s %08x %s\n", removalFormat, crc32.Checksum(object, castagnoli), object), nil
}

// parseRemoval reads what encode writes, to the byte, and refuses everything else.
func parseRemoval(b []byte) (r Removal, err error) {
	parts := bytes.SplitN(b, []byte(" "), 3)
	if len(parts) != 3 || string(parts[0]) != removalFormat {
		return r, FaultRemoval
	}
	if err := json.Unmarshal(bytes.TrimSuffix(parts[2], []byte("\n")), &r); err != nil {
		return Removal{}, FaultRemoval
	}
	again, err := r.encode()
	if err != nil || !bytes.Equal(again, b) || r.Through == 0 {
		return Removal{}, FaultRemoval
	}
	return r, nil
}

// readRemoval returns the zero Removal where nothing was ever removed.
func readRemoval(dir string) (Removal, error) {
	b, err := os.ReadFile(filepath.Join(dir, removalFile))
	if errors.Is(err, os.ErrNotExist) {
		return Removal{}, nil
	}
	if err != nil {
		return Removal{}, err
	}
	r, err := parseRemoval(b)
	if err != nil {
		return Removal{}, &DamageError{File: removalFile, Err: err}
	}
	return r, nil
}

// writeRemoval replaces the file so that a power cut leaves the old one or the new one.
func writeRemoval(o Options, dir string, r Removal) error {
	b, err := r.encode()
	if err != nil {
		return err
	}
	return replaceFile(o, dir, removalFile, b)
}

// replaceFile replaces a small file so that a power cut leaves the old one or the new one.
func replaceFile(o Options, dir, name string, b []byte) error {
	path := filepath.Join(dir, name)
	f, err := o.open(path+".new", os.O_WRONLY|os.O_CREATE|os.O_TRUNC)
	if err != nil {
		return err
	}
	if err := errors.Join(writeFull(f, b), f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := o.rename(path+".new", path); err != nil {
		return err
	}
	return syncDir(o.open, dir)
}

// ReadRemoval returns what the journal in DATA/evidence says of its removed part; the
// zero Removal where nothing was ever removed.
func ReadRemoval(data string) (Removal, error) {
	r, err := readRemoval(filepath.Join(data, "evidence"))
	if err != nil {
		return r, explain(err)
	}
	return r, nil
}

// First returns the sequence of the first record that was not removed at the end of
// its retention, 1 where none was.
func (j *Journal) First() uint64 { return j.first.Load() }

// Removal tells up to where the journal was removed.
func (j *Journal) Removal() Removal {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.removal
}

// remove deletes the segments whose records are all covered, and says so on disk
// before. What an interrupted removal left goes as well. It never touches the newest.
func (j *Journal) remove(r Removal) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.lock == nil {
		return closed()
	}
	firsts, err := listSegments(j.dir)
	if err != nil {
		return explain(err)
	}
	if !beginsAt(firsts, r.Through+1) {
		return explain(missing(r.Through + 1))
	}
	if r.Through > j.removal.Through {
		if err := writeRemoval(j.options, j.dir, r); err != nil {
			return unremovable(err)
		}
		j.removal = r
		j.first.Store(r.Through + 1)
	}
	for _, first := range firsts {
		if first > j.removal.Through {
			break
		}
		if err := os.Remove(filepath.Join(j.dir, segmentName(first))); err != nil {
			return unremovable(err)
		}
	}
	if err := syncDir(j.options.open, j.dir); err != nil {
		return unremovable(err)
	}
	return nil
}

func beginsAt(firsts []uint64, sequence uint64) bool {
	for _, first := range firsts {
		if first == sequence {
			return true
		}
	}
	return false
}

// ErrRemoved says that a record was removed at the end of its retention.
var ErrRemoved = errors.New("removed at the end of its retention")

func removed(sequence uint64, r Removal) error {
	day := r.At.UTC().Format(time.DateOnly)
	return &simpul.Error{
		Code: simpul.CodeGone, Err: fmt.Errorf("record %d: %w", sequence, ErrRemoved),
		Message: simpul.Text{
			ID: "Catatan ini sudah dihapus pada " + day + " karena masa simpannya lewat.",
			EN: "This record was removed on " + day + " since it was kept for as long as the rule says.",
		},
		Remedy: simpul.Text{
			ID: "Lihat masa simpan menurut kelas pada halaman Masa simpan; penghapusannya tercatat pada jejak audit.",
			EN: "See the retention by class on the page Retention; the audit trail tells of the removal.",
		},
	}
}

func unremovable(cause error) error {
	return &simpul.Error{
		Code: simpul.CodeUnavailable, Err: cause,
		Message: simpul.Text{ID: "Berkas jurnal yang masa simpannya lewat tidak dapat dihapus.", EN: "Files of the journal whose retention is over cannot be removed."},
		Remedy:  simpul.Text{ID: "Periksa izin folder data dan kesehatan disk; hub mencoba lagi dalam satu jam.", EN: "Check the permissions of the data folder and the disk's health; the hub tries again in an hour."},
	}
}
