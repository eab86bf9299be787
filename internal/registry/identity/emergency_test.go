package identity_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
	"simpul/internal/registry/identity"
)

const reason = "Kebocoran data sedang berlangsung, pejabat PDP tidak dapat dihubungi"

func TestAnEmergencyGivesARoleForAWhile(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		h := newHouse(t, db)
		admin := h.person(t, "admin@bandungkota.go.id", of(simpul.RoleAdmin))
		e, err := h.BeginEmergency(t.Context(), admin, simpul.RoleDPO, reason, 60)
		if err != nil || !e.Until.Equal(e.Begun.Add(time.Hour)) || e.National {
			t.Fatalf("got %+v, %v", e, err)
		}
		p := h.as(t, "admin@bandungkota.go.id")
		if !p.Can(simpul.ErasePeople) || !p.Can(simpul.WriteAccounts) || p.ID != admin.ID || p.National || !cmp.Equal(p.Roles, []simpul.Role{simpul.RoleAdmin, simpul.RoleDPO}) {
			t.Errorf("got %+v", p)
		}
		h.now = e.Until.Add(-time.Millisecond)
		if !h.as(t, "admin@bandungkota.go.id").Can(simpul.ErasePeople) {
			t.Error("it ended early")
		}
		h.now = e.Until
		if diff := cmp.Diff(admin, h.as(t, "admin@bandungkota.go.id")); diff != "" {
			t.Errorf("it goes on: %s", diff)
		}
		if err := h.Tend(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := h.Tend(t.Context()); err != nil { // notes it once
			t.Fatal(err)
		}
		all, err := h.Emergencies(t.Context(), admin, "", "", 10)
		if err != nil || len(all) != 1 || all[0].Reason != reason || !all[0].Ended.Equal(e.Until) || all[0].EndedBy != "hub" {
			t.Errorf("got %+v, %v", all, err)
		}
		if diff := cmp.Diff([]string{"account.invite", "account.join", "emergency.begin", "emergency.end"}, h.events(t, "admin@bandungkota.go.id")); diff != "" {
			t.Error(diff)
		}
	})
}

func TestAnEmergencyAlarmsThoseWhoWatch(t *testing.T) {
	h := newHouse(t, testkit.SQLite(t))
	admin := h.person(t, "admin@bandungkota.go.id", of(simpul.RoleAdmin))
	if _, err := h.BeginEmergency(t.Context(), admin, simpul.RoleDPO, reason, 5); err != nil {
		t.Fatal(err)
	}
	told := map[string]bool{}
	for _, n := range h.notices {
		told[string(n.Agency)+" "+string(n.Holding)] = true
		if !n.Urgent || n.Key != h.notices[0].Key || n.Key == "" || strings.Contains(n.Body.ID+n.Title.ID, reason) {
			t.Errorf("got %+v", n)
		}
	}
	want := map[string]bool{" role.write": true, " audit.read": true, "bandungkota.go.id account.write": true, "bandungkota.go.id audit.read": true, "bandungkota.go.id account.erase": true}
	if diff := cmp.Diff(want, told); diff != "" {
		t.Error(diff)
	}
}

func TestWhoMayTakeWhatInAnEmergency(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		h := newHouse(t, db)
		admin := h.person(t, "admin@bandungkota.go.id", of(simpul.RoleAdmin))
		provider := h.person(t, "p@bandungkota.go.id", of(simpul.RoleProvider))
		operator := h.person(t, "op@komdigi.go.id", nationally(simpul.RoleOperator))
		watch := identity.RoleSpec{Title: identity.Title{ID: "Piket nasional", EN: "National watch"}, Reach: simpul.ReachNation, Permissions: []simpul.Permission{simpul.OwnAccount, simpul.BreakGlass}}
		if _, err := h.Roles().Put(t.Context(), h.operator(t), "watch", watch, false); err != nil {
			t.Fatal(err)
		}
		watcher := h.person(t, "piket@komdigi.go.id", nationally("watch"))
		claimed := provider
		claimed.Permissions = simpul.AllPermissions() // whatever a request says, standing counts
		for name, c := range map[string]struct {
			p       simpul.Principal
			role    simpul.Role
			reason  string
			minutes int
			code    simpul.Code
		}{
			"admin takes a role of the agency":  {admin, simpul.RoleProvider, reason, 10, ""},
			"admin takes operator":              {admin, simpul.RoleOperator, reason, 10, simpul.CodeInvalid},
			"admin takes the authority":         {admin, simpul.RoleAuthority, reason, 10, simpul.CodeInvalid},
			"admin takes what they hold":        {admin, simpul.RoleAdmin, reason, 10, simpul.CodeInvalid},
			"a role that there is not":          {admin, "emperor", reason, 10, simpul.CodeInvalid},
			"provider":                          {provider, simpul.RoleAdmin, reason, 10, simpul.CodeDenied},
			"a principal who claims":            {claimed, simpul.RoleAdmin, reason, 10, simpul.CodeDenied},
			"a token":                           {h.operator(t), simpul.RoleDPO, reason, 10, simpul.CodeDenied},
			"a short reason":                    {admin, simpul.RoleDPO, "  darurat sekali     ", 10, simpul.CodeInvalid},
			"a reason of control characters":    {admin, simpul.RoleDPO, reason + "\x00", 10, simpul.CodeInvalid},
			"no time":                           {admin, simpul.RoleDPO, reason, 0, simpul.CodeInvalid},
			"more than an hour":                 {admin, simpul.RoleDPO, reason, 61, simpul.CodeInvalid},
			"the national watch takes operator": {watcher, simpul.RoleOperator, reason, 10, ""},
			"operator takes the officer":        {operator, simpul.RoleDPO, reason, 10, ""},
			"operator takes an agency's role":   {operator, simpul.RoleAdmin, reason, 10, simpul.CodeInvalid},
		} {
			e, err := h.BeginEmergency(t.Context(), c.p, c.role, c.reason, c.minutes)
			wantCode(t, name, err, c.code)
			if err == nil {
				if _, err := h.BeginEmergency(t.Context(), c.p, "auditor", reason, 5); simpul.CodeOf(err) != simpul.CodeConflict {
					t.Errorf("%s, and another: %v", name, err)
				}
				if _, err := h.EndEmergency(t.Context(), c.p, e.ID); err != nil {
					t.Errorf("%s: %v", name, err)
				}
			}
		}
	})
}

// What is taken in an emergency ends, so nothing that would last is made of it.
func TestAnEmergencyLeavesNothingBehind(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		h := newHouse(t, db)
		watch := identity.RoleSpec{Title: identity.Title{ID: "Piket", EN: "Watch"}, Reach: simpul.ReachAgency, Permissions: []simpul.Permission{simpul.OwnAccount, simpul.BreakGlass}}
		if _, err := h.Roles().Put(t.Context(), h.operator(t), "watch", watch, false); err != nil {
			t.Fatal(err)
		}
		watcher := h.person(t, "piket@bandungkota.go.id", of("watch"))
		h.person(t, "p@bandungkota.go.id", of(simpul.RoleProvider))
		if _, err := h.BeginEmergency(t.Context(), watcher, simpul.RoleAdmin, reason, 10); err != nil {
			t.Fatal(err)
		}
		p := h.as(t, "piket@bandungkota.go.id")
		_, err := h.Invite(t.Context(), p, newcomer("kawan@bandungkota.go.id", of(simpul.RoleAdmin)))
		wantCode(t, "invite", err, simpul.CodeDenied)
		for act, err := range h.acts(t, p, "p@bandungkota.go.id") {
			switch act {
			case "change", "roles":
				wantCode(t, act, err, simpul.CodeDenied)
			case "suspend":
				wantCode(t, act, err, "")
			}
		}
		_, err = h.Recover(t.Context(), p, "p@bandungkota.go.id")
		if err == nil {
			t.Error("a recovery was started with what was taken")
		}
	})
}

// Whoever could change a role with what they took would keep it.
func TestAnEmergencyChangesNoRole(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		h := newHouse(t, db)
		watch := identity.RoleSpec{Title: identity.Title{ID: "Piket nasional", EN: "National watch"}, Reach: simpul.ReachNation, Permissions: []simpul.Permission{simpul.OwnAccount, simpul.BreakGlass}}
		for _, name := range []string{"watch", "spare"} {
			if _, err := h.Roles().Put(t.Context(), h.operator(t), name, watch, false); err != nil {
				t.Fatal(err)
			}
		}
		watcher := h.person(t, "piket@komdigi.go.id", nationally("watch"))
		if _, err := h.BeginEmergency(t.Context(), watcher, simpul.RoleOperator, reason, 10); err != nil {
			t.Fatal(err)
		}
		p := h.as(t, "piket@komdigi.go.id")
		if !p.Can(simpul.WriteRoles) {
			t.Fatal("the emergency has not begun")
		}
		watch.Permissions = simpul.AllPermissions()
		_, err := h.Roles().Put(t.Context(), p, "watch", watch, false)
		wantCode(t, "put", err, simpul.CodeDenied)
		wantCode(t, "delete", h.Roles().Delete(t.Context(), p, "spare"), simpul.CodeDenied)
	})
}

func TestAnEmergencyCanBeEndedEarly(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		h := newHouse(t, db)
		admin := h.person(t, "admin@bandungkota.go.id", of(simpul.RoleAdmin))
		other := h.person(t, "lain@bandungkota.go.id", of(simpul.RoleAdmin))
		provider := h.person(t, "p@bandungkota.go.id", of(simpul.RoleProvider))
		stranger := h.person(t, "admin@bogorkota.go.id", of(simpul.RoleAdmin))
		for _, ender := range []simpul.Principal{admin, other, h.operator(t)} {
			e, err := h.BeginEmergency(t.Context(), admin, simpul.RoleDPO, reason, 60)
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range []simpul.Principal{provider, stranger, {}} {
				_, err := h.EndEmergency(t.Context(), p, e.ID)
				wantCode(t, p.ID+" ends it", err, simpul.CodeNotFound)
			}
			h.now = h.now.Add(time.Minute)
			got, err := h.EndEmergency(t.Context(), ender, e.ID)
			if err != nil || got.EndedBy != ender.ID || !got.Ended.Equal(h.now.Truncate(time.Millisecond)) || got.Reason != reason {
				t.Errorf("%s ends it: %+v, %v", ender.ID, got, err)
			}
			if h.as(t, "admin@bandungkota.go.id").Can(simpul.ErasePeople) {
				t.Error("it goes on")
			}
		}
		e, err := h.BeginEmergency(t.Context(), admin, simpul.RoleDPO, reason, 60)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := h.Suspend(t.Context(), other, "admin@bandungkota.go.id"); err != nil {
			t.Fatal(err)
		}
		all, err := h.Emergencies(t.Context(), other, "admin@bandungkota.go.id", "", 10)
		if err != nil || len(all) != 4 || all[0].ID != e.ID || all[0].EndedBy != other.ID {
			t.Errorf("after a suspension: %+v, %v", all, err)
		}
	})
}

func TestWhoSeesEmergencies(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		h := newHouse(t, db)
		var ids []string
		for _, id := range []string{"admin@bandungkota.go.id", "admin@bogorkota.go.id"} {
			e, err := h.BeginEmergency(t.Context(), h.person(t, id, of(simpul.RoleAdmin)), simpul.RoleDPO, reason, 60)
			if err != nil {
				t.Fatal(err)
			}
			ids = append(ids, e.ID)
			h.now = h.now.Add(time.Second)
		}
		provider := h.person(t, "p@bandungkota.go.id", of(simpul.RoleProvider))
		auditor := h.person(t, "a@bandungkota.go.id", of(simpul.RoleAuditor))
		for _, c := range []struct {
			p       simpul.Principal
			account simpul.AccountID
			before  string
			want    []string
			code    simpul.Code
		}{
			{h.operator(t), "", "", []string{ids[1], ids[0]}, ""},
			{h.operator(t), "", ids[1], []string{ids[0]}, ""},
			{h.operator(t), "admin@bogorkota.go.id", "", []string{ids[1]}, ""},
			{auditor, "", "", []string{ids[0]}, ""},
			{auditor, "admin@bogorkota.go.id", "", nil, ""},
			{auditor, "", ids[1], nil, ""}, // another tenant's is no place to begin after
			{provider, "", "", nil, ""},
			{provider, "admin@bandungkota.go.id", "", nil, simpul.CodeDenied},
			{simpul.Principal{}, "", "", nil, simpul.CodeDenied},
		} {
			all, err := h.Emergencies(t.Context(), c.p, c.account, c.before, 10)
			var got []string
			for _, e := range all {
				got = append(got, e.ID)
			}
			wantCode(t, c.p.ID, err, c.code)
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("%s asks for %q: %s", c.p.ID, c.account, diff)
			}
		}
	})
}

// Nothing deletes a row, and on PostgreSQL nothing can.
func TestAnEmergencyStaysOnRecord(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		h := newHouse(t, db)
		if _, err := h.BeginEmergency(t.Context(), h.person(t, "admin@bandungkota.go.id", of(simpul.RoleAdmin)), simpul.RoleDPO, reason, 60); err != nil {
			t.Fatal(err)
		}
		if stored := fmt.Sprint(column(t, db, simpul.NationScope(), `SELECT reason FROM identity_emergency`)); strings.Contains(stored, "Kebocoran") {
			t.Error("the reason is stored in clear")
		}
		_ = db.Write(t.Context(), simpul.NationScope(), func(tx *sqldb.Tx) error {
			n, err := tx.Exec(t.Context(), `DELETE FROM identity_emergency`)
			if t.Name() == "TestAnEmergencyStaysOnRecord/postgres" && n != 0 {
				t.Errorf("%d rows were deleted, %v", n, err)
			}
			return err
		})
	})
}
