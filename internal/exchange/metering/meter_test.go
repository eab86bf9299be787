package metering

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
)

// recount adds up what the tables should hold, without meter or database.
func recount(all []simpul.Exchange) (hours map[key]Sums) {
	b := newBatch(0)
	for i := range all {
		b.add(&all[i])
	}
	hours = map[key]Sums{}
	for k, s := range b.cells {
		hours[k] = *s
	}
	return hours
}

// A process that is killed at any moment loses nothing and doubles nothing.
func TestKilledAtAnyMomentItCountsTheSame(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		all := traffic(600, 1, noon, 40*time.Hour)
		r := rand.New(rand.NewPCG(7, 7))
		j := newLedger("j-1")
		for written := 0; written < len(all); {
			n := min(1+r.IntN(60), len(all)-written)
			j.write(all[written : written+n]...)
			written += n
			live(t, db, j, r)
		}
		m := NewMeter(db, j, quiet, at(noon))
		run(t, m)
		if err := m.CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
		if m.Lag() != 0 {
			t.Errorf("%d behind", m.Lag())
		}
		once := testkit.SQLite(t)
		counted(t, once, noon, all...)
		if diff := cmp.Diff(dump(t, once), dump(t, db)); diff != "" {
			t.Errorf("with kills (-at once +killed):\n%s", diff)
		}
		if n := len(recount(all)); n < 200 {
			t.Errorf("only %d cells: the test shows little", n)
		}
	})
}

// live is the life of one process: it reads some, stores some, and dies with the
// rest in memory, or within a transaction.
func live(t *testing.T, db *sqldb.DB, j *ledger, r *rand.Rand) {
	t.Helper()
	m := NewMeter(db, j, quiet, at(noon))
	position, err := m.resume(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	b := newBatch(position)
	for range r.IntN(4) {
		if b.end, err = j.Read(b.end, 1+r.IntN(40), b.add); err != nil {
			t.Fatal(err)
		}
		switch r.IntN(3) {
		case 0: // stores
			if err := m.store(t.Context(), b); err != nil {
				t.Fatal(err)
			}
			b = newBatch(b.end)
		case 1: // dies in the transaction
			ctx, kill := context.WithCancel(t.Context())
			kill()
			if err := m.store(ctx, b); err == nil {
				t.Fatal("stored by the dead")
			}
			return
		}
	}
}

func TestNothingIsStoredTwice(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		j := newLedger("j-1", traffic(50, 2, noon, time.Hour)...)
		m := NewMeter(db, j, quiet, at(noon))
		if _, err := m.resume(t.Context()); err != nil {
			t.Fatal(err)
		}
		b := newBatch(0)
		b.end, _ = j.Read(0, 50, b.add)
		if err := m.store(t.Context(), b); err != nil {
			t.Fatal(err)
		}
		once := dump(t, db)
		if err := m.store(t.Context(), b); !errors.Is(err, errMoved) {
			t.Errorf("stored again: %v", err)
		}
		if diff := cmp.Diff(once, dump(t, db)); diff != "" {
			t.Error(diff)
		}
	})
}

func TestCountedAnewItIsTheSame(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		j := newLedger("j-1", traffic(300, 3, noon, 30*time.Hour)...)
		m := NewMeter(db, j, quiet, at(noon))
		stop := run(t, m)
		if err := m.CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
		before := dump(t, db)
		other := NewMeter(db, newLedger("j-2", traffic(40, 4, noon, time.Hour)...), quiet, at(noon)) // of a node that is gone
		stopOther := run(t, other)
		if err := other.CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
		stopOther()
		both := dump(t, db)

		s := New(db, nil, granted{}, at(noon))
		if err := s.Rebuild(t.Context(), simpul.TheHub()); err != nil {
			t.Fatal(err)
		}
		stop()
		again := NewMeter(db, j, quiet, at(noon))
		run(t, again)
		if err := again.CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(both, dump(t, db)); diff != "" {
			t.Errorf("counted anew (-before +after):\n%s", diff)
		}
		if len(before) == 0 || len(before) == len(both) {
			t.Errorf("%d rows, and then %d", len(before), len(both))
		}
	})
}

// A meter at work notices that it is to count anew, also when it stands still.
func TestARunningMeterIsToldToCountAnew(t *testing.T) {
	db := testkit.SQLite(t)
	j := newLedger("j-1", traffic(20, 5, noon, time.Hour)...)
	m := NewMeter(db, j, quiet, at(noon))
	run(t, m)
	if err := m.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := m.unmoved(t.Context(), 20); err != nil {
		t.Fatal(err)
	}
	if err := New(db, nil, granted{}, at(noon)).Rebuild(t.Context(), simpul.TheHub()); err != nil {
		t.Fatal(err)
	}
	if err := m.unmoved(t.Context(), 20); !errors.Is(err, errMoved) {
		t.Errorf("not noticed: %v", err)
	}
	j.write(traffic(1, 6, noon, time.Hour)...)
	if err := m.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	once := testkit.SQLite(t)
	counted(t, once, noon, j.all...)
	if diff := cmp.Diff(dump(t, once), dump(t, db)); diff != "" {
		t.Error(diff)
	}
}

func TestOnlyTheNationCountsAnew(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		s := counted(t, db, noon, traffic(5, 7, noon, time.Hour)...)
		if err := s.Rebuild(t.Context(), simpul.Acting("t", simpul.RoleAdmin, bandung)); simpul.CodeOf(err) != simpul.CodeDenied {
			t.Errorf("an agency counts anew: %v", err)
		}
		if all, err := s.Positions(t.Context(), simpul.Acting("t", simpul.RoleAdmin, bandung)); err != nil || len(all) != 0 {
			t.Errorf("an agency learns of journals: %v, %v", all, err)
		}
		all, err := s.Positions(t.Context(), simpul.TheHub())
		if err != nil || len(all) != 1 || all[0].Sequence != 5 || all[0].Behind() != 0 {
			t.Errorf("got %+v, %v", all, err)
		}
	})
}

func TestWhatWasDroppedStaysAway(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		all := traffic(200, 8, noon, 100*time.Hour)
		s := counted(t, db, noon, all...)
		whole := len(dump(t, db))
		dropped, err := s.PruneHours(t.Context(), noon.Add(-50*time.Hour))
		if err != nil {
			t.Fatal(err)
		}
		droppedDays, err := s.PruneDays(t.Context(), noon.Add(-50*time.Hour))
		if err != nil || dropped == 0 || droppedDays == 0 {
			t.Fatalf("dropped %d and %d: %v", dropped, droppedDays, err)
		}
		left := dump(t, db)
		if len(left) != whole-int(dropped+droppedDays) {
			t.Errorf("%d rows of %d after dropping %d and %d", len(left), whole, dropped, droppedDays)
		}
		if err := s.Rebuild(t.Context(), simpul.TheHub()); err != nil {
			t.Fatal(err)
		}
		m := NewMeter(db, newLedger("j-1", all...), quiet, at(noon))
		run(t, m)
		if err := m.CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(left, dump(t, db)); diff != "" {
			t.Errorf("counted anew:\n%s", diff)
		}
		if again, err := s.PruneHours(t.Context(), noon.Add(-60*time.Hour)); err != nil || again != 0 {
			t.Errorf("an earlier time drops %d: %v", again, err)
		}
	})
}

func TestAMeterStoresByTheClock(t *testing.T) {
	m := NewMeter(nil, newLedger("j"), quiet, at(noon))
	b := newBatch(0)
	b.since = noon.Add(-storeEvery)
	if !m.due(b) {
		t.Error("not due")
	}
	if b.since = noon; m.due(b) {
		t.Error("due at once")
	}
	left := m.answer([]ask{{upTo: 3, done: make(chan struct{})}})
	if len(left) != 1 {
		t.Error("told too early")
	}
	if slices.ContainsFunc(left, func(a ask) bool { return a.upTo != 3 }) {
		t.Error("another is left")
	}
}
