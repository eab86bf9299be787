package evidence

import (
	"testing"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
)

// What is told of an earlier month is sealed with that month's key, in every process, and
// not once more after that key has ended.
func TestAMonthBeforeTheHubHasItsKey(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		keys := loadedKeys(t, db, march)
		x := personalDelivery()
		x.OpenedAt = time.Date(2026, 1, 31, 23, 59, 0, 0, time.UTC)
		for range 2 {
			if err := keys.Remember(t.Context(), x.Class, x.OpenedAt); err != nil {
				t.Fatal(err)
			}
		}
		want := keyID(x.Class, monthOf(x.OpenedAt))
		for name, k := range map[string]*Keys{"the node": keys, "after a restart": loadedKeys(t, db, march)} {
			if p, err := k.Seal(x); err != nil || p.Key != want {
				t.Errorf("%s seals with %q, %v; want %q", name, p.Key, err, want)
			}
		}
		err := within(t, db, func(tx *sqldb.Tx) error {
			return keys.DestroyApproved(t.Context(), tx, simpul.TheHub(), []byte(`{"key":"`+want+`","reason":"Putusan 7/2026"}`))
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := keys.Load(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := keys.Remember(t.Context(), x.Class, x.OpenedAt); err != nil || keys.ring.Load().keys[want] != nil {
			t.Errorf("it came back: %v", err)
		}
	})
}
