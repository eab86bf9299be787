package agency_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
	"simpul/internal/registry/agency"
)

// everyPage is all there is.
var everyPage = httpapi.Page{Limit: 1000}

// attempts are all exported methods of the room's services, each as somebody
// tries it on what belongs to the agency bandung: on the one that exists, or on
// one that does not. A method that is public says so.
var attempts = map[string]struct {
	public bool
	code   simpul.Code
	try    func(ctx context.Context, r *room, p simpul.Principal, name, key string) error
}{
	"Agencies.Get":  {public: true},
	"Agencies.List": {public: true},
	"Agencies.Put": {code: simpul.CodeDenied, try: func(ctx context.Context, r *room, p simpul.Principal, name, _ string) error {
		_, err := r.agencies.Put(ctx, p, name+bandung, agency.Spec{Name: "Curian", Level: agency.Nasional}, false)
		return err
	}},
	"Agencies.Delete": {code: simpul.CodeDenied, try: func(ctx context.Context, r *room, p simpul.Principal, name, _ string) error {
		return r.agencies.Delete(ctx, p, name+bandung)
	}},
	"Applications.Put": {code: simpul.CodeDenied, try: func(ctx context.Context, r *room, p simpul.Principal, name, _ string) error {
		_, err := r.applications.Put(ctx, p, name+layanan, agency.ApplicationSpec{Name: "Curian"}, false)
		return err
	}},
	"Applications.Get": {code: simpul.CodeNotFound, try: func(ctx context.Context, r *room, p simpul.Principal, name, _ string) error {
		_, err := r.applications.Get(ctx, p, name+layanan)
		return err
	}},
	"Applications.List": {code: simpul.CodeNotFound, try: func(ctx context.Context, r *room, p simpul.Principal, name, _ string) error {
		all, err := r.applications.List(ctx, p, everyPage)
		if err == nil && len(all) == 0 {
			return simpul.NotFound(simpul.Text{}, name+layanan)
		}
		return err
	}},
	"Applications.Delete": {code: simpul.CodeNotFound, try: func(ctx context.Context, r *room, p simpul.Principal, name, _ string) error {
		return r.applications.Delete(ctx, p, name+layanan)
	}},
	"Applications.IssueKey": {code: simpul.CodeNotFound, try: func(ctx context.Context, r *room, p simpul.Principal, name, _ string) error {
		_, _, err := r.applications.IssueKey(ctx, p, name+layanan, agency.KeyWish{Label: "curian"})
		return err
	}},
	"Applications.RotateKey": {code: simpul.CodeNotFound, try: func(ctx context.Context, r *room, p simpul.Principal, name, key string) error {
		_, _, err := r.applications.RotateKey(ctx, p, name+layanan, name+key, 7, agency.KeyWish{})
		return err
	}},
	"Applications.ReportLeakedKey": {code: simpul.CodeNotFound, try: func(ctx context.Context, r *room, p simpul.Principal, name, key string) error {
		return r.applications.ReportLeakedKey(ctx, p, name+layanan, name+key)
	}},
	"Applications.ReportLeak":   {public: true},
	"Applications.WarnOfExpiry": {public: true}, // nobody calls it but the hub
	"Agencies.Admit":            {public: true}, // needs a transaction of the nation
	"Agencies.Amend":            {public: true},
	"Agencies.AllowFrom":        {public: true},
	"Agencies.Children":         {public: true},
	"Agencies.Approval": {code: simpul.CodeNotFound, try: func(ctx context.Context, r *room, p simpul.Principal, name, _ string) error {
		_, err := r.agencies.Approval(ctx, p, name+bandung)
		return err
	}},
	"Agencies.Decide": {code: simpul.CodeDenied, try: func(ctx context.Context, r *room, p simpul.Principal, name, _ string) error {
		_, err := r.agencies.Decide(ctx, p, name+bandung, agency.Decision{Standing: agency.Trial})
		return err
	}},
	"Agencies.Suspend": {code: simpul.CodeDenied, try: func(ctx context.Context, r *room, p simpul.Principal, name, _ string) error {
		return r.agencies.Suspend(ctx, p, name+bandung, "curian")
	}},
	"Agencies.Reinstate": {code: simpul.CodeDenied, try: func(ctx context.Context, r *room, p simpul.Principal, name, _ string) error {
		return r.agencies.Reinstate(ctx, p, name+bandung)
	}},
	"Agencies.Allowlist": {code: simpul.CodeNotFound, try: func(ctx context.Context, r *room, p simpul.Principal, name, _ string) error {
		_, err := r.agencies.Allowlist(ctx, p, name+bandung)
		return err
	}},
	"Agencies.SetAllowlist": {code: simpul.CodeDenied, try: func(ctx context.Context, r *room, p simpul.Principal, name, _ string) error {
		return r.agencies.SetAllowlist(ctx, p, name+bandung, []string{"10.0.0.0/8"})
	}},
	"Agencies.Units": {code: simpul.CodeNotFound, try: func(ctx context.Context, r *room, p simpul.Principal, name, _ string) error {
		_, err := r.agencies.Units(ctx, p, name+bandung)
		return err
	}},
	"Agencies.PutUnit": {code: simpul.CodeDenied, try: func(ctx context.Context, r *room, p simpul.Principal, name, _ string) error {
		return r.agencies.PutUnit(ctx, p, name+bandung, agency.Unit{ID: "u", Name: "Curian"})
	}},
	"Agencies.DeleteUnit": {code: simpul.CodeNotFound, try: func(ctx context.Context, r *room, p simpul.Principal, name, _ string) error {
		return r.agencies.DeleteUnit(ctx, p, name+bandung, "u")
	}},
	"Applications.Keys": {code: simpul.CodeNotFound, try: func(ctx context.Context, r *room, p simpul.Principal, name, _ string) error {
		_, err := r.applications.Keys(ctx, p, name+layanan)
		return err
	}},
	"Applications.AddCertificate": {code: simpul.CodeNotFound, try: func(ctx context.Context, r *room, p simpul.Principal, name, _ string) error {
		_, err := r.applications.AddCertificate(ctx, p, name+layanan, agency.CertificateWish{Thumbprint: strings.Repeat("ab", 32)})
		return err
	}},
	"Applications.Certificates": {code: simpul.CodeNotFound, try: func(ctx context.Context, r *room, p simpul.Principal, name, _ string) error {
		_, err := r.applications.Certificates(ctx, p, name+layanan)
		return err
	}},
	"Applications.RevokeCertificate": {code: simpul.CodeNotFound, try: func(ctx context.Context, r *room, p simpul.Principal, name, key string) error {
		return r.applications.RevokeCertificate(ctx, p, name+layanan, name+key)
	}},
	"Applications.RevokeKey": {code: simpul.CodeNotFound, try: func(ctx context.Context, r *room, p simpul.Principal, name, key string) error {
		return r.applications.RevokeKey(ctx, p, name+layanan, name+key)
	}},
}

func TestEveryMethodIsTriedAsTheWrongTenant(t *testing.T) {
	known := map[string]bool{}
	for _, service := range []reflect.Type{reflect.TypeFor[*agency.Agencies](), reflect.TypeFor[*agency.Applications]()} {
		for i := range service.NumMethod() {
			name := service.Elem().Name() + "." + service.Method(i).Name
			if _, ok := attempts[name]; !ok {
				t.Errorf("%s is not among the attempts: say what the wrong tenant meets", name)
			}
			known[name] = true
		}
	}
	for name := range attempts {
		if !known[name] {
			t.Errorf("%s does not exist any more", name)
		}
	}
}

// The wrong tenant meets the same words whether or not the thing exists, and
// changes nothing.
func TestTheWrongTenantReachesNothing(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := furnished(t, db)
		key, _ := r.issue(t, layanan)
		before, revision := inventory(t, r), lastRevision(t, db)
		for name, a := range attempts {
			if a.public {
				continue
			}
			for who, p := range map[string]simpul.Principal{"another agency": adminOf(sumedang), "the public": public} {
				existing := a.try(t.Context(), r, p, "", key.ID)
				missing := a.try(t.Context(), r, p, "x-", key.ID)
				if got := simpul.CodeOf(existing); got != a.code {
					t.Errorf("%s as %s: got %v, want %s", name, who, existing, a.code)
				}
				if got, want := plainly(existing, key.ID), plainly(missing, key.ID); got != want {
					t.Errorf("%s as %s tells what exists from what does not:\n%s\n%s", name, who, got, want)
				}
			}
		}
		if diff := cmp.Diff(before, inventory(t, r)); diff != "" || lastRevision(t, db) != revision {
			t.Errorf("something changed (-before +after)\n%s", diff)
		}
	})
}

// plainly is what an error says to people, with every name that was tried taken
// out.
func plainly(err error, key string) string {
	e, ok := errors.AsType[*simpul.Error](err)
	if !ok {
		return "uncoded"
	}
	names := strings.NewReplacer("x-"+layanan, "…", layanan, "…", "x-"+bandung, "…", bandung, "…", "x-"+key, "…", key, "…")
	return names.Replace(fmt.Sprint(e.Code, e.Place, e.Message, e.Remedy, e.Owner))
}

// inventory is everything that the room holds, as the operator sees it.
func inventory(t *testing.T, r *room) []any {
	t.Helper()
	agencies, err := r.agencies.List(t.Context(), operator, everyPage)
	if err != nil {
		t.Fatal(err)
	}
	all := []any{agencies}
	applications, err := r.applications.List(t.Context(), operator, everyPage)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range applications {
		keys, err := r.applications.Keys(t.Context(), operator, a.ID)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, a, keys)
	}
	return all
}
