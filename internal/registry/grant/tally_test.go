package grant_test

import (
	"testing"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
	"simpul/internal/registry/grant"
)

func TestGrantsAreCountedForTheirParties(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		over, soon, year := monday.Add(-time.Hour), monday.Add(time.Hour), monday.AddDate(1, 0, 0)
		r.put(t, "a", spec(nil))
		r.put(t, "b", spec(func(s *grant.Spec) { s.LID, s.Suspended, s.Fields, s.Until = desa, true, nil, &year }))
		r.put(t, "c", spec(func(s *grant.Spec) { s.Application, s.Until, s.Fields = "lain@"+bandung, &over, nil }))
		r.put(t, "d", spec(func(s *grant.Spec) {
			s.Application, s.LID, s.From, s.Fields, s.Until = "lain@"+bandung, desa, &soon, nil, &year
		}))
		r.put(t, "e", spec(func(s *grant.Spec) { s.Application, s.Fields = "sensus@"+bps, nil }))
		whole := grant.Tally{InEffect: 2, Suspended: 1, Over: 2, Parties: 2}
		for _, c := range []struct {
			scope       simpul.Scope
			agency      simpul.AgencyID
			given, held grant.Tally
		}{
			{simpul.NationScope(), kemendagri, whole, grant.Tally{}},
			{simpul.AgencyScope(kemendagri), kemendagri, whole, grant.Tally{}},
			{simpul.AgencyScope(bandung), bandung, grant.Tally{}, grant.Tally{InEffect: 1, Suspended: 1, Over: 2, Parties: 1}},
			{simpul.AgencyScope(bps), bps, grant.Tally{}, grant.Tally{InEffect: 1, Parties: 1}},
			{simpul.AgencyScope(bps), kemendagri, grant.Tally{InEffect: 1, Parties: 1}, grant.Tally{}}, // what it is a party of itself
			{simpul.PublicScope(), kemendagri, grant.Tally{}, grant.Tally{}},
		} {
			given, held, err := r.Tallies(t.Context(), c.scope, c.agency)
			if err != nil || given != c.given || held != c.held {
				t.Errorf("%s as %q: %+v %+v %v", c.agency, c.scope.Key(), given, held, err)
			}
		}
	})
}
