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

	"github.com/google/go-cmp/cmp"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
	"simpul/internal/registry/catalog"
)

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
