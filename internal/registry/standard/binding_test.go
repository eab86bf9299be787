package standard_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
	"simpul/internal/registry/standard"
)

// shelf is a catalogue of one published LID and one draft, both of Kemendagri.
type shelf struct{}

func (shelf) Subject(_ context.Context, scope simpul.Scope, address simpul.Address) (standard.Subject, error) {
	switch {
	case address == "master/Kota":
		return standard.Subject{Agency: kemendagri, Published: true, Fields: []string{"items", "items.kode", "items.jumlah"}}, nil
	case address == "master/Rahasia" && scope.Covers(kemendagri):
		return standard.Subject{Agency: kemendagri}, nil
	}
	return standard.Subject{}, simpul.NotFound(simpul.Text{ID: "LID", EN: "LID"}, string(address))
}

func TestFieldsAreBound(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r, ctx := furnished(t, db), t.Context()
		if _, err := r.standards.Put(ctx, steward, "jumlah-penduduk", populationOf(1), false); err != nil {
			t.Fatal(err)
		}
		bind := func(p simpul.Principal, address string, fields ...standard.BoundField) error {
			_, err := r.bindings.Put(ctx, p, address, standard.BindingSpec{Fields: fields}, false)
			return err
		}
		kode, jumlah := standard.BoundField{Field: "items.kode", List: standard.Kemendagri}, standard.BoundField{Field: "items.jumlah", Standard: "jumlah-penduduk"}
		checkRefusal(t, bind(steward, "master/Kota", kode, jumlah), simpul.CodeNotFound, "spec.fields[1].standard")
		jumlah.Version = 1
		checkRefusal(t, bind(steward, "master/Kota", kode, jumlah), simpul.CodeInvalid, "spec.fields[1].standard")
		jumlah.Version = 0
		for _, step := range []struct {
			p    simpul.Principal
			step standard.Step
		}{{steward, standard.Propose}, {authority, standard.Approve}} {
			if _, err := r.standards.Take(ctx, step.p, "jumlah-penduduk", 1, step.step, ""); err != nil {
				t.Fatal(err)
			}
		}
		if err := bind(steward, "master/Kota", kode, jumlah); err != nil {
			t.Fatal(err)
		}
		jumlah.Version = 1
		got, err := r.bindings.Get(ctx, public, "master/Kota")
		if diff := cmp.Diff([]standard.BoundField{jumlah, kode}, got.Spec.Fields); err != nil || diff != "" {
			t.Errorf("%v %s", err, diff)
		}
		uses, err := r.bindings.Uses(ctx, public, "", standard.Kemendagri, 10)
		if diff := cmp.Diff([]standard.Use{{LID: "master/Kota", BoundField: kode}}, uses); err != nil || diff != "" {
			t.Errorf("%v %s", err, diff)
		}
		checkRefusal(t, r.lists.Delete(ctx, steward, string(standard.Kemendagri)), simpul.CodeConflict, "")
		checkRefusal(t, bind(steward, "master/Kota", standard.BoundField{Field: "items.tiada", List: standard.BPS}), simpul.CodeInvalid, "spec.fields[0].field")
		checkRefusal(t, bind(steward, "master/Kota", kode, kode), simpul.CodeInvalid, "spec.fields[1].field")
		checkRefusal(t, bind(steward, "master/Kota", standard.BoundField{Field: "items.kode"}), simpul.CodeInvalid, "spec.fields[0]")
		checkRefusal(t, bind(steward, "master/Kota", standard.BoundField{Field: "items.kode", List: "tiada"}), simpul.CodeNotFound, "spec.fields[0].list")
		checkRefusal(t, bind(steward, "master/Kota", standard.BoundField{Field: "items.kode", List: "a\x00"}), simpul.CodeInvalid, "spec.fields[0].list")
		checkRefusal(t, bind(steward, "kota", kode), simpul.CodeInvalid, "metadata.id")
		checkRefusal(t, bind(stranger, "master/Kota", kode), simpul.CodeDenied, "")
		checkRefusal(t, bind(stranger, "master/Rahasia", kode), simpul.CodeNotFound, "")
		checkRefusal(t, r.bindings.Delete(ctx, stranger, "master/Kota"), simpul.CodeNotFound, "")

		if err := bind(steward, "master/Rahasia", kode); err != nil {
			t.Fatal(err)
		}
		_, err = r.bindings.Get(ctx, stranger, "master/Rahasia")
		checkRefusal(t, err, simpul.CodeNotFound, "")
		for p, want := range map[string]int{"steward": 2, "stranger": 1} {
			who := map[string]simpul.Principal{"steward": steward, "stranger": stranger}[p]
			all, err := r.bindings.List(ctx, who, httpapi.Page{Limit: 10})
			if err != nil || len(all) != want {
				t.Errorf("%s lists %d, %v", p, len(all), err)
			}
			uses, err := r.bindings.Uses(ctx, who, "", standard.Kemendagri, 10)
			if err != nil || len(uses) != want {
				t.Errorf("%s sees %d uses, %v", p, len(uses), err)
			}
		}
		if err := r.bindings.Delete(ctx, steward, "master/Kota"); err != nil {
			t.Fatal(err)
		}
		_, err = r.bindings.Get(ctx, steward, "master/Kota")
		checkRefusal(t, err, simpul.CodeNotFound, "")
	})
}

func TestUnboundFields(t *testing.T) {
	fields := []string{"items", "items.nik", "items.kodeKota", "items.kotak", "items.nama_lengkap", "jumlah", "kode-wilayah", "NIK", "panik"}
	got := standard.Unbound(fields, []string{"items.nik"})
	if diff := cmp.Diff([]string{"items.kodeKota", "items.nama_lengkap", "kode-wilayah", "NIK"}, got); diff != "" {
		t.Error(diff)
	}
}

// The view in memory is what a fresh load is, after each change.
func TestTheViewFollowsBindings(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r, ctx := furnished(t, db), t.Context()
		view := standard.NewBound(db)
		check := func(want ...string) {
			t.Helper()
			if err := view.Refresh(ctx, []sqldb.Revision{{Kind: "LID", ID: "master/Kota"}, {Kind: "Binding", ID: "master/Kota"}}); err != nil {
				t.Fatal(err)
			}
			fresh := standard.NewBound(db)
			if err := fresh.Load(ctx); err != nil {
				t.Fatal(err)
			}
			for name, v := range map[string]*standard.Bound{"followed": view, "fresh": fresh} {
				if diff := cmp.Diff(want, v.Bound("master/Kota")); diff != "" {
					t.Errorf("%s: %s", name, diff)
				}
			}
		}
		check()
		bind := func(fields ...string) {
			t.Helper()
			var s standard.BindingSpec
			for _, f := range fields {
				s.Fields = append(s.Fields, standard.BoundField{Field: f, List: standard.Kemendagri})
			}
			if _, err := r.bindings.Put(ctx, steward, "master/Kota", s, false); err != nil {
				t.Fatal(err)
			}
		}
		bind("items.kode", "items.jumlah")
		check("items.jumlah", "items.kode")
		bind("items.kode")
		check("items.kode")
		if err := r.bindings.Delete(ctx, steward, "master/Kota"); err != nil {
			t.Fatal(err)
		}
		check()
	})
}
