package identity_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
	"simpul/internal/registry/identity"
)

func TestAPersonGetsWhatIsKnownOfThem(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		h := newHouse(t, db)
		admin := h.person(t, "admin@bandungkota.go.id", of(simpul.RoleAdmin))
		if _, err := h.BeginEmergency(t.Context(), admin, simpul.RoleAuditor, reason, 60); err != nil {
			t.Fatal(err)
		}
		if _, err := h.Invite(t.Context(), admin, newcomer("p@bandungkota.go.id", of(simpul.RoleProvider))); err != nil {
			t.Fatal(err)
		}
		d, err := h.Export(t.Context(), admin, "admin@bandungkota.go.id")
		if err != nil || d.Account.Personal.Email != "admin@surat.example.id" || len(d.Invitations) != 1 || len(d.Emergencies) != 1 || d.Emergencies[0].Reason != reason {
			t.Fatalf("got %+v, %v", d, err)
		}
		var actions []string
		for _, e := range d.Events {
			actions = append(actions, e.Action+" "+string(e.Account))
		}
		want := []string{"account.invite admin@bandungkota.go.id", "account.join admin@bandungkota.go.id", "emergency.begin admin@bandungkota.go.id", "account.invite p@bandungkota.go.id"}
		if diff := cmp.Diff(want, actions); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff(map[string]any{"passkeys": 1}, d.SignIn); diff != "" {
			t.Error(diff)
		}
		if events := h.events(t, "admin@bandungkota.go.id"); !slices.Contains(events, "account.export") {
			t.Errorf("the export left no event: %v", events)
		}
	})
}

func TestWhoMayExport(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		h := newHouse(t, db)
		own := h.person(t, "p@bandungkota.go.id", of(simpul.RoleProvider))
		for name, c := range map[string]struct {
			p    simpul.Principal
			code simpul.Code
		}{
			"themselves":               {own, ""},
			"their agency's officer":   {h.person(t, "dpo@bandungkota.go.id", of(simpul.RoleDPO)), ""},
			"a national officer":       {h.person(t, "dpo@komdigi.go.id", nationally(simpul.RoleDPO)), ""},
			"another agency's officer": {h.person(t, "dpo@bogorkota.go.id", of(simpul.RoleDPO)), simpul.CodeNotFound},
			"their agency's admin":     {h.person(t, "admin@bandungkota.go.id", of(simpul.RoleAdmin)), simpul.CodeDenied},
			"the operator":             {h.operator(t), simpul.CodeDenied},
			"nobody":                   {simpul.Principal{}, simpul.CodeDenied},
		} {
			_, err := h.Export(t.Context(), c.p, "p@bandungkota.go.id")
			wantCode(t, name, err, c.code)
		}
	})
}

func TestErasureDestroysThePerson(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		h := newHouse(t, db)
		operator := h.operator(t)
		officer := h.person(t, "dpo@bandungkota.go.id", of(simpul.RoleDPO))
		stranger := h.person(t, "dpo@bogorkota.go.id", of(simpul.RoleDPO))
		h.person(t, "p@bandungkota.go.id", of(simpul.RoleProvider))
		const id = "p@bandungkota.go.id"
		wantCode(t, "while active", h.Erase(t.Context(), officer, id), simpul.CodeConflict)
		if _, err := h.Close(t.Context(), operator, id); err != nil {
			t.Fatal(err)
		}
		wantCode(t, "by the operator", h.Erase(t.Context(), operator, id), simpul.CodeDenied)
		wantCode(t, "by another agency's officer", h.Erase(t.Context(), stranger, id), simpul.CodeNotFound)
		if err := h.Erase(t.Context(), officer, id); err != nil {
			t.Fatal(err)
		}
		wantCode(t, "again", h.Erase(t.Context(), officer, id), simpul.CodeConflict)
		a, err := h.Account(t.Context(), operator, id)
		if err != nil || a.Personal != (identity.Personal{}) || a.Erased.IsZero() || a.State != identity.Closed {
			t.Errorf("got %+v, %v", a, err)
		}
		if row := column(t, db, simpul.NationScope(), `SELECT person || email_digest FROM identity_account WHERE id = '`+id+`'`); !cmp.Equal(row, []string{""}) {
			t.Errorf("stored: %v", row)
		}
		if !slices.Contains(h.dropped, simpul.AccountID(id)) {
			t.Error("credentials stay")
		}
		if events := h.events(t, id); events[len(events)-1] != "account.erase" || len(events) < 4 {
			t.Errorf("the trail lost the pseudonym: %v", events)
		}
		for act, err := range h.acts(t, operator, id) {
			wantCode(t, act+" what is erased", err, simpul.CodeConflict)
		}
	})
}

func TestTheLastAdministratorIsNotErased(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		h := newHouse(t, db)
		officer := h.person(t, "dpo@bandungkota.go.id", of(simpul.RoleDPO))
		h.person(t, "admin@bandungkota.go.id", of(simpul.RoleAdmin))
		if _, err := h.Close(t.Context(), h.operator(t), "admin@bandungkota.go.id"); err != nil {
			t.Fatal(err)
		}
		wantCode(t, "without a successor", h.Erase(t.Context(), officer, "admin@bandungkota.go.id"), simpul.CodeConflict)
		h.person(t, "baru@bandungkota.go.id", of(simpul.RoleAdmin))
		if err := h.Erase(t.Context(), officer, "admin@bandungkota.go.id"); err != nil {
			t.Errorf("with a successor: %v", err)
		}
	})
}

// Nothing that is said to people or kept in the trail tells who they are beyond
// the names of accounts.
func TestNoPersonInTheTrail(t *testing.T) {
	h := newHouse(t, testkit.SQLite(t))
	admin := h.person(t, "admin@bandungkota.go.id", of(simpul.RoleAdmin))
	h.person(t, "p@bandungkota.go.id", of(simpul.RoleProvider))
	h.acts(t, admin, "p@bandungkota.go.id")
	if _, err := h.BeginEmergency(t.Context(), admin, simpul.RoleDPO, reason, 60); err != nil {
		t.Fatal(err)
	}
	said := fmt.Sprint(column(t, h.db, simpul.NationScope(), `SELECT subject || ' ' || detail FROM trail_event`), h.notices)
	for _, hidden := range []string{"Nama ", "surat.example", "Kebocoran", "penyusup"} {
		if strings.Contains(said, hidden) {
			t.Errorf("%q is said in %s", hidden, said)
		}
	}
}
