package grant_test

import (
	"strings"
	"testing"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
	"simpul/internal/registry/grant"
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

func TestDeadlinesCountWorkingDays(t *testing.T) {
	for at, want := range map[string][2]string{
		"2026-11-23T02:00:00Z": {"2026-11-24T02:00:00Z", "2026-11-30T02:00:00Z"}, // a Monday
		"2026-11-27T02:00:00Z": {"2026-11-30T02:00:00Z", "2026-12-04T02:00:00Z"}, // a Friday
		"2026-11-28T02:00:00Z": {"2026-11-30T02:00:00Z", "2026-12-04T02:00:00Z"}, // a Saturday
		"2026-11-27T18:00:00Z": {"2026-11-29T18:00:00Z", "2026-12-03T18:00:00Z"}, // Saturday in Jakarta already
	} {
		from, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		for i, step := range []string{grant.StepRequested, grant.StepDeciding} {
			if got := (grant.Weekends{}).Due(step, from).Format(time.RFC3339); got != want[i] {
				t.Errorf("%s from %s: got %s, want %s", step, at, got, want[i])
			}
		}
	}
}

// holidays are deadlines that know more days off.
type holidays struct{ grant.Weekends }

func (h holidays) Due(step string, from time.Time) time.Time {
	return h.Weekends.Due(step, from).AddDate(0, 0, 7)
}

func TestTheCalendarSetsTheDeadlines(t *testing.T) {
	o := newOffice(t, testkit.SQLite(t))
	o.Access = grant.NewAccess(grant.AccessConfig{
		DB: o.room.db, Grants: o.room.Service, Offers: offering{}, Sealer: turned{}, Notifier: o.post, Proposals: o.post,
		Deadlines: holidays{}, Limits: grant.DefaultLimits(), Now: o.room.clock,
	})
	c := o.submit(t, ask(desa, nil))
	if !c.Due.Equal((grant.Weekends{}).Due(grant.StepDeciding, o.room.now).AddDate(0, 0, 7)) || c.OpenDue.Before(o.room.now.AddDate(0, 0, 7)) {
		t.Errorf("open by %v, decide by %v", c.OpenDue, c.Due)
	}
}

func TestWhoOpensARequest(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		o, ctx := newOffice(t, db), t.Context()
		id := o.submit(t, ask(desa, nil)).ID
		for _, who := range []simpul.Principal{asker, of(bandung), operator, person(simpul.RoleConsumer, "dewi@"+kemendagri)} {
			if c, err := o.Open(ctx, who, id); err != nil || !c.OpenedAt.IsZero() {
				t.Errorf("%s: opened %v, %v", who.ID, c.OpenedAt, err)
			}
		}
		if _, err := o.Open(ctx, of(bps), id); simpul.CodeOf(err) != simpul.CodeNotFound {
			t.Errorf("another tenant: %v", err)
		}
		first, err := o.Open(ctx, decider, id)
		if err != nil || first.OpenedAt.IsZero() || first.OpenedBy != decider.ID {
			t.Fatalf("got %+v, %v", first.Request, err)
		}
		o.room.now = o.room.now.Add(time.Hour)
		again, err := o.Open(ctx, second, id)
		if err != nil || !again.OpenedAt.Equal(first.OpenedAt.Truncate(time.Millisecond)) || again.OpenedBy != decider.ID {
			t.Errorf("opened once more: %+v, %v", again.Request, err)
		}
	})
}

// escalated is the day on which the hub looks for what is late; it returns whom it
// told.
func (o *office) escalated(t *testing.T, at time.Time) string {
	t.Helper()
	o.room.now, o.notices = at, nil
	if err := o.Escalate(t.Context()); err != nil {
		t.Fatal(err)
	}
	var told []string
	for _, n := range o.notices {
		who := string(n.Agency) + " " + string(n.Holding)
		if len(n.Accounts) > 0 {
			who = string(n.Accounts[0])
		}
		told = append(told, who)
	}
	return strings.Join(told, ", ")
}

func TestDelaysAreEscalatedOnce(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		o := newOffice(t, db)
		c := o.submit(t, ask(desa, nil))
		for _, step := range []struct {
			name string
			at   time.Time
			want string
		}{
			{"in time", c.OpenDue.Add(-time.Minute), ""},
			{"not opened", c.OpenDue.Add(time.Minute), "kemendagri.go.id agency.write"},
			{"told already", c.OpenDue.Add(time.Hour), ""},
			{"not decided", c.Due.Add(time.Minute), "kemendagri.go.id grant.write, " + string(asker.Account) + ",  agency.approve"},
			{"told of that too", c.Due.Add(time.Hour), ""},
		} {
			if got := o.escalated(t, step.at); got != step.want {
				t.Errorf("%s: told %q, want %q", step.name, got, step.want)
			}
		}
	})
}

func TestWhatIsActedOnIsNotLate(t *testing.T) {
	o, ctx := newOffice(t, testkit.SQLite(t)), t.Context()
	opened := o.submit(t, ask(desa, nil))
	if _, err := o.Open(ctx, decider, opened.ID); err != nil {
		t.Fatal(err)
	}
	if got := o.escalated(t, opened.OpenDue.Add(time.Minute)); got != "" {
		t.Errorf("opened, and told %q", got)
	}
	if _, err := o.Decide(ctx, decider, opened.ID, grant.Decision{Version: 1, Verdict: grant.Returned, Reason: "Sebutkan pasalnya"}); err != nil {
		t.Fatal(err)
	}
	if got := o.escalated(t, opened.Due.Add(time.Hour)); got != "" {
		t.Errorf("returned, and told %q", got)
	}
	mended, err := o.Mend(ctx, asker, opened.ID, ask(desa, nil))
	if err != nil || !mended.OpenedAt.IsZero() || !mended.OpenDue.After(o.room.now) {
		t.Fatalf("mended: %+v, %v", mended.Request, err)
	}
	if got := o.escalated(t, mended.OpenDue.Add(time.Minute)); got != "kemendagri.go.id agency.write" {
		t.Errorf("the new version is late, and told %q", got)
	}
}
