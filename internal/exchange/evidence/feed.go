package evidence

import (
	"context"
	"fmt"
	"io"

	"simpul"
)

// Feed hands the sealed exchanges of a journal to whoever counts them, in order,
// once they are on disk. It is for one goroutine.
type Feed struct {
	journal *Journal
	reader  *Reader
	skimmer *skimmer
	at      uint64 // the reader is after this record
}

// NewFeed reads the journal.
func NewFeed(j *Journal) *Feed { return &Feed{journal: j, skimmer: newSkimmer()} }

// ID names the journal.
func (f *Feed) ID() string { return f.journal.ID().String() }

// Last returns the sequence of the newest record, which may not be on disk yet.
func (f *Feed) Last() uint64 { return f.journal.Last() }

// Sync returns once every record that was handed over is on disk.
func (f *Feed) Sync(ctx context.Context) error { return f.journal.Flush(ctx) }

// Await returns once there is a record on disk after the position.
func (f *Feed) Await(ctx context.Context, after uint64) error {
	return f.journal.AwaitDurable(ctx, after+1)
}

// Read reads at most so many records after the position and calls sealed with
// each exchange that ended; it is the feed's own until the call returns, and
// lacks what [skimmer] leaves out. It returns the position after the last record
// that it read, which is where it began when nothing more is on disk. A record
// that makes no sense is passed over, and so is what was removed at the end of its
// retention. A position ahead of the journal means that
// the journal has lost records, and is reported as damage; of one that has ended that is
// known.
func (f *Feed) Read(after uint64, most int, sealed func(*simpul.Exchange)) (uint64, error) {
	if err := f.seek(after); err != nil {
		return after, err
	}
	var x simpul.Exchange
	for range most {
		e, err := f.reader.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return after, err
		}
		f.at = e.Sequence
		if is, err := f.skimmer.sealed(e.Payload, &x); err == nil && is {
			sealed(&x)
		}
	}
	return f.at, nil
}

// seek puts the reader after the position.
func (f *Feed) seek(after uint64) error {
	if end := f.journal.Durable(); after > end && f.journal.ending == nil {
		return explain(&DamageError{File: "position", Sequence: end + 1,
			Err: fmt.Errorf("%d records have been read and the journal has %d", after, end)})
	}
	if f.reader != nil && f.at == after && after+1 >= f.journal.First() {
		return nil
	}
	f.Close()
	f.at = max(after, f.journal.First()-1)
	f.reader = f.journal.Read(f.at + 1)
	return nil
}

// Close releases the open file.
func (f *Feed) Close() error {
	if f.reader == nil {
		return nil
	}
	err := f.reader.Close()
	f.reader = nil
	return err
}
