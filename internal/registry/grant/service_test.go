package grant_test

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
	"simpul/internal/registry/grant"
)

func TestAGrantIsStoredReplacedAndDeleted(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r, ctx := newRoom(t, db), t.Context()
		stored := monday.Truncate(time.Millisecond)
		until := time.Date(2027, 1, 1, 7, 0, 0, 999_999, time.FixedZone("WIB", 7*3600))
		kept := time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
		sent := spec(func(s *grant.Spec) {
			s.Fields, s.RatePerMinute, s.From, s.Until, s.Suspended = []string{"items.kode"}, 60, &monday, &until, true
		})
		want := httpapi.Stored[grant.Spec]{ID: "g-1", Spec: sent, Times: httpapi.Times{CreatedAt: stored, UpdatedAt: stored}, Created: true}
		want.Spec.From, want.Spec.Until = &stored, &kept
		got, err := r.Put(ctx, of(kemendagri), "g-1", sent, false)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Fatalf("create: %v (-want +got)\n%s", err, diff)
		}
		got, err = r.Get(ctx, of(kemendagri), "g-1")
		want.Created = false
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Fatalf("get: %v (-want +got)\n%s", err, diff)
		}

		r.now = monday.Add(time.Hour)
		want.Spec, want.Times.UpdatedAt = spec(func(s *grant.Spec) { s.LID, s.Fields, s.Until = desa, []string{}, nextYear() }), stored.Add(time.Hour)
		got, err = r.Put(ctx, operator, "g-1", want.Spec, false)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Fatalf("replace: %v (-want +got)\n%s", err, diff)
		}
		for _, p := range []simpul.Principal{operator, of(kemendagri), of(bandung)} {
			got, err = r.Get(ctx, p, "g-1")
			if diff := cmp.Diff(want, got); err != nil || diff != "" {
				t.Errorf("get as %s: %v (-want +got)\n%s", p.ID, err, diff)
			}
		}
		if err := r.Delete(ctx, of(kemendagri), "g-1"); err != nil {
			t.Fatal(err)
		}
		_, err = r.Get(ctx, operator, "g-1")
		checkRefusal(t, err, simpul.CodeNotFound, "")
		checkRefusal(t, r.Delete(ctx, operator, "g-1"), simpul.CodeNotFound, "")
		if last := lastRevision(t, db); last != 3 {
			t.Errorf("%d changes were announced, want 3", last)
		}
	})
}

func TestADryRunKeepsNothing(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r, ctx := newRoom(t, db), t.Context()
		got, err := r.Put(ctx, of(kemendagri), "g-1", spec(nil), true)
		if err != nil || !got.Created || got.ID != "g-1" || got.Times.CreatedAt.IsZero() {
			t.Errorf("got %+v, %v", got, err)
		}
		_, err = r.Get(ctx, operator, "g-1")
		checkRefusal(t, err, simpul.CodeNotFound, "")
		r.put(t, "g-2", spec(nil))
		before := lastRevision(t, db)
		_, err = r.Put(ctx, of(kemendagri), "g-3", spec(nil), true)
		checkRefusal(t, err, simpul.CodeConflict, "spec.application") // it is checked all the same
		if _, err := r.Put(ctx, operator, "g-2", spec(func(s *grant.Spec) { s.Suspended = true }), true); err != nil {
			t.Error(err)
		}
		if g, _, err := r.Find(ctx, "g-2"); err != nil || g.Suspended || lastRevision(t, db) != before {
			t.Errorf("got %+v, %v", g, err)
		}
	})
}

func TestBothPartiesListTheirGrants(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		r.put(t, "g-1", spec(nil))
		r.put(t, "g-2", spec(func(s *grant.Spec) { s.Application = "sensus@" + bps }))
		r.put(t, "g-3", spec(func(s *grant.Spec) { s.LID = "statistik/Sensus" }))
		r.put(t, "g-4", spec(func(s *grant.Spec) { s.LID, s.Until = desa, nextYear() }))
		for _, c := range []struct {
			who   simpul.Principal
			after string
			limit int
			want  string
		}{
			{operator, "", 10, "g-1 g-2 g-3 g-4"}, {operator, "g-1", 2, "g-2 g-3"}, {operator, "g-4", 2, ""},
			{of(kemendagri), "", 10, "g-1 g-2 g-4"}, {of(bps), "", 10, "g-2 g-3"}, {of(bandung), "g-1", 1, "g-3"}, {public, "", 10, ""},
		} {
			all, err := r.List(t.Context(), c.who, httpapi.Page{After: c.after, Limit: c.limit})
			var got []string
			for _, g := range all {
				got = append(got, g.ID)
			}
			if s := strings.Join(got, " "); err != nil || s != c.want {
				t.Errorf("%s after %q: got %q, %v; want %q", c.who.ID, c.after, s, err, c.want)
			}
		}
	})
}

func TestWhatIsNotAccepted(t *testing.T) {
	r := newRoom(t, testkit.SQLite(t))
	at := func(s string) *time.Time {
		when, err := time.Parse(time.RFC3339Nano, s)
		if err != nil {
			t.Fatal(err)
		}
		return &when
	}
	for _, c := range []struct {
		name, id string
		change   func(*grant.Spec)
		code     simpul.Code
		place    string
	}{
		{"a name with a dot", "g.1", nil, simpul.CodeInvalid, "metadata.id"},
		{"no name", "", nil, simpul.CodeInvalid, "metadata.id"},
		{"a LID that is none", "g-1", func(s *grant.Spec) { s.LID = "master/kota" }, simpul.CodeInvalid, "spec.lid"},
		{"a LID with a NUL", "g-1", func(s *grant.Spec) { s.LID = "master/Kota\x00" }, simpul.CodeInvalid, "spec.lid"},
		{"a LID that nobody sees", "g-1", func(s *grant.Spec) { s.LID = "master/Tidak" }, simpul.CodeNotFound, "spec.lid"},
		{"an application that is none", "g-1", func(s *grant.Spec) { s.Application = "layanan" }, simpul.CodeInvalid, "spec.application"},
		{"an application that nobody registered", "g-1", func(s *grant.Spec) { s.Application = "baru@" + bandung }, simpul.CodeInvalid, "spec.application"},
		{"no purpose", "g-1", func(s *grant.Spec) { s.Purpose = " \n" }, simpul.CodeInvalid, "spec.purpose"},
		{"no legal basis", "g-1", func(s *grant.Spec) { s.LegalBasis = "\t" }, simpul.CodeInvalid, "spec.legalBasis"},
		{"an end before the beginning", "g-1", func(s *grant.Spec) { s.From, s.Until = at("2026-01-02T00:00:00Z"), at("2026-01-01T00:00:00Z") }, simpul.CodeInvalid, "spec.until"},
		{"an end at the beginning", "g-1", func(s *grant.Spec) { s.From, s.Until = at("2026-01-01T07:00:00+07:00"), at("2026-01-01T00:00:00Z") }, simpul.CodeInvalid, "spec.until"},
		{"an end that would be stored as none", "g-1", func(s *grant.Spec) { s.Until = at("1970-01-01T00:00:00Z") }, simpul.CodeInvalid, "spec.until"},
		{"an end that rounds to none", "g-1", func(s *grant.Spec) { s.Until = at("1970-01-01T00:00:00.0009Z") }, simpul.CodeInvalid, "spec.until"},
		{"a field that is none", "g-1", func(s *grant.Spec) { s.Fields = []string{"items..kode"} }, simpul.CodeInvalid, "spec.fields"},
		{"a field that the contract has not", "g-1", func(s *grant.Spec) { s.Fields = []string{"items.kode", "items.nik"} }, simpul.CodeInvalid, "spec.fields"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := r.Put(t.Context(), of(kemendagri), c.id, spec(c.change), false)
			checkRefusal(t, err, c.code, c.place)
		})
	}
	if _, err := r.Put(t.Context(), of(kemendagri), "g-1", spec(func(s *grant.Spec) { s.LID, s.Fields = "master/Rencana", []string{"apa.saja"} }), false); err != nil {
		t.Errorf("a draft without a contract has no fields to check: %v", err)
	}
}

func TestAnApplicationHasOneGrantForALID(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r, ctx := newRoom(t, db), t.Context()
		r.put(t, "g-1", spec(nil))
		r.put(t, "g-2", spec(func(s *grant.Spec) { s.LID, s.Until = desa, nextYear() }))
		r.put(t, "g-3", spec(func(s *grant.Spec) { s.Application = "lain@" + bandung }))
		for _, p := range []simpul.Principal{operator, of(kemendagri)} {
			_, err := r.Put(ctx, p, "g-4", spec(nil), false)
			checkRefusal(t, err, simpul.CodeConflict, "spec.application")
			_, err = r.Put(ctx, p, "g-2", spec(nil), false) // moved onto the other
			checkRefusal(t, err, simpul.CodeConflict, "spec.application")
		}
		r.put(t, "g-1", spec(func(s *grant.Spec) { s.Purpose = "Melayani warga lain" }))
	})
}

// An ID that another provider's grant has is taken, also for the consumer who
// sees that grant, and it does not tell whose it is.
func TestAGrantIDBelongsToItsProvider(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r, ctx := newRoom(t, db), t.Context()
		r.put(t, "g-1", spec(func(s *grant.Spec) { s.Application = "sensus@" + bps }))
		before, _, _ := r.Find(ctx, "g-1")
		own := spec(func(s *grant.Spec) { s.LID = "statistik/Sensus" })
		for _, p := range []simpul.Principal{of(bps), operator} {
			for _, dryRun := range []bool{true, false} {
				_, err := r.Put(ctx, p, "g-1", own, dryRun)
				checkRefusal(t, err, simpul.CodeConflict, "metadata.id")
				if strings.Contains(plainly(err, ""), kemendagri) {
					t.Errorf("the refusal says whose it is: %v", err)
				}
			}
		}
		if after, _, err := r.Find(ctx, "g-1"); err != nil || !cmp.Equal(before, after) {
			t.Errorf("it was changed: %+v, %v", after, err)
		}
	})
}

func TestOnlyTheOwnerOfALIDGives(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r, ctx := newRoom(t, db), t.Context()
		for _, p := range []simpul.Principal{of(bandung), of(bps), public} {
			_, err := r.Put(ctx, p, "g-1", spec(nil), false)
			checkRefusal(t, err, simpul.CodeDenied, "spec.lid")
		}
		r.put(t, "g-1", spec(nil))
		_, err := r.Put(ctx, of(bandung), "g-1", spec(func(s *grant.Spec) { s.RatePerMinute = 9 }), false) // the consumer sees it
		checkRefusal(t, err, simpul.CodeDenied, "spec.lid")
		checkRefusal(t, r.Delete(ctx, of(bandung), "g-1"), simpul.CodeNotFound, "")
	})
}

func TestWhatThePolicyReads(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r, ctx := newRoom(t, db), t.Context()
		from, until := monday.Truncate(time.Millisecond), monday.Add(time.Hour).Truncate(time.Millisecond)
		r.put(t, "g-1", spec(nil))
		r.put(t, "g-2", spec(func(s *grant.Spec) {
			s.LID, s.Fields, s.RatePerMinute, s.From, s.Until, s.Suspended = desa, []string{"items.kode"}, 60, &from, &until, true
		}))
		plain := simpul.Grant{ID: "g-1", LID: kota, Provider: kemendagri, Consumer: layanan, Purpose: "Melayani warga", LegalBasis: "UU 25/2009", Fields: []string{}}
		full := plain
		full.ID, full.LID, full.Fields, full.RatePerMin, full.From, full.Until, full.Suspended = "g-2", desa, []string{"items.kode"}, 60, from, until, true
		all, err := r.All(ctx)
		byID := cmp.Transformer("byID", func(all []simpul.Grant) map[simpul.GrantID]simpul.Grant {
			m := map[simpul.GrantID]simpul.Grant{}
			for _, g := range all {
				m[g.ID] = g
			}
			return m
		})
		if diff := cmp.Diff([]simpul.Grant{plain, full}, all, byID); err != nil || diff != "" {
			t.Errorf("%v (-want +got)\n%s", err, diff)
		}
		for id, want := range map[simpul.GrantID]simpul.Grant{"g-1": plain, "g-2": full, "g-3": {}} {
			got, found, err := r.Find(ctx, id)
			if diff := cmp.Diff(want, got); err != nil || found != (want.ID != "") || diff != "" {
				t.Errorf("%s: found %v, %v (-want +got)\n%s", id, found, err, diff)
			}
		}
	})
}

func TestWhoBuildsOnALID(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		soon, over := monday.Add(time.Hour), monday.Add(-time.Hour)
		r.put(t, "g-1", spec(nil))
		r.put(t, "g-2", spec(func(s *grant.Spec) { s.Application, s.Suspended, s.Until = "lain@"+bandung, true, &soon }))
		r.put(t, "g-3", spec(func(s *grant.Spec) { s.Application, s.Until = "sensus@"+bps, &over }))
		for who, want := range map[string]int{kemendagri: 2, bandung: 0} {
			err := db.Read(t.Context(), simpul.AgencyScope(simpul.AgencyID(who)), func(tx *sqldb.Tx) error {
				n, err := r.InEffect(t.Context(), tx, kota)
				if n != want {
					t.Errorf("%s counts %d, want %d", who, n, want)
				}
				return err
			})
			if err != nil {
				t.Error(err)
			}
		}
	})
}

// attempts are all exported methods of the service, as the wrong tenant tries
// them on a grant of kemendagri to bandung. What the hub does for itself says so.
var attempts = map[string]struct {
	hub  bool
	code simpul.Code
	try  func(ctx context.Context, r *room, p simpul.Principal, id string) error
}{
	"All":  {hub: true},
	"Find": {hub: true},
	"Put": {code: simpul.CodeDenied, try: func(ctx context.Context, r *room, p simpul.Principal, id string) error {
		_, err := r.Put(ctx, p, id, spec(func(s *grant.Spec) { s.Purpose = "Mencuri data" }), false)
		return err
	}},
	"Get": {code: simpul.CodeNotFound, try: func(ctx context.Context, r *room, p simpul.Principal, id string) error {
		_, err := r.Get(ctx, p, id)
		return err
	}},
	"List": {code: simpul.CodeNotFound, try: func(ctx context.Context, r *room, p simpul.Principal, id string) error {
		all, err := r.List(ctx, p, everyPage)
		if err == nil && len(all) == 0 {
			return simpul.NotFound(simpul.Text{}, id)
		}
		return err
	}},
	"Tallies": {code: simpul.CodeNotFound, try: func(ctx context.Context, r *room, p simpul.Principal, id string) error {
		given, held, err := r.Tallies(ctx, p.Scope(), kemendagri)
		if err == nil && given == (grant.Tally{}) && held == (grant.Tally{}) {
			return simpul.NotFound(simpul.Text{}, id)
		}
		return err
	}},
	"Held": {code: simpul.CodeNotFound, try: func(ctx context.Context, r *room, p simpul.Principal, id string) error {
		all, err := r.Held(ctx, p, spec(nil).Application)
		if err == nil && len(all) == 0 {
			return simpul.NotFound(simpul.Text{}, id)
		}
		return err
	}},
	"Browse": {code: simpul.CodeNotFound, try: func(ctx context.Context, r *room, p simpul.Principal, id string) error {
		all, err := r.Browse(ctx, p, grant.GrantFilter{}, 0, 100)
		if err == nil && len(all) == 0 {
			return simpul.NotFound(simpul.Text{}, id)
		}
		return err
	}},
	"Count": {code: simpul.CodeNotFound, try: func(ctx context.Context, r *room, p simpul.Principal, id string) error {
		counts, err := r.Count(ctx, p, grant.GrantFilter{})
		if err == nil && len(counts) == 0 {
			return simpul.NotFound(simpul.Text{}, id)
		}
		return err
	}},
	"InEffect": {code: simpul.CodeNotFound, try: func(ctx context.Context, r *room, p simpul.Principal, id string) error {
		return r.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
			n, err := r.InEffect(ctx, tx, kota)
			if err == nil && n == 0 {
				return simpul.NotFound(simpul.Text{}, id)
			}
			return err
		})
	}},
	"Look": {code: simpul.CodeNotFound, try: func(ctx context.Context, r *room, p simpul.Principal, id string) error {
		_, err := r.Look(ctx, p, id)
		return err
	}},
	"Present": {code: simpul.CodeNotFound, try: func(ctx context.Context, r *room, p simpul.Principal, id string) error {
		return r.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
			found, err := r.Present(ctx, tx, id)
			if err == nil && found == nil {
				return simpul.NotFound(simpul.Text{}, id)
			}
			return err
		})
	}},
	"PutApproved": {code: simpul.CodeNotFound, try: func(ctx context.Context, r *room, p simpul.Principal, id string) error {
		return r.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
			content, err := json.Marshal(map[string]any{"id": id, "provider": kemendagri, "spec": spec(func(s *grant.Spec) { s.Purpose = "Mencuri data" })})
			if err != nil {
				return err
			}
			return r.PutApproved(ctx, tx, content, p)
		})
	}},
	"Delete": {code: simpul.CodeNotFound, try: func(ctx context.Context, r *room, p simpul.Principal, id string) error {
		return r.Delete(ctx, p, id)
	}},
}

func TestEveryMethodIsTriedAsTheWrongTenant(t *testing.T) {
	service := reflect.TypeFor[*grant.Service]()
	for i := range service.NumMethod() {
		if _, ok := attempts[service.Method(i).Name]; !ok {
			t.Errorf("%s is not among the attempts: say what the wrong tenant meets", service.Method(i).Name)
		}
	}
	if len(attempts) != service.NumMethod() {
		t.Errorf("%d attempts for %d methods", len(attempts), service.NumMethod())
	}
}

// A third agency meets the same words whether or not the grant exists, and
// changes nothing.
func TestTheWrongTenantReachesNothing(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		r.put(t, "g-1", spec(nil))
		before, revision := fmt.Sprint(r.All(t.Context())), lastRevision(t, db)
		for name, a := range attempts {
			if a.hub {
				continue
			}
			for who, p := range map[string]simpul.Principal{"a third agency": of(bps), "the public": public} {
				existing, missing := a.try(t.Context(), r, p, "g-1"), a.try(t.Context(), r, p, "g-0")
				if got := simpul.CodeOf(existing); got != a.code {
					t.Errorf("%s as %s: got %v, want %s", name, who, existing, a.code)
				}
				if got, want := plainly(existing, "g-1"), plainly(missing, "g-0"); got != want {
					t.Errorf("%s as %s tells what exists from what does not:\n%s\n%s", name, who, got, want)
				}
			}
		}
		if after := fmt.Sprint(r.All(t.Context())); after != before || lastRevision(t, db) != revision {
			t.Errorf("something changed:\n%s\n%s", before, after)
		}
	})
}
