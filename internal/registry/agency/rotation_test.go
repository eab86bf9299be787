package agency_test

import (
	"strings"
	"testing"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
	"simpul/internal/platform/trail"
	"simpul/internal/registry/agency"
)

const day = 24 * time.Hour

// keyringOf is a keyring on the room's clock that reads the database now.
func (r *room) keyringOf(t *testing.T) *agency.Keyring {
	t.Helper()
	k := agency.NewKeyring(r.db, r.clock)
	if err := k.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	return k
}

func (r *room) key(t *testing.T, id string) (agency.Key, bool) {
	t.Helper()
	keys, err := r.applications.Keys(t.Context(), operator, layanan)
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range keys {
		if k.ID == id {
			return k, true
		}
	}
	return agency.Key{}, false
}

// events are the actions in the audit trail, oldest first, with their subjects.
func events(t *testing.T, db *sqldb.DB, action string) (all []trail.Event) {
	t.Helper()
	err := db.Read(t.Context(), simpul.NationScope(), func(tx *sqldb.Tx) (err error) {
		all, err = trail.List(t.Context(), tx, trail.Filter{Action: action}, 0, 100)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestKeysEndByTheClock(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := furnished(t, db)
		for _, c := range []struct {
			in   time.Duration
			fine bool
		}{{time.Hour, true}, {730 * day, true}, {731 * day, false}, {0, false}, {-day, false}} {
			_, _, err := r.applications.IssueKey(t.Context(), operator, layanan, agency.KeyWish{ExpiresAt: monday.Add(c.in)})
			if c.fine != (err == nil) {
				t.Errorf("an end in %v: got %v", c.in, err)
			}
			if err != nil {
				checkRefusal(t, err, simpul.CodeInvalid, "expiresAt")
			}
		}

		key, secret := r.issue(t, layanan)
		if want := monday.Truncate(time.Millisecond).Add(365 * day); !key.ExpiresAt.Equal(want) {
			t.Errorf("ends %v, want %v", key.ExpiresAt, want)
		}
		k := r.keyringOf(t)
		r.now = key.ExpiresAt.Add(-time.Millisecond)
		if _, err := k.Authenticate(secret); err != nil || !k.IsLive(key.ID) {
			t.Errorf("before its end: %v", err)
		}
		r.now = key.ExpiresAt
		_, err := k.Authenticate(secret)
		checkRefusal(t, err, simpul.CodeUnauthenticated, "")
		if !strings.Contains(err.Error(), "expired") || k.IsLive(key.ID) {
			t.Errorf("at its end: %v", err)
		}
		if _, err := k.Authenticate(secret + "x"); strings.Contains(err.Error(), "expired") {
			t.Errorf("who does not hold the key learns that it expired: %v", err)
		}
	})
}

func TestKeysFromBeforeGoOn(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := furnished(t, db)
		old := simpul.NewSecret("spk_")
		exec(t, db, `INSERT INTO agency_key (id, application, agency, digest, created_at)
			VALUES ('k-old', '`+layanan+`', '`+bandung+`', '`+old.Digest()+`', 0)`)
		r.now = monday.Add(10_000 * day)
		if got, err := r.keyringOf(t).Authenticate(old); err != nil || got.Credential != "k-old" {
			t.Errorf("got %v, %v", got, err)
		}
		if agency.LooksLikeKey(old.Reveal()) {
			t.Error("a key without a checksum passes for one with it")
		}
	})
}

func TestRotationLetsBothKeysCountForAWhile(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r, ctx := furnished(t, db), t.Context()
		old, oldSecret := r.issue(t, layanan)
		for _, overlap := range []int{0, 91, -1} {
			_, _, err := r.applications.RotateKey(ctx, operator, layanan, old.ID, overlap, agency.KeyWish{})
			checkRefusal(t, err, simpul.CodeInvalid, "overlapDays")
		}
		_, _, err := r.applications.RotateKey(ctx, operator, layanan, "k-none", 7, agency.KeyWish{})
		checkRefusal(t, err, simpul.CodeNotFound, "")

		next, nextSecret, err := r.applications.RotateKey(ctx, adminOf(bandung), layanan, old.ID, 7, agency.KeyWish{})
		if err != nil || next.Replaces != old.ID || next.Label != old.Label {
			t.Fatalf("got %+v, %v", next, err)
		}
		k := r.keyringOf(t)
		for _, step := range []struct {
			after time.Duration
			old   bool
		}{{0, true}, {7*day - time.Second, true}, {7 * day, false}, {8 * day, false}} {
			r.now = monday.Add(step.after)
			if _, err := k.Authenticate(oldSecret); (err == nil) != step.old {
				t.Errorf("the old key after %v: %v", step.after, err)
			}
			if _, err := k.Authenticate(nextSecret); err != nil {
				t.Errorf("the new key after %v: %v", step.after, err)
			}
		}
		// A second rotation never lengthens a life.
		r.now = monday.Add(time.Hour)
		if _, _, err := r.applications.RotateKey(ctx, operator, layanan, old.ID, 90, agency.KeyWish{}); err != nil {
			t.Fatal(err)
		}
		if k, _ := r.key(t, old.ID); k.ExpiresAt.After(monday.Add(7 * day)) {
			t.Errorf("the old key now ends %v", k.ExpiresAt)
		}
		if got := events(t, db, "key.rotate"); len(got) != 2 || got[1].Subject != old.ID || got[1].Agency != bandung {
			t.Errorf("the trail has %+v", got)
		}
	})
}

// A leaked key ends on every node, for whoever reports it and in whatever way.
func TestALeakedKeyEndsEverywhere(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r, ctx := furnished(t, db), t.Context()
		byText, text := r.issue(t, layanan)
		byID, other := r.issue(t, layanan)
		nodes := []*agency.Keyring{r.keyringOf(t), r.keyringOf(t)}
		before := lastRevision(t, db)

		if err := r.applications.ReportLeak(ctx, text+"x"); err != nil || lastRevision(t, db) != before {
			t.Errorf("an unknown text: %v", err)
		}
		if err := r.applications.ReportLeak(ctx, text); err != nil {
			t.Fatal(err)
		}
		if err := r.applications.ReportLeakedKey(ctx, adminOf(bandung), layanan, byID.ID); err != nil {
			t.Fatal(err)
		}
		for i, node := range nodes {
			if err := node.Refresh(ctx, revisionsAfter(t, db, before)); err != nil {
				t.Fatal(err)
			}
			for _, secret := range []simpul.Secret{text, other} {
				if _, err := node.Authenticate(secret); simpul.CodeOf(err) != simpul.CodeUnauthenticated {
					t.Errorf("node %d: got %v", i, err)
				}
			}
		}
		if err := r.applications.ReportLeak(ctx, text); err != nil {
			t.Errorf("a second report: %v", err)
		}
		got := events(t, db, "key.leak")
		if len(got) != 2 || got[1].Actor != "public" || got[1].Subject != byText.ID || got[0].Subject != byID.ID {
			t.Errorf("the trail has %+v", got)
		}
		if len(r.notices) != 2 || !r.notices[0].Urgent || r.notices[0].Agency != bandung {
			t.Errorf("told %+v", r.notices)
		}
	})
}

func TestPeopleAreWarnedOnceOfEachStep(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := furnished(t, db)
		key, _ := r.issue(t, layanan)
		for _, step := range []struct{ before, told int }{{40, 0}, {31, 0}, {30, 1}, {29, 1}, {7, 2}, {6, 2}, {1, 3}, {0, 3}} {
			r.now = key.ExpiresAt.Add(-time.Duration(step.before) * day)
			for range 2 {
				if err := r.applications.WarnOfExpiry(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			if len(r.notices) != step.told {
				t.Errorf("%d days before: told %d times, want %d", step.before, len(r.notices), step.told)
			}
		}
	})
}

func TestTheLastUseIsKeptByTheDay(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r, ctx := furnished(t, db), t.Context()
		key, secret := r.issue(t, layanan)
		k := r.keyringOf(t)
		for _, hours := range []int{0, 1, 30, 31} {
			r.now = monday.Add(time.Duration(hours) * time.Hour)
			if _, err := k.Authenticate(secret); err != nil {
				t.Fatal(err)
			}
			if hours == 1 { // what is noted and not stored survives a refresh
				if err := k.Refresh(ctx, []sqldb.Revision{{Kind: "Key", ID: key.ID}, {Kind: "Application", ID: layanan}}); err != nil {
					t.Fatal(err)
				}
			}
			revision := lastRevision(t, db)
			if err := k.StoreUse(ctx); err != nil || lastRevision(t, db) != revision {
				t.Fatal(err)
			}
			want := r.now.Truncate(day)
			if got, _ := r.key(t, key.ID); !got.UsedOn.Equal(want) {
				t.Errorf("after %d hours: used on %v, want %v", hours, got.UsedOn, want)
			}
		}
	})
}
