package identity_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
	"simpul/internal/registry/identity"
)

func clerk(permissions ...simpul.Permission) identity.RoleSpec {
	return identity.RoleSpec{Title: identity.Title{ID: "Petugas", EN: "Clerk"}, Reach: simpul.ReachAgency, Permissions: permissions}
}

func TestAHubBeginsWithTheStandardRoles(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		h := newHouse(t, db)
		operator := h.operator(t)
		changed := clerk(simpul.OwnAccount, simpul.ReadLIDs)
		if _, err := h.Roles().Put(t.Context(), operator, "consumer", changed, false); err != nil {
			t.Fatal(err)
		}
		for range 2 { // starting again changes nothing
			if err := h.Load(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		all, err := h.Roles().List(t.Context(), operator, httpapi.Page{Limit: 100})
		if err != nil || len(all) != len(simpul.StandardRoles()) {
			t.Fatalf("%d roles, %v", len(all), err)
		}
		for _, role := range all {
			want := simpul.StandardRoles()[simpul.Role(role.ID)]
			if role.ID == "consumer" {
				want = simpul.RoleSpec{Title: simpul.Text{ID: "Petugas", EN: "Clerk"}, Reach: simpul.ReachAgency, Permissions: changed.Permissions}
			}
			got := simpul.RoleSpec{Title: simpul.Text{ID: role.Spec.Title.ID, EN: role.Spec.Title.EN}, Reach: role.Spec.Reach, Permissions: role.Spec.Permissions}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s: %s", role.ID, diff)
			}
		}
	})
}

func TestAChangeTakesEffectAtTheNextRequest(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		h := newHouse(t, db)
		operator := h.operator(t)
		h.person(t, "a@bandungkota.go.id", of(simpul.RoleConsumer))
		token := h.token(t, simpul.RoleConsumer, bandung)
		if _, err := h.Roles().Put(t.Context(), operator, "consumer", clerk(simpul.OwnAccount, simpul.WriteLIDs), false); err != nil {
			t.Fatal(err)
		}
		byToken, err := h.Principal(t.Context(), token)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range []simpul.Principal{h.as(t, "a@bandungkota.go.id"), byToken} {
			if diff := cmp.Diff([]simpul.Permission{simpul.WriteLIDs, simpul.OwnAccount}, permissionsOf(p)); diff != "" {
				t.Errorf("%s: %s", p.ID, diff)
			}
		}
	})
}

func TestWhatRolesMayNotBecome(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		h := newHouse(t, db)
		operator := h.operator(t)
		admin := h.person(t, "admin@bandungkota.go.id", of(simpul.RoleAdmin))
		with := func(change func(*identity.RoleSpec)) identity.RoleSpec {
			spec := clerk(simpul.OwnAccount)
			change(&spec)
			return spec
		}
		standard, err := h.Roles().Get(t.Context(), operator, "operator")
		if err != nil {
			t.Fatal(err)
		}
		powerless := standard.Spec
		powerless.Permissions = slices.DeleteFunc(slices.Clone(powerless.Permissions), func(p simpul.Permission) bool { return p == simpul.WriteRoles })
		for name, c := range map[string]struct {
			p    simpul.Principal
			id   string
			spec identity.RoleSpec
			code simpul.Code
		}{
			"a name with a space":          {operator, "a b", clerk(simpul.OwnAccount), simpul.CodeInvalid},
			"no title":                     {operator, "clerk", with(func(s *identity.RoleSpec) { s.Title.EN = " " }), simpul.CodeInvalid},
			"an unknown reach":             {operator, "clerk", with(func(s *identity.RoleSpec) { s.Reach = "moon" }), simpul.CodeInvalid},
			"an unknown permission":        {operator, "clerk", clerk("moon.land"), simpul.CodeInvalid},
			"a permission twice":           {operator, "clerk", clerk(simpul.ReadLIDs, simpul.ReadLIDs), simpul.CodeInvalid},
			"admission of agencies in one": {operator, "clerk", clerk(simpul.ApproveAgencies), simpul.CodeInvalid},
			"roles in one agency":          {operator, "clerk", clerk(simpul.WriteRoles), simpul.CodeInvalid},
			"keys in one agency":           {operator, "clerk", clerk(simpul.ExportKeys), simpul.CodeInvalid},
			"hubs in one agency":           {operator, "clerk", clerk(simpul.EnrolHubs), simpul.CodeInvalid},
			"retention in one agency":      {operator, "admin", clerk(simpul.WriteRetention), simpul.CodeInvalid},
			"keys in a role of either reach": {operator, "clerk", with(func(s *identity.RoleSpec) {
				s.Reach, s.Permissions = simpul.ReachEither, []simpul.Permission{simpul.ExportKeys}
			}), simpul.CodeInvalid},
			"another reach for a standard role":   {operator, "consumer", with(func(s *identity.RoleSpec) { s.Reach = simpul.ReachEither }), simpul.CodeConflict},
			"nobody who changes roles":            {operator, "operator", powerless, simpul.CodeConflict},
			"a role by an agency":                 {admin, "clerk", clerk(simpul.OwnAccount), simpul.CodeDenied},
			"more in their own role by an agency": {admin, "admin", clerk(simpul.OwnAccount, simpul.ErasePeople), simpul.CodeDenied},
		} {
			_, err := h.Roles().Put(t.Context(), c.p, c.id, c.spec, false)
			wantCode(t, name, err, c.code)
		}
		if _, err := h.Roles().Get(t.Context(), operator, "clerk"); simpul.CodeOf(err) != simpul.CodeNotFound {
			t.Errorf("a refused role was stored: %v", err)
		}
		second := identity.RoleSpec{Title: identity.Title{ID: "Penjaga peran", EN: "Keeper of roles"}, Reach: simpul.ReachNation, Permissions: []simpul.Permission{simpul.WriteRoles}}
		if _, err := h.Roles().Put(t.Context(), operator, "keeper", second, false); err != nil {
			t.Fatal(err)
		}
		if _, err := h.Roles().Put(t.Context(), operator, "operator", powerless, false); err != nil {
			t.Errorf("with another role that changes roles: %v", err)
		}
		wantCode(t, "delete the last that changes roles", h.Roles().Delete(t.Context(), operator, "keeper"), simpul.CodeConflict)
	})
}

func TestRolesComeAndGo(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		h := newHouse(t, db)
		operator := h.operator(t)
		spec := clerk(simpul.OwnAccount, simpul.ReadLIDs)
		if s, err := h.Roles().Put(t.Context(), operator, "clerk", spec, true); err != nil || !s.Created {
			t.Fatalf("tried: %+v, %v", s, err)
		}
		if _, err := h.Roles().Get(t.Context(), operator, "clerk"); simpul.CodeOf(err) != simpul.CodeNotFound {
			t.Fatalf("only tried, and stored: %v", err)
		}
		if s, err := h.Roles().Put(t.Context(), operator, "clerk", spec, false); err != nil || !s.Created {
			t.Fatalf("%+v, %v", s, err)
		}
		h.person(t, "a@bandungkota.go.id", of("clerk"))
		token := h.token(t, "clerk", bandung)
		wantCode(t, "held by a person and a token", h.Roles().Delete(t.Context(), operator, "clerk"), simpul.CodeConflict)
		p, err := h.Principal(t.Context(), token)
		if err != nil || !p.Can(simpul.ReadLIDs) {
			t.Fatalf("a token of the new role: %+v, %v", p, err)
		}
		if err := h.RevokeToken(t.Context(), p.ID); err != nil {
			t.Fatal(err)
		}
		wantCode(t, "held by a person", h.Roles().Delete(t.Context(), operator, "clerk"), simpul.CodeConflict)
		if _, err := h.Close(t.Context(), operator, "a@bandungkota.go.id"); err != nil {
			t.Fatal(err)
		}
		if err := h.Roles().Delete(t.Context(), operator, "clerk"); err != nil {
			t.Errorf("held by nobody: %v", err)
		}
		wantCode(t, "again", h.Roles().Delete(t.Context(), operator, "clerk"), simpul.CodeNotFound)
		for name := range simpul.StandardRoles() {
			wantCode(t, string(name), h.Roles().Delete(t.Context(), operator, string(name)), simpul.CodeConflict)
		}
		actions := column(t, db, simpul.NationScope(), `SELECT action FROM trail_event WHERE agency = '' ORDER BY seq`)
		if diff := cmp.Diff([]string{"role.put", "role.delete"}, actions); diff != "" {
			t.Error(diff)
		}
	})
}
