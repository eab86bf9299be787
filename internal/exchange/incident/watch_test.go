package incident

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
	"simpul/internal/platform/trail"
)

// at has everybody look at the terms at a time after the incident was noted.
func (r *room) at(t *testing.T, after time.Duration) {
	t.Helper()
	r.time = noon.Add(after)
	if err := r.Remind(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func (r *room) told(t *testing.T, when string, want ...string) {
	t.Helper()
	if got, _ := r.desk.topics(); !cmp.Equal(got, want) {
		t.Errorf("%s: told %v, want %v", when, got, want)
	}
}

func (r *room) waiting(t *testing.T, when string, want ...string) {
	t.Helper()
	if _, got := r.desk.topics(); !cmp.Equal(got, want) {
		t.Errorf("%s: %v waits, want %v", when, got, want)
	}
}

// by is somebody with an account, who is told of what they noted.
func by(p simpul.Principal) simpul.Principal {
	p.Account = simpul.AccountID(p.ID)
	return p
}

// Those who handle incidents, and who noted this one, are told when the term
// begins, 24 and 6 hours before its end, and when it is over: each once.
func TestRemindersOfTheTerm(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoomAt(db, leak())
		c := noted(t, r.Service, by(budi))
		r.told(t, "when it is noted", "incident.begun")
		for _, step := range []struct {
			after time.Duration
			want  []string
		}{
			{47*time.Hour + 59*time.Minute, []string{"incident.begun"}},
			{48 * time.Hour, []string{"incident.begun", "incident.due"}},
			{65 * time.Hour, []string{"incident.begun", "incident.due"}},
			{66 * time.Hour, []string{"incident.begun", "incident.due", "incident.urgent"}},
			{72*time.Hour - time.Millisecond, []string{"incident.begun", "incident.due", "incident.urgent"}},
			{72 * time.Hour, []string{"incident.begun", "incident.due", "incident.urgent", "incident.overdue"}},
			{1000 * time.Hour, []string{"incident.begun", "incident.due", "incident.urgent", "incident.overdue"}},
		} {
			for range 2 {
				r.at(t, step.after)
				r.told(t, step.after.String(), step.want...)
			}
		}
		r.waiting(t, "in the end", "incident.overdue") // one at a time is on a desk
		for _, n := range r.desk.told {
			if n.Agency != bandung || n.Holding != simpul.HandleIncidents || !cmp.Equal(n.Accounts, []simpul.AccountID{simpul.AccountID(budi.ID)}) || n.Link != PagePath(c.ID) || !n.Due.Equal(c.DueAt()) || n.Urgent {
				t.Errorf("told %+v", n)
			}
			if text := fmt.Sprint(n.Title, n.Body); n.Body.ID == "" || n.Body.EN == "" || strings.Contains(text, "2026-11:") || !strings.Contains(text, "28 November 2026 pukul 12.00 WIB") {
				t.Errorf("told %q", text)
			}
		}
		if got := actions(t, db, c.ID); !cmp.Equal(got, []string{"incident.note", "incident.remind", "incident.remind", "incident.overdue"}) {
			t.Errorf("the trail has %v", got)
		}
	})
}

func actions(t *testing.T, db *sqldb.DB, id string) (all []string) {
	t.Helper()
	err := db.Read(t.Context(), simpul.NationScope(), func(tx *sqldb.Tx) error {
		events, err := trail.List(t.Context(), tx, trail.Filter{Subject: id}, 0, 50)
		for i := len(events) - 1; i >= 0; i-- {
			all = append(all, events[i].Action)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// A node that was off tells what there is to tell now, and not what there was.
func TestANodeThatWasOff(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoomAt(db, leak())
		noted(t, r.Service, budi)
		r.at(t, 70*time.Hour)
		r.told(t, "two hours before the end", "incident.begun", "incident.urgent")
		again := newRoomAt(db, leak()) // a restart, and another node
		again.at(t, 71*time.Hour)
		again.told(t, "after a restart")
		again.at(t, 73*time.Hour)
		again.told(t, "past the end", "incident.overdue")
	})
}

// However many nodes look at once, and however their clocks differ, each stage is
// told once.
func TestManyNodesAtOnce(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		first := newRoomAt(db, leak())
		for range 3 {
			noted(t, first.Service, budi)
		}
		nodes := []*room{first, newRoomAt(db, leak()), newRoomAt(db, leak()), newRoomAt(db, leak())}
		for _, r := range nodes[1:] {
			r.desk, r.from.Notices = first.desk, first.desk
		}
		for _, after := range []time.Duration{48 * time.Hour, 66 * time.Hour, 72 * time.Hour} {
			var all sync.WaitGroup
			for i, r := range nodes {
				r.time = noon.Add(after + time.Duration(i)*time.Second)
				all.Go(func() {
					if err := r.Remind(t.Context()); err != nil {
						t.Error(err)
					}
				})
			}
			all.Wait()
		}
		count := map[string]int{}
		for _, n := range first.desk.told {
			count[n.Key]++
		}
		if len(count) != 3*4 || len(first.desk.told) != 3*4 {
			t.Errorf("told %d times of %d things", len(first.desk.told), len(count))
		}
	})
}

// A clock that is set back has nobody told again, and one that is set right again
// goes on where it was.
func TestAClockThatIsSetBack(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoomAt(db, leak())
		noted(t, r.Service, budi)
		r.at(t, 67*time.Hour)
		for _, back := range []time.Duration{49 * time.Hour, -100 * time.Hour, 67 * time.Hour} {
			r.at(t, back)
		}
		r.told(t, "set back and right again", "incident.begun", "incident.urgent")
		r.at(t, 72*time.Hour)
		r.told(t, "at the end", "incident.begun", "incident.urgent", "incident.overdue")
	})
}

// What was reported to both, or closed, reminds nobody, and goes off the desks.
func TestNobodyIsRemindedOfWhatIsDone(t *testing.T) {
	for name, end := range map[string]func(*room, string) error{
		"reported": func(r *room, id string) error {
			return r.Report(t.Context(), budi, id, Report{To: ToldBoth, Text: "Surat 1"})
		},
		"reported one after the other": func(r *room, id string) error {
			if err := r.Report(t.Context(), budi, id, Report{To: ToldAuthority, Text: "Surat 1"}); err != nil {
				return err
			}
			return r.Report(t.Context(), budi, id, Report{To: ToldPersons, Text: "Surat 2"})
		},
		"closed": func(r *room, id string) error { return r.Close(t.Context(), budi, id, "Bukan data pribadi") },
	} {
		testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
			r := newRoomAt(db, leak())
			c := noted(t, r.Service, budi)
			r.at(t, 50*time.Hour)
			if err := end(r, c.ID); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			r.waiting(t, name)
			r.at(t, 100*time.Hour)
			r.told(t, name, "incident.begun", "incident.due")
		})
	}
}

// Half a report is none: who is missing is still told of, by name.
func TestAReportToOneOfTwo(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoomAt(db, leak())
		c := noted(t, r.Service, budi)
		r.time = noon.Add(20 * time.Hour)
		if err := r.Report(t.Context(), budi, c.ID, Report{To: ToldPersons, At: "2026-11-26T07:15", Text: "Surat 7"}); err != nil {
			t.Fatal(err)
		}
		if err := r.Report(t.Context(), budi, c.ID, Report{To: ToldPersons, Text: "lagi"}); simpul.CodeOf(err) != simpul.CodeConflict {
			t.Errorf("told twice: %v", err)
		}
		r.at(t, 66*time.Hour)
		last := r.desk.told[len(r.desk.told)-1]
		if !strings.Contains(last.Body.ID, "lembaga pelindungan") || strings.Contains(last.Body.ID, "orang yang terdampak") {
			t.Errorf("told %q", last.Body.ID)
		}
		got, err := r.Look(t.Context(), budi, c.ID)
		if err != nil || got.Reported() || !got.PersonsAt.Equal(noon.Add(19*time.Hour+15*time.Minute)) || len(got.Notes) != 1 || got.Notes[0].Deed != ToldPersons || !got.Notes[0].Is.Equal(got.PersonsAt) {
			t.Errorf("%+v, %v", got, err)
		}
		for place, bad := range map[string]Report{
			"to":   {To: "everybody", Text: "x"},
			"text": {To: ToldAuthority},
			"at":   {To: ToldAuthority, At: "2026-11-25T11:59", Text: "x"}, // before it became known
		} {
			err := r.Report(t.Context(), budi, c.ID, bad)
			var fault *simpul.Error
			if simpul.CodeOf(err) != simpul.CodeInvalid || !asFault(err, &fault) || fault.Place != place {
				t.Errorf("%s: %v", place, err)
			}
		}
	})
}

// When the incident became known can be put right; the old moment, who changed it
// and why stay on record, and people are told of the new term anew.
func TestThePointFromWhichTheTermCounts(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoomAt(db, leak())
		c := noted(t, r.Service, budi)
		r.at(t, 50*time.Hour)
		if err := r.Redate(t.Context(), budi, c.ID, "2026-11-24T12:00", "Laporan warga masuk sehari sebelumnya"); err != nil { // a day earlier: over in no time
			t.Fatal(err)
		}
		r.told(t, "an earlier moment", "incident.begun", "incident.due", "incident.overdue")
		r.waiting(t, "an earlier moment", "incident.overdue")
		if err := r.Redate(t.Context(), budi, c.ID, "2026-11-27T10:00", "Yang sebelumnya salah baca"); err != nil {
			t.Fatal(err)
		}
		r.waiting(t, "a later moment", "incident.begun")
		r.at(t, 46*time.Hour+48*time.Hour)
		r.told(t, "24 hours before the new end", "incident.begun", "incident.due", "incident.overdue", "incident.begun", "incident.due")
		got, err := r.Look(t.Context(), budi, c.ID)
		if err != nil || len(got.Notes) != 2 || got.Clock != 2 {
			t.Fatalf("%+v, %v", got, err)
		}
		if n := got.Notes[0]; n.Deed != Redated || !n.Was.Equal(noon) || !n.Is.Equal(noon.Add(-24*time.Hour)) || n.By != budi.ID || n.Text == "" {
			t.Errorf("%+v", n)
		}
		for place, bad := range map[string][2]string{
			"noted": {"2026-12-31T08:00", "x"}, "why": {"2026-11-26T08:00", " "},
		} {
			err := r.Redate(t.Context(), budi, c.ID, bad[0], bad[1])
			var fault *simpul.Error
			if simpul.CodeOf(err) != simpul.CodeInvalid || !asFault(err, &fault) || fault.Place != place {
				t.Errorf("%s: %v", place, err)
			}
		}
		if err := r.Redate(t.Context(), budi, c.ID, "2026-11-27T10:00", "x"); simpul.CodeOf(err) != simpul.CodeInvalid {
			t.Errorf("the same moment: %v", err)
		}
	})
}

// An incident that is recorded late is told of once, as late as it is.
func TestAnIncidentThatIsRecordedLate(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoomAt(db, leak())
		w := wish()
		w.Noted = "2026-11-22T13:00" // an hour is left
		if _, err := r.Note(t.Context(), budi, w); err != nil {
			t.Fatal(err)
		}
		r.at(t, time.Minute)
		r.told(t, "with an hour left", "incident.urgent")
	})
}
