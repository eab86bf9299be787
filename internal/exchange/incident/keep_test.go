package incident

import (
	"testing"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
)

// rows counts what is stored of all cases.
func rows(t *testing.T, db *sqldb.DB) (n int) {
	t.Helper()
	err := db.Read(t.Context(), simpul.NationScope(), func(tx *sqldb.Tx) (err error) {
		n, err = sqldb.One(t.Context(), tx, func(scan sqldb.Scan) (n int, err error) { return n, scan(&n) },
			`SELECT (SELECT COUNT(*) FROM incident_case) + (SELECT COUNT(*) FROM incident_note)`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// Retention drops what was closed long enough, with all that was written about it.
// What is open, on hold, or closed since, stays; once it is let go it goes too.
func TestRetention(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoomAt(db, leak())
		open, held, old, fresh := noted(t, r.Service, budi), noted(t, r.Service, budi), noted(t, r.Service, rina), noted(t, r.Service, operator)
		if err := r.Hold(t.Context(), budi, held.ID, "Perkara 12/Pid.Sus/2026"); err != nil {
			t.Fatal(err)
		}
		for _, c := range []Case{held, old} {
			if err := r.Close(t.Context(), operator, c.ID, "Selesai"); err != nil {
				t.Fatal(err)
			}
		}
		r.time = noon.AddDate(5, 0, 0)
		if err := r.Close(t.Context(), operator, fresh.ID, "Selesai"); err != nil {
			t.Fatal(err)
		}
		r.time = noon.AddDate(6, 0, 0)
		before := r.time.AddDate(-5, 0, 0)
		if n, err := r.Prune(t.Context(), before); err != nil || n != 1 {
			t.Errorf("dropped %d, %v; want 1", n, err)
		}
		if n := rows(t, db); n != 3+3 { // of the held one two notes, of the fresh one
			t.Errorf("%d rows are left", n)
		}
		if _, err := r.Look(t.Context(), rina, old.ID); simpul.CodeOf(err) != simpul.CodeNotFound {
			t.Errorf("the old one is there: %v", err)
		}
		for _, c := range []Case{open, held, fresh} {
			if _, err := r.Look(t.Context(), operator, c.ID); err != nil {
				t.Errorf("%s is gone: %v", c.ID, err)
			}
		}
		if err := r.Release(t.Context(), budi, held.ID, "Perkara putus"); err != nil {
			t.Fatal(err)
		}
		if n, err := r.Prune(t.Context(), before); err != nil || n != 1 {
			t.Errorf("dropped %d once it was let go, %v; want 1", n, err)
		}
		if n := rows(t, db); n != 2+1 {
			t.Errorf("%d rows are left", n)
		}
		if n, err := r.Prune(t.Context(), before); err != nil || n != 0 {
			t.Errorf("dropped %d again, %v", n, err)
		}
	})
}

// A hold has a reason, holds once, also what is closed, and is on record.
func TestHolds(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoomAt(db, leak())
		c := noted(t, r.Service, budi)
		if err := r.Hold(t.Context(), budi, c.ID, " "); simpul.CodeOf(err) != simpul.CodeInvalid {
			t.Errorf("without a reason: %v", err)
		}
		if err := r.Release(t.Context(), budi, c.ID, "x"); simpul.CodeOf(err) != simpul.CodeConflict {
			t.Errorf("let go what is not held: %v", err)
		}
		if err := r.Close(t.Context(), budi, c.ID, "Selesai"); err != nil {
			t.Fatal(err)
		}
		r.time = noon.Add(time.Hour)
		if err := r.Hold(t.Context(), budi, c.ID, "Permintaan penyidik"); err != nil {
			t.Fatal(err)
		}
		if err := r.Hold(t.Context(), budi, c.ID, "lagi"); simpul.CodeOf(err) != simpul.CodeConflict {
			t.Errorf("held twice: %v", err)
		}
		got, err := r.Look(t.Context(), budi, c.ID)
		if err != nil || !got.Held() || got.HeldBy != budi.ID || got.HeldWhy != "Permintaan penyidik" || len(got.Notes) != 2 || got.Notes[1].Deed != Held {
			t.Errorf("%+v, %v", got, err)
		}
		if got := actions(t, db, c.ID); got[len(got)-2] != "incident.hold" {
			t.Errorf("the trail has %v", got)
		}
	})
}

// Only the hub's own retention drops a case: no agency can, not even its own.
func TestNobodyButRetentionDrops(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoomAt(db, leak())
		c := noted(t, r.Service, budi)
		if err := r.Close(t.Context(), budi, c.ID, "Selesai"); err != nil {
			t.Fatal(err)
		}
		for _, p := range []simpul.Principal{budi, rina} {
			err := db.Write(t.Context(), p.Scope(), func(tx *sqldb.Tx) error {
				n, err := dropCase(t.Context(), tx, c.ID, noon.AddDate(10, 0, 0))
				if n != 0 {
					t.Errorf("%s dropped it", p.ID)
				}
				return err
			})
			if err != nil {
				t.Error(err)
			}
		}
		if n := rows(t, db); n != 2 {
			t.Errorf("%d rows are left", n)
		}
	})
}
