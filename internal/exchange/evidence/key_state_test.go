package evidence

import (
	"testing"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
)

// A key says where it is in its life, to programs as to people.
func TestWhereAKeyIsInItsLife(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		keys := loadedKeys(t, db, march)
		days := map[simpul.LIDClass]int{simpul.Terbatas: 30}
		april, may := time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)
		state := func(now time.Time) evidenceKeyBody {
			t.Helper()
			all, err := keys.List(t.Context(), operator)
			if err != nil {
				t.Fatal(err)
			}
			for _, line := range all {
				if line.ID == "terbatas/2026-03" {
					return keyBodyOf(line, days, now)
				}
			}
			t.Fatal("the key is not listed")
			return evidenceKeyBody{}
		}
		for now, want := range map[time.Time]KeyState{
			april.AddDate(0, -1, -1): KeyPrepared, april.Add(-time.Second): KeySealing, april: KeyOpening, may.Add(-time.Second): KeyOpening, may: KeyDue,
		} {
			got := state(now)
			if got.State != want || got.MadeAt == nil || !got.MadeAt.Equal(march.Truncate(time.Millisecond)) || !got.DestroyFrom.Equal(may) || got.DestroyedAt != nil {
				t.Errorf("at %v: %+v, want %s", now, got, want)
			}
		}
		if n, err := keys.Expire(t.Context(), simpul.Terbatas, april); n != 1 || err != nil {
			t.Fatal(n, err)
		}
		if got := state(may); got.State != KeyDestroyed || got.MadeAt != nil || got.DestroyFrom != nil || got.DestroyedAt == nil || got.DestroyedBy != "hub" {
			t.Errorf("destroyed: %+v", got)
		}
	})
}
