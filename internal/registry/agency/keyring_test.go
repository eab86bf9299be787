package agency_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
	"simpul/internal/registry/agency"
)

// loaded is a keyring that reads the database now.
func loaded(t testing.TB, db *sqldb.DB) *agency.Keyring {
	t.Helper()
	k := agency.NewKeyring(db, time.Now)
	if err := k.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	return k
}

// answers is what a keyring says of all keys and agencies that ever were.
func answers(k *agency.Keyring, secrets []simpul.Secret, agencies []simpul.AgencyID) map[string]string {
	all := map[string]string{}
	for i, s := range secrets {
		consumer, err := k.Authenticate(s)
		all[fmt.Sprint("key ", i)] = fmt.Sprint(consumer, simpul.CodeOf(err))
	}
	for _, id := range agencies {
		all["agency "+string(id)] = fmt.Sprint(k.IsSuspended(id))
	}
	return all
}

func TestKeyringKnowsWhoCalls(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := furnished(t, db)
		key, secret := r.issue(t, layanan)
		if _, err := agency.NewKeyring(db, time.Now).Authenticate(secret); simpul.CodeOf(err) != simpul.CodeUnauthenticated {
			t.Errorf("an empty keyring: got %v", err)
		}
		k := loaded(t, db)
		want := simpul.Consumer{Application: layanan, Credential: key.ID}
		if got, err := k.Authenticate(secret); err != nil || got != want {
			t.Errorf("got %+v, %v; want %+v", got, err, want)
		}
		for _, wrong := range []simpul.Secret{"", "spk_", secret + "a", secret[:len(secret)-1], simpul.Secret(key.ID)} {
			got, err := k.Authenticate(wrong)
			checkRefusal(t, err, simpul.CodeUnauthenticated, "")
			if got != (simpul.Consumer{}) {
				t.Errorf("a wrong key stands for %+v", got)
			}
		}

		r.putAgency(t, bandung, true)
		if err := k.Refresh(t.Context(), revisionsAfter(t, db, 0)); err != nil {
			t.Fatal(err)
		}
		got, err := k.Authenticate(secret)
		checkRefusal(t, err, simpul.CodeDenied, "")
		if e, _ := errors.AsType[*simpul.Error](err); got != (simpul.Consumer{}) || e.Owner != bandung || !k.IsSuspended(bandung) || k.IsSuspended(sumedang) {
			t.Errorf("got %+v, %v", got, err)
		}
	})
}

// A key that was issued while its application was being deleted has no
// revision of its own for its end.
func TestADeletedApplicationTakesAllItsKeys(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := furnished(t, db)
		r.putApplication(t, "lain@"+bandung)
		_, gone := r.issue(t, layanan)
		_, stays := r.issue(t, "lain@"+bandung)
		k, before := loaded(t, db), lastRevision(t, db)
		if err := r.applications.Delete(t.Context(), operator, layanan); err != nil {
			t.Fatal(err)
		}
		if err := k.Refresh(t.Context(), revisionsAfter(t, db, before)); err != nil {
			t.Fatal(err)
		}
		if _, err := k.Authenticate(gone); simpul.CodeOf(err) != simpul.CodeUnauthenticated {
			t.Errorf("the key of a deleted application: got %v", err)
		}
		if _, err := k.Authenticate(stays); err != nil {
			t.Errorf("the key of another application: got %v", err)
		}
	})
}

func TestChangesOfOtherRoomsCostNothing(t *testing.T) {
	db := testkit.SQLite(t)
	k := loaded(t, db)
	db.Close()
	if err := k.Refresh(t.Context(), []sqldb.Revision{{Kind: "LID", ID: "master/Kota"}, {Kind: "Grant", ID: "g-1"}}); err != nil {
		t.Errorf("the database was read: %v", err)
	}
	if err := k.Refresh(t.Context(), []sqldb.Revision{{Kind: "Agency", ID: bandung}}); err == nil {
		t.Error("a failure to read is not told")
	}
}

// Whatever changes, and in whatever batches the changes arrive, a keyring that
// follows ends as one that is loaded afresh.
func TestKeyringRefreshIsAsGoodAsLoad(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(db)
		rapid.Check(t, func(rt *rapid.T) {
			exec(t, db, `DELETE FROM agency_application`, `DELETE FROM agency_agency`)
			follower, seen := loaded(t, db), lastRevision(t, db)
			var secrets []simpul.Secret
			refresh := func(most int) {
				batch := revisionsAfter(t, db, seen)
				batch = batch[:min(len(batch), most)]
				if err := follower.Refresh(t.Context(), batch); err != nil {
					rt.Fatal(err)
				}
				seen += int64(len(batch))
			}
			for range rapid.IntRange(1, 8).Draw(rt, "steps") {
				if rapid.IntRange(0, 3).Draw(rt, "refresh") == 0 {
					refresh(rapid.IntRange(1, 5).Draw(rt, "batch"))
				}
				secrets = append(secrets, change(rt, t, r)...)
			}
			refresh(1 << 20)
			agencies := []simpul.AgencyID{bandung, sumedang}
			if diff := cmp.Diff(answers(loaded(t, db), secrets, agencies), answers(follower, secrets, agencies)); diff != "" {
				rt.Fatalf("the keyring that followed differs (-loaded +followed)\n%s", diff)
			}
		})
	})
}

// change does one random thing to the room. Some are refused, which is no
// change. It returns the key that was issued, if one was.
func change(rt *rapid.T, t *testing.T, r *room) []simpul.Secret {
	id := rapid.SampledFrom([]string{bandung, sumedang}).Draw(rt, "agency")
	application := rapid.SampledFrom([]string{"a@", "b@"}).Draw(rt, "application") + id
	switch rapid.IntRange(0, 6).Draw(rt, "change") {
	case 0:
		r.agencies.Put(t.Context(), operator, id, specOf(id, rapid.Bool().Draw(rt, "suspended")), false)
	case 1:
		r.agencies.Delete(t.Context(), operator, id)
	case 2:
		r.applications.Put(t.Context(), operator, application, agency.ApplicationSpec{Name: "Layanan"}, false)
	case 3:
		r.applications.Delete(t.Context(), operator, application)
	case 4:
		keys, _ := r.applications.Keys(t.Context(), operator, application)
		if len(keys) > 0 {
			r.applications.RevokeKey(t.Context(), operator, application, rapid.SampledFrom(keys).Draw(rt, "key").ID)
		}
	default:
		r.agencies.Put(t.Context(), operator, id, specOf(id, false), false)
		r.applications.Put(t.Context(), operator, application, agency.ApplicationSpec{Name: "Layanan"}, false)
		if _, secret, err := r.applications.IssueKey(t.Context(), operator, application, agency.KeyWish{}); err == nil {
			return []simpul.Secret{secret}
		}
	}
	return nil
}

func TestKeyringIsReadWhileItChanges(t *testing.T) {
	r := furnished(t, testkit.SQLite(t))
	_, secret := r.issue(t, layanan)
	k := loaded(t, r.db)
	stop := make(chan struct{})
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				if _, err := k.Authenticate(secret); err != nil || k.IsSuspended(bandung) {
					t.Errorf("a key that nobody touched is refused: %v", err)
					return
				}
			}
		})
	}
	for i := range 10 {
		before := lastRevision(t, r.db)
		r.issue(t, layanan)
		r.putAgency(t, sumedang, i%2 == 0)
		if err := k.Refresh(t.Context(), revisionsAfter(t, r.db, before)); err != nil {
			t.Error(err)
		}
		if i%5 == 0 {
			if err := k.Load(t.Context()); err != nil {
				t.Error(err)
			}
		}
	}
	close(stop)
	readers.Wait()
}
