package tracker

import (
	"testing"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
)

// A reading can be repeated, and its shares by initials are the whole, each person
// in the share of their own.
func TestReadingsByInitials(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		for i := range 4 {
			r.ledger.write(r.call(t, noon.Add(time.Duration(i)*time.Minute-time.Hour), aid, melati), r.call(t, noon.Add(time.Duration(i)*time.Minute-time.Hour), aid, guntur))
		}
		seen := map[simpul.Pseudonym]int{}
		err := r.Readings(t.Context(), nation, aid, noon.Add(-2*time.Hour), noon, func(read Reading) error {
			count := func(a Access) error { seen[a.Person]++; return nil }
			if err := read("", count); err != nil {
				return err
			}
			for _, initial := range "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_" {
				err := read(string(initial), func(a Access) error {
					if rune(a.Person[8]) != initial {
						t.Errorf("%s among those with %c", a.Person, initial)
					}
					return count(a)
				})
				if err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil || len(seen) != 2 {
			t.Fatalf("%v, %v", seen, err)
		}
		for person, n := range seen {
			if n != 2*4 {
				t.Errorf("%s was read %d times", person, n)
			}
		}
	})
}
