package provider

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"testing"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
	"simpul/internal/platform/trail"
)

const stranger = simpul.AgencyID("bandungkota.go.id")

// node is one process of a hub, which shares its database with others.
type node struct {
	*Canaries
	caller *Caller
	route  *simpul.Route
	told   []simpul.Notice
}

func (n *node) Notify(_ context.Context, _ *sqldb.Tx, notice simpul.Notice) error {
	n.told = append(n.told, notice)
	return nil
}

func (n *node) Own(_ context.Context, p simpul.Principal, id string) (*simpul.Route, error) {
	if id != string(n.route.Address) || !p.Scope().Covers(n.route.Owner) {
		return nil, simpul.NotFound(simpul.Text{ID: "LID", EN: "LID"}, id)
	}
	return n.route, nil
}

func newNode(t *testing.T, db *sqldb.DB, route *simpul.Route) *node {
	t.Helper()
	c, _ := clocked(t)
	n := &node{caller: c, route: route}
	n.Canaries = NewCanaries(db, c, n, n, func(a simpul.Address) string { return "/lid/" + string(a) }, slog.New(slog.DiscardHandler))
	if err := n.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	return n
}

func (n *node) follow(t *testing.T) {
	t.Helper()
	if err := n.Refresh(t.Context(), []sqldb.Revision{{Kind: "LID", ID: "x"}, {Kind: revisionCanary, ID: string(n.route.Address)}}); err != nil {
		t.Fatal(err)
	}
}

func (n *node) meets(t *testing.T) string {
	t.Helper()
	_, text, err := fetch(t, n.caller, n.route, callAs(t, "a@bandung.go.id"))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func withAgencies(t *testing.T, db *sqldb.DB) {
	t.Helper()
	err := db.Write(t.Context(), simpul.NationScope(), func(tx *sqldb.Tx) error {
		for _, id := range []simpul.AgencyID{owner, stranger} {
			if _, err := tx.Exec(t.Context(), `INSERT INTO agency_agency (id, name, level, created_at, updated_at) VALUES ($1, 'A', 'nasional', 0, 0)`, id); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func provideFor(id simpul.AgencyID) simpul.Principal {
	return simpul.Acting("t-"+string(id), simpul.RoleProvider, id)
}

func TestACanaryThatFellStaysOutEverywhere(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		withAgencies(t, db)
		old, next := newPeer(t, says("lama")), newPeer(t, func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "baru", 500) })
		route := routeAcross(t, simpul.Delivery{Canary: &simpul.Canary{Upstream: next.URL, Percent: 100, ErrorPercent: 50, AtLeast: 3}}, old.URL)
		here, there := newNode(t, db, route), newNode(t, db, route)
		if got := there.meets(t); got != "baru\n" {
			t.Fatalf("the other node meets %q", got)
		}
		for range 3 {
			here.meets(t)
		}
		if got := here.meets(t); got != "lama" {
			t.Fatalf("the node where it fell meets %q before it is stored", got)
		}
		for _, fall := range here.caller.Falls() {
			if err := here.RollBack(t.Context(), fall); err != nil {
				t.Fatal(err)
			}
			if err := here.RollBack(t.Context(), fall); err != nil { // as another node would, at the same time
				t.Fatal(err)
			}
		}
		if len(here.caller.Falls()) != 0 {
			t.Error("it is to be stored again")
		}
		if len(here.told) != 1 || here.told[0].Agency != owner || here.told[0].Holding != simpul.WriteLIDs || !here.told[0].Urgent {
			t.Errorf("told %+v", here.told)
		}
		if got := events(t, db, owner); len(got) != 1 || got[0] != "canary.rollback master/Kota 3 of 3 calls failed" {
			t.Errorf("the trail says %q", got)
		}
		there.follow(t)
		here.follow(t)
		if h, o := here.meets(t), there.meets(t); h != "lama" || o != "lama" {
			t.Errorf("they meet %q and %q", h, o)
		}
		if restarted := newNode(t, db, route); restarted.meets(t) != "lama" {
			t.Error("it is back after a restart")
		}
		present, err := there.Present(t.Context(), provideFor(owner), "master/Kota")
		if err != nil || present.Canary == nil || present.Canary.Fall == nil || present.Canary.Fall.Failed != 3 {
			t.Errorf("got %+v, %v", present.Canary, err)
		}

		next.answers(says("benar"))
		if err := here.Again(t.Context(), provideFor(owner), "master/Kota"); err != nil {
			t.Fatal(err)
		}
		here.follow(t)
		there.follow(t)
		if h, o := here.meets(t), there.meets(t); h != "benar" || o != "benar" {
			t.Errorf("after it began anew they meet %q and %q", h, o)
		}
		if err := here.Again(t.Context(), provideFor(owner), "master/Kota"); simpul.CodeOf(err) != simpul.CodeNotFound {
			t.Errorf("what has not fallen begins anew: %v", err)
		}
	})
}

func TestOthersDoNotTouchACanary(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		withAgencies(t, db)
		canary := simpul.Canary{Upstream: "http://10.1.2.9/", Percent: 10, ErrorPercent: 10}
		n := newNode(t, db, routeAcross(t, simpul.Delivery{Canary: &canary}, "http://10.1.2.3/"))
		fall := Fall{Address: "master/Kota", Owner: owner, Print: PrintOf(canary), Calls: 20, Failed: 3, At: noon}
		if err := n.RollBack(t.Context(), fall); err != nil {
			t.Fatal(err)
		}
		for what, err := range map[string]error{
			"read how it does": reading(n.Present(t.Context(), provideFor(stranger), "master/Kota")),
			"begin it anew":    n.Again(t.Context(), provideFor(stranger), "master/Kota"),
		} {
			if simpul.CodeOf(err) != simpul.CodeNotFound {
				t.Errorf("a stranger can %s: %v", what, err)
			}
		}
		err := db.Write(t.Context(), simpul.AgencyScope(stranger), func(tx *sqldb.Tx) error {
			if all, err := everyFall(t.Context(), tx); err != nil || len(all) != 0 {
				t.Errorf("a stranger reads %v, %v", all, err)
			}
			if all, err := fallsOf(t.Context(), tx, "master/Kota"); err != nil || len(all) != 0 {
				t.Errorf("a stranger reads %v, %v", all, err)
			}
			if _, err := deleteFall(t.Context(), tx, "master/Kota", fall.Print); !errors.Is(err, sqldb.ErrNoRows) {
				t.Errorf("a stranger deletes: %v", err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := db.Write(t.Context(), simpul.AgencyScope(stranger), func(tx *sqldb.Tx) error {
			_, err := insertFall(t.Context(), tx, Fall{Address: "a/B", Owner: owner, Print: "x"})
			return err
		}); !errors.Is(err, sqldb.ErrScope) {
			t.Errorf("a stranger stores a fall: %v", err)
		}
	})
}

func reading(_ Present, err error) error { return err }

func events(t *testing.T, db *sqldb.DB, agency simpul.AgencyID) (all []string) {
	t.Helper()
	err := db.Read(t.Context(), simpul.AgencyScope(agency), func(tx *sqldb.Tx) error {
		found, err := trail.List(t.Context(), tx, trail.Filter{}, 0, 10)
		for _, e := range found {
			all = append(all, e.Action+" "+e.Subject+" "+e.Detail)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
