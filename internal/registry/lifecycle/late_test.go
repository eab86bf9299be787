package lifecycle_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
	"simpul/internal/registry/lifecycle"
)

// heard is who was told of what, as "topic agency permission".
func (r *room) heard() (all []string) {
	for _, n := range r.told {
		all = append(all, n.Topic+" "+string(n.Agency)+" "+string(n.Holding))
	}
	return all
}

func (r *room) escalate(t testing.TB) {
	t.Helper()
	if err := r.Escalate(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestALateStepIsToldOfOnceAtEachLevel(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		r.must(t, provider, lifecycle.Move{To: lifecycle.Draft})
		r.must(t, provider, lifecycle.Move{Step: "registering"}) // due on Monday, the 30th, 10.00 WIB
		want := []string{"lifecycle.turn  lid.register"}
		if diff := cmp.Diff(want, r.heard()); diff != "" {
			t.Error(diff)
		}
		r.escalate(t)
		if len(r.told) != 1 {
			t.Errorf("told too early: %q", r.heard())
		}
		r.now = time.Date(2026, 11, 27, 3, 0, 0, 0, time.UTC) // Friday: one working day before
		r.escalate(t)
		r.escalate(t)
		want = append(want, "lifecycle.due  lid.register")
		if diff := cmp.Diff(want, r.heard()); diff != "" {
			t.Error(diff)
		}
		if body := r.told[1].Body; !strings.Contains(body.ID, "Senin, 30 November 2026, 1 hari kerja lagi") || !strings.Contains(body.EN, "Monday, 30 November 2026, in 1 working day") {
			t.Errorf("said %+v", body)
		}
		r.now = time.Date(2026, 12, 2, 4, 0, 0, 0, time.UTC)
		r.escalate(t)
		r.escalate(t)
		want = append(want, "lifecycle.late  agency.approve")
		if diff := cmp.Diff(want, r.heard()); diff != "" {
			t.Error(diff)
		}
		if n := r.told[2]; !n.Urgent || !strings.Contains(n.Body.ID, "terlambat 2 hari kerja") || !strings.HasPrefix(n.Title.ID, "Terlambat: Pendaftaran izin/Usaha") {
			t.Errorf("said %+v", n)
		}
		if late, err := r.Late(t.Context(), provider.Scope()); err != nil || len(late) != 1 || !late[0].Late {
			t.Errorf("late %+v, %v", late, err)
		}

		r.settled = nil
		r.must(t, operator, lifecycle.Move{Step: "publishing"})
		if want := []string{r.told[0].Key, r.told[1].Key, r.told[2].Key}; !slices.Equal(r.settled, want) {
			t.Errorf("closed %q, want %q", r.settled, want)
		}
		events := r.events(t, string(usaha))
		if got := events[4:6]; !slices.Equal(got, []string{"lid.remind registering", "lid.escalate registering"}) {
			t.Errorf("trail %q", events)
		}
	})
}

func TestALateProviderIsToldInItsAgency(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		r.must(t, provider, lifecycle.Move{To: lifecycle.Draft})
		r.must(t, provider, lifecycle.Move{Step: "testing"})
		r.now = r.now.AddDate(0, 1, 0)
		r.escalate(t)
		want := []string{"lifecycle.turn bandungkota.go.id lid.write", "lifecycle.due bandungkota.go.id lid.write", "lifecycle.late bandungkota.go.id agency.write"}
		if diff := cmp.Diff(want, r.heard()); diff != "" {
			t.Error(diff)
		}
	})
}

// A new model changes what is due for LIDs that stand in the step already, from
// its day on, whether or not anybody moved.
func TestANewTimerCountsFromItsDay(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		r.must(t, provider, lifecycle.Move{To: lifecycle.Draft})
		r.must(t, provider, lifecycle.Move{Step: "testing"})
		faster := model(t, func(m *lifecycle.Model) { m.Steps[2].Timer = &lifecycle.Timer{Length: 1, Unit: lifecycle.Working} })
		if _, err := r.Models().Put(t.Context(), operator, "2026-11-27", faster, false); err != nil {
			t.Fatal(err)
		}
		r.escalate(t)
		if len(r.told) != 1 {
			t.Errorf("told too early: %q", r.heard())
		}
		r.now = r.now.AddDate(0, 0, 2)
		r.escalate(t)
		if late, err := r.Late(t.Context(), simpul.NationScope()); err != nil || len(late) != 1 {
			t.Errorf("late %+v, %v", late, err)
		}
	})
}

func TestALIDThatIsGoneIsNotLate(t *testing.T) {
	r := newRoom(t, testkit.SQLite(t))
	r.must(t, provider, lifecycle.Move{To: lifecycle.Draft})
	r.must(t, provider, lifecycle.Move{Step: "testing"})
	delete(r.lids, usaha)
	r.now = r.now.AddDate(0, 1, 0)
	r.told = nil
	r.escalate(t)
	if late, _ := r.Late(t.Context(), simpul.NationScope()); len(late) != 0 || len(r.told) != 0 {
		t.Errorf("late %+v, told %q", late, r.heard())
	}
}

func TestWhatIsDueComesInPages(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		for i, address := range []simpul.Address{"a/Satu", "a/Dua", "a/Tiga"} {
			r.now = wednesday.AddDate(0, 0, -i/2)
			r.must(t, operator, lifecycle.Move{Address: address, Agency: bandung, To: lifecycle.Published})
		}
		var got []simpul.Address
		page := everyone
		for page.Limit = 1; len(got) < 5; {
			found, next, err := r.DueUntil(t.Context(), provider.Scope(), r.now.AddDate(2, 0, 0), page)
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range found {
				got = append(got, s.Address)
			}
			if next == "" {
				break
			}
			page.After = next
		}
		if want := []simpul.Address{"a/Tiga", "a/Dua", "a/Satu"}; !slices.Equal(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
	})
}
