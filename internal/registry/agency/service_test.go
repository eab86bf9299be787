package agency_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
	"simpul/internal/registry/agency"
)

func TestAgencyIsStoredReplacedAndDeleted(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r, ctx := newRoom(db), t.Context()
		stored := monday.Truncate(time.Millisecond)
		want := httpapi.Stored[agency.Spec]{ID: bandung, Spec: specOf(bandung, false), Times: httpapi.Times{CreatedAt: stored, UpdatedAt: stored}, Created: true}
		got, err := r.agencies.Put(ctx, operator, bandung, want.Spec, false)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Fatalf("create: %v (-want +got)\n%s", err, diff)
		}

		r.now = monday.Add(time.Hour)
		want.Spec.Name, want.Times.UpdatedAt, want.Created = "Kota Bandung", stored.Add(time.Hour), false
		got, err = r.agencies.Put(ctx, adminOf(bandung), bandung, want.Spec, false)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Fatalf("replace: %v (-want +got)\n%s", err, diff)
		}
		got, err = r.agencies.Get(ctx, adminOf(sumedang), bandung)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("get: %v (-want +got)\n%s", err, diff)
		}

		if err := r.agencies.Delete(ctx, operator, bandung); err != nil {
			t.Fatal(err)
		}
		_, err = r.agencies.Get(ctx, operator, bandung)
		checkRefusal(t, err, simpul.CodeNotFound, "")
		checkRefusal(t, r.agencies.Delete(ctx, operator, bandung), simpul.CodeNotFound, "")

		var kinds []string
		for _, rev := range revisionsAfter(t, db, 0) {
			kinds = append(kinds, rev.Kind+" "+rev.ID)
		}
		if diff := cmp.Diff([]string{"Agency " + bandung, "Agency " + bandung, "Agency " + bandung}, kinds); diff != "" {
			t.Errorf("the revision log (-want +got)\n%s", diff)
		}
	})
}

func TestApplicationIsStoredReplacedAndDeleted(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r, ctx := newRoom(db), t.Context()
		r.putAgency(t, bandung, false)
		stored := monday.Truncate(time.Millisecond)
		want := httpapi.Stored[agency.ApplicationSpec]{ID: layanan, Spec: agency.ApplicationSpec{Name: "Layanan", Description: "Baris satu\nbaris dua"}, Times: httpapi.Times{CreatedAt: stored, UpdatedAt: stored}, Created: true}
		got, err := r.applications.Put(ctx, adminOf(bandung), layanan, want.Spec, false)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Fatalf("create: %v (-want +got)\n%s", err, diff)
		}
		r.now = monday.Add(time.Hour)
		want.Spec.Description, want.Times.UpdatedAt, want.Created = "", stored.Add(time.Hour), false
		got, err = r.applications.Put(ctx, adminOf(bandung), layanan, want.Spec, false)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Fatalf("replace: %v (-want +got)\n%s", err, diff)
		}
		for _, p := range []simpul.Principal{operator, adminOf(bandung)} {
			got, err = r.applications.Get(ctx, p, layanan)
			if diff := cmp.Diff(want, got); err != nil || diff != "" {
				t.Errorf("get: %v (-want +got)\n%s", err, diff)
			}
		}
		if err := r.applications.Delete(ctx, adminOf(bandung), layanan); err != nil {
			t.Fatal(err)
		}
		_, err = r.applications.Get(ctx, operator, layanan)
		checkRefusal(t, err, simpul.CodeNotFound, "")
	})
}

func TestListsArePaged(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r, ctx := newRoom(db), t.Context()
		for i := range 5 {
			id := fmt.Sprintf("a%d.go.id", i)
			r.putAgency(t, id, false)
			r.putApplication(t, fmt.Sprintf("x%d@a0.go.id", i))
		}
		for _, c := range []struct {
			after string
			limit int
			want  string
		}{
			{"", 10, "0 1 2 3 4"}, {"", 2, "0 1"}, {"1", 2, "2 3"}, {"3", 2, "4"}, {"4", 2, ""}, {"1x", 1, "2"},
		} {
			var got []string
			after := ""
			if c.after != "" {
				after = "a" + c.after + ".go.id"
			}
			agencies, err := r.agencies.List(ctx, public, httpapi.Page{After: after, Limit: c.limit})
			for _, a := range agencies {
				got = append(got, a.ID[1:2])
			}
			if s := strings.Join(got, " "); err != nil || s != c.want {
				t.Errorf("agencies after %q: got %q, %v; want %q", after, s, err, c.want)
			}
			got = nil
			if after != "" {
				after = "x" + c.after + "@a0.go.id"
			}
			applications, err := r.applications.List(ctx, operator, httpapi.Page{After: after, Limit: c.limit})
			for _, a := range applications {
				got = append(got, a.ID[1:2])
			}
			if s := strings.Join(got, " "); err != nil || s != c.want {
				t.Errorf("applications after %q: got %q, %v; want %q", after, s, err, c.want)
			}
		}
	})
}

func TestADryRunKeepsNothing(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r, ctx := furnished(t, db), t.Context()
		before := lastRevision(t, db)

		got, err := r.agencies.Put(ctx, operator, "baru.go.id", specOf("baru.go.id", true), true)
		if err != nil || !got.Created || got.ID != "baru.go.id" || !got.Spec.Suspended || got.Times.CreatedAt.IsZero() {
			t.Errorf("got %+v, %v", got, err)
		}
		if got, err := r.agencies.Put(ctx, operator, bandung, specOf(bandung, true), true); err != nil || got.Created {
			t.Errorf("got %+v, %v", got, err)
		}
		if got, err := r.applications.Put(ctx, operator, "baru@"+bandung, agency.ApplicationSpec{Name: "Baru"}, true); err != nil || !got.Created {
			t.Errorf("got %+v, %v", got, err)
		}
		_, err = r.applications.Put(ctx, operator, "baru@nobody.go.id", agency.ApplicationSpec{Name: "Baru"}, true)
		checkRefusal(t, err, simpul.CodeNotFound, "") // it is checked all the same

		_, err = r.agencies.Get(ctx, operator, "baru.go.id")
		checkRefusal(t, err, simpul.CodeNotFound, "")
		if now, err := r.agencies.Get(ctx, operator, bandung); err != nil || now.Spec.Suspended {
			t.Errorf("got %+v, %v", now, err)
		}
		_, err = r.applications.Get(ctx, operator, "baru@"+bandung)
		checkRefusal(t, err, simpul.CodeNotFound, "")
		if after := lastRevision(t, db); after != before {
			t.Errorf("a dry run announced %d changes", after-before)
		}
	})
}

func TestWhatIsNotAccepted(t *testing.T) {
	r, ctx := furnished(t, testkit.SQLite(t)), t.Context()
	for _, c := range []struct {
		name, id string
		change   func(*agency.Spec)
		place    string
	}{
		{"no domain", "bandung", nil, "metadata.id"},
		{"capitals", "Bandungkota.go.id", nil, "metadata.id"},
		{"the nation", "*", nil, "metadata.id"},
		{"blank name", "a.go.id", func(s *agency.Spec) { s.Name = " \t" }, "spec.name"},
		{"regional without a region", "a.go.id", func(s *agency.Spec) { s.Region = "" }, "spec.region"},
		{"national with a region", "a.go.id", func(s *agency.Spec) { s.Level = agency.Nasional }, "spec.region"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := specOf(c.id, false)
			if c.change != nil {
				c.change(&s)
			}
			_, err := r.agencies.Put(ctx, operator, c.id, s, false)
			checkRefusal(t, err, simpul.CodeInvalid, c.place)
		})
	}
	for _, c := range []struct{ id, name, place string }{
		{"layanan", "Layanan", "metadata.id"}, {"Layanan@" + bandung, "Layanan", "metadata.id"}, {layanan, "  ", "spec.name"},
	} {
		_, err := r.applications.Put(ctx, operator, c.id, agency.ApplicationSpec{Name: c.name}, false)
		checkRefusal(t, err, simpul.CodeInvalid, c.place)
	}
	_, _, err := r.applications.IssueKey(ctx, operator, "layanan", agency.KeyWish{})
	checkRefusal(t, err, simpul.CodeNotFound, "")
}

// What depends on a thing keeps it from being deleted, whoever asks.
func TestWhatIsStillNeededStays(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r, ctx := furnished(t, db), t.Context()
		r.issue(t, layanan)
		checkRefusal(t, r.agencies.Delete(ctx, operator, bandung), simpul.CodeConflict, "")
		checkRefusal(t, r.agencies.Delete(ctx, adminOf(bandung), bandung), simpul.CodeConflict, "")

		exec(t, db, `INSERT INTO catalog_lid (address, agency, class, state, title, document, created_at, updated_at)
			VALUES ('master/Kota', '`+sumedang+`', 'terbuka', 'draft', 'Kota', '{}', 0, 0)`)
		checkRefusal(t, r.agencies.Delete(ctx, operator, sumedang), simpul.CodeConflict, "")

		exec(t, db, `INSERT INTO grant_grant (id, lid, provider, application, consumer, purpose, legal_basis, fields, valid_from, created_at, updated_at)
			VALUES ('g-1', 'master/Kota', '`+sumedang+`', '`+layanan+`', '`+bandung+`', 'p', 'l', '[]', 0, 0, 0)`)
		checkRefusal(t, r.applications.Delete(ctx, adminOf(bandung), layanan), simpul.CodeConflict, "")
		if keys, err := r.applications.Keys(ctx, operator, layanan); err != nil || len(keys) != 1 {
			t.Errorf("a refused deletion took the keys: %v, %v", keys, err)
		}

		exec(t, db, `DELETE FROM grant_grant`, `DELETE FROM catalog_lid`)
		for _, err := range []error{
			r.applications.Delete(ctx, adminOf(bandung), layanan),
			r.agencies.Delete(ctx, adminOf(bandung), bandung),
			r.agencies.Delete(ctx, operator, sumedang),
		} {
			if err != nil {
				t.Error(err)
			}
		}
	})
}

func TestOnlyTheOperatorSuspends(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r, ctx := newRoom(db), t.Context()
		put := func(p simpul.Principal, suspended bool) error {
			_, err := r.agencies.Put(ctx, p, bandung, specOf(bandung, suspended), false)
			return err
		}
		checkRefusal(t, put(adminOf(bandung), true), simpul.CodeDenied, "spec.suspended") // as a new agency
		if err := put(adminOf(bandung), false); err != nil {
			t.Fatal(err)
		}
		checkRefusal(t, put(adminOf(bandung), true), simpul.CodeDenied, "spec.suspended")
		ambitious := adminOf(bandung) // whose role was given more than it should have been
		ambitious.Permissions = append([]simpul.Permission{simpul.ApproveAgencies}, ambitious.Permissions...)
		checkRefusal(t, put(ambitious, true), simpul.CodeDenied, "spec.suspended")
		if err := put(operator, true); err != nil {
			t.Fatal(err)
		}
		checkRefusal(t, put(adminOf(bandung), false), simpul.CodeDenied, "spec.suspended")
		if err := put(adminOf(bandung), true); err != nil {
			t.Errorf("a suspended agency cannot mend its name: %v", err)
		}
		// Otherwise it could be deleted and come back without its suspension.
		checkRefusal(t, r.agencies.Delete(ctx, adminOf(bandung), bandung), simpul.CodeDenied, "")
		if err := r.agencies.Delete(ctx, operator, bandung); err != nil {
			t.Error(err)
		}
	})
}
