package standard_test

import (
	"testing"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
	"simpul/internal/registry/standard"
)

func TestTheCodebookKnowsWhatCodesBecame(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		list := listSpec(kemendagri, []standard.Code{
			code("A", "Tetap", ""),
			during(code("B", "Lama", ""), "", "2020-01-01"), during(code("C", "Baru", ""), "2020-01-01", "2022-01-01"), during(code("D", "Terbaru", ""), "2022-01-01", ""),
			during(code("M1", "Satu", ""), "", "2021-01-01"), during(code("M2", "Dua", ""), "", "2021-01-01"), during(code("M", "Gabungan", ""), "2021-01-01", ""),
			during(code("S", "Induk", ""), "", "2023-01-01"), during(code("S1", "Timur", ""), "2023-01-01", ""), during(code("S2", "Barat", ""), "2023-01-01", ""),
			during(code("X", "Kelak", ""), "2027-06-01", ""), during(code("Y", "Sampai kelak", ""), "", "2027-06-01"), during(code("Z", "Habis", ""), "", "2019-01-01"),
		})
		list.Successions = []standard.Succession{
			{Day: "2020-01-01", Kind: standard.Replace, From: []string{"B"}, To: []string{"C"}},
			{Day: "2022-01-01", Kind: standard.Replace, From: []string{"C"}, To: []string{"D"}},
			{Day: "2021-01-01", Kind: standard.Merge, From: []string{"M1", "M2"}, To: []string{"M"}},
			{Day: "2023-01-01", Kind: standard.Split, From: []string{"S"}, To: []string{"S1", "S2"}},
			{Day: "2027-06-01", Kind: standard.Replace, From: []string{"Y"}, To: []string{"X"}},
		}
		r.put(t, steward, "contoh", list)
		today := now
		book := standard.NewCodebook(db, func() time.Time { return today })
		book.Want("contoh")
		if err := book.Load(t.Context()); err != nil {
			t.Fatal(err)
		}
		check := func(want map[string]string) {
			t.Helper()
			for code, became := range want {
				if got, listed, err := book.Current("contoh", []byte(code)); err != nil || got != became || listed != (became != "") {
					t.Errorf("%s on %s is %q, %v, %v; want %q", code, today.Format(time.DateOnly), got, listed, err, became)
				}
			}
		}
		check(map[string]string{"A": "A", "B": "D", "C": "D", "D": "D", "M1": "M", "M2": "M", "S": "", "S1": "S1", "X": "", "Y": "Y", "Z": "", "tiada": "", "": ""})
		today = time.Date(2027, 6, 1, 9, 0, 0, 0, time.UTC)
		check(map[string]string{"X": "X", "Y": "X"})
	})
}

// Only what is published counts, and the view follows its changes.
func TestTheCodebookFollowsItsLists(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		book := standard.NewCodebook(db, func() time.Time { return now })
		refresh := func() {
			t.Helper()
			if err := book.Refresh(t.Context(), []sqldb.Revision{{Kind: "RefCode", ID: "contoh"}}); err != nil {
				t.Fatal(err)
			}
		}
		expect := func(code string, available, listed bool) {
			t.Helper()
			_, got, err := book.Current("contoh", []byte(code))
			if (err == nil) != available || got != listed || err != nil && simpul.CodeOf(err) != simpul.CodeUnavailable {
				t.Errorf("%s: listed %v, %v", code, got, err)
			}
		}
		draft := listSpec(kemendagri, []standard.Code{code("A", "Satu", "")})
		draft.State = standard.ListDraft
		r.put(t, steward, "contoh", draft)
		refresh()
		expect("A", false, false) // nobody wants it
		book.Want("contoh")
		refresh()
		expect("A", false, false) // it is a draft
		r.put(t, steward, "contoh", listSpec(kemendagri, []standard.Code{code("A", "Satu", "")}))
		refresh()
		expect("A", true, true)
		r.put(t, steward, "contoh", listSpec(kemendagri, []standard.Code{code("B", "Dua", "")}))
		refresh()
		expect("A", true, false)
		expect("B", true, true)
		if err := r.lists.Delete(t.Context(), steward, "contoh"); err != nil {
			t.Fatal(err)
		}
		refresh()
		expect("B", false, false)
	})
}
