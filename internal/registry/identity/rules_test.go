package identity_test

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
	"simpul/internal/registry/identity"
)

// Who may give which role: the whole matrix. A role that reaches the nation is
// given nationally, the others to an agency's person.
func TestWhoMayGiveWhat(t *testing.T) {
	given := map[simpul.Role][]identity.Assignment{}
	for name, spec := range simpul.StandardRoles() {
		if spec.Reach != simpul.ReachNation {
			given[name] = append(given[name], of(name))
		}
		if spec.Reach != simpul.ReachAgency {
			given[name] = append(given[name], nationally(name))
		}
	}
	inAgency := []identity.Assignment{of(simpul.RoleAdmin), of(simpul.RoleProvider), of(simpul.RoleConsumer), of(simpul.RoleSteward), of(simpul.RoleProducer), of(simpul.RoleAuditor)}
	everything := slices.Concat(inAgency, []identity.Assignment{of(simpul.RoleDPO),
		nationally(simpul.RoleOperator), nationally(simpul.RoleAuthority), nationally(simpul.RoleAuditor), nationally(simpul.RoleDPO)})
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		h := newHouse(t, db)
		const target = "sasaran@bandungkota.go.id"
		h.person(t, target, of(simpul.RoleProducer))
		for who, c := range map[string]struct {
			p   simpul.Principal
			may []identity.Assignment
		}{
			"operator":         {h.person(t, "op@komdigi.go.id", nationally(simpul.RoleOperator)), everything},
			"operator's token": {h.operator(t), everything},
			"admin":            {h.person(t, "admin@bandungkota.go.id", of(simpul.RoleAdmin)), inAgency},
			"provider":         {h.person(t, "p@bandungkota.go.id", of(simpul.RoleProvider)), nil},
			"auditor":          {h.person(t, "a@bandungkota.go.id", of(simpul.RoleAuditor)), nil},
			"national auditor": {h.person(t, "na@komdigi.go.id", nationally(simpul.RoleAuditor)), nil},
			"officer":          {h.person(t, "dpo@bandungkota.go.id", of(simpul.RoleDPO)), nil},
		} {
			for _, list := range given {
				for _, assignment := range list {
					exec(t, db, `UPDATE identity_holding SET role = 'producer', national = FALSE WHERE account = $1`, target)
					_, err := h.SetRoles(t.Context(), c.p, target, []identity.Assignment{assignment})
					if slices.Contains(c.may, assignment) != (err == nil) {
						t.Errorf("%s gives %+v: %v", who, assignment, err)
					}
					if err != nil {
						wantCode(t, who+" gives "+string(assignment.Role), err, simpul.CodeDenied)
					}
				}
			}
		}
	})
}

func TestRolesThatNobodyMayBeGiven(t *testing.T) {
	h := newHouse(t, testkit.SQLite(t))
	operator := h.operator(t)
	h.person(t, "a@bandungkota.go.id", of(simpul.RoleConsumer))
	for name, wanted := range map[string][]identity.Assignment{
		"none":                            {},
		"unknown":                         {of("emperor")},
		"twice":                           {of(simpul.RoleConsumer), of(simpul.RoleConsumer)},
		"a national role in an agency":    {of(simpul.RoleOperator)},
		"an agency's role for the nation": {nationally(simpul.RoleAdmin)},
		"of both reaches":                 {of(simpul.RoleAdmin), nationally(simpul.RoleAuditor)},
	} {
		_, err := h.SetRoles(t.Context(), operator, "a@bandungkota.go.id", wanted)
		wantCode(t, name, err, simpul.CodeInvalid)
	}
	if diff := cmp.Diff([]simpul.Role{simpul.RoleConsumer}, h.as(t, "a@bandungkota.go.id").Roles); diff != "" {
		t.Error(diff)
	}
}

// Whoever could change the address of an account that may do more, or start its
// recovery, could become it.
func TestNobodyActsOnWhoMayDoMore(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		h := newHouse(t, db)
		admin := h.person(t, "admin@komdigi.go.id", of(simpul.RoleAdmin))
		h.person(t, "op@komdigi.go.id", nationally(simpul.RoleOperator))
		h.person(t, "audit@komdigi.go.id", nationally(simpul.RoleAuditor)) // may do less, but for all
		h.person(t, "dpo@komdigi.go.id", of(simpul.RoleDPO))
		letters := len(h.letters)
		for _, target := range []string{"op@komdigi.go.id", "audit@komdigi.go.id", "dpo@komdigi.go.id", "admin@komdigi.go.id"} {
			for act, err := range h.acts(t, admin, target) {
				if target == "admin@komdigi.go.id" && (act == "close" || act == "change") {
					continue // one's own, see below
				}
				wantCode(t, act+" "+target, err, simpul.CodeDenied)
			}
		}
		if len(h.letters) != letters || len(h.ended)+len(h.dropped) != 0 {
			t.Errorf("something happened: %d letters, %v, %v", len(h.letters)-letters, h.ended, h.dropped)
		}
	})
}

// acts tries everything that can be done to an account.
func (h *house) acts(t *testing.T, p simpul.Principal, id string) map[string]error {
	t.Helper()
	first := func(_ identity.Account, err error) error { return err }
	moved := identity.Personal{Name: "Orang lain", Email: "penyusup@surat.example.id"}
	return map[string]error{
		"change":    first(h.Change(t.Context(), p, id, moved, "")),
		"roles":     first(h.SetRoles(t.Context(), p, id, []identity.Assignment{of(simpul.RoleProducer)})),
		"suspend":   first(h.Suspend(t.Context(), p, id)),
		"reinstate": first(h.Reinstate(t.Context(), p, id)),
		"recover":   first(h.Recover(t.Context(), p, id)),
		"resend":    first(h.Resend(t.Context(), p, id)),
		"withdraw":  first(h.Withdraw(t.Context(), p, id)),
		"close":     first(h.Close(t.Context(), p, id)),
	}
}

func TestNobodyDecidesOnThemselves(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		h := newHouse(t, db)
		admin := h.person(t, "admin@bandungkota.go.id", of(simpul.RoleAdmin))
		h.person(t, "lain@bandungkota.go.id", of(simpul.RoleAdmin))
		_, err := h.SetRoles(t.Context(), admin, "admin@bandungkota.go.id", []identity.Assignment{of(simpul.RoleProvider)})
		wantCode(t, "own roles", err, simpul.CodeDenied)
		_, err = h.Recover(t.Context(), admin, "admin@bandungkota.go.id")
		wantCode(t, "own recovery", err, simpul.CodeDenied)
		_, err = h.Change(t.Context(), admin, "admin@bandungkota.go.id", identity.Personal{Name: "Nama admin", Email: "baru@surat.example.id"}, "")
		wantCode(t, "own address", err, simpul.CodeDenied)
		a, err := h.Change(t.Context(), admin, "admin@bandungkota.go.id", identity.Personal{Name: "Nama Baru", Email: "ADMIN@surat.example.id", Phone: "+62 22 123456"}, simpul.English)
		if err != nil || a.Personal.Name != "Nama Baru" || a.Language != simpul.English {
			t.Errorf("own name: %+v, %v", a, err)
		}
	})
}

func TestTheLastAdministratorStays(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		h := newHouse(t, db)
		admin := h.person(t, "admin@bandungkota.go.id", of(simpul.RoleAdmin))
		other := h.person(t, "lain@bandungkota.go.id", of(simpul.RoleAdmin), of(simpul.RoleProvider))
		h.person(t, "admin@bogorkota.go.id", of(simpul.RoleAdmin)) // of another agency: does not count
		if _, err := h.Suspend(t.Context(), admin, "lain@bandungkota.go.id"); err != nil {
			t.Fatal(err)
		}
		_, err := h.Close(t.Context(), admin, "admin@bandungkota.go.id")
		wantCode(t, "the last who is active", err, simpul.CodeConflict)
		if _, err := h.Reinstate(t.Context(), admin, "lain@bandungkota.go.id"); err != nil {
			t.Fatal(err)
		}
		if _, err := h.Close(t.Context(), admin, "admin@bandungkota.go.id"); err != nil {
			t.Errorf("with another administrator: %v", err)
		}
		if diff := cmp.Diff([]simpul.AccountID{"admin@bandungkota.go.id"}, h.dropped); diff != "" {
			t.Errorf("credentials: %s", diff)
		}
		_, err = h.Suspend(t.Context(), admin, "lain@bandungkota.go.id") // by a principal from before
		wantCode(t, "somebody who is closed acts", err, simpul.CodeUnauthenticated)
		_, err = h.Close(t.Context(), other, "lain@bandungkota.go.id")
		wantCode(t, "now the last", err, simpul.CodeConflict)
		if _, err := h.Close(t.Context(), h.operator(t), "lain@bandungkota.go.id"); err != nil {
			t.Errorf("by the operator: %v", err)
		}
	})
}

// What somebody may do in one agency never becomes what they may do in all.
func TestPermissionsOfAnAccount(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		h := newHouse(t, db)
		p := h.person(t, "a@bandungkota.go.id", of(simpul.RoleConsumer), of(simpul.RoleSteward))
		spec := simpul.StandardRoles()
		want := slices.Concat(spec[simpul.RoleConsumer].Permissions, spec[simpul.RoleSteward].Permissions)
		slices.Sort(want)
		if diff := cmp.Diff(slices.Compact(want), permissionsOf(p)); diff != "" || len(p.Permissions) != len(permissionsOf(p)) {
			t.Errorf("%v %s", p.Permissions, diff)
		}
		if p.National || p.Agency != bandung || p.Account != "a@bandungkota.go.id" || p.ID != "a@bandungkota.go.id" {
			t.Errorf("got %+v", p)
		}
		exec(t, db, `INSERT INTO identity_holding (account, role, agency, national, given_by, given_at) VALUES ($1, 'auditor', $2, TRUE, 'x', 0)`, "a@bandungkota.go.id", bandung)
		p = h.as(t, "a@bandungkota.go.id")
		if !p.National || p.Can(simpul.WriteLIDs) || p.Can(simpul.WriteApplications) || !p.Can(simpul.ReadAudit) {
			t.Errorf("roles of both reaches: %+v", p)
		}
	})
}

// A person of one agency is told nothing of another's: that an account exists
// or not is said in the same words, whatever they try.
func TestStrangersLearnNothing(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		h := newHouse(t, db)
		h.person(t, "ada@bandungkota.go.id", of(simpul.RoleProvider))
		stranger := h.person(t, "admin@bogorkota.go.id", of(simpul.RoleAdmin))
		there, absent := h.acts(t, stranger, "ada@bandungkota.go.id"), h.acts(t, stranger, "tiada@bandungkota.go.id")
		for act, err := range there {
			wantCode(t, act, err, simpul.CodeNotFound)
			if told := strings.ReplaceAll(err.Error(), "ada@", "tiada@"); told != absent[act].Error() {
				t.Errorf("%s tells %q and %q", act, err, absent[act])
			}
		}
		_, err := h.Invite(t.Context(), stranger, newcomer("ada@bandungkota.go.id", of(simpul.RoleConsumer)))
		_, err2 := h.Invite(t.Context(), stranger, newcomer("tiada@bandungkota.go.id", of(simpul.RoleConsumer)))
		wantCode(t, "invites one that exists", err, simpul.CodeDenied)
		if strings.ReplaceAll(err.Error(), "ada@", "tiada@") != err2.Error() {
			t.Errorf("inviting tells %q and %q", err, err2)
		}
	})
}

// Who reached for more than they may leaves a trail, in their own agency.
func TestRefusalsAreKept(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		h := newHouse(t, db)
		admin := h.person(t, "admin@bandungkota.go.id", of(simpul.RoleAdmin))
		provider := h.person(t, "p@bandungkota.go.id", of(simpul.RoleProvider))
		h.person(t, "op@komdigi.go.id", nationally(simpul.RoleOperator))
		_, err := h.SetRoles(t.Context(), admin, "p@bandungkota.go.id", []identity.Assignment{nationally(simpul.RoleOperator)})
		wantCode(t, "escalation", err, simpul.CodeDenied)
		_, err = h.Invite(t.Context(), admin, newcomer("x@bogorkota.go.id", of(simpul.RoleConsumer)))
		wantCode(t, "another agency", err, simpul.CodeDenied)
		_, err = h.BeginEmergency(t.Context(), provider, simpul.RoleAdmin, reason, 10)
		wantCode(t, "emergency", err, simpul.CodeDenied)
		_, err = h.Roles().Put(t.Context(), admin, "admin", clerk(simpul.OwnAccount, simpul.ErasePeople), false)
		wantCode(t, "role", err, simpul.CodeDenied)
		_, err = h.Export(t.Context(), admin, "p@bandungkota.go.id")
		wantCode(t, "export", err, simpul.CodeDenied)
		_, err = h.Export(t.Context(), simpul.Principal{}, "p@bandungkota.go.id")
		wantCode(t, "export by nobody", err, simpul.CodeDenied)
		_, err = h.Suspend(t.Context(), admin, "op@komdigi.go.id") // not theirs to know: no refusal, and no event
		wantCode(t, "a stranger", err, simpul.CodeNotFound)
		got := column(t, db, simpul.NationScope(), `SELECT actor || ' ' || action || ' ' || subject || ' ' || account || ' ' || agency FROM trail_event WHERE outcome = 'denied' ORDER BY seq`)
		want := []string{
			"admin@bandungkota.go.id account.roles p@bandungkota.go.id p@bandungkota.go.id bandungkota.go.id",
			"admin@bandungkota.go.id account.invite x@bogorkota.go.id admin@bandungkota.go.id bandungkota.go.id",
			"p@bandungkota.go.id emergency.begin admin p@bandungkota.go.id bandungkota.go.id",
			"admin@bandungkota.go.id role.put admin admin@bandungkota.go.id bandungkota.go.id",
			"admin@bandungkota.go.id account.export p@bandungkota.go.id p@bandungkota.go.id bandungkota.go.id",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}

// Each acts with what they may at the moment of their turn, so of two who close
// each other one stays.
func TestTwoAdministratorsCloseEachOther(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		h := newHouse(t, db)
		names := []string{"a@bandungkota.go.id", "b@bandungkota.go.id"}
		var people [2]simpul.Principal
		for i, name := range names {
			people[i] = h.person(t, name, of(simpul.RoleAdmin))
		}
		var results [2]error
		var together sync.WaitGroup
		for i := range people {
			together.Go(func() { _, results[i] = h.Close(t.Context(), people[i], names[1-i]) })
		}
		together.Wait()
		if (results[0] == nil) == (results[1] == nil) {
			t.Errorf("got %v and %v", results[0], results[1])
		}
		for _, err := range results {
			if err != nil {
				wantCode(t, "the other", err, simpul.CodeUnauthenticated)
			}
		}
	})
}
