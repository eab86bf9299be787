package identity_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
	"simpul/internal/registry/identity"
)

func TestAccountsAreFound(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		h := newHouse(t, db)
		operator := h.operator(t)
		admin := h.person(t, "admin@bandungkota.go.id", of(simpul.RoleAdmin))
		h.person(t, "siti.rahma@bandungkota.go.id", of(simpul.RoleProvider))
		h.person(t, "budi@bogorkota.go.id", of(simpul.RoleAdmin))
		if _, err := h.Invite(t.Context(), operator, newcomer("siti@bogorkota.go.id", of(simpul.RoleConsumer))); err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			p      simpul.Principal
			search identity.Search
			page   httpapi.Page
			want   string
		}{
			{operator, identity.Search{}, httpapi.Page{Limit: 10}, "admin@bandungkota.go.id budi@bogorkota.go.id siti.rahma@bandungkota.go.id siti@bogorkota.go.id"},
			{operator, identity.Search{}, httpapi.Page{Limit: 2}, "admin@bandungkota.go.id budi@bogorkota.go.id"},
			{operator, identity.Search{}, httpapi.Page{Limit: 2, After: "budi@bogorkota.go.id"}, "siti.rahma@bandungkota.go.id siti@bogorkota.go.id"},
			{operator, identity.Search{State: identity.Invited}, httpapi.Page{Limit: 10}, "siti@bogorkota.go.id"},
			{operator, identity.Search{Agency: bogor}, httpapi.Page{Limit: 10}, "budi@bogorkota.go.id siti@bogorkota.go.id"},
			{operator, identity.Search{Text: " SITI"}, httpapi.Page{Limit: 10}, "siti.rahma@bandungkota.go.id siti@bogorkota.go.id"},
			{operator, identity.Search{Text: "budi@surat.example.id"}, httpapi.Page{Limit: 10}, ""}, // an e-mail address does not belong into the address of a page
			{operator, identity.Search{Text: "s_ti"}, httpapi.Page{Limit: 10}, ""},
			{operator, identity.Search{Text: "%"}, httpapi.Page{Limit: 10}, ""},
			{operator, identity.Search{Text: `\`}, httpapi.Page{Limit: 10}, ""},
			{admin, identity.Search{}, httpapi.Page{Limit: 10}, "admin@bandungkota.go.id siti.rahma@bandungkota.go.id"},
			{admin, identity.Search{Text: "budi@surat.example.id"}, httpapi.Page{Limit: 10}, ""},
			{admin, identity.Search{Agency: bogor}, httpapi.Page{Limit: 10}, ""},
			{simpul.Principal{}, identity.Search{}, httpapi.Page{Limit: 10}, ""},
		} {
			found, err := h.Accounts(t.Context(), c.p, c.search, c.page)
			var ids []string
			for _, a := range found {
				ids = append(ids, string(a.ID))
			}
			if got := strings.Join(ids, " "); err != nil || got != c.want {
				t.Errorf("%s searches %+v: got %q, %v; want %q", c.p.ID, c.search, got, err, c.want)
			}
		}
	})
}

func TestWhatIsWrongWithAnInvitation(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		h := newHouse(t, db)
		operator := h.operator(t)
		h.person(t, "ada@bandungkota.go.id", of(simpul.RoleProvider))
		good := newcomer("baru@bandungkota.go.id", of(simpul.RoleConsumer))
		for name, c := range map[string]struct {
			change func(*identity.Newcomer)
			code   simpul.Code
			place  string
		}{
			"no account name":      {func(n *identity.Newcomer) { n.ID = "bandungkota.go.id" }, simpul.CodeInvalid, "id"},
			"no such agency":       {func(n *identity.Newcomer) { n.ID = "a@tiada.go.id" }, simpul.CodeNotFound, ""},
			"no name":              {func(n *identity.Newcomer) { n.Personal.Name = " x " }, simpul.CodeInvalid, "name"},
			"a name of two lines":  {func(n *identity.Newcomer) { n.Personal.Name = "Siti\nRahma" }, simpul.CodeInvalid, "name"},
			"no address":           {func(n *identity.Newcomer) { n.Personal.Email = "" }, simpul.CodeInvalid, "email"},
			"an address with name": {func(n *identity.Newcomer) { n.Personal.Email = "Siti <siti@example.id>" }, simpul.CodeInvalid, "email"},
			"two addresses":        {func(n *identity.Newcomer) { n.Personal.Email = "a@example.id,b@example.id" }, simpul.CodeInvalid, "email"},
			"a header":             {func(n *identity.Newcomer) { n.Personal.Email = "a@example.id\r\nBcc: b@example.id" }, simpul.CodeInvalid, "email"},
			"a bare host":          {func(n *identity.Newcomer) { n.Personal.Email = "a@localhost" }, simpul.CodeInvalid, "email"},
			"a telephone in words": {func(n *identity.Newcomer) { n.Personal.Phone = "telepon saja" }, simpul.CodeInvalid, "phone"},
			"a long position":      {func(n *identity.Newcomer) { n.Personal.Position = strings.Repeat("a", 101) }, simpul.CodeInvalid, "position"},
			"no roles":             {func(n *identity.Newcomer) { n.Roles = nil }, simpul.CodeInvalid, "roles"},
			"a name in use":        {func(n *identity.Newcomer) { n.ID = "ada@bandungkota.go.id" }, simpul.CodeConflict, ""},
			"an address in use":    {func(n *identity.Newcomer) { n.Personal.Email = "ADA@surat.example.id" }, simpul.CodeConflict, ""},
		} {
			who := good
			c.change(&who)
			_, err := h.Invite(t.Context(), operator, who)
			e, ok := err.(*simpul.Error)
			if !ok || e.Code != c.code || e.Place != c.place || e.Remedy.ID == "" || e.Remedy.EN == "" {
				t.Errorf("%s: got %v, want %s at %q", name, err, c.code, c.place)
			}
		}
		good.Personal.Email = "ada@surat.example.id"
		good.ID = "baru@bogorkota.go.id"
		if _, err := h.Invite(t.Context(), operator, good); err != nil {
			t.Errorf("the same person at another agency: %v", err)
		}
	})
}

// A name that stands in the audit trail never becomes another person's.
func TestANameIsForEver(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		h := newHouse(t, db)
		operator := h.operator(t)
		h.person(t, "a@bandungkota.go.id", of(simpul.RoleProvider))
		if _, err := h.Close(t.Context(), operator, "a@bandungkota.go.id"); err != nil {
			t.Fatal(err)
		}
		_, err := h.Invite(t.Context(), operator, newcomer("a@bandungkota.go.id", of(simpul.RoleProvider)))
		wantCode(t, "the same name", err, simpul.CodeConflict)
		again := newcomer("a.lagi@bandungkota.go.id", of(simpul.RoleProvider))
		again.Personal.Email = "a@surat.example.id"
		if _, err := h.Invite(t.Context(), operator, again); err != nil {
			t.Errorf("the same person under another name: %v", err)
		}
	})
}

func TestStatesOfAnAccount(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		h := newHouse(t, db)
		operator := h.operator(t)
		const id = "a@bandungkota.go.id"
		acts := map[string]func() error{
			"suspend":   func() error { _, err := h.Suspend(t.Context(), operator, id); return err },
			"reinstate": func() error { _, err := h.Reinstate(t.Context(), operator, id); return err },
			"recover":   func() error { _, err := h.Recover(t.Context(), operator, id); return err },
			"resend":    func() error { _, err := h.Resend(t.Context(), operator, id); return err },
		}
		refused := func(state identity.State, names ...string) {
			t.Helper()
			for _, name := range names {
				wantCode(t, name+" while "+string(state), acts[name](), simpul.CodeConflict)
			}
		}
		if _, err := h.Invite(t.Context(), operator, newcomer(id, of(simpul.RoleProvider))); err != nil {
			t.Fatal(err)
		}
		refused(identity.Invited, "suspend", "reinstate", "recover")
		if _, err := h.redeem(t, h.last(t).code()); err != nil {
			t.Fatal(err)
		}
		refused(identity.Active, "reinstate", "resend")
		if err := acts["suspend"](); err != nil || !cmp.Equal(h.ended, []simpul.AccountID{id}) {
			t.Fatalf("%v, sessions %v", err, h.ended)
		}
		if _, err := h.PrincipalOf(t.Context(), id); simpul.CodeOf(err) != simpul.CodeUnauthenticated {
			t.Errorf("somebody suspended is %v", err)
		}
		refused(identity.Suspended, "suspend", "recover", "resend")
		if err := acts["reinstate"](); err != nil {
			t.Fatal(err)
		}
		h.as(t, id)
		if _, err := h.Close(t.Context(), operator, id); err != nil {
			t.Fatal(err)
		}
		refused(identity.Closed, "suspend", "reinstate", "recover", "resend")
		_, err := h.Close(t.Context(), operator, id)
		wantCode(t, "close again", err, simpul.CodeConflict)
		_, err = h.SetRoles(t.Context(), operator, id, []identity.Assignment{of(simpul.RoleAdmin)})
		wantCode(t, "roles of a closed account", err, simpul.CodeConflict)
		want := []string{"account.invite", "account.join", "account.suspend", "account.reinstate", "account.close"}
		if diff := cmp.Diff(want, h.events(t, id)); diff != "" {
			t.Error(diff)
		}
	})
}

func TestAMovedAddressIsTold(t *testing.T) {
	h := newHouse(t, testkit.SQLite(t))
	admin := h.person(t, "admin@bandungkota.go.id", of(simpul.RoleAdmin))
	h.person(t, "a@bandungkota.go.id", of(simpul.RoleProvider))
	if _, err := h.Change(t.Context(), admin, "a@bandungkota.go.id", identity.Personal{Name: "Nama a", Email: "A@surat.example.id"}, ""); err != nil || len(h.notices) != 0 {
		t.Fatalf("the same address: %v, %d notices", err, len(h.notices))
	}
	if _, err := h.Change(t.Context(), admin, "a@bandungkota.go.id", identity.Personal{Name: "Nama a", Email: "lain@surat.example.id"}, ""); err != nil {
		t.Fatal(err)
	}
	if len(h.notices) != 1 || !h.notices[0].Urgent || h.notices[0].Holding != simpul.WriteAccounts || strings.Contains(h.notices[0].Body.ID, "surat") {
		t.Errorf("got %+v", h.notices)
	}
}

func TestWhatOtherRoomsLearn(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		h := newHouse(t, db)
		h.person(t, "op@komdigi.go.id", nationally(simpul.RoleOperator))
		h.person(t, "audit@bandungkota.go.id", of(simpul.RoleAuditor))
		h.person(t, "admin@bandungkota.go.id", of(simpul.RoleAdmin), of(simpul.RoleProvider))
		h.person(t, "admin@bogorkota.go.id", of(simpul.RoleAdmin))
		h.person(t, "pergi@bandungkota.go.id", of(simpul.RoleAdmin))
		if _, err := h.Suspend(t.Context(), h.operator(t), "pergi@bandungkota.go.id"); err != nil {
			t.Fatal(err)
		}
		got, err := h.Person(t.Context(), "admin@bandungkota.go.id")
		want := identity.Person{ID: "admin@bandungkota.go.id", Name: "Nama admin", Email: "admin@surat.example.id", Language: "id", State: identity.Active,
			Roles: []simpul.Role{simpul.RoleAdmin, simpul.RoleProvider}}
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%v %s", err, diff)
		}
		_, err = h.Person(t.Context(), "tiada@bandungkota.go.id")
		wantCode(t, "nobody", err, simpul.CodeNotFound)

		for _, scope := range []simpul.Scope{simpul.NationScope(), simpul.AgencyScope(bandung), simpul.AgencyScope(bogor)} {
			err := db.Write(t.Context(), scope, func(tx *sqldb.Tx) error {
				email, name, l, err := h.Address(t.Context(), tx, "admin@bandungkota.go.id")
				if email != "admin@surat.example.id" || name != "Nama admin" || l != simpul.Indonesian {
					t.Errorf("from %q: %q %q %q", scope.Key(), email, name, l)
				}
				return err
			})
			if err != nil {
				t.Error(err)
			}
			for _, c := range []struct {
				agency     simpul.AgencyID
				permission simpul.Permission
				want       []simpul.AccountID
			}{
				{bandung, simpul.WriteAccounts, []simpul.AccountID{"admin@bandungkota.go.id"}},
				{bandung, simpul.ReadAudit, []simpul.AccountID{"admin@bandungkota.go.id", "audit@bandungkota.go.id"}},
				{bogor, simpul.WriteAccounts, []simpul.AccountID{"admin@bogorkota.go.id"}},
				{"", simpul.WriteRoles, []simpul.AccountID{"op@komdigi.go.id"}},
				{hubHome, simpul.WriteRoles, []simpul.AccountID{}},
				{bandung, "", []simpul.AccountID{}},
			} {
				err := db.Write(t.Context(), scope, func(tx *sqldb.Tx) error {
					got, err := h.Holders(t.Context(), tx, c.agency, c.permission)
					if diff := cmp.Diff(c.want, got); diff != "" {
						t.Errorf("%s of %q from %q: %s", c.permission, c.agency, scope.Key(), diff)
					}
					return err
				})
				if err != nil {
					t.Error(err)
				}
			}
		}
	})
}

func TestATokenIsKnownByItsID(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		h := newHouse(t, db)
		operator := h.operator(t)
		got, err := h.TokenHolder(t.Context(), operator.ID)
		if diff := cmp.Diff(operator, got); err != nil || diff != "" {
			t.Errorf("%v %s", err, diff)
		}
		if err := h.RevokeToken(t.Context(), operator.ID); err != nil {
			t.Fatal(err)
		}
		p, err := h.TokenHolder(t.Context(), operator.ID)
		checkUnknown(t, p, err)
	})
}

func FuzzMailbox(f *testing.F) {
	for _, seed := range []string{"a@b.id", "a b@c.id", "<a@b.id>", "a@b.id\r\nBcc: c@d.id", "\"a\"@b.id", "a@[1.2.3.4]", "ä@b.id"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, email string) {
		if identity.IsMailbox(email) && (strings.ContainsAny(email, " \r\n\t<>,;\"") || strings.Count(email, "@") != 1 || len(email) > 254) {
			t.Errorf("%q is taken for one address", email)
		}
	})
}
