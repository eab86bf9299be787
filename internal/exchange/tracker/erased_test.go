package tracker

import (
	"testing"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
)

// erase is what the room is asked for when a key of this month is destroyed.
func (r *room) erase(t *testing.T, key string) (n int64) {
	t.Helper()
	month := noon.AddDate(0, 0, 1-noon.Day()).Truncate(24 * time.Hour)
	err := r.DB.Write(t.Context(), nation, func(tx *sqldb.Tx) (err error) {
		n, err = erase(t.Context(), tx, key, month, month.AddDate(0, 1, 0), noon)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// What a destroyed key sealed goes at once, once and for ever: of the journal of this
// process, and of one whose process is gone. What another key sealed stays.
func TestErasureReachesJournalsThatNobodyHolds(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		strict := func(x simpul.Exchange) simpul.Exchange { x.Class = simpul.Tertutup; return x }
		r.ledger.write(r.call(t, noon, aid, melati), strict(r.call(t, noon, aid, guntur)))
		catchUp(t, r)
		gone := newLedger("j-gone", r.call(t, noon, inquiry, melati, guntur), strict(r.call(t, noon, inquiry, melati)))
		owner := NewFollower(db, gone, quiet, r.Now)
		stop := run(t, owner)
		if err := owner.CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
		stop() // and never comes back

		if n := r.erase(t, "terbatas/2026-11"); n != 3 {
			t.Errorf("%d rows went, want 3", n)
		}
		if n := r.erase(t, "terbatas/2026-11"); n != 0 {
			t.Errorf("%d rows went again", n)
		}
		if rows := dump(t, db); len(rows) != 2 {
			t.Errorf("%d rows are left, want 2: %s", len(rows), rows)
		}
		r.ledger.write(r.call(t, noon, aid, guntur)) // its process has not heard of it yet, and opens it
		catchUp(t, r)
		again := NewFollower(db, gone, quiet, r.Now) // the owner comes back, and has all read anew
		if err := db.Write(t.Context(), nation, func(tx *sqldb.Tx) error { return readAgain(t.Context(), tx) }); err != nil {
			t.Fatal(err)
		}
		run(t, again)
		if err := again.CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
		r.Follower.anew()
		catchUp(t, r)
		if rows := dump(t, db); len(rows) != 2 {
			t.Errorf("%d rows came back: %s", len(rows)-2, rows)
		}
	})
}

// Of rows that a program wrote that did not note the key, those of the month go; whoever
// holds the journal brings back what is sealed with another key, and knows all keys then.
func TestErasureOfRowsWhoseKeyIsNotKnown(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		strict := r.call(t, noon, inquiry, melati)
		strict.Class = simpul.Tertutup
		j := newLedger("j-old", r.call(t, noon, aid, melati), strict)
		follow := func() (stop func()) {
			f := NewFollower(db, j, quiet, r.Now)
			stop = run(t, f)
			if err := f.CatchUp(t.Context()); err != nil {
				t.Fatal(err)
			}
			return stop
		}
		follow()()
		forget := func() {
			err := db.Write(t.Context(), nation, func(tx *sqldb.Tx) error {
				_, err := tx.Exec(t.Context(), `UPDATE tracker_access SET sealed_by = '?' WHERE journal = $1`, j.name)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		forget()
		if n := r.erase(t, "terbatas/2026-11"); n != 2 || len(dump(t, db)) != 0 {
			t.Errorf("%d rows went, want both", n)
		}
		follow()()
		if rows := dump(t, db); len(rows) != 1 {
			t.Errorf("%d rows, want what the other key sealed: %s", len(rows), rows)
		}
		forget() // a start is enough to know them
		follow()()
		if n := r.erase(t, "terbuka/2026-11"); n != 0 || len(dump(t, db)) != 1 {
			t.Errorf("%d rows went with a key that sealed none", n)
		}
	})
}

// A follower that stores at the very moment writes nothing that outlives the key.
func TestErasureWhileRowsAreStored(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		stored := make(chan struct{})
		go func() {
			defer close(stored)
			for range 30 {
				r.ledger.write(r.call(t, noon, aid, melati))
				if err := r.Follower.CatchUp(t.Context()); err != nil {
					t.Error(err)
				}
			}
		}()
		r.ledger.write(r.call(t, noon, aid, guntur))
		catchUp(t, r)
		r.erase(t, "terbatas/2026-11")
		<-stored
		if rows := dump(t, db); len(rows) != 0 {
			t.Errorf("%d rows outlive the key", len(rows))
		}
	})
}
