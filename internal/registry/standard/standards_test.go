package standard_test

import (
	"testing"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
	"simpul/internal/registry/standard"
)

func populationOf(version int) standard.StandardSpec {
	return standard.StandardSpec{
		Agency: kemendagri, Authority: bps, Version: version, Field: "kependudukan", Name: "Jumlah penduduk",
		Concept: "Penduduk", Definition: "Semua orang yang berdomisili di wilayah Indonesia.", Measure: "Jumlah", Unit: "jiwa",
	}
}

func TestTheLifeOfAStandard(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r, ctx := newRoom(t, db), t.Context()
		const id = "jumlah-penduduk"
		take := func(p simpul.Principal, version int, step standard.Step) error {
			t.Helper()
			_, err := r.standards.Take(ctx, p, id, version, step, "catatan")
			return err
		}
		put := func(p simpul.Principal, s standard.StandardSpec) error {
			t.Helper()
			_, err := r.standards.Put(ctx, p, id, s, false)
			return err
		}
		unseen := func(p simpul.Principal) {
			t.Helper()
			_, err := r.standards.Get(ctx, p, id)
			checkRefusal(t, err, simpul.CodeNotFound, "")
		}
		bpsAuthority, other := authority, authority
		bpsAuthority.ID, bpsAuthority.Agency = "t-bps", bps
		other.ID, other.Agency = "t-big", "big.go.id"

		checkRefusal(t, put(steward, populationOf(2)), simpul.CodeInvalid, "spec.version")
		if err := put(steward, populationOf(1)); err != nil {
			t.Fatal(err)
		}
		unseen(stranger)
		unseen(public)
		checkRefusal(t, take(bpsAuthority, 1, standard.Approve), simpul.CodeConflict, "")
		if err := take(steward, 1, standard.Propose); err != nil {
			t.Fatal(err)
		}
		checkRefusal(t, put(steward, func() standard.StandardSpec { s := populationOf(1); s.Unit = "orang"; return s }()), simpul.CodeConflict, "spec.version")
		checkRefusal(t, put(steward, populationOf(2)), simpul.CodeConflict, "spec.version")
		checkRefusal(t, take(steward, 1, standard.Approve), simpul.CodeDenied, "")
		checkRefusal(t, take(operator, 1, standard.Approve), simpul.CodeDenied, "")
		checkRefusal(t, take(other, 1, standard.Approve), simpul.CodeDenied, "")
		unseen(stranger)
		if err := take(bpsAuthority, 1, standard.Return); err != nil {
			t.Fatal(err)
		}
		if err := take(steward, 1, standard.Propose); err != nil {
			t.Fatal(err)
		}
		if err := take(bpsAuthority, 1, standard.Approve); err != nil {
			t.Fatal(err)
		}
		got, err := r.standards.Get(ctx, public, id)
		if err != nil || got.Spec.State != standard.Approved {
			t.Errorf("%+v, %v", got, err)
		}
		checkRefusal(t, r.standards.Delete(ctx, steward, id), simpul.CodeConflict, "")
		if err := put(steward, got.Spec); err != nil {
			t.Errorf("the same again: %v", err)
		}
		if err := put(steward, populationOf(2)); err != nil {
			t.Fatal(err)
		}
		if got, err = r.standards.Get(ctx, public, id); err != nil || got.Spec.Version != 1 {
			t.Errorf("the public sees %+v, %v", got, err)
		}
		if got, err = r.standards.Get(ctx, steward, id); err != nil || got.Spec.Version != 2 {
			t.Errorf("its agency sees %+v, %v", got, err)
		}
		if err := r.standards.Delete(ctx, steward, id); err != nil {
			t.Fatal(err)
		}
		if err := take(bpsAuthority, 1, standard.Withdraw); err != nil {
			t.Fatal(err)
		}
		all, err := r.standards.Versions(ctx, public, id)
		if err != nil || len(all) != 1 || all[0].Spec.State != standard.Withdrawn || all[0].Note != "catatan" || all[0].DecidedAt == nil {
			t.Errorf("%+v, %v", all, err)
		}
		if len(r.told) != 5 || r.told[0].Holding != simpul.ApproveStandards || r.told[1].Agency != kemendagri {
			t.Errorf("told %+v", r.told)
		}
	})
}

// Whoever wrote or proposed a version does not decide on it, also not with
// another token of the same account.
func TestNobodyApprovesTheirOwn(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r, ctx := newRoom(t, db), t.Context()
		both := simpul.Acting("t-both", simpul.RoleAuthority, "")
		both.Account, both.Permissions = "siti@bps.go.id", append(both.Permissions, simpul.WriteStandards)
		if _, err := r.standards.Put(ctx, both, "milik-sendiri", populationOf(1), false); err != nil {
			t.Fatal(err)
		}
		if _, err := r.standards.Take(ctx, steward, "milik-sendiri", 1, standard.Propose, ""); err != nil {
			t.Fatal(err)
		}
		elsewhere := both
		elsewhere.ID = "t-another"
		for _, p := range []simpul.Principal{both, elsewhere} {
			_, err := r.standards.Take(ctx, p, "milik-sendiri", 1, standard.Approve, "")
			checkRefusal(t, err, simpul.CodeDenied, "")
		}
		if _, err := r.standards.Take(ctx, authority, "milik-sendiri", 1, standard.Approve, ""); err != nil {
			t.Error(err)
		}
	})
}

func TestStandardsThatCannotBe(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		for place, change := range map[string]func(*standard.StandardSpec){
			"spec.agency":     func(s *standard.StandardSpec) { s.Agency = "Kemendagri" },
			"spec.authority":  func(s *standard.StandardSpec) { s.Authority = "" },
			"spec.definition": func(s *standard.StandardSpec) { s.Definition = " " },
			"spec.unit":       func(s *standard.StandardSpec) { s.Unit = "" },
		} {
			s := populationOf(1)
			change(&s)
			_, err := r.standards.Put(t.Context(), steward, "x", s, false)
			checkRefusal(t, err, simpul.CodeInvalid, place)
		}
		s := populationOf(1)
		s.List = "tiada"
		_, err := r.standards.Put(t.Context(), steward, "x", s, false)
		checkRefusal(t, err, simpul.CodeNotFound, "spec.list")
		_, err = r.standards.Put(t.Context(), steward, "X", populationOf(1), false)
		checkRefusal(t, err, simpul.CodeInvalid, "metadata.id")
		s = populationOf(1)
		s.Agency = "none.go.id"
		_, err = r.standards.Put(t.Context(), operator, "x", s, false)
		checkRefusal(t, err, simpul.CodeInvalid, "spec.agency")
	})
}

func TestTheWrongTenantReachesNoDraft(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r, ctx := newRoom(t, db), t.Context()
		if _, err := r.standards.Put(ctx, steward, "rahasia", populationOf(1), false); err != nil {
			t.Fatal(err)
		}
		for _, id := range []string{"rahasia", "tiada"} {
			_, err := r.standards.Versions(ctx, stranger, id)
			checkRefusal(t, err, simpul.CodeNotFound, "")
			_, err = r.standards.Take(ctx, stranger, id, 1, standard.Propose, "")
			checkRefusal(t, err, simpul.CodeNotFound, "")
			checkRefusal(t, r.standards.Delete(ctx, stranger, id), simpul.CodeNotFound, "")
			_, err = r.standards.Put(ctx, stranger, id, populationOf(1), false)
			checkRefusal(t, err, simpul.CodeDenied, "")
		}
		all, err := r.standards.List(ctx, stranger, httpapi.Page{Limit: 10})
		if err != nil || len(all) != 0 {
			t.Errorf("%v, %v", all, err)
		}
		found, err := r.standards.Search(ctx, steward, "JIWA", httpapi.Page{Limit: 10})
		if err != nil || len(found) != 1 {
			t.Errorf("its agency finds %v, %v", found, err)
		}
	})
}
