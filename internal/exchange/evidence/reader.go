package evidence

import (
	"bufio"
	"errors"
	"io"
	"os"
	"path/filepath"
)

// Reader reads a journal in order while it is being written. It returns only
// records that are on disk, so that nothing derived from it can outlive what it
// was derived from. A Reader is for one goroutine.
type Reader struct {
	journal *Journal
	next    uint64
	life    uint64   // of the journal, in which the file was opened
	file    *os.File // the segment that holds next; nil: to be found
	scanner scanner
}

// Read returns a Reader whose first entry is that of the sequence, at least 1.
func (j *Journal) Read(from uint64) *Reader { return &Reader{journal: j, next: max(from, 1)} }

// Next returns the next entry, or io.EOF if it is not yet on disk: call again
// later. For a record that was removed at the end of its retention the error wraps
// [ErrRemoved]: read on from [Journal.First]. Damage is a *simpul.Error that wraps a *DamageError; a damaged record is
// never returned.
func (r *Reader) Next() (Entry, error) {
	if r.next > r.journal.Durable() {
		return Entry{}, io.EOF
	}
	if r.next < r.journal.First() {
		r.Close()
		return Entry{}, removed(r.next, r.journal.Removal())
	}
	if life := r.journal.life.Load(); life != r.life {
		r.Close() // what was read ahead may have been written anew
		r.life = life
	}
	e, err := r.read()
	if err != nil {
		r.Close()
		return Entry{}, explain(err)
	}
	r.next++
	return e, nil
}

func (r *Reader) read() (Entry, error) {
	if r.file == nil {
		if err := r.seek(); err != nil {
			return Entry{}, err
		}
	}
	e, err := r.scanner.scan()
	if err != io.EOF {
		return e, err
	}
	// A segment is named after its first record: the next one must begin here.
	if err := r.enter(r.next); err != nil {
		return Entry{}, err
	}
	e, err = r.scanner.scan()
	if err == io.EOF {
		err = r.scanner.damage(FaultShort)
	}
	return e, err
}

// seek finds the segment that holds the next record and skips those before it.
func (r *Reader) seek() error {
	firsts, err := listSegments(r.journal.dir)
	if err != nil {
		return err
	}
	var first uint64
	for _, f := range firsts {
		if f <= r.next {
			first = f
		}
	}
	if err := r.enter(first); err != nil {
		return err
	}
	if err := r.approach(r.next); err != nil {
		return err
	}
	for r.scanner.next < r.next {
		if _, err := r.scanner.scan(); err == io.EOF {
			return r.scanner.damage(FaultShort)
		} else if err != nil {
			return err
		}
	}
	return nil
}

// enter opens the segment that begins with the sequence.
func (r *Reader) enter(first uint64) error {
	name := segmentName(first)
	f, err := os.Open(filepath.Join(r.journal.dir, name))
	if errors.Is(err, os.ErrNotExist) {
		return missing(first)
	}
	if err != nil {
		return err
	}
	r.Close()
	r.file = f
	r.scanner = scanner{r: bufio.NewReaderSize(f, 64<<10), file: name, offset: headerSize, next: first}
	h, err := readHeader(r.scanner.r, name)
	if err == nil && h.journal != r.journal.ID() {
		err = foreign(name)
	}
	return err
}

// Close releases the open file.
func (r *Reader) Close() error {
	if r.file == nil {
		return nil
	}
	err := r.file.Close()
	r.file = nil
	return err
}
