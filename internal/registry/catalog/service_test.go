package catalog_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
	"simpul/internal/registry/catalog"
)

// compact lets a contract be compared that was stored without its white space.
var compact = cmp.Transformer("JSON", func(m json.RawMessage) any {
	var v any
	json.Unmarshal(m, &v)
	return v
})

func TestALIDIsStoredReplacedAndDeleted(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r, ctx := newRoom(t, db), t.Context()
		stored := monday.Truncate(time.Millisecond)
		full := lid(func(s *catalog.Spec) {
			s.Class, s.LegalBasis, s.Context, s.TimeoutSeconds, s.MaxBodyBytes, s.Contact = simpul.Terbatas, "UU 24/2013", "kota", 5, 1000, "walidata"
			draft(s)
		})
		want := httpapi.Stored[catalog.Spec]{ID: kota, Spec: full, Times: httpapi.Times{CreatedAt: stored, UpdatedAt: stored}, Created: true}
		got, err := r.Put(ctx, providerOf(kemendagri), kota, full, false)
		if diff := cmp.Diff(want, got, compact); err != nil || diff != "" {
			t.Fatalf("create: %v (-want +got)\n%s", err, diff)
		}
		r.now = monday.Add(time.Hour)
		want.Spec.State, want.Spec.Keywords, want.Times.UpdatedAt, want.Created = catalog.Published, nil, stored.Add(time.Hour), false
		got, err = r.Put(ctx, operator, kota, want.Spec, false)
		if diff := cmp.Diff(want, got, compact); err != nil || diff != "" {
			t.Fatalf("replace: %v (-want +got)\n%s", err, diff)
		}
		for _, p := range []simpul.Principal{operator, providerOf(kemendagri)} {
			got, err = r.Get(ctx, p, kota)
			if diff := cmp.Diff(want, got, compact); err != nil || diff != "" {
				t.Errorf("get: %v (-want +got)\n%s", err, diff)
			}
		}
		if err := r.Delete(ctx, providerOf(kemendagri), kota); err != nil {
			t.Fatal(err)
		}
		_, err = r.Get(ctx, operator, kota)
		checkRefusal(t, err, simpul.CodeNotFound, "")
		checkRefusal(t, r.Delete(ctx, operator, kota), simpul.CodeNotFound, "")

		var log []string
		for _, rev := range revisionsAfter(t, db, 0) {
			log = append(log, rev.Kind+" "+rev.ID)
		}
		if diff := cmp.Diff([]string{"LID " + kota, "LID " + kota, "LID " + kota}, log); diff != "" {
			t.Errorf("the revision log (-want +got)\n%s", diff)
		}
	})
}

func TestADryRunKeepsNothing(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r, ctx := newRoom(t, db), t.Context()
		r.put(t, "master/Desa", lid(nil))
		before := lastRevision(t, db)
		got, err := r.Put(ctx, providerOf(kemendagri), kota, lid(nil), true)
		if err != nil || !got.Created || got.ID != kota || got.Times.CreatedAt.IsZero() {
			t.Errorf("got %+v, %v", got, err)
		}
		if _, err := r.Put(ctx, operator, "master/Desa", lid(retired), true); err != nil {
			t.Error(err)
		}
		_, err = r.Get(ctx, operator, kota)
		checkRefusal(t, err, simpul.CodeNotFound, "")
		if after := lastRevision(t, db); after != before {
			t.Errorf("a dry run announced %d changes", after-before)
		}
		// Neither the address nor the retirement was kept.
		r.put(t, "master/Desa", lid(nil))
		r.put(t, kota, lid(func(s *catalog.Spec) { s.Agency = bandung }))
	})
}

func TestListsArePaged(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		for i := range 5 {
			r.put(t, fmt.Sprintf("g/L%d", i), lid(func(s *catalog.Spec) {
				if i == 2 {
					draft(s)
				}
			}))
		}
		for _, c := range []struct {
			who   simpul.Principal
			after string
			limit int
			want  string
		}{
			{operator, "", 10, "0 1 2 3 4"}, {operator, "g/L1", 2, "2 3"}, {operator, "g/L4", 2, ""},
			{providerOf(kemendagri), "g/L1", 2, "2 3"},
			{providerOf(bandung), "", 10, "0 1 3 4"}, {providerOf(bandung), "g/L1", 1, "3"}, {public, "g/L", 3, "0 1 3"},
		} {
			all, err := r.List(t.Context(), c.who, httpapi.Page{After: c.after, Limit: c.limit})
			var got []string
			for _, l := range all {
				got = append(got, strings.TrimPrefix(l.ID, "g/L"))
			}
			if s := strings.Join(got, " "); err != nil || s != c.want {
				t.Errorf("%s after %q: got %q, %v; want %q", c.who.ID, c.after, s, err, c.want)
			}
		}
	})
}

func TestWhatIsNotAccepted(t *testing.T) {
	r := newRoom(t, testkit.SQLite(t))
	for _, c := range []struct {
		name, address string
		change        func(*catalog.Spec)
		place         string
	}{
		{"small letters", "master/kota", nil, "metadata.id"},
		{"a reserved group", "t/Kota", nil, "metadata.id"},
		{"no agency", kota, func(s *catalog.Spec) { s.Agency = "" }, "spec.agency"},
		{"the nation as an agency", kota, func(s *catalog.Spec) { s.Agency = "*" }, "spec.agency"},
		{"an agency that nobody registered", kota, func(s *catalog.Spec) { s.Agency = "baru.go.id" }, "spec.agency"},
		{"restricted without a legal basis", kota, func(s *catalog.Spec) { s.Class, s.LegalBasis = simpul.Terbatas, " " }, "spec.legalBasis"},
		{"closed without a legal basis", kota, func(s *catalog.Spec) { s.Class = simpul.Tertutup }, "spec.legalBasis"},
		{"published without a contract", kota, func(s *catalog.Spec) { s.Contract = nil }, "spec.contract"},
		{"published with null for a contract", kota, func(s *catalog.Spec) { s.Contract = json.RawMessage("null") }, "spec.contract"},
		{"a contract that is none", kota, func(s *catalog.Spec) { s.Contract = json.RawMessage(`[]`) }, "spec.contract"},
		{"a draft with a broken contract", kota, func(s *catalog.Spec) { draft(s); s.Contract = json.RawMessage(`{"openapi":"9"}`) }, "spec.contract.openapi"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := r.Put(t.Context(), operator, c.address, lid(c.change), false)
			checkRefusal(t, err, simpul.CodeInvalid, c.place)
		})
	}
	if _, err := r.Put(t.Context(), operator, kota, lid(func(s *catalog.Spec) { draft(s); s.Contract = nil }), false); err != nil {
		t.Errorf("a draft may wait for its contract: %v", err)
	}
}

func TestUpstreams(t *testing.T) {
	r := newRoom(t, testkit.SQLite(t))
	put := func(upstream string) error {
		_, err := r.Put(t.Context(), operator, kota, lid(func(s *catalog.Spec) { s.Upstream = upstream }), false)
		return err
	}
	for _, good := range []string{
		"http://10.1.2.3:8080/kota", "https://layanan.kemendagri.go.id", "http://p/", "http://p/a-b/c_d/v1.2/~e/", "http://[::1]:80/x", "HTTP://p/x",
	} {
		if err := put(good); err != nil {
			t.Errorf("%s: %v", good, err)
		}
	}
	for _, bad := range []string{
		"", "kota", "/kota", "//p/kota", "ftp://p/kota", "file:///etc/passwd", "javascript:alert(1)", "http://", "http://:80/", "http:///kota",
		"http://u:p@p/kota", "http://u@p/kota", "http://p/kota?x=1", "http://p/kota#x", "http://p/a//b", "http://p/../kota", "http://p/./kota",
		"http://p/.hidden", "http://p/a%2Fb", "http://p/a%20b", "http://p/a b", "http://p/a;b", "http://p/é", "http://p/\x00", " http://p/",
		"http://p\\evil/", "http://p/a\\b", "gopher://p/_x",
	} {
		checkRefusal(t, put(bad), simpul.CodeInvalid, "spec.upstream")
	}
}

// An address belongs to one agency for ever, whatever became of its LID.
func TestAnAddressStaysWithItsAgency(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		r.put(t, "g/Draft", lid(draft))
		r.put(t, "g/Published", lid(nil))
		r.put(t, "g/Retired", lid(retired))
		r.put(t, "g/Deleted", lid(draft))
		if err := r.Delete(t.Context(), operator, "g/Deleted"); err != nil {
			t.Fatal(err)
		}
		ofBandung := lid(func(s *catalog.Spec) { s.Agency = bandung })
		for _, address := range []string{"g/Draft", "g/Published", "g/Retired", "g/Deleted"} {
			for _, p := range []simpul.Principal{providerOf(bandung), operator} {
				for _, dryRun := range []bool{true, false} {
					_, err := r.Put(t.Context(), p, address, ofBandung, dryRun)
					checkRefusal(t, err, simpul.CodeConflict, "metadata.id")
					if strings.Contains(plainly(err), kemendagri) {
						t.Errorf("%s: the refusal says whose it is: %v", address, err)
					}
				}
			}
		}
	})
}

func TestARetiredLIDDoesNotComeBack(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r, ctx := newRoom(t, db), t.Context()
		r.put(t, kota, lid(nil))
		r.put(t, kota, lid(retired))
		r.put(t, kota, lid(func(s *catalog.Spec) { retired(s); s.Title = "Dahulu" })) // its words may be mended
		back := func() {
			t.Helper()
			for _, p := range []simpul.Principal{operator, providerOf(kemendagri)} {
				for _, change := range []func(*catalog.Spec){nil, draft} {
					_, err := r.Put(ctx, p, kota, lid(change), false)
					checkRefusal(t, err, simpul.CodeConflict, "spec.state")
				}
			}
		}
		back()
		if err := r.Delete(ctx, operator, kota); err != nil {
			t.Fatal(err)
		}
		back()
	})
}

func TestTwoLIDsCannotShareAnOlderAddress(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r, ctx := newRoom(t, db), t.Context()
		at := func(agency simpul.AgencyID, context, version string) catalog.Spec {
			return lid(func(s *catalog.Spec) { s.Agency, s.Context, s.Version = agency, context, version })
		}
		r.put(t, kota, at(kemendagri, "kota", "1.0"))
		for _, state := range []func(*catalog.Spec){draft, nil} {
			s := at(kemendagri, "kota", "1.0")
			if state != nil {
				state(&s)
			}
			_, err := r.Put(ctx, operator, "master/Kota2", s, false)
			checkRefusal(t, err, simpul.CodeConflict, "spec.context")
		}
		r.put(t, "master/Kota2", at(kemendagri, "kota", "2.0"))
		r.put(t, "master/Kota3", at(bandung, "kota", "1.0"))
		r.put(t, "master/Kota4", at(kemendagri, "", "1.0"))
		r.put(t, "master/Kota5", at(kemendagri, "", "1.0")) // none is no address to share
		r.put(t, kota, at(kemendagri, "", "1.0"))
		r.put(t, "master/Kota4", at(kemendagri, "kota", "1.0")) // it was given up
	})
}

func TestALIDWithGrantsStays(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r, ctx := newRoom(t, db), t.Context()
		r.put(t, kota, lid(nil))
		exec(t, db,
			`INSERT INTO agency_application (id, agency, name, created_at, updated_at) VALUES ('a@`+bandung+`', '`+bandung+`', 'A', 0, 0)`,
			`INSERT INTO grant_grant (id, lid, provider, application, consumer, purpose, legal_basis, fields, valid_from, created_at, updated_at)
				VALUES ('g-1', '`+kota+`', '`+kemendagri+`', 'a@`+bandung+`', '`+bandung+`', 'p', 'l', '[]', 0, 0, 0)`)
		checkRefusal(t, r.Delete(ctx, operator, kota), simpul.CodeConflict, "")
		checkRefusal(t, r.Delete(ctx, providerOf(kemendagri), kota), simpul.CodeConflict, "")
		exec(t, db, `DELETE FROM grant_grant`)
		if err := r.Delete(ctx, providerOf(kemendagri), kota); err != nil {
			t.Error(err)
		}
	})
}

func (r *room) inventory(t *testing.T) []httpapi.Stored[catalog.Spec] {
	t.Helper()
	all, err := r.List(t.Context(), operator, everyone)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestAnAgencysOwnLIDs(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		r.put(t, "master/Rancangan", lid(draft))
		r.put(t, kota, lid(nil))
		r.put(t, "izin/Usaha", lid(func(s *catalog.Spec) { s.Agency = bandung }))
		for _, c := range []struct {
			scope simpul.Scope
			want  int
		}{{simpul.AgencyScope(kemendagri), 2}, {simpul.NationScope(), 2}, {simpul.AgencyScope(bandung), 1}, {simpul.PublicScope(), 1}} {
			got, err := r.OfAgency(t.Context(), c.scope, kemendagri)
			if err != nil || len(got) != c.want {
				t.Errorf("as %q: %d, %v", c.scope.Key(), len(got), err)
			}
		}
	})
}
