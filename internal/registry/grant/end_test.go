package grant_test

import (
	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
	"strings"
	"testing"
	"time"
)

func TestAGrantIsSuspendedResumedAndRevoked(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		o, ctx := newOffice(t, db), t.Context()
		id := string(o.submit(t, ask(kota, nil)).Grant)
		for _, who := range []simpul.Principal{asker, of(bandung)} {
			if err := o.Revoke(ctx, who, id, "Tidak dipakai lagi"); simpul.CodeOf(err) != simpul.CodeDenied {
				t.Errorf("%s revokes: %v", who.ID, err)
			}
		}
		checkRefusal(t, o.Revoke(ctx, of(bps), id, "Tidak dipakai lagi"), simpul.CodeNotFound, "")
		checkRefusal(t, o.Suspend(ctx, decider, id, " "), simpul.CodeInvalid, "reason")
		before := lastRevision(t, db)
		if err := o.Suspend(ctx, decider, id, "Sedang diperiksa"); err != nil {
			t.Fatal(err)
		}
		if g, _, _ := o.room.Find(ctx, simpul.GrantID(id)); !g.Suspended || lastRevision(t, db) == before {
			t.Error("not suspended, or nobody was told to read it again")
		}
		if told := o.notices[len(o.notices)-1]; told.Agency != bandung || !strings.Contains(told.Body.ID, "Sedang diperiksa") {
			t.Errorf("the holder is told %+v", told)
		}
		if waits, err := o.Resume(ctx, decider, id, "Sudah diperiksa"); err != nil || waits != "" {
			t.Fatal(err)
		}
		if g, _, _ := o.room.Find(ctx, simpul.GrantID(id)); g.Suspended {
			t.Error("still suspended")
		}
		if err := o.Revoke(ctx, decider, id, "Tujuan sudah tercapai"); err != nil {
			t.Fatal(err)
		}
		if _, found, _ := o.room.Find(ctx, simpul.GrantID(id)); found {
			t.Error("still there")
		}
	})
}

func TestHoldersHearOfTheEnd(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		o := newOffice(t, db)
		c := o.submit(t, ask(kota, nil))
		end := *c.Latest().Given.Until
		for _, step := range []struct {
			before time.Duration
			days   string
		}{{31 * 24 * time.Hour, ""}, {30 * 24 * time.Hour, "/30"}, {8 * 24 * time.Hour, "/30"}, {7 * 24 * time.Hour, "/7"}, {25 * time.Hour, "/7"}, {24 * time.Hour, "/1"}, {0, ""}, {-time.Hour, ""}} {
			o.room.now, o.notices = end.Add(-step.before), nil
			if err := o.WarnOfExpiry(t.Context()); err != nil {
				t.Fatal(err)
			}
			var got string
			for _, n := range o.notices {
				got += n.Key[strings.LastIndex(n.Key, "/"):]
			}
			if got != step.days {
				t.Errorf("%v before the end: got %q, want %q", step.before, got, step.days)
			}
		}
	})
}

func TestApprovalDoesNotResume(t *testing.T) {
	o := newOffice(t, testkit.SQLite(t))
	id := string(o.submit(t, ask(kota, nil)).Grant)
	if err := o.Suspend(t.Context(), decider, id, "Sedang diperiksa"); err != nil {
		t.Fatal(err)
	}
	c := o.submit(t, ask(kota, nil))
	if _, err := o.Decide(t.Context(), decider, c.ID, approval(c, nil)); err != nil {
		t.Fatal(err)
	}
	if g, _, err := o.room.Find(t.Context(), simpul.GrantID(id)); err != nil || !g.Suspended {
		t.Errorf("got %+v, %v", g, err)
	}
}
