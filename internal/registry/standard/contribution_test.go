package standard_test

import (
	"testing"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
	"simpul/internal/registry/standard"
)

func TestWhatAnAgencyContributes(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r, ctx := furnished(t, db), t.Context()
		if _, err := r.standards.Put(ctx, steward, "jumlah-penduduk", populationOf(1), false); err != nil {
			t.Fatal(err)
		}
		if _, err := r.bindings.Put(ctx, steward, "master/Rahasia", standard.BindingSpec{Fields: []standard.BoundField{{Field: "x", List: standard.BPS}}}, false); err != nil {
			t.Fatal(err)
		}
		form := standard.MetadataSpec{Form: standard.Indicator, Agency: kemendagri, Values: map[string]string{}}
		if _, err := r.metadata.Put(ctx, steward, "rancangan", form, false); err != nil {
			t.Fatal(err)
		}
		check := func(name string, scope simpul.Scope, agency simpul.AgencyID, standards, lists, uses, forms int) {
			t.Helper()
			c, err := r.standards.Contribution(ctx, scope, agency)
			if err != nil || len(c.Standards) != standards || len(c.Lists) != lists || len(c.Uses) != uses || len(c.Forms) != forms {
				t.Errorf("%s: %d standards, %d lists, %d uses, %+v, %v", name, len(c.Standards), len(c.Lists), len(c.Uses), c.Forms, err)
			}
		}
		check("a draft is no contribution", steward.Scope(), kemendagri, 0, 1, 1, 1)
		for _, step := range []struct {
			p    simpul.Principal
			step standard.Step
		}{{steward, standard.Propose}, {authority, standard.Approve}} {
			if _, err := r.standards.Take(ctx, step.p, "jumlah-penduduk", 1, step.step, ""); err != nil {
				t.Fatal(err)
			}
		}
		check("itself", steward.Scope(), kemendagri, 1, 1, 1, 1)
		check("the nation", operator.Scope(), kemendagri, 1, 1, 1, 1)
		check("a stranger sees what is public", stranger.Scope(), kemendagri, 1, 1, 0, 0)
		check("another agency", stranger.Scope(), bps, 0, 1, 0, 0)
	})
}
