package simpul_test

import (
	"slices"
	"testing"

	"simpul"
)

func TestPrincipalNeeds(t *testing.T) {
	provider := simpul.Acting("t-1", simpul.RoleProvider, "bps.go.id")
	if err := provider.Need(simpul.WriteLIDs); err != nil {
		t.Error(err)
	}
	for _, p := range []simpul.Permission{simpul.ApproveAgencies, simpul.WriteRoles, "", "emperor"} {
		err := provider.Need(p)
		if simpul.CodeOf(err) != simpul.CodeDenied {
			t.Errorf("%q: got %v", p, err)
		}
	}
	if (simpul.Principal{}).Can(simpul.OwnAccount) || simpul.Acting("", "emperor", "bps.go.id").Can(simpul.ReadLIDs) {
		t.Error("a principal without a role may do something")
	}
}

// Who may do what weighs most: a change here is a decision.
func TestStandardRoles(t *testing.T) {
	roles := simpul.StandardRoles()
	if len(roles) != 9 {
		t.Errorf("there are %d", len(roles))
	}
	for permission, want := range map[simpul.Permission][]simpul.Role{
		simpul.ApproveAgencies:   {simpul.RoleOperator},
		simpul.WriteRoles:        {simpul.RoleOperator},
		simpul.WriteRetention:    {simpul.RoleOperator},
		simpul.ExportKeys:        {simpul.RoleOperator},
		simpul.EnrolHubs:         {simpul.RoleOperator},
		simpul.ErasePeople:       {simpul.RoleDPO},
		simpul.ExportPeople:      {simpul.RoleDPO},
		simpul.WriteAccounts:     {simpul.RoleAdmin, simpul.RoleOperator},
		simpul.BreakGlass:        {simpul.RoleAdmin, simpul.RoleOperator},
		simpul.ReadAudit:         {simpul.RoleAdmin, simpul.RoleAuditor, simpul.RoleDPO, simpul.RoleOperator},
		simpul.WriteLIDs:         {simpul.RoleAdmin, simpul.RoleOperator, simpul.RoleProvider, simpul.RoleSteward},
		simpul.WriteStandards:    {simpul.RoleAdmin, simpul.RoleOperator, simpul.RoleProducer, simpul.RoleSteward},
		simpul.ApproveStandards:  {simpul.RoleAuthority},
		simpul.WriteApplications: {simpul.RoleAdmin, simpul.RoleConsumer, simpul.RoleOperator, simpul.RoleProvider},
	} {
		var got []simpul.Role
		for name, spec := range roles {
			if spec.Allows(permission) {
				got = append(got, name)
			}
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", permission, got, want)
		}
	}
	for name, spec := range roles {
		if spec.Title.ID == "" || spec.Title.EN == "" || !spec.Allows(simpul.OwnAccount) {
			t.Errorf("%s is not complete", name)
		}
		for _, p := range spec.Permissions {
			if _, err := simpul.ParsePermission(string(p)); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	if _, err := simpul.ParsePermission("emperor"); err == nil {
		t.Error("an unknown permission was accepted")
	}
}
