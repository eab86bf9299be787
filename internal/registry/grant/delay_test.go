package grant_test

import (
	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
	"simpul/internal/registry/grant"
	"testing"
	"time"
)

func TestWhatNobodyActsOnLapses(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		o, ctx := newOffice(t, db), t.Context()
		c := o.submit(t, ask(desa, nil))
		for _, step := range []struct {
			at   time.Time
			want grant.State
		}{{c.Due.AddDate(0, 0, 29), grant.Submitted}, {c.Due.AddDate(0, 0, 31), grant.Lapsed}} {
			o.room.now = step.at
			if err := o.Lapse(ctx); err != nil {
				t.Fatal(err)
			}
			if got, err := o.Get(ctx, asker, c.ID); err != nil || got.State != step.want {
				t.Errorf("at %v: got %v, %v", step.at, got.State, err)
			}
		}
		_, err := o.Decide(ctx, decider, c.ID, approval(c, nil))
		checkRefusal(t, err, simpul.CodeConflict, "state")
	})
}

func TestDueInFiveWorkingDays(t *testing.T) {
	o := newOffice(t, testkit.SQLite(t))
	for at, want := range map[string]string{
		"2026-11-23T02:00:00Z": "2026-11-30T02:00:00Z", // a Monday
		"2026-11-27T02:00:00Z": "2026-12-04T02:00:00Z", // a Friday
		"2026-11-28T02:00:00Z": "2026-12-04T02:00:00Z", // a Saturday
		"2026-11-27T18:00:00Z": "2026-12-03T18:00:00Z", // Saturday in Jakarta already
	} {
		o.room.now, _ = time.Parse(time.RFC3339, at)
		c := o.submit(t, ask(desa, nil))
		if got := c.Due.Format(time.RFC3339); got != want {
			t.Errorf("submitted %s: due %s, want %s", at, got, want)
		}
		if _, err := o.Withdraw(t.Context(), asker, c.ID); err != nil {
			t.Fatal(err)
		}
	}
}
