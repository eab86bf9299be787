package simpul_test

import (
	"testing"

	"simpul"
)

func TestScopeCovers(t *testing.T) {
	const a, b = simpul.AgencyID("a.go.id"), simpul.AgencyID("b.go.id")
	for _, c := range []struct {
		name  string
		scope simpul.Scope
		id    simpul.AgencyID
		want  bool
	}{
		{"nation", simpul.NationScope(), a, true},
		{"own", simpul.AgencyScope(a), a, true},
		{"other", simpul.AgencyScope(a), b, false},
		{"subdomain", simpul.AgencyScope("go.id"), a, false},
		{"public", simpul.PublicScope(), a, false},
		{"zero", simpul.Scope{}, a, false},
		{"agency to nobody", simpul.AgencyScope(a), "", false},
		{"public to nobody", simpul.PublicScope(), "", false},
		{"empty agency to nobody", simpul.AgencyScope(""), "", false},
	} {
		if got := c.scope.Covers(c.id); got != c.want {
			t.Errorf("%s: got %v", c.name, got)
		}
	}
}

func TestPrincipalScope(t *testing.T) {
	const a = simpul.AgencyID("a.go.id")
	for _, c := range []struct {
		who  simpul.Principal
		want simpul.Scope
	}{
		{simpul.Acting("", simpul.RoleOperator, ""), simpul.NationScope()},
		{simpul.Acting("", simpul.RoleOperator, a), simpul.NationScope()},
		{simpul.Acting("", simpul.RoleAuditor, ""), simpul.NationScope()},
		{simpul.Acting("", simpul.RoleAuditor, a), simpul.AgencyScope(a)},
		{simpul.Acting("", simpul.RoleAdmin, a), simpul.AgencyScope(a)},
		{simpul.Acting("", simpul.RoleProvider, a), simpul.AgencyScope(a)},
		{simpul.Acting("", simpul.RoleConsumer, a), simpul.AgencyScope(a)},
		{simpul.Acting("", simpul.RoleAdmin, ""), simpul.PublicScope()},
		{simpul.Acting("", "emperor", ""), simpul.PublicScope()},
		{simpul.Principal{}, simpul.PublicScope()},
	} {
		if got := c.who.Scope(); got != c.want {
			t.Errorf("%+v: got scope %q, want %q", c.who, got.Key(), c.want.Key())
		}
	}
}

func TestParseRole(t *testing.T) {
	for _, good := range []string{"operator", "admin", "provider", "consumer", "auditor", "pembina-data"} {
		if got, err := simpul.ParseRole(good); err != nil || string(got) != good {
			t.Errorf("%q: got %q, %v", good, got, err)
		}
	}
	for _, bad := range []string{"", "Operator", "admin ", "operator,admin", "-a"} {
		got, err := simpul.ParseRole(bad)
		if got != "" {
			t.Errorf("%q was accepted as %q", bad, got)
		}
		checkRefusal(t, err, "role")
	}
}
