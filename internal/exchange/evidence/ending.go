package evidence

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"slices"
	"time"

	"simpul"

	"github.com/go-json-experiment/json"
)

// Ending says that a journal goes on no more, and where it ends: records behind that are
// lost, or live only elsewhere. It stands in the file "ended" beside the segments of the
// journal, in DATA/evidence/JOURNAL, and the first record of the journal that goes on
// repeats it (kind "renewed"). So whoever reads that one's log sees that there was a
// break, and where, instead of two trees under one name.
type Ending struct {
	Order   int       `json:"order"` // counts the endings of a data folder, from 1 on
	Journal string    `json:"journal"`
	Last    uint64    `json:"last"` // sequence of the last record
	At      time.Time `json:"at"`
	Cause   string    `json:"cause"`          // in one line, such as "restored from a backup of 2026-11-26T01:00:00Z"
	Entries uint64    `json:"entries"`        // of its log, by the last checkpoint that is here
	Root    []byte    `json:"root,omitempty"` // over them
	Covered uint64    `json:"covered"`        // the last record that they cover
	Rest    []byte    `json:"rest,omitempty"` // Merkle root over the records behind that (RFC 9162 section 2.1.1); none where there are none
}

// Renewed is the kind of the first record of a journal that goes on for another one.
const Renewed Kind = "renewed"

const (
	endingFile   = "ended"
	endingFormat = "simpul-ended/1"
)

// encode writes the file as that of a removal is written.
func (e Ending) encode() ([]byte, error) {
	object, err := json.Marshal(e, json.Deterministic(true))
	if err != nil {
		return nil, err
	}
	return fmt.Appendf(nil, "%s %08x %s\n", endingFormat, crc32.Checksum(object, castagnoli), object), nil
}

var errEnding = errors.New("the file is not as it was written")

// parseEnding reads what encode writes, to the byte, and refuses everything else.
func parseEnding(b []byte) (e Ending, err error) {
	parts := bytes.SplitN(b, []byte(" "), 3)
	if len(parts) != 3 || string(parts[0]) != endingFormat {
		return e, errEnding
	}
	if err := json.Unmarshal(bytes.TrimSuffix(parts[2], []byte("\n")), &e); err != nil {
		return Ending{}, errEnding
	}
	again, err := e.encode()
	if err != nil || !bytes.Equal(again, b) || !isJournal(e.Journal) || e.Order < 1 {
		return Ending{}, errEnding
	}
	return e, nil
}

// isJournal knows the name of a journal, which is also that of a folder.
func isJournal(name string) bool {
	if len(name) != 2*len(JournalID{}) {
		return false
	}
	for _, c := range name {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

// Dir is the folder of the journal of a data folder.
func Dir(data string) string { return filepath.Join(data, "evidence") }

// EndedDir is the folder of a journal that has ended.
func EndedDir(data, journal string) string { return filepath.Join(Dir(data), journal) }

// Endings lists the journals of a data folder that have ended, in their order. One that
// does not say how it ended is damage.
func Endings(data string) (all []Ending, err error) {
	names, err := os.ReadDir(Dir(data))
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, unreadable(err)
	}
	for _, name := range names {
		if !name.IsDir() || !isJournal(name.Name()) {
			continue
		}
		e, err := readEnding(filepath.Join(Dir(data), name.Name()))
		if err == nil && e.Journal != name.Name() {
			err = &DamageError{File: name.Name() + "/" + endingFile, Err: errors.New("it is of another journal")}
		}
		if err != nil {
			return nil, explain(err)
		}
		all = append(all, e)
	}
	slices.SortFunc(all, func(a, b Ending) int { return a.Order - b.Order })
	return all, nil
}

func readEnding(dir string) (Ending, error) {
	b, err := os.ReadFile(filepath.Join(dir, endingFile))
	if err != nil {
		return Ending{}, err
	}
	e, err := parseEnding(b)
	if err != nil {
		return e, &DamageError{File: filepath.Base(dir) + "/" + endingFile, Err: err}
	}
	return e, nil
}

// End ends the journal for ever and closes it: its files move to a folder of their own,
// and [OpenJournal] begins another journal in their place. Of the ending it completes
// which journal it is, its last record and its order. A process that dies meanwhile has
// either ended nothing, or the next opening does the rest.
func (j *Journal) End(e Ending) (Ending, error) {
	j.mu.Lock()
	lock := j.lock
	j.mu.Unlock()
	if lock == nil {
		return e, closed()
	}
	if err := checkReason(e.Cause); err != nil {
		return e, err
	}
	before, err := Endings(filepath.Dir(j.dir))
	if err != nil {
		return e, err
	}
	if err := j.finish(); err != nil { // the lock is kept until all is moved
		return e, errors.Join(err, lock.Close())
	}
	e.Journal, e.Last, e.Order, e.At = j.ID().String(), j.Durable(), len(before)+1, e.At.UTC().Truncate(time.Millisecond)
	b, err := e.encode()
	if err == nil {
		err = replaceFile(j.options, j.dir, endingFile, b)
	}
	if err == nil {
		err = settleEnding(j.options, j.dir)
	}
	if err != nil {
		err = unwritable(err)
	}
	return e, errors.Join(err, lock.Close())
}

// settleEnding moves what belongs to a journal that has ended to its own folder: the file
// that says so last, so that it is known until then that there is something to move.
func settleEnding(o Options, dir string) error {
	e, err := readEnding(dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	to := filepath.Join(dir, e.Journal)
	if err := makeDir(o.open, to); err != nil {
		return err
	}
	files, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, f := range files {
		if !f.Type().IsRegular() || f.Name() == "lock" || f.Name() == endingFile {
			continue
		}
		if err := o.rename(filepath.Join(dir, f.Name()), filepath.Join(to, f.Name())); err != nil {
			return err
		}
	}
	if err := syncDir(o.open, to); err != nil {
		return err
	}
	if err := o.rename(filepath.Join(dir, endingFile), filepath.Join(to, endingFile)); err != nil {
		return err
	}
	return errors.Join(syncDir(o.open, to), syncDir(o.open, dir))
}

// succeed writes the first record of a journal that goes on for another one.
func (j *Journal) succeed() error {
	if j.Last() > 0 {
		return nil
	}
	all, err := Endings(filepath.Dir(j.dir))
	if err != nil || len(all) == 0 {
		return err
	}
	_, err = j.Commit(context.Background(), all[len(all)-1].record())
	return err
}

// detail says it in one line.
func (e Ending) detail(successor string) string {
	return fmt.Sprintf("ended with record %d, log of %d entries up to record %d; goes on as %s; %s", e.Last, e.Entries, e.Covered, successor, e.Cause)
}

// record is the payload of the first record of the journal that goes on.
func (e Ending) record() []byte {
	o := newObject(nil)
	o.text(`,"kind":`, string(Renewed))
	o.time(`,"opened":`, e.At)
	o.text(`,"class":`, string(simpul.Tertutup)) // it is kept for as long as any record is
	o.text(`,"predecessor":`, e.Journal)
	o.number(`,"predecessor_last":`, int64(e.Last))
	o.number(`,"predecessor_entries":`, int64(e.Entries))
	o.text(`,"predecessor_root":`, base64.StdEncoding.EncodeToString(e.Root))
	o.number(`,"predecessor_covered":`, int64(e.Covered))
	o.text(`,"predecessor_rest":`, base64.StdEncoding.EncodeToString(e.Rest))
	o.text(`,"cause":`, e.Cause)
	return appendSalted(o.end())
}

// Says reports whether the payload is the first record of the journal that goes on for
// the one of this ending.
func (e Ending) Says(payload []byte) bool {
	unsalted := func(b []byte) []byte {
		at := bytes.LastIndex(b, []byte(`,"salt":`))
		return b[:max(at, 0)]
	}
	return bytes.Equal(unsalted(payload), unsalted(e.record()))
}

// OpenEnded opens a journal that has ended, for reading, and to remove what is past its
// retention. Another process must not hold it. It takes no record.
func OpenEnded(data string, e Ending, o Options) (*Journal, error) {
	o = o.withDefaults()
	dir := EndedDir(data, e.Journal)
	lock, err := lockDir(dir)
	if err != nil {
		return nil, err
	}
	firsts, err := listSegments(dir)
	if err == nil && len(firsts) == 0 {
		err = missing(1) // recovery would begin a journal
	}
	var r *recovery
	if err == nil {
		r, err = recoverJournal(o.open, dir, 1, e.Last) // its newest file at least; it was checked before it ended
	}
	if err == nil && r.journal.String() != e.Journal {
		err = foreign(r.newest())
	}
	if err != nil {
		lock.Close()
		return nil, explain(err)
	}
	j := still(dir, r.journal, r.removal.Through+1, r.Last, ended(e))
	j.options, j.lock, j.recovery, j.removal, j.ending = o, lock, r.Recovery, r.removal, &e
	return j, nil
}

// still is a journal that takes no record.
func still(dir string, id JournalID, first, last uint64, why error) *Journal {
	j := &Journal{dir: dir, id: id}
	j.durable.advance(last)
	j.first.Store(first)
	q := newQueue(last + 1)
	q.fail(why)
	j.queue.Store(q)
	return j
}

// Ending tells how the journal ended; false while it goes on.
func (j *Journal) Ending() (Ending, bool) {
	if j.ending == nil {
		return Ending{}, false
	}
	return *j.ending, true
}

// Dir is the folder of the journal.
func (j *Journal) Dir() string { return j.dir }

func ended(e Ending) error {
	day := e.At.UTC().Format(time.DateOnly)
	return &simpul.Error{
		Code:    simpul.CodeUnavailable,
		Message: simpul.Text{ID: "Jurnal " + e.Journal + " berakhir pada " + day + " (" + e.Cause + ").", EN: "The journal " + e.Journal + " ended on " + day + " (" + e.Cause + ")."},
		Remedy:  simpul.Text{ID: "Catatan baru masuk ke jurnal yang melanjutkannya.", EN: "New records go into the journal that goes on for it."},
	}
}
