package catalog_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
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

// Nobody but its owner and the operator learns where a provider is: neither
// from the upstream nor from the servers that the contract names.
func TestTheUpstreamIsHidden(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r, ctx := newRoom(t, db), t.Context()
		r.put(t, kota, lid(nil))
		for who, c := range map[string]struct {
			p     simpul.Principal
			shown bool
		}{
			"operator": {operator, true}, "owner": {providerOf(kemendagri), true},
			"another agency": {providerOf(bandung), false}, "the public": {public, false},
			"a national auditor": {simpul.Acting("", simpul.RoleAuditor, ""), true},
			"another's auditor":  {simpul.Acting("", simpul.RoleAuditor, bandung), false},
		} {
			one, err := r.Get(ctx, c.p, kota)
			if err != nil {
				t.Fatal(err)
			}
			all, err := r.List(ctx, c.p, everyone)
			if err != nil || len(all) != 1 {
				t.Fatalf("got %v, %v", all, err)
			}
			for _, l := range []httpapi.Stored[catalog.Spec]{one, all[0]} {
				text := fmt.Sprintf("%+v %s", l, l.Spec.Contract)
				if (l.Spec.Upstream == upstream) != c.shown || strings.Contains(text, "10.1.2.3") != c.shown {
					t.Errorf("%s sees %s", who, text)
				}
				if !strings.Contains(string(l.Spec.Contract), `"kode"`) {
					t.Errorf("%s does not see the contract", who)
				}
			}
		}
	})
}

// attempts are all exported methods of the service, as somebody tries them on a
// LID of kemendagri.
var attempts = map[string]struct {
	code simpul.Code
	try  func(ctx context.Context, r *room, p simpul.Principal, address string) error
}{
	"Put": {simpul.CodeDenied, func(ctx context.Context, r *room, p simpul.Principal, address string) error {
		_, err := r.Put(ctx, p, address, lid(func(s *catalog.Spec) { s.Title = "Curian" }), false)
		return err
	}},
	"Advance": {simpul.CodeNotFound, func(ctx context.Context, r *room, p simpul.Principal, address string) error {
		_, err := r.Advance(ctx, p, address, "testing", "", false)
		return err
	}},
	"Examine": {simpul.CodeDenied, func(ctx context.Context, r *room, p simpul.Principal, address string) error {
		return r.Examine(ctx, p, simpul.Address(address), lid(nil))
	}},
	"Get": {simpul.CodeNotFound, func(ctx context.Context, r *room, p simpul.Principal, address string) error {
		_, err := r.Get(ctx, p, address)
		return err
	}},
	"OfAgency": {simpul.CodeNotFound, func(ctx context.Context, r *room, p simpul.Principal, address string) error {
		all, err := r.OfAgency(ctx, p.Scope(), kemendagri)
		if err == nil && len(all) == 0 {
			return simpul.NotFound(simpul.Text{}, address)
		}
		return err
	}},
	"List": {simpul.CodeNotFound, func(ctx context.Context, r *room, p simpul.Principal, address string) error {
		all, err := r.List(ctx, p, everyone)
		if err == nil && len(all) == 0 {
			return simpul.NotFound(simpul.Text{}, address)
		}
		return err
	}},
	"Owner": {simpul.CodeNotFound, func(ctx context.Context, r *room, p simpul.Principal, address string) error {
		owner, read, err := r.Owner(ctx, p.Scope(), simpul.Address(address))
		if owner != "" || read != nil {
			return nil
		}
		return err
	}},
	"Held": {simpul.CodeNotFound, func(ctx context.Context, r *room, p simpul.Principal, address string) error {
		return r.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
			_, _, err := r.Held(ctx, tx, simpul.Address(address))
			return err
		})
	}},
	"Present": {simpul.CodeNotFound, func(ctx context.Context, r *room, p simpul.Principal, address string) error {
		return r.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
			document, err := r.Present(ctx, tx, address)
			if err == nil && document == nil {
				return simpul.NotFound(simpul.Text{}, address)
			}
			return err
		})
	}},
	"PutApproved": {simpul.CodeDenied, func(ctx context.Context, r *room, p simpul.Principal, address string) error {
		content, err := json.Marshal(lid(func(s *catalog.Spec) { s.Title = "Curian" }))
		if err != nil {
			return err
		}
		return r.approve(ctx, p, proposal{subject: address, content: string(content)})
	}},
	"Delete": {simpul.CodeNotFound, func(ctx context.Context, r *room, p simpul.Principal, address string) error {
		return r.Delete(ctx, p, address)
	}},
	"Revisions": {simpul.CodeNotFound, func(ctx context.Context, r *room, p simpul.Principal, address string) error {
		_, err := r.Revisions(ctx, p, address, all, 10)
		return err
	}},
	"History": {simpul.CodeNotFound, func(ctx context.Context, r *room, p simpul.Principal, address string) error {
		_, err := r.History(ctx, p, address, all, 10)
		return err
	}},
	"Revision": {simpul.CodeNotFound, func(ctx context.Context, r *room, p simpul.Principal, address string) error {
		_, err := r.Revision(ctx, p, address, 1)
		return err
	}},
	"Diff": {simpul.CodeNotFound, func(ctx context.Context, r *room, p simpul.Principal, address string) error {
		_, err := r.Diff(ctx, p, address, 0, 0)
		return err
	}},
	"Plan": {simpul.CodeNotFound, func(ctx context.Context, r *room, p simpul.Principal, address string) error {
		c, err := r.Plan(ctx, p, address, lid(nil))
		if err == nil && c.From.Digest == "" && c.Refused == nil {
			return simpul.NotFound(simpul.Text{}, address)
		}
		return err
	}},
	"Begin": {simpul.CodeDenied, func(ctx context.Context, r *room, p simpul.Principal, _ string) error {
		_, err := r.Begin(ctx, p, lid(nil))
		return placeless(err)
	}},
	"Recast": {simpul.CodeDenied, func(ctx context.Context, r *room, p simpul.Principal, _ string) error {
		return r.Recast(ctx, p, "~/tidakada", lid(nil))
	}},
	"Begun": {simpul.CodeNotFound, func(ctx context.Context, r *room, p simpul.Principal, address string) error {
		all, err := r.Begun(ctx, p)
		if err == nil && len(all) == 0 {
			return simpul.NotFound(simpul.Text{}, address)
		}
		return err
	}},
	"Settle": {simpul.CodeDenied, func(ctx context.Context, r *room, p simpul.Principal, address string) error {
		return r.Settle(ctx, p, "~/tidakada", simpul.Address(address), lid(nil))
	}},
	"Discard": {simpul.CodeNotFound, func(ctx context.Context, r *room, p simpul.Principal, address string) error {
		return r.Discard(ctx, p, address)
	}},
	"Try": {simpul.CodeDenied, func(ctx context.Context, r *room, p simpul.Principal, address string) error {
		return r.Try(ctx, p, simpul.Address(address), kemendagri)
	}},
	"Owned": {simpul.CodeNotFound, func(ctx context.Context, r *room, p simpul.Principal, address string) error {
		all, err := r.Owned(ctx, p, catalog.Selection{Limit: 1000})
		if err == nil && len(all) == 0 {
			return simpul.NotFound(simpul.Text{}, address)
		}
		return err
	}},
	"EndCanary": {simpul.CodeNotFound, func(ctx context.Context, r *room, p simpul.Principal, address string) error {
		_, err := r.EndCanary(ctx, p, address)
		return err
	}},
	"PromoteCanary": {simpul.CodeNotFound, func(ctx context.Context, r *room, p simpul.Principal, address string) error {
		_, err := r.PromoteCanary(ctx, p, address)
		return err
	}},
	"Own": {simpul.CodeNotFound, func(ctx context.Context, r *room, p simpul.Principal, address string) error {
		_, err := r.Own(ctx, p, address)
		return err
	}},
}

// placeless drops the random name of what was to be begun from a refusal.
func placeless(err error) error {
	if e, ok := errors.AsType[*simpul.Error](err); ok {
		return &simpul.Error{Code: e.Code}
	}
	return err
}

// ofTheHub are the methods that nobody calls in the name of somebody.
var ofTheHub = []string{"Connect", "Deliver", "WarnOfEnds"}

func TestEveryMethodIsTriedAsTheWrongTenant(t *testing.T) {
	service := reflect.TypeFor[*catalog.Service]()
	for i := range service.NumMethod() {
		if name := service.Method(i).Name; attempts[name].try == nil && !slices.Contains(ofTheHub, name) {
			t.Errorf("%s is not among the attempts: say what the wrong tenant meets", name)
		}
	}
	if len(attempts)+len(ofTheHub) != service.NumMethod() {
		t.Errorf("%d attempts for %d methods", len(attempts), service.NumMethod())
	}
}

// What is not published is told from what does not exist by its owner only.
func TestTheWrongTenantReachesNothing(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		r.put(t, "g/Draft", lid(draft))
		r.put(t, "g/Retired", lid(retired))
		before, revision := r.inventory(t), lastRevision(t, db)
		for name, a := range attempts {
			for who, p := range map[string]simpul.Principal{"another agency": providerOf(bandung), "the public": public} {
				absent := plainly(a.try(t.Context(), r, p, "g/Missing"), "g/Missing")
				for _, address := range []string{"g/Draft", "g/Retired"} {
					err := a.try(t.Context(), r, p, address)
					if got := simpul.CodeOf(err); got != a.code {
						t.Errorf("%s of %s as %s: got %v, want %s", name, address, who, err, a.code)
					}
					if got := plainly(err, address); got != absent {
						t.Errorf("%s as %s tells what exists from what does not:\n%s\n%s", name, who, got, absent)
					}
				}
			}
		}
		if diff := cmp.Diff(before, r.inventory(t), compact); diff != "" || lastRevision(t, db) != revision {
			t.Errorf("something changed (-before +after)\n%s", diff)
		}
	})
}

// What is published is seen by everybody and changed by its owner only.
func TestThePublishedIsNotForOthersToChange(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		r.put(t, kota, lid(nil))
		before := r.inventory(t)
		for _, p := range []simpul.Principal{providerOf(bandung), public} {
			for _, name := range []string{"Put", "Delete"} {
				checkRefusal(t, attempts[name].try(t.Context(), r, p, kota), attempts[name].code, "")
			}
			if owner, read, err := r.Owner(t.Context(), p.Scope(), kota); err != nil || owner != kemendagri || !read.HasField("kode") {
				t.Errorf("got %s, %v", owner, err)
			}
		}
		if diff := cmp.Diff(before, r.inventory(t), compact); diff != "" {
			t.Errorf("something changed (-before +after)\n%s", diff)
		}
	})
}

// Whoever tries a taken address under one agency's name after the other must
// not find the one that holds it.
func TestTheHolderOfAnAddressCannotBeFoundOut(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		exec(t, db, `INSERT INTO agency_agency (id, name, level, created_at, updated_at) VALUES ('bps.go.id', 'A', 'nasional', 0, 0)`)
		r.put(t, kota, lid(draft))
		answer := func(agency simpul.AgencyID) string {
			_, err := r.Put(t.Context(), providerOf(bandung), kota, lid(func(s *catalog.Spec) { s.Agency = agency }), false)
			return plainly(err, string(agency))
		}
		if holder, other := answer(kemendagri), answer("bps.go.id"); holder != other {
			t.Errorf("the holder is told from another:\n%s\n%s", holder, other)
		}
	})
}

func TestADraftWithoutAContractHasAnOwner(t *testing.T) {
	r := newRoom(t, testkit.SQLite(t))
	r.put(t, kota, lid(func(s *catalog.Spec) { draft(s); s.Contract = nil }))
	owner, read, err := r.Owner(t.Context(), simpul.AgencyScope(kemendagri), kota)
	if err != nil || owner != kemendagri || read != nil {
		t.Errorf("got %s, %v, %v", owner, read, err)
	}
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
