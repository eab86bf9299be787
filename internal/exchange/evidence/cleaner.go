package evidence

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"simpul"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/trail"
)

// ActionRemove is the name of a removal in the audit trail.
const ActionRemove = "evidence.remove"

// Follower is something that reads the journal in order and must have read a record
// before it is removed: the index, metering, the tracker, the log.
type Follower struct {
	Name     string
	Position func() uint64 // sequence up to which it has read, and stored what it read
}

// Cleaner removes from the journal of this process what is past its retention. It is
// for one goroutine.
type Cleaner struct {
	db        *sqldb.DB
	journal   *Journal
	keys      *Keys
	days      func(context.Context) (map[simpul.LIDClass]int, error) // for which each class is kept
	now       clock.Clock
	followers []Follower
	ages      map[uint64]age // of segments that were read, by their first sequence
}

// NewCleaner makes a cleaner of the journal.
func NewCleaner(db *sqldb.DB, j *Journal, keys *Keys, days func(context.Context) (map[simpul.LIDClass]int, error), now clock.Clock, followers ...Follower) *Cleaner {
	return &Cleaner{db: db, journal: j, keys: keys, days: days, now: now, followers: followers, ages: map[uint64]age{}}
}

// cleanEvery is how often it is looked whether something is over.
const cleanEvery = time.Hour

// Run cleans until ctx ends.
func (c *Cleaner) Run(ctx context.Context, log *slog.Logger) {
	tick := time.NewTicker(cleanEvery)
	defer tick.Stop()
	for {
		if n, err := c.Clean(ctx); err != nil && ctx.Err() == nil {
			log.ErrorContext(ctx, "evidence journal: what is past its retention stays for now", "err", err)
		} else if n > 0 {
			log.InfoContext(ctx, "evidence journal: removed what is past its retention", "files", n, "through", c.journal.First()-1)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Clean removes the oldest segments, as long as in each every record is past the
// retention of its class, the keys of its records are destroyed, and every follower has
// passed it; never the newest. It returns how many files went.
//
// Waiting for the keys makes it slow on purpose: [Keys.Expire] destroys one month a
// day, so that a clock that jumps ahead costs no more than that.
func (c *Cleaner) Clean(ctx context.Context) (files int, err error) {
	days, err := c.days(ctx)
	if err != nil {
		return 0, err
	}
	firsts, err := listSegments(c.journal.dir)
	if err != nil {
		return 0, explain(err)
	}
	through, files, err := c.over(ctx, firsts, days)
	if err != nil || files == 0 {
		return 0, err
	}
	r := Removal{Journal: c.journal.ID().String(), Through: max(through, c.journal.Removal().Through), At: c.now().UTC().Truncate(time.Millisecond), Days: map[string]int{}}
	for class, n := range days {
		r.Days[string(class)] = n
	}
	if err := c.signOff(ctx, r, files); err != nil {
		return 0, err
	}
	clear(c.ages)
	return files, c.journal.remove(r)
}

// over returns the sequence up to which everything is over, and in how many files it
// stands; those that an interrupted removal left are among them.
func (c *Cleaner) over(ctx context.Context, firsts []uint64, days map[simpul.LIDClass]int) (through uint64, files int, err error) {
	passed := c.passed()
	for i := range max(len(firsts), 1) - 1 {
		if ctx.Err() != nil {
			return 0, 0, ctx.Err()
		}
		last := firsts[i+1] - 1
		if last >= c.journal.First() {
			if last > passed {
				break
			}
			a, err := c.ageOf(firsts[i])
			if err != nil {
				return 0, 0, err
			}
			if !c.past(a, days) {
				break
			}
		}
		through, files = last, files+1
	}
	return through, files, nil
}

// passed is how far every follower has come.
func (c *Cleaner) passed() uint64 {
	least := c.journal.Durable()
	for _, f := range c.followers {
		least = min(least, f.Position())
	}
	return least
}

// past reports whether every record of the segment is over.
func (c *Cleaner) past(a age, days map[simpul.LIDClass]int) bool {
	now := c.now()
	for i, newest := range a {
		class := classes[i]
		if newest.IsZero() {
			continue
		}
		kept, known := days[class]
		if !known || kept <= 0 || !newest.Before(now.AddDate(0, 0, -kept)) || c.keys.lives(class, monthOf(newest)) {
			return false
		}
	}
	return true
}

// age is when the newest record of each class was opened; zero where there is none.
type age [len(classes)]time.Time

// ageOf reads a segment, once.
func (c *Cleaner) ageOf(first uint64) (age, error) {
	if a, known := c.ages[first]; known {
		return a, nil
	}
	a, err := readAge(c.journal.dir, first)
	if err != nil {
		return a, explain(err)
	}
	c.ages[first] = a
	return a, nil
}

// readAge checks each record as it reads: a damaged segment is not removed. A record
// that this program does not understand counts as of the strictest class, and as old as its
// neighbours.
func readAge(dir string, first uint64) (a age, err error) {
	name := segmentName(first)
	f, err := os.Open(filepath.Join(dir, name))
	if err != nil {
		return a, err
	}
	defer f.Close()
	s := &scanner{r: bufio.NewReaderSize(f, 256<<10), file: name, offset: headerSize, next: first}
	if _, err := readHeader(s.r, name); err != nil {
		return a, err
	}
	strange, newest := false, time.Time{}
	for {
		e, err := s.scan()
		if err == io.EOF {
			break
		}
		if err != nil {
			return a, err
		}
		r, err := DecodeRecord(e.Payload)
		opened := r.Exchange.OpenedAt
		if err != nil || opened.IsZero() {
			strange = true
			continue
		}
		i := classIndex(r.Exchange.Class)
		a[i], newest = latestOf(a[i], opened), latestOf(newest, opened)
	}
	if strange && newest.IsZero() {
		return a, &DamageError{File: name, Sequence: first, Err: errors.New("no record says when it was made")}
	}
	if strange {
		a[len(a)-1] = newest
	}
	return a, nil
}

func latestOf(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// signOff notes a removal before anything goes.
func (c *Cleaner) signOff(ctx context.Context, r Removal, files int) error {
	return c.db.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		if err := putRemoval(ctx, tx, r); err != nil {
			return err
		}
		return trail.Append(ctx, tx, trail.Event{Actor: trail.Hub, Action: ActionRemove, Subject: r.Journal,
			Detail: fmt.Sprintf("records up to %d, %d files", r.Through, files)})
	})
}

// Check compares what the journal says was removed with what was signed off. An error
// means that records are gone that no policy removed: somebody wrote the file.
func (c *Cleaner) Check(ctx context.Context) error {
	r := c.journal.Removal()
	if r.Through == 0 {
		return nil
	}
	var signed uint64
	err := c.db.Read(ctx, simpul.NationScope(), func(tx *sqldb.Tx) (err error) {
		signed, err = storedRemoval(ctx, tx, r.Journal)
		return err
	})
	if err != nil || r.Through <= signed {
		return err
	}
	return unsigned(signed, r.Through)
}

func unsigned(signed, through uint64) error {
	return &simpul.Error{
		Code: simpul.CodeUnavailable, Place: removalFile,
		Message: simpul.Text{
			ID: fmt.Sprintf("Catatan jurnal %d sampai %d tidak ada lagi, dan tidak ada masa simpan yang menghapusnya.", signed+1, through),
			EN: fmt.Sprintf("Records %d to %d of the journal are gone, and no retention removed them.", signed+1, through),
		},
		Remedy: simpul.Text{
			ID: "Pulihkan berkas jurnal dari cadangan, dan laporkan kepada petugas keamanan. Bila basis data baru dipulihkan dari cadangan lama, cocokkan dengan jejak audit sebelumnya.",
			EN: "Restore the journal's files from a backup, and report it to the security officer. Where the database was just restored from an older backup, compare with the audit trail from before.",
		},
	}
}
