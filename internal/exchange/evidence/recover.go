package evidence

import (
	"bufio"
	"crypto/rand"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
)

// Recovery says what opening the journal found and did.
type Recovery struct {
	Segments int    // files of the journal
	Verified int    // of them, the newest ones whose every record was checked
	Last     uint64 // sequence of the last record; 0 for an empty journal
	Torn     *Torn  // nil unless an interrupted write was removed
}

// Torn is the incomplete end of an interrupted write. It held no record that
// anybody was told is on disk.
type Torn struct {
	File     string
	Offset   int64  // where the file ends now
	Bytes    int64  // how many were removed
	Sequence uint64 // the first that was removed, given anew to the next record
}

// LogValue groups the fields in logs.
func (t Torn) LogValue() slog.Value {
	return slog.GroupValue(slog.String("file", t.File), slog.Int64("offset", t.Offset),
		slog.Int64("bytes", t.Bytes), slog.Uint64("sequence", t.Sequence))
}

// recovery walks the segments of one journal.
type recovery struct {
	open    opener
	dir     string
	journal JournalID
	firsts  []uint64 // of the segments, ascending
	removal Removal  // what was removed at the end of its retention, and is not missing
	end     int64    // where the last segment ends, bytes
	Recovery
}

// recoverJournal checks the journal in dir and removes the torn end that an
// interrupted write can leave in the last segment. Any other fault, among them
// that a record up to the known sequence is gone, is a *DamageError. It reads
// the newest segments in full, up to the budget in bytes and at least the last;
// of older ones the header, since reading checks each record again.
func recoverJournal(open opener, dir string, budget int64, known uint64) (*recovery, error) {
	firsts, err := listSegments(dir)
	if err != nil {
		return nil, err
	}
	r := &recovery{open: open, dir: dir, firsts: firsts}
	if err := r.setRemovedAside(); err != nil {
		return nil, err
	}
	unborn, err := r.setUnbornAside()
	if err != nil {
		return nil, err
	}
	if err := r.check(budget, known); err != nil {
		return nil, err
	}
	if unborn != nil {
		err = r.remove(unborn)
	}
	if err == nil && len(r.firsts) == 0 {
		err = r.begin()
	}
	r.Segments = len(r.firsts)
	return r, err
}

func (r *recovery) check(budget int64, known uint64) error {
	if err := r.checkHeaders(known); err != nil {
		return err
	}
	if err := r.checkRecords(budget); err != nil {
		return err
	}
	if r.Last < known {
		return &DamageError{File: r.newest(), Offset: r.end, Sequence: r.Last + 1, Through: known, Err: FaultMissing}
	}
	return nil
}

// begin makes the first segment of a new journal.
func (r *recovery) begin() error {
	rand.Read(r.journal[:]) // never fails since Go 1.24
	f, err := createSegment(r.open, r.dir, segmentHeader{r.journal, 1})
	if err != nil {
		return err
	}
	r.firsts, r.end, r.Verified = []uint64{1}, headerSize, 1
	return f.Close()
}

// setRemovedAside leaves out what is removed: segments that are still there belong to a
// removal that was interrupted.
func (r *recovery) setRemovedAside() (err error) {
	r.removal, err = readRemoval(r.dir)
	for err == nil && len(r.firsts) > 0 && r.firsts[0] <= r.removal.Through {
		r.firsts = r.firsts[1:]
	}
	return err
}

// newest returns the name of the last segment.
func (r *recovery) newest() string { return segmentName(r.firsts[len(r.firsts)-1]) }

func (r *recovery) path(name string) string { return filepath.Join(r.dir, name) }

// setUnbornAside leaves out a last segment whose creation was interrupted before
// its header was on disk: no record can have been written to it.
func (r *recovery) setUnbornAside() (*Torn, error) {
	if len(r.firsts) == 0 {
		return nil, nil
	}
	name := r.newest()
	info, err := os.Stat(r.path(name))
	if err != nil || info.Size() > headerSize {
		return nil, err
	}
	if _, err := r.header(name); !errors.Is(err, FaultHeader) && !errors.Is(err, FaultShort) {
		return nil, nil
	}
	rest := len(r.firsts) - 1
	unborn := &Torn{File: name, Bytes: info.Size(), Sequence: r.firsts[rest]}
	r.firsts = r.firsts[:rest]
	return unborn, nil
}

func (r *recovery) remove(unborn *Torn) error {
	if unborn.Sequence != r.Last+1 {
		return missing(r.Last + 1)
	}
	r.Torn = unborn
	return errors.Join(os.Remove(r.path(unborn.File)), syncDir(r.open, r.dir))
}

// checkHeaders makes sure that the segments are of one journal and that the
// first one is there.
func (r *recovery) checkHeaders(known uint64) error {
	begin := r.removal.Through + 1
	if len(r.firsts) == 0 && known == 0 && begin == 1 {
		return nil
	}
	if len(r.firsts) == 0 || r.firsts[0] != begin {
		return missing(begin)
	}
	for i, first := range r.firsts {
		h, err := r.header(segmentName(first))
		if err != nil {
			return err
		}
		if i == 0 {
			r.journal = h.journal
		}
		if h.journal != r.journal {
			return foreign(segmentName(first))
		}
	}
	if begin > 1 && r.removal.Journal != r.journal.String() {
		return foreign(removalFile)
	}
	return nil
}

func (r *recovery) header(name string) (segmentHeader, error) {
	f, err := os.Open(r.path(name))
	if err != nil {
		return segmentHeader{}, err
	}
	defer f.Close()
	return readHeader(f, name)
}

// checkRecords reads the newest segments in full until the budget is spent.
func (r *recovery) checkRecords(budget int64) error {
	from := len(r.firsts)
	for from > 0 && budget > 0 {
		from--
		info, err := os.Stat(r.path(segmentName(r.firsts[from])))
		if err != nil {
			return err
		}
		budget -= info.Size()
	}
	for i := from; i < len(r.firsts); i++ {
		if err := r.checkSegment(i); err != nil {
			return err
		}
		r.Verified++
	}
	return nil
}

func (r *recovery) checkSegment(i int) error {
	name := segmentName(r.firsts[i])
	f, err := os.Open(r.path(name))
	if err != nil {
		return err
	}
	defer f.Close()
	isLast := i == len(r.firsts)-1
	if isLast { // the others were synced without an error
		dropCache(f)
	}
	s, err := r.scanSegment(f, r.firsts[i])
	if d, ok := errors.AsType[*DamageError](err); ok && isLast && d.mayBeTorn() {
		err = r.cutTorn(f, d)
	}
	if err != nil {
		return err
	}
	r.Last, r.end = s.next-1, s.offset
	if !isLast && s.next != r.firsts[i+1] {
		return gap(name, s.offset, s.next, r.firsts[i+1])
	}
	return nil
}

// scanSegment checks every record of the open segment. The scanner stands after
// the last intact one.
func (r *recovery) scanSegment(f *os.File, first uint64) (*scanner, error) {
	s := &scanner{r: bufio.NewReaderSize(f, 256<<10), file: segmentName(first), offset: headerSize, next: first}
	if _, err := s.r.Discard(headerSize); err != nil {
		return s, err
	}
	for {
		if _, err := s.scan(); err == io.EOF {
			return s, nil
		} else if err != nil {
			return s, err
		}
	}
}

// cutTorn truncates the last segment at the damage if no intact record follows
// it; otherwise it returns the damage. A write that was interrupted, or that a
// power cut kept from the disk, ends the file; damage that is followed by a
// record came later.
func (r *recovery) cutTorn(f *os.File, d *DamageError) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	tail := make([]byte, info.Size()-d.Offset)
	if _, err := f.ReadAt(tail, d.Offset); err != nil {
		return err
	}
	if holdsRecord(tail, d.Sequence) {
		return d
	}
	if err := os.Truncate(f.Name(), d.Offset); err != nil {
		return err
	}
	r.Torn = &Torn{File: d.File, Offset: d.Offset, Bytes: int64(len(tail)), Sequence: d.Sequence}
	return nil
}

func foreign(name string) error {
	return &DamageError{File: name, Err: FaultForeign}
}

func missing(sequence uint64) *DamageError {
	return &DamageError{File: segmentName(sequence), Sequence: sequence, Err: FaultMissing}
}
