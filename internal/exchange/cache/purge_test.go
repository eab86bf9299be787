package cache

import (
	"context"
	"testing"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
)

// owners know one LID.
type owners struct{}

func (owners) Owner(_ context.Context, p simpul.Principal, address simpul.Address) (simpul.AgencyID, error) {
	if address != "master/Kota" || !p.Scope().Covers("kemendagri.go.id") {
		return "", simpul.NotFound(simpul.Text{ID: "LID", EN: "LID"}, string(address))
	}
	return "kemendagri.go.id", nil
}

func TestAPurgeReachesEveryNode(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		b := newBench(t, simpul.Freshness{})
		b.get("/")
		purges := NewPurges(db, owners{})
		for id, want := range map[string]simpul.Code{"master/Lain": simpul.CodeNotFound, "../x": simpul.CodeNotFound, "": simpul.CodeNotFound} {
			if err := purges.Purge(t.Context(), simpul.TheHub(), id); simpul.CodeOf(err) != want {
				t.Errorf("%s: %v", id, err)
			}
		}
		for _, stranger := range []simpul.Principal{simpul.Acting("t", simpul.RoleProvider, "bps.go.id"), {}} {
			if err := purges.Purge(t.Context(), stranger, "master/Kota"); simpul.CodeOf(err) != simpul.CodeNotFound {
				t.Errorf("a stranger: %v", err)
			}
		}
		before, err := db.LastRevision(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if err := purges.Purge(t.Context(), simpul.Acting("t", simpul.RoleProvider, "kemendagri.go.id"), "master/Kota"); err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		db.Follow(ctx, before, func(changes []sqldb.Revision) error {
			b.cache.Refresh(append(changes, sqldb.Revision{Kind: "LID", ID: "master/Kota"}))
			stop()
			return nil
		}, func(err error) { t.Error(err) })
		if b.get("/"); b.called() != 2 {
			t.Error("the answer is still kept")
		}
	})
}

func TestAChangeOfAGrantIsFollowed(t *testing.T) {
	b := newBench(t, simpul.Freshness{})
	b.get("/")
	b.cache.Refresh([]sqldb.Revision{{Kind: "Grant", ID: "g-2"}, {Kind: "Agency", ID: "g-1"}})
	if b.get("/"); b.called() != 1 {
		t.Error("the change of another thing made the answer void")
	}
	b.cache.Refresh([]sqldb.Revision{{Kind: "Grant", ID: "g-1"}})
	if b.get("/"); b.called() != 2 {
		t.Error("the answer outlived a change of its grant")
	}
}
