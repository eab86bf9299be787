package evidence

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
)

// Inspection is what reading a whole journal found.
type Inspection struct {
	ID       JournalID
	Segments int
	First    uint64 // the sequence with which the journal begins: retention may have removed what was before
	Oldest   uint64 // the sequence with which the oldest segment begins; 0 for none
	Records  uint64 // that are intact
	Last     uint64 // the highest sequence of an intact record
	Newest   string // the newest segment, and how many bytes it has
	End      int64
	Torn     *Torn // the end of the last segment looks like an interrupted write
	Damage   []*DamageError
}

// mostDamage bounds what one inspection names.
const mostDamage = 10_000

// Hold takes the journal in DATA/evidence for this process, as opening it does,
// without changing anything in it. A journal that a hub has open is refused.
// Where there is no journal there is nothing to hold, and nothing to close.
func Hold(data string) (io.Closer, error) {
	dir := Dir(data)
	if _, err := os.Stat(dir); errors.Is(err, os.ErrNotExist) {
		return io.NopCloser(nil), nil
	}
	return lockDir(dir)
}

// Inspect reads every record of the journal in DATA/evidence and changes
// nothing. It goes on behind damage and names all of it; an error means that the
// disk could not be read. Hold the journal meanwhile. intact, unless nil, is
// called with each intact record in order.
func Inspect(ctx context.Context, data string, intact func(Entry) error) (Inspection, error) {
	return InspectIn(ctx, Dir(data), intact)
}

// InspectIn inspects the journal in the folder, such as that of one that has ended.
func InspectIn(ctx context.Context, dir string, intact func(Entry) error) (Inspection, error) {
	i := &inspector{dir: dir, intact: intact}
	names, err := segmentFiles(i.dir)
	if err != nil {
		return i.Inspection, err
	}
	if i.Segments = len(names); i.Segments > 0 {
		i.Oldest, _ = parseSegmentName(names[0])
	}
	i.removal()
	for n, name := range names {
		if err := ctx.Err(); err != nil {
			return i.Inspection, err
		}
		if err := i.readable(name, i.segment(name, n == len(names)-1)); err != nil {
			return i.Inspection, err
		}
	}
	return i.Inspection, i.strangers()
}

// removal reads up to where retention removed the journal. Where that cannot be read
// the journal is taken to begin with the first segment that there is.
func (i *inspector) removal() {
	removed, err := readRemoval(i.dir)
	i.begin = removed.Through + 1
	if err != nil {
		i.found(damageOf(removalFile, err))
		i.begin = max(i.Oldest, 1)
	}
	i.First, i.next, i.removedOf = i.begin, i.begin, removed.Journal
	if err == nil && i.Oldest == 0 && i.begin > 1 {
		i.found(missing(i.begin))
	}
}

// readable makes a finding of a segment that the system did not let be read; what comes
// after it is read all the same.
func (i *inspector) readable(name string, err error) error {
	if stop, ok := errors.AsType[*intactError](err); ok {
		return stop.error
	}
	if err != nil {
		i.found(damageOf(name, err))
		i.lost = true
	}
	return nil
}

// damageOf is the damage of a file by the error of reading it.
func damageOf(name string, err error) *DamageError {
	if d, ok := errors.AsType[*DamageError](err); ok {
		return d
	}
	return &DamageError{File: name, Err: err}
}

// intactError ends an inspection: whoever is handed the records wants no more.
type intactError struct{ error }

// strangers names what is called a segment and has the name of none: the hub does
// not start beside it.
func (i *inspector) strangers() error {
	files, err := os.ReadDir(i.dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	for _, f := range files {
		if _, ok := parseSegmentName(f.Name()); !ok && filepath.Ext(f.Name()) == suffix {
			i.found(&DamageError{File: f.Name(), Err: FaultNumber})
		}
	}
	return err
}

// segmentFiles are the files that are named as segments, ascending.
func segmentFiles(dir string) (names []string, err error) {
	files, err := os.ReadDir(dir) // sorted
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	for _, f := range files {
		if _, ok := parseSegmentName(f.Name()); ok {
			names = append(names, f.Name())
		}
	}
	return names, err
}

type inspector struct {
	Inspection
	dir    string
	intact func(Entry) error
	begin  uint64 // the sequence with which the journal begins
	next   uint64 // the one that comes next
	known  bool   // the journal's ID

	removedOf string // the journal of which the file of removals speaks; "" without one
	lost      bool   // it was not read to its end, so nobody knows what should come next
}

func (i *inspector) found(d *DamageError) {
	if len(i.Damage) < mostDamage {
		i.Damage = append(i.Damage, d)
	}
}

func (i *inspector) segment(name string, last bool) error {
	f, err := os.Open(filepath.Join(i.dir, name))
	if err != nil {
		return err
	}
	defer f.Close()
	first, _ := parseSegmentName(name)
	if !i.lost && first >= i.begin && first != max(i.next, i.begin) {
		i.found(gap(i.Newest, i.End, max(i.next, i.begin), first))
	}
	i.next, i.lost = first, false
	defer func() { i.Newest, i.End = name, sizeOf(f) }()
	if stop, err := i.header(f, name, last); err != nil || stop {
		return err
	}
	return i.records(f, name, last)
}

// gap is damage between a segment, "" for none, that ends before the record next, and
// the one that begins with first: the end of the former is gone, or a segment is.
func gap(before string, end int64, next, first uint64) *DamageError {
	if first < next {
		return &DamageError{File: segmentName(first), Sequence: first, Through: next - 1, Other: before, Err: FaultTwice}
	}
	d := &DamageError{File: before, Offset: end, Sequence: next, Through: first - 1, Other: segmentName(next), Err: FaultMissing}
	if before == "" {
		d.File, d.Offset, d.Other = segmentName(next), 0, ""
	}
	return d
}

// sizeOf is for people: 0 where the system does not tell.
func sizeOf(f *os.File) int64 {
	info, err := f.Stat()
	if err != nil {
		return 0
	}
	return info.Size()
}

// header checks the header; stop says that nothing behind it can be read.
func (i *inspector) header(f *os.File, name string, last bool) (stop bool, err error) {
	info, err := f.Stat()
	if err != nil {
		return true, err
	}
	h, err := readHeader(f, name)
	if d, ok := errors.AsType[*DamageError](err); ok {
		if last && info.Size() <= headerSize && i.Segments > 1 && (errors.Is(d.Err, FaultHeader) || errors.Is(d.Err, FaultShort)) {
			i.Torn = &Torn{File: name, Bytes: info.Size(), Sequence: i.next}
			return true, nil
		}
		i.found(d)
		return info.Size() <= headerSize, nil
	}
	if err != nil {
		return true, err
	}
	if i.known && h.journal != i.ID {
		i.found(&DamageError{File: name, Err: FaultForeign})
	}
	if !i.known {
		i.identify(h.journal)
	}
	return false, nil
}

// identify takes the ID of the first header that is intact for the journal's.
func (i *inspector) identify(id JournalID) {
	i.ID, i.known = id, true
	if i.removedOf != "" && i.removedOf != id.String() {
		i.found(&DamageError{File: removalFile, Err: FaultForeign})
	}
}

func (i *inspector) records(f *os.File, name string, last bool) error {
	at := int64(headerSize)
	for {
		s, err := i.scanFrom(f, name, at)
		d, ok := errors.AsType[*DamageError](err)
		if err == nil {
			return nil
		}
		if !ok {
			return err
		}
		if d.Fault() == FaultUnread {
			return d
		}
		skipped, sequence, err := resume(f, s.offset, s.next)
		if err != nil {
			return err
		}
		switch {
		case skipped == 0 && last && d.mayBeTorn():
			return i.torn(f, d)
		case skipped == 0:
			i.found(d)
			return nil
		}
		if sequence > d.Sequence+1 {
			d.Through = sequence - 1
		}
		i.found(d)
		at, i.next = s.offset+skipped, sequence
	}
}

func (i *inspector) torn(f *os.File, d *DamageError) error {
	info, err := f.Stat()
	if err == nil {
		i.Torn = &Torn{File: d.File, Offset: d.Offset, Bytes: info.Size() - d.Offset, Sequence: d.Sequence}
	}
	return err
}

// scanFrom reads records from the offset until something is wrong, nil at the end.
func (i *inspector) scanFrom(f *os.File, name string, at int64) (*scanner, error) {
	s := &scanner{file: name, offset: at, next: i.next}
	if _, err := f.Seek(at, io.SeekStart); err != nil {
		return s, err
	}
	s.r = bufio.NewReaderSize(f, 256<<10)
	for {
		e, err := s.scan()
		if err == io.EOF {
			i.next = s.next
			return s, nil
		}
		if err != nil {
			return s, err
		}
		i.Records, i.Last, i.next = i.Records+1, max(i.Last, e.Sequence), s.next
		if i.intact == nil {
			continue
		}
		if err := i.intact(e); err != nil {
			return s, &intactError{err}
		}
	}
}

// resume looks behind damage for the next intact record, of whatever higher
// sequence, and returns how far away it is; 0 where there is none.
func resume(f *os.File, at int64, sequence uint64) (skipped int64, found uint64, err error) {
	info, err := f.Stat()
	if err != nil {
		return 0, 0, err
	}
	rest := make([]byte, max(info.Size()-at, 0)) // of one segment
	if _, err := f.ReadAt(rest, at); err != nil && err != io.EOF {
		return 0, 0, err
	}
	for n := 1; n < len(rest)-frameHead; n++ {
		if s, ok := frameAt(rest[n:], sequence); ok {
			return int64(n), s, nil
		}
	}
	return 0, 0, nil
}

// frameAt reports whether an intact record of at least the sequence begins here.
// A payload cannot imitate one: see holdsRecord.
func frameAt(b []byte, sequence uint64) (uint64, bool) {
	length := binary.BigEndian.Uint32(b)
	if length == 0 || length > maxPayload || uint64(length) > uint64(len(b)-frameHead) {
		return 0, false
	}
	at := binary.BigEndian.Uint64(b[8:])
	if at < sequence || at > sequence+uint64(len(b))+maxPayload {
		return 0, false
	}
	return at, crc32.Checksum(b[8:frameHead+length], castagnoli) == binary.BigEndian.Uint32(b[4:])
}

// Beyond is the damage of a journal that ends before the record: the end of its newest
// segment was cut off, or further ones are gone.
func (i Inspection) Beyond(record uint64) *DamageError {
	return gap(i.Newest, i.End, max(i.Last+1, i.First), record+1)
}

// Inspected is the journal in DATA/evidence as an inspection found it, for
// reading: nobody can write through it. Hold the journal meanwhile.
func Inspected(data string, found Inspection) *Journal { return InspectedIn(Dir(data), found) }

// InspectedIn is the journal in the folder as an inspection found it.
func InspectedIn(dir string, found Inspection) *Journal {
	return still(dir, found.ID, found.First, found.Last, closed())
}

// Segment is one file of a journal, as far as it can be copied.
type Segment struct {
	Name   string
	Bytes  int64
	Closed bool // a later one exists, so it never changes again
}

// Survey is what there is to copy of a journal that may be growing.
type Survey struct {
	ID       JournalID
	Segments []Segment
	Last     uint64 // sequence of the last record that the segments hold
}

// Take surveys the journal in DATA/evidence, which another process may be
// writing: closed segments are whole, and of the last one it takes what ends
// with an intact record. Everything that was on disk before the call is in it.
func Take(data string) (Survey, error) { return TakeIn(Dir(data)) }

// TakeIn surveys the journal in the folder.
func TakeIn(dir string) (Survey, error) {
	var s Survey
	names, err := segmentFiles(dir)
	if err != nil {
		return s, err
	}
	for n, name := range names {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			return s, err
		}
		s.Segments = append(s.Segments, Segment{name, info.Size(), n < len(names)-1})
	}
	if len(names) == 0 {
		return s, nil
	}
	return s, s.end(dir)
}

// end reads the last segment.
func (s *Survey) end(dir string) error {
	last := &s.Segments[len(s.Segments)-1]
	text, err := os.ReadFile(filepath.Join(dir, last.Name)) // bounded by the size of a segment
	if err != nil {
		return err
	}
	first, _ := parseSegmentName(last.Name)
	s.Last = first - 1
	h, err := readHeader(bytes.NewReader(text), last.Name)
	if err != nil && len(s.Segments) > 1 && len(text) <= headerSize {
		s.Segments = s.Segments[:len(s.Segments)-1] // in the making
		s.Segments[len(s.Segments)-1].Closed = false
		return s.header(dir)
	}
	if err != nil {
		return explain(err)
	}
	s.ID = h.journal
	scan := &scanner{r: bufio.NewReader(bytes.NewReader(text[headerSize:])), file: last.Name, offset: headerSize, next: first}
	for {
		if _, err = scan.scan(); err != nil {
			break
		}
		s.Last = scan.next - 1
	}
	last.Bytes = scan.offset
	if err != io.EOF && holdsRecord(text[scan.offset:], scan.next) {
		return explain(err) // damage, with records behind it that would be left out
	}
	return nil
}

// header reads whose the journal is from a segment that is whole.
func (s *Survey) header(dir string) error {
	name := s.Segments[len(s.Segments)-1].Name
	f, err := os.Open(filepath.Join(dir, name))
	if err != nil {
		return err
	}
	defer f.Close()
	h, err := readHeader(f, name)
	s.ID = h.journal
	return err
}
