package tracker

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
)

// dump writes the view out.
func dump(t *testing.T, db *sqldb.DB) []string {
	t.Helper()
	var rows []string
	err := db.Read(t.Context(), nation, func(tx *sqldb.Tx) (err error) {
		rows, err = sqldb.All(t.Context(), tx, func(scan sqldb.Scan) (string, error) {
			a, err := scanAccess(scan)
			return fmt.Sprintf("%+v", a), err
		}, `SELECT `+accessColumns+` FROM tracker_access a ORDER BY a.exchange, a.person`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func catchUp(t *testing.T, r *room) {
	t.Helper()
	if err := r.Follower.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestTheViewIsMadeOfTheJournal(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		hostile := r.call(t, noon.Add(-time.Hour), aid, guntur)
		hostile.Purpose, hostile.Case = strings.Repeat("x", 10<<20)+"\x00\n\"\xff", "<script>\x1b[2J"
		r.ledger.write(
			r.call(t, noon.Add(-3*time.Hour), aid, melati, guntur), hostile,
			simpul.Exchange{ID: simpul.NewExchangeID(noon), OpenedAt: noon}, // names nobody
			r.call(t, noon.Add(-30*time.Minute), inquiry, melati),
		)
		catchUp(t, r)
		before := dump(t, db)
		if len(before) != 4 || r.Follower.Lag() != 0 {
			t.Fatalf("%d rows and %d behind, want 4 and none", len(before), r.Follower.Lag())
		}
		keeper := simpul.Principal{ID: "operator", National: true, Permissions: []simpul.Permission{simpul.KeepTracker}}
		if err := r.Rebuild(t.Context(), officer(simpul.KeepTracker)); simpul.CodeOf(err) != simpul.CodeDenied {
			t.Errorf("an agency has the view made anew: %v", err)
		}
		if err := r.Rebuild(t.Context(), keeper); err != nil {
			t.Fatal(err)
		}
		catchUp(t, r)
		if after := dump(t, db); !slices.Equal(before, after) {
			t.Errorf("made anew, the view has\n%.500s\nwant\n%.500s", strings.Join(after, "\n"), strings.Join(before, "\n"))
		}
		all, err := r.Positions(t.Context(), keeper)
		if err != nil || len(all) != 1 || all[0].Sequence != 4 || all[0].Behind() != 0 {
			t.Errorf("positions %+v, %v", all, err)
		}
		if hidden, err := r.Positions(t.Context(), officer()); err != nil || len(hidden) != 0 {
			t.Errorf("an agency sees positions %+v, %v", hidden, err)
		}
	})
}

func TestAFollowerThatDiedGoesOnWhereItWas(t *testing.T) {
	db := testkit.SQLite(t)
	r := newRoom(t, db)
	one := r.call(t, noon.Add(-time.Hour), aid, melati)
	j := newLedger("j-2", one)
	for range 3 {
		f := NewFollower(db, j, quiet, r.Now)
		stop := run(t, f)
		if err := f.CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
		stop()
		j.write(r.call(t, noon, inquiry, melati))
	}
	if rows := dump(t, db); len(rows) != 3 {
		t.Errorf("%d rows, want 3", len(rows))
	}
}

func TestWhoSeesAccesses(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		r.ledger.write(r.call(t, noon.Add(-3*time.Hour), aid, melati, guntur), r.call(t, noon.Add(-time.Hour), inquiry, melati), r.call(t, noon, aid, melati))
		for _, test := range []struct {
			scope       simpul.Scope
			application simpul.ApplicationID
			want        int
		}{
			{nation, "", 4}, {nation, aid, 3}, {simpul.AgencyScope(kemendagri), aid, 3}, {simpul.AgencyScope(bansos), "", 3},
			{simpul.AgencyScope(police), aid, 0}, {simpul.AgencyScope(bps), "", 0}, {simpul.PublicScope(), "", 0},
		} {
			n := 0
			err := r.Affected(t.Context(), test.scope, test.application, noon.Add(-4*time.Hour), noon.Add(time.Hour), func(Access) error { n++; return nil })
			if err != nil || n != test.want {
				t.Errorf("%q sees %d of %q, %v; want %d", test.scope.Key(), n, test.application, err, test.want)
			}
		}
		n := 0
		if err := r.Affected(t.Context(), nation, aid, noon.Add(-4*time.Hour), noon, func(Access) error { n++; return nil }); err != nil || n != 2 {
			t.Errorf("until noon %d, %v; want 2", n, err)
		}
		n = 0
		if err := r.Usage(t.Context(), simpul.AgencyScope(police), r.Keys.pseudonyms(melati), func(Access) error { n++; return nil }); err != nil || n != 1 {
			t.Errorf("the police's own uses of Melati's data: %d, %v; want 1", n, err)
		}
	})
}

func TestNobodyButTheHubWrites(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		x := r.call(t, noon, aid, melati)
		for name, write := range map[string]func(tx *sqldb.Tx) error{
			"accesses": func(tx *sqldb.Tx) error {
				return addAccesses(t.Context(), tx, "j", []row{{accessesOf(&x)[0], 1, ""}}, time.Time{})
			},
			"drop":  func(tx *sqldb.Tx) error { _, err := dropBefore(t.Context(), tx, noon); return err },
			"erase": func(tx *sqldb.Tx) error { _, err := erase(t.Context(), tx, "k", noon, noon, noon); return err },
			"again": func(tx *sqldb.Tx) error { return readAgain(t.Context(), tx) },
			"key": func(tx *sqldb.Tx) error {
				_, err := insertKey(t.Context(), tx, keyRow{"2031-01", "x"}, noon)
				return err
			},
			"destroy": func(tx *sqldb.Tx) error { return destroyKey(t.Context(), tx, "2026-11", noon) },
			"look":    func(tx *sqldb.Tx) error { return insertLook(t.Context(), tx, lookRow{Look: Look{ID: "l"}}) },
		} {
			if err := db.Write(t.Context(), simpul.AgencyScope(bansos), write); err == nil {
				t.Errorf("an agency writes: %s", name)
			}
		}
		err := db.Read(t.Context(), simpul.AgencyScope(bansos), func(tx *sqldb.Tx) error {
			keys, err := keptKeys(t.Context(), tx)
			if len(keys) > 0 {
				t.Errorf("an agency reads keys")
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestAPersonsHistory(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		october := time.Date(2026, 10, 31, 18, 0, 0, 0, time.UTC) // in Jakarta it is November
		if err := r.Keys.Ensure(t.Context(), "2026-10"); err != nil {
			t.Fatal(err)
		}
		if err := r.Keys.read(t.Context()); err != nil {
			t.Fatal(err)
		}
		var all []simpul.Exchange
		for i := range 60 {
			all = append(all, r.call(t, noon.Add(-time.Duration(i)*time.Minute), aid, melati, guntur))
		}
		old, other := r.call(t, october, inquiry, melati), r.call(t, noon, inquiry, guntur)
		r.ledger.write(append(all, old, other)...)

		page, err := r.Of(t.Context(), melati, Filter{}, "")
		if err != nil || len(page.Accesses) != pageLength || page.Next == "" || page.Accesses[0].Exchange != all[0].ID {
			t.Fatalf("first page: %d accesses, next %q, %v", len(page.Accesses), page.Next, err)
		}
		if !slices.Equal(page.Agencies, []simpul.AgencyID{bansos, police}) || !slices.Equal(page.Months, []Month{"2026-11"}) {
			t.Errorf("agencies %v, months %v", page.Agencies, page.Months)
		}
		second, err := r.Of(t.Context(), melati, Filter{}, page.Next)
		if err != nil || len(second.Accesses) != 11 || second.Next != "" || second.Accesses[10].Exchange != old.ID {
			t.Errorf("second page: %d accesses, next %q, %v", len(second.Accesses), second.Next, err)
		}
		if some, err := r.Of(t.Context(), melati, Filter{Agency: police}, ""); err != nil || len(some.Accesses) != 1 {
			t.Errorf("of the police %d, %v", len(some.Accesses), err)
		}
		if some, err := r.Of(t.Context(), melati, Filter{Month: "2026-10"}, ""); err != nil || len(some.Accesses) != 0 {
			t.Errorf("of October %d, %v", len(some.Accesses), err)
		}
		if _, err := r.Find(t.Context(), melati, old.ID); err != nil {
			t.Error(err)
		}
		if _, err := r.Find(t.Context(), melati, other.ID); simpul.CodeOf(err) != simpul.CodeNotFound {
			t.Errorf("somebody else's access: %v", err)
		}
		if _, err := r.Of(t.Context(), melati, Filter{}, "x"); simpul.CodeOf(err) != simpul.CodeInvalid {
			t.Errorf("a cursor of nobody: %v", err)
		}
		if nobody, err := r.Of(t.Context(), person(7), Filter{}, ""); err != nil || len(nobody.Accesses)+len(nobody.Agencies) != 0 {
			t.Errorf("of somebody nobody asked for: %+v, %v", nobody, err)
		}
		keeper := simpul.Principal{ID: "operator", National: true, Permissions: []simpul.Permission{simpul.KeepTracker}}
		if err := r.Keys.Destroy(t.Context(), keeper, "2026-10"); err != nil {
			t.Fatal(err)
		}
		if _, err := r.Find(t.Context(), melati, old.ID); simpul.CodeOf(err) != simpul.CodeNotFound {
			t.Errorf("October's key is destroyed, and yet: %v", err)
		}
	})
}

func TestALookAtTheCounterIsAnAccess(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		clerk := officer(simpul.TracePeople)
		if _, err := r.Trace(t.Context(), officer(), melati, "di loket"); simpul.CodeOf(err) != simpul.CodeDenied {
			t.Errorf("without the permission: %v", err)
		}
		if _, err := r.Trace(t.Context(), clerk, melati, " "); simpul.CodeOf(err) != simpul.CodeInvalid {
			t.Errorf("without a reason: %v", err)
		}
		id, err := r.Trace(t.Context(), clerk, melati, "Warga datang ke loket 3")
		if err != nil {
			t.Fatal(err)
		}
		if nik, err := r.Traced(t.Context(), clerk, id); err != nil || nik != melati {
			t.Errorf("%v, %v", nik, err)
		}
		colleague := clerk
		colleague.ID = "lain@disdukcapil.go.id"
		if _, err := r.Traced(t.Context(), colleague, id); simpul.CodeOf(err) != simpul.CodeNotFound {
			t.Errorf("a colleague opens it: %v", err)
		}
		page, err := r.Of(t.Context(), melati, Filter{}, "")
		if err != nil || len(page.Looks) != 1 || page.Looks[0].Agency != clerk.Agency || page.Looks[0].Reason != "Warga datang ke loket 3" {
			t.Errorf("looks %+v, %v", page.Looks, err)
		}
		r.at(noon.Add(shownFor))
		if _, err := r.Traced(t.Context(), clerk, id); simpul.CodeOf(err) != simpul.CodeNotFound {
			t.Errorf("half an hour later: %v", err)
		}
		if err := r.CloseLooks(t.Context()); err != nil {
			t.Fatal(err)
		}
		err = db.Read(t.Context(), nation, func(tx *sqldb.Tx) error {
			l, err := getLook(t.Context(), tx, id)
			if l.sealedNIK != "" {
				t.Error("the number is still there")
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
