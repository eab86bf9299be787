package evidence

import (
	"context"
	"strings"
	"testing"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
)

// sealedWith is the key that a record of an exchange that was opened then is sealed with.
func sealedWith(k *Keys, class simpul.LIDClass, opened time.Time) (string, error) {
	x := personalDelivery()
	x.Class, x.OpenedAt = class, opened
	p, err := k.Seal(x)
	return p.Key, err
}

func utc(text string) time.Time {
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		panic(err)
	}
	return t
}

// A record is sealed with the key of the month in which its exchange opened, to the
// nanosecond and in UTC, however late it is sealed.
func TestARecordIsSealedWithTheKeyOfItsMonth(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		now := utc("2026-10-31T23:59:59.999Z")
		keys := NewKeys(db, fakeVault{}, func() time.Time { return now })
		if err := keys.Load(t.Context()); err != nil {
			t.Fatal(err)
		}
		now = utc("2026-11-01T00:00:00Z") // and nobody has tended the keys since
		for _, c := range []struct{ opened, want string }{
			{"2026-10-31T23:59:59.999999999Z", "tertutup/2026-10"}, // late: sealed in November
			{"2026-11-01T00:00:00Z", "tertutup/2026-11"},
			{"2026-11-01T06:59:59+07:00", "tertutup/2026-10"}, // in Jakarta it is November
			{"2026-11-30T23:59:59.999Z", "tertutup/2026-11"},
			{"2026-12-01T00:00:00Z", "tertutup/2026-12"}, // no key was made ahead
			{"2027-03-31T23:59:59Z", "tertutup/2027-03"}, // the clock jumped ahead
			{"2026-12-31T23:59:59Z", "tertutup/2026-12"}, // and back
			{"2027-01-15T00:00:00Z", "tertutup/2027-01"}, // into a month that it had skipped
			{"2026-10-01T00:00:00Z", "tertutup/2026-10"}, // back by a month whose key lives
		} {
			if got, err := sealedWith(keys, simpul.Tertutup, utc(c.opened)); got != c.want || err != nil {
				t.Errorf("opened %s: sealed with %q, %v; want %s", c.opened, got, err, c.want)
			}
		}
	})
}

// A clock that was set back to before everything that the hub has keys of seals nothing,
// whether the hub was running or is started then, and no key is made of that month.
func TestAClockBehindAllKeysSealsNothing(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		now := march
		keys := NewKeys(db, fakeVault{}, func() time.Time { return now })
		if err := keys.Load(t.Context()); err != nil {
			t.Fatal(err)
		}
		now = utc("2000-01-01T00:00:10Z")
		started := loadedKeys(t, db, now)
		for name, k := range map[string]*Keys{"running": keys, "started": started} {
			got, err := sealedWith(k, simpul.Terbatas, now)
			if simpul.CodeOf(err) != simpul.CodeUnavailable || !strings.Contains(err.Error(), "2000-01") {
				t.Errorf("%s: %q, %v", name, got, err)
			}
		}
		if err := keys.tend(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(dump(t, db, "evidence_key", "id"), " "); strings.Contains(got, "2000") {
			t.Errorf("keys %s", got)
		}
		if got, err := sealedWith(keys, simpul.Terbatas, march); got != "terbatas/2026-03" || err != nil {
			t.Errorf("the clock is right again: %q, %v", got, err)
		}
	})
}

// What is sealed after its month's key was destroyed is erased as it is written: the
// record says so, and no process can open it. With the clock set back into that month
// nothing is sealed.
func TestALateRecordOfADestroyedMonth(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		now := march
		keys := NewKeys(db, fakeVault{}, func() time.Time { return now })
		if err := keys.Load(t.Context()); err != nil {
			t.Fatal(err)
		}
		now = utc("2026-04-01T00:00:02Z")
		err := within(t, db, func(tx *sqldb.Tx) error {
			return keys.DestroyApproved(t.Context(), tx, operator, []byte(`{"key":"terbuka/2026-03","reason":"Putusan 7/2026"}`))
		})
		if err != nil {
			t.Fatal(err)
		}
		other := loadedKeys(t, db, now)
		x := personalDelivery()
		x.Class, x.OpenedAt = simpul.Terbuka, utc("2026-03-31T23:59:58Z")
		r := decoded(t, payloads(t, other, x)[0])
		if r.Personal.Key != "terbuka/2026-03" || !r.Personal.Sealed() {
			t.Fatalf("%+v", r.Personal)
		}
		if err := other.Open(&r); simpul.CodeOf(err) != simpul.CodeGone {
			t.Errorf("opened: %v", err)
		}
		now = march // the clock is set back
		if got, err := sealedWith(loadedKeys(t, db, now), simpul.Terbuka, march); simpul.CodeOf(err) != simpul.CodeUnavailable {
			t.Errorf("the clock was set back: %q, %v", got, err)
		}
		if got, err := sealedWith(other, simpul.Tertutup, march); got != "tertutup/2026-03" || err != nil {
			t.Errorf("another class: %q, %v", got, err)
		}
	})
}

// A month without a key, while the database does not answer: nothing is sealed with the
// key of another month, those who come next do not wait, and it goes on by itself.
func TestAMissingKeyWithoutADatabase(t *testing.T) {
	db := testkit.SQLite(t)
	now := march
	keys := NewKeys(db, fakeVault{}, func() time.Time { return now })
	if err := keys.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	may := march.AddDate(0, 2, 0)
	away := NewKeys(closedDatabase(t), fakeVault{}, func() time.Time { return now })
	away.ring.Store(keys.ring.Load())
	for range 2 {
		if got, err := sealedWith(away, simpul.Tertutup, may); simpul.CodeOf(err) != simpul.CodeUnavailable {
			t.Errorf("%q, %v", got, err)
		}
	}
	now = now.Add(demandAgain)
	away.db = db
	if got, err := sealedWith(away, simpul.Tertutup, may); got != "tertutup/2026-05" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
}

func closedDatabase(t *testing.T) *sqldb.DB {
	t.Helper()
	db, err := sqldb.Open(t.Context(), "sqlite://"+t.TempDir()+"/away.db")
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return db
}

// Retention erases what is personal no earlier than its class says, and no more than a
// month later: of records at all borders of months, sealed at once or late, over years.
func TestRetentionErasesInItsTime(t *testing.T) {
	const days = 45
	db := testkit.SQLite(t)
	now := utc("2027-11-20T00:00:00Z")
	keys := NewKeys(db, fakeVault{}, func() time.Time { return now })
	if err := keys.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	living := map[time.Time]*Record{}
	late := []time.Time(nil) // opened, and sealed a day later
	for ; now.Before(utc("2028-06-10T00:00:00Z")); now = now.Add(12 * time.Hour) {
		if now.Hour() == 0 {
			if err := keys.Load(t.Context()); err != nil {
				t.Fatal(err)
			}
			if _, err := keys.Expire(t.Context(), simpul.Tertutup, now.AddDate(0, 0, -days)); err != nil {
				t.Fatal(err)
			}
		}
		for _, opened := range append(late, now.Add(-time.Nanosecond), now) {
			living[opened] = sealedRecord(t, keys, opened)
		}
		late = []time.Time{now.Add(-time.Hour)}
		for opened, r := range living {
			over, again := opened.AddDate(0, 0, days), *r
			switch err := keys.Open(&again); {
			case err == nil && now.After(startOf(monthOf(opened)+1).AddDate(0, 0, days+1)):
				t.Fatalf("opened %s, and at %s it can still be read", opened, now)
			case err == nil:
			case simpul.CodeOf(err) != simpul.CodeGone:
				t.Fatal(err)
			case now.Before(over):
				t.Fatalf("opened %s, and erased at %s", opened, now)
			default:
				delete(living, opened)
			}
		}
	}
}

func sealedRecord(t *testing.T, k *Keys, opened time.Time) *Record {
	t.Helper()
	x := personalDelivery()
	x.OpenedAt = opened
	p, err := k.Seal(x)
	if err != nil {
		t.Fatal(err)
	}
	return &Record{Exchange: *x, Personal: p}
}

// Many exchanges that miss the same key at once get the same one.
func TestOneMakesTheKeyThatManyMiss(t *testing.T) {
	db := testkit.SQLite(t)
	keys := loadedKeys(t, db, march)
	opened := utc("2026-07-01T00:00:00Z")
	done := make(chan *Record)
	for range 16 {
		go func() {
			x := personalDelivery()
			x.OpenedAt = opened
			p, err := keys.Seal(x)
			if err != nil {
				t.Error(err)
			}
			done <- &Record{Exchange: *x, Personal: p}
		}()
	}
	fresh := NewKeys(db, fakeVault{}, keys.now)
	for range 16 {
		r := <-done
		if err := fresh.read(context.Background()); err != nil {
			t.Fatal(err)
		}
		if err := fresh.Open(r); err != nil || r.Personal.Key != "tertutup/2026-07" {
			t.Errorf("%+v, %v", r.Personal, err)
		}
	}
}
