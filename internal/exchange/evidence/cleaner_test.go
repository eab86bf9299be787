package evidence

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"simpul"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
	"simpul/internal/platform/trail"
)

// keptFor is a policy in days.
func keptFor(context.Context) (map[simpul.LIDClass]int, error) {
	return map[simpul.LIDClass]int{simpul.Terbuka: 30, simpul.Terbatas: 60, simpul.Tertutup: 90}, nil
}

// aged records exchanges of the class, one a day from March 2 on, three to a segment.
type aged struct {
	data string
	j    *Journal
	day  int
	o    Options
}

func newAged(t testing.TB, o Options) *aged {
	t.Helper()
	o.SegmentBytes = 1900 // three records of the size of delivery
	a := &aged{data: t.TempDir(), o: o}
	a.j = openTest(t, a.data, o)
	return a
}

func (a *aged) record(t testing.TB, class simpul.LIDClass, n int) {
	t.Helper()
	for range n {
		x := delivery(0)
		x.OpenedAt, x.Class = x.OpenedAt.AddDate(0, 0, a.day), class
		x.ID = simpul.NewExchangeID(x.OpenedAt)
		a.day++
		if _, err := a.j.Commit(t.Context(), appendSalted(appendRecord(nil, Sealed, x))); err != nil {
			t.Fatal(err)
		}
	}
}

func (a *aged) segments(t testing.TB) []uint64 {
	t.Helper()
	firsts, err := listSegments(a.j.dir)
	if err != nil {
		t.Fatal(err)
	}
	return firsts
}

func (a *aged) reopen(t testing.TB) {
	t.Helper()
	a.j.Close()
	a.j = openTest(t, a.data, a.o)
}

// cleanerAt cleans at a time; no key lives.
func (a *aged) cleanerAt(db *sqldb.DB, now time.Time, followers ...Follower) *Cleaner {
	return NewCleaner(db, a.j, NewKeys(db, fakeVault{}, clock.System), keptFor, clock.Fixed(now), followers...)
}

func wantCleaned(t *testing.T, c *Cleaner, files int) {
	t.Helper()
	if n, err := c.Clean(t.Context()); n != files || err != nil {
		t.Fatalf("removed %d files, want %d: %v", n, files, err)
	}
}

// sequencesFrom reads on from where the journal begins.
func sequencesFrom(t *testing.T, j *Journal) (first, last uint64) {
	t.Helper()
	r := j.Read(j.First())
	defer r.Close()
	for {
		e, err := r.Next()
		if err == io.EOF {
			return first, last
		}
		if err != nil {
			t.Fatal(err)
		}
		if first == 0 {
			first = e.Sequence
		}
		last = e.Sequence
	}
}

func TestSegmentsGoWhenEveryRecordIsOver(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		a := newAged(t, Options{open: openUnsynced})
		a.record(t, simpul.Terbuka, 6)  // 1–3, 4–6: March 2 to 7
		a.record(t, simpul.Tertutup, 3) // 7–9: March 8 to 10
		a.record(t, simpul.Terbuka, 4)  // 10–12, 13: March 11 to 14
		if diff := cmp.Diff([]uint64{1, 4, 7, 10, 13}, a.segments(t)); diff != "" {
			t.Fatal(diff)
		}
		day := func(n int) time.Time { return march.AddDate(0, 0, n) }
		wantCleaned(t, a.cleanerAt(db, day(31)), 0) // the first record is over, the third is not
		wantCleaned(t, a.cleanerAt(db, day(33)), 1)
		wantCleaned(t, a.cleanerAt(db, day(80)), 1) // closed ones hold up open ones behind them
		wantCleaned(t, a.cleanerAt(db, day(98)), 0)
		wantCleaned(t, a.cleanerAt(db, day(99)), 2)
		wantCleaned(t, a.cleanerAt(db, day(999)), 0) // never the newest
		if diff := cmp.Diff([]uint64{13}, a.segments(t)); diff != "" {
			t.Error(diff)
		}
		checkSignedOff(t, db, a)
	})
}

// checkSignedOff checks that the removal can be told from a loss.
func checkSignedOff(t *testing.T, db *sqldb.DB, a *aged) {
	t.Helper()
	c := a.cleanerAt(db, march)
	if err := c.Check(t.Context()); err != nil {
		t.Error(err)
	}
	r, err := ReadRemoval(a.data)
	if err != nil || r.Through != 12 || r.Journal != a.j.ID().String() || r.Days["tertutup"] != 90 {
		t.Errorf("%+v, %v", r, err)
	}
	err = within(t, db, func(tx *sqldb.Tx) error {
		events, err := trail.List(t.Context(), tx, trail.Filter{Action: ActionRemove, Subject: r.Journal}, 0, 10)
		if len(events) != 3 || events[0].Detail != "records up to 12, 2 files" {
			t.Errorf("trail %+v", events)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func TestNothingGoesBeforeItsTime(t *testing.T) {
	db := testkit.SQLite(t)
	a := newAged(t, Options{open: openUnsynced})
	a.record(t, simpul.Terbuka, 7)
	late := march.AddDate(1, 0, 0)
	wantCleaned(t, a.cleanerAt(db, late, Follower{"index", func() uint64 { return 2 }}), 0)
	wantCleaned(t, a.cleanerAt(db, late, Follower{"index", func() uint64 { return 7 }}, Follower{"log", func() uint64 { return 0 }}), 0)

	unruled := NewCleaner(db, a.j, NewKeys(db, fakeVault{}, clock.System), func(context.Context) (map[simpul.LIDClass]int, error) { return nil, nil }, clock.Fixed(late))
	wantCleaned(t, unruled, 0)
	broken := errors.New("no rules")
	unknown := NewCleaner(db, a.j, NewKeys(db, fakeVault{}, clock.System), func(context.Context) (map[simpul.LIDClass]int, error) { return nil, broken }, clock.Fixed(late))
	if _, err := unknown.Clean(t.Context()); !errors.Is(err, broken) {
		t.Error(err)
	}

	keys := loadedKeys(t, db, march) // as long as a key lives, what it sealed does
	wantCleaned(t, NewCleaner(db, a.j, keys, keptFor, clock.Fixed(late)), 0)
	if _, err := keys.Expire(t.Context(), simpul.Terbuka, late); err != nil {
		t.Fatal(err)
	}
	wantCleaned(t, NewCleaner(db, a.j, keys, keptFor, clock.Fixed(late)), 2)
}

// A damaged segment is not removed, and neither is one with something that this program
// does not understand, before its neighbours are over under the strictest class.
func TestWhatIsNotUnderstoodStays(t *testing.T) {
	db := testkit.SQLite(t)
	a := newAged(t, Options{open: openUnsynced})
	commit(t, a.j, `{"kind":"erased","note":"of a later version"}`)
	a.record(t, simpul.Terbuka, 7)
	first := a.segments(t)[0]
	got, err := readAge(a.j.dir, first)
	if err != nil || !got[2].Equal(got[0]) || got[0].IsZero() {
		t.Errorf("ages %v, %v", got, err)
	}
	path := filepath.Join(a.j.dir, segmentName(first))
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	b[headerSize+frameHead] ^= 1
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = a.cleanerAt(db, march.AddDate(9, 0, 0)).Clean(t.Context())
	if d, ok := errors.AsType[*DamageError](err); !ok || d.Sequence != 1 || d.Offset != headerSize {
		t.Errorf("error %v", err)
	}

	only := openTest(t, t.TempDir(), Options{SegmentBytes: 1, open: openUnsynced})
	commit(t, only, "not a record", "not a record")
	if _, err := readAge(only.dir, 1); err == nil {
		t.Error("a segment without a time has an age")
	}
}

// Whatever reads the journal copes with one that begins later.
func TestAJournalThatBeginsLater(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		a := newAged(t, Options{open: openUnsynced})
		a.record(t, simpul.Terbuka, 8)
		early := a.j.Read(1)
		defer early.Close()
		if _, err := early.Next(); err != nil {
			t.Fatal(err)
		}
		wantCleaned(t, a.cleanerAt(db, march.AddDate(1, 0, 0)), 2)
		for range 2 {
			if a.j.First() != 7 || a.j.Last() != 8 {
				t.Fatalf("from %d to %d", a.j.First(), a.j.Last())
			}
			if first, last := sequencesFrom(t, a.j); first != 7 || last != 8 {
				t.Errorf("reads from %d to %d", first, last)
			}
			for _, from := range []uint64{1, 4, 6} {
				_, err := readAll(t, a.j, from)
				if !errors.Is(err, ErrRemoved) || simpul.CodeOf(err) != simpul.CodeGone {
					t.Errorf("from %d: %v", from, err)
				}
			}
			n := 0
			f := NewFeed(a.j)
			if end, err := f.Read(0, 100, func(*simpul.Exchange) { n++ }); end != 8 || n != 2 || err != nil {
				t.Errorf("a feed reads %d up to %d, %v", n, end, err)
			}
			f.Close()
			a.reopen(t)
		}
		if _, err := early.Next(); !errors.Is(err, ErrRemoved) {
			t.Errorf("a reader within the removed part: %v", err)
		}
		x, stop := runIndex(t, db, a.j)
		caughtUp(t, x)
		if err := x.Rebuild(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := stop(); err != nil {
			t.Fatal(err)
		}
		x, _ = runIndex(t, db, a.j)
		caughtUp(t, x)
		if n, _, err := NewExchanges(db, x).List(t.Context(), nation, Filter{}, 10, ""); len(n) != 2 || err != nil {
			t.Errorf("%d exchanges in the rebuilt view, %v", len(n), err)
		}
		a.record(t, simpul.Terbuka, 1)
		if first, last := sequencesFrom(t, a.j); first != 7 || last != 9 {
			t.Errorf("goes on from %d to %d", first, last)
		}
	})
}

// What a policy removed can be told from what somebody deleted.
func TestARemovalIsToldFromALoss(t *testing.T) {
	db := testkit.SQLite(t)
	a := newAged(t, Options{open: openUnsynced})
	a.record(t, simpul.Terbuka, 10)
	wantCleaned(t, a.cleanerAt(db, march.AddDate(0, 0, 34)), 1)
	a.j.Close()
	restore := func() { // what the policy removed is away, and that is well
		t.Helper()
		a.j = openTest(t, a.data, a.o)
		if err := a.cleanerAt(db, march).Check(t.Context()); err != nil {
			t.Error(err)
		}
		a.j.Close()
	}
	restore()
	dir := filepath.Join(a.data, "evidence")
	wantMissing := func(sequence uint64) {
		t.Helper()
		_, err := OpenJournal(a.data, a.o)
		if d, ok := errors.AsType[*DamageError](err); !ok || d.File != segmentName(sequence) {
			t.Errorf("want record %d to be missing: %v", sequence, err)
		}
	}

	four := filepath.Join(dir, segmentName(4))
	b, err := os.ReadFile(four)
	if err != nil {
		t.Fatal(err)
	}
	os.Remove(four) // somebody takes one more
	wantMissing(4)

	note := filepath.Join(dir, removalFile)
	true4, err := os.ReadFile(note)
	if err != nil {
		t.Fatal(err)
	}
	r, _ := parseRemoval(true4)
	r.Through = 6
	forged, _ := r.encode()
	os.WriteFile(note, forged, 0o600) // and covers up for it
	j := openTest(t, a.data, a.o)
	err = NewCleaner(db, j, nil, nil, clock.System).Check(t.Context())
	if e, ok := errors.AsType[*simpul.Error](err); !ok || !strings.Contains(e.Message.EN, "Records 4 to 6") {
		t.Errorf("not found out: %v", err)
	}
	j.Close()

	os.Remove(note) // the note itself is taken away
	wantMissing(1)
	os.WriteFile(note, true4, 0o600)
	os.WriteFile(four, b, 0o600)
	restore()

	other := newAged(t, Options{open: openUnsynced})
	other.record(t, simpul.Terbuka, 10)
	wantCleaned(t, other.cleanerAt(db, march.AddDate(0, 0, 34)), 1)
	foreignNote, _ := os.ReadFile(filepath.Join(other.data, "evidence", removalFile))
	os.WriteFile(note, foreignNote, 0o600)
	if _, err := OpenJournal(a.data, a.o); err == nil || !strings.Contains(err.Error(), "another journal") {
		t.Errorf("the note of another journal: %v", err)
	}
}

func TestCleaningRunsUntilItIsStopped(t *testing.T) {
	db := testkit.SQLite(t)
	a := newAged(t, Options{open: openUnsynced})
	a.record(t, simpul.Terbuka, 7)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	c := a.cleanerAt(db, march.AddDate(1, 0, 0))
	c.followers = []Follower{{"stop", func() uint64 { cancel(); return 7 }}}
	c.Run(ctx, slog.New(slog.DiscardHandler))
}
