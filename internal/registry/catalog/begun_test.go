package catalog_test

import (
	"fmt"
	"strings"
	"testing"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
	"simpul/internal/registry/catalog"
)

// rough is a draft as a contract begins it: nothing but what the document says.
func rough(s *catalog.Spec) {
	s.State, s.Upstream, s.LegalBasis, s.Class = catalog.Draft, "", "", simpul.Terbatas
}

func TestADraftIsWrittenBitByBit(t *testing.T) {
	r := newRoom(t, testkit.SQLite(t))
	r.put(t, kota, lid(rough))
	for name, spoil := range map[string]func(*catalog.Spec){
		"spec.upstream":   func(s *catalog.Spec) { rough(s); s.Upstream = "ftp://x" },
		"spec.legalBasis": func(s *catalog.Spec) { rough(s); s.State, s.Upstream = catalog.Published, upstream },
	} {
		_, err := r.Put(t.Context(), operator, kota, lid(spoil), false)
		checkRefusal(t, err, simpul.CodeInvalid, name)
	}
	_, err := r.Put(t.Context(), operator, kota, lid(func(s *catalog.Spec) { s.Upstream = "" }), false)
	checkRefusal(t, err, simpul.CodeInvalid, "spec.upstream")
}

func TestWhatIsBegunGetsAnAddress(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		p := providerOf(kemendagri)
		name, err := r.Begin(t.Context(), p, lid(rough))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := simpul.ParseAddress(name); err == nil {
			t.Errorf("%s could be an address", name)
		}
		if all := r.inventory(t); len(all) != 0 {
			t.Errorf("it is listed among LIDs: %v", all)
		}
		if err := r.Recast(t.Context(), p, name, lid(func(s *catalog.Spec) { rough(s); s.Title = "Diperbaiki" })); err != nil {
			t.Fatal(err)
		}
		begun, err := r.Begun(t.Context(), p)
		if err != nil || len(begun) != 1 || begun[0].ID != name || begun[0].Spec.Title != "Diperbaiki" {
			t.Fatalf("got %v, %v", begun, err)
		}
		if err := r.Settle(t.Context(), p, name, kota, begun[0].Spec); err != nil {
			t.Fatal(err)
		}
		if begun, err = r.Begun(t.Context(), p); err != nil || len(begun) != 0 {
			t.Errorf("it is still there: %v, %v", begun, err)
		}
		if l, err := r.Own(t.Context(), p, kota); err != nil || l.Spec.Title != "Diperbaiki" || l.Spec.State != catalog.Draft {
			t.Errorf("got %+v, %v", l, err)
		}
	})
}

func TestOthersDoNotReachWhatIsBegun(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		name, err := r.Begin(t.Context(), providerOf(kemendagri), lid(rough))
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range []simpul.Principal{providerOf(bandung), public} {
			if all, err := r.Begun(t.Context(), p); err != nil || len(all) != 0 {
				t.Errorf("%s sees %v, %v", p.ID, all, err)
			}
			_, err := r.Own(t.Context(), p, name)
			checkRefusal(t, err, simpul.CodeNotFound, "")
			checkRefusal(t, r.Discard(t.Context(), p, name), simpul.CodeNotFound, "")
			if err := r.Recast(t.Context(), p, name, lid(func(s *catalog.Spec) { rough(s); s.Agency = bandung })); err == nil {
				t.Errorf("%s took it over", p.ID)
			}
		}
		if l, err := r.Own(t.Context(), operator, name); err != nil || l.Spec.Agency != kemendagri {
			t.Errorf("got %+v, %v", l, err)
		}
	})
}

func TestATakenAddressIsToldAtOnce(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		r.put(t, kota, lid(draft))
		if err := r.Try(t.Context(), providerOf(bandung), "master/Lain", bandung); err != nil {
			t.Error(err)
		}
		checkRefusal(t, r.Try(t.Context(), providerOf(bandung), kota, bandung), simpul.CodeConflict, "metadata.id")
		checkRefusal(t, r.Try(t.Context(), providerOf(kemendagri), kota, kemendagri), simpul.CodeConflict, "metadata.id")
		checkRefusal(t, r.Settle(t.Context(), providerOf(kemendagri), "~/x", kota, lid(rough)), simpul.CodeConflict, "metadata.id")
		if err := r.Try(t.Context(), providerOf(kemendagri), "master/Lain", kemendagri); err != nil {
			t.Errorf("trying held the address: %v", err)
		}
	})
}

func TestTooManyAreNotBegun(t *testing.T) {
	r := newRoom(t, testkit.SQLite(t))
	for range 50 {
		if _, err := r.Begin(t.Context(), operator, lid(rough)); err != nil {
			t.Fatal(err)
		}
	}
	_, err := r.Begin(t.Context(), operator, lid(rough))
	checkRefusal(t, err, simpul.CodeLimited, "")
	if _, err := r.Begin(t.Context(), operator, lid(func(s *catalog.Spec) { rough(s); s.Agency = bandung })); err != nil {
		t.Errorf("another agency: %v", err)
	}
}

func TestOwnedNarrows(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		r.put(t, "a/Satu", lid(draft))
		r.put(t, "a/Dua", lid(func(s *catalog.Spec) { s.Title = "Persen 100% _aneh_" }))
		r.put(t, "b/Tiga", lid(func(s *catalog.Spec) { s.Agency = bandung }))
		for _, c := range []struct {
			who  simpul.Principal
			by   catalog.Selection
			want string
		}{
			{operator, catalog.Selection{}, "a/Dua a/Satu b/Tiga"},
			{operator, catalog.Selection{Agency: bandung}, "b/Tiga"},
			{providerOf(kemendagri), catalog.Selection{}, "a/Dua a/Satu"},
			{providerOf(kemendagri), catalog.Selection{Agency: bandung}, ""},
			{providerOf(bandung), catalog.Selection{}, "b/Tiga"},
			{public, catalog.Selection{}, ""},
			{operator, catalog.Selection{State: catalog.Draft}, "a/Satu"},
			{operator, catalog.Selection{Text: "SATU"}, "a/Satu"},
			{operator, catalog.Selection{Text: "100%"}, "a/Dua"},
			{operator, catalog.Selection{Text: "_"}, "a/Dua"},
			{operator, catalog.Selection{Text: `\`}, ""},
			{operator, catalog.Selection{After: "a/Dua"}, "a/Satu b/Tiga"},
			{operator, catalog.Selection{Limit: 1}, "a/Dua"},
		} {
			if c.by.Limit == 0 {
				c.by.Limit = 10
			}
			all, err := r.Owned(t.Context(), c.who, c.by)
			var got []string
			for _, l := range all {
				got = append(got, l.ID)
			}
			if err != nil || strings.Join(got, " ") != c.want {
				t.Errorf("%s %+v: got %v, %v; want %s", c.who.ID, c.by, got, err, fmt.Sprint(c.want))
			}
		}
	})
}
