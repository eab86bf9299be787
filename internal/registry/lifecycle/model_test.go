package lifecycle_test

import (
	"slices"
	"strings"
	"testing"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
	"simpul/internal/registry/lifecycle"
)

// what a model must not be.
var wrongModels = map[string]struct {
	place  string
	change func(*lifecycle.Model)
}{
	"no such permission":   {"spec.transitions[0].permission", func(m *lifecycle.Model) { m.Transitions[0].Permission = "lid.fly" }},
	"no such step":         {"spec.transitions[0].to", func(m *lifecycle.Model) { m.Transitions[0].To = "mana" }},
	"no such beginning":    {"spec.transitions[0].from", func(m *lifecycle.Model) { m.Transitions[0].From = "mana" }},
	"no such condition":    {"spec.transitions[2].conditions", func(m *lifecycle.Model) { m.Transitions[2].Conditions = []string{"cantik"} }},
	"no such owner":        {"spec.steps[0].owner", func(m *lifecycle.Model) { m.Steps[0].Owner = "siapa" }},
	"no such state":        {"spec.steps[0].state", func(m *lifecycle.Model) { m.Steps[0].State = "mati" }},
	"no such unit":         {"spec.steps[2].timer.unit", func(m *lifecycle.Model) { m.Steps[2].Timer = &lifecycle.Timer{Length: 1, Unit: "bulan"} }},
	"endless timer":        {"spec.steps[2].timer.length", func(m *lifecycle.Model) { m.Steps[2].Timer = &lifecycle.Timer{Length: 4000, Unit: lifecycle.Working} }},
	"no time":              {"spec.steps[2].timer.length", func(m *lifecycle.Model) { m.Steps[2].Timer = &lifecycle.Timer{Unit: lifecycle.Working} }},
	"code in capitals":     {"spec.steps[0].code", func(m *lifecycle.Model) { m.Steps[0].Code = "Rencana" }},
	"code twice":           {"spec.steps[1].code", func(m *lifecycle.Model) { m.Steps[1].Code = "planned" }},
	"way twice":            {"spec.transitions[1]", func(m *lifecycle.Model) { m.Transitions[1] = m.Transitions[0] }},
	"no title":             {"spec.steps[0].title.id", func(m *lifecycle.Model) { m.Steps[0].Title.ID = " " }},
	"title with a bell":    {"spec.steps[0].title", func(m *lifecycle.Model) { m.Steps[0].Title.ID = "a\a" }},
	"long title":           {"spec.steps[0].title", func(m *lifecycle.Model) { m.Steps[0].Title.ID = strings.Repeat("a", 121) }},
	"request with a state": {"spec.steps[5].state", func(m *lifecycle.Model) { m.Steps[5].State = lifecycle.Draft }},
	"escalation to nobody": {"spec.steps[2].escalate.permission", func(m *lifecycle.Model) {
		m.Steps[2].Escalate = &lifecycle.Escalation{Permission: "x", Level: lifecycle.LevelNation}
	}},
	"escalation nowhere": {"spec.steps[2].escalate.level", func(m *lifecycle.Model) {
		m.Steps[2].Escalate = &lifecycle.Escalation{Permission: simpul.ApproveAgencies}
	}},
	"to itself":            {"spec.transitions[0].to", func(m *lifecycle.Model) { m.Transitions[0].To = "planned" }},
	"LID becomes request":  {"spec.transitions[0].to", func(m *lifecycle.Model) { m.Transitions[0].To = "deciding" }},
	"back from retirement": {"spec.transitions[0].from", func(m *lifecycle.Model) { m.Transitions[0].From, m.Transitions[0].To = "retired", "planned" }},
	"never reached": {"spec.steps[11]", func(m *lifecycle.Model) {
		m.Steps = append(m.Steps, lifecycle.Step{Code: "pulau", Title: lifecycle.Names{ID: "Pulau"}, Subject: lifecycle.OfLID, State: lifecycle.Draft, Owner: lifecycle.ByProvider})
		m.Transitions = append(m.Transitions, lifecycle.Transition{From: "pulau", To: "retired", Permission: simpul.WriteLIDs})
	}},
	"no way out": {"spec.steps[7]", func(m *lifecycle.Model) {
		m.Transitions = slices.DeleteFunc(m.Transitions, func(t lifecycle.Transition) bool { return t.To == "deprecated" || t.From == "deprecated" })
		m.Transitions = append(m.Transitions, lifecycle.Transition{From: "planned", To: "deprecated", Permission: simpul.WriteLIDs}, lifecycle.Transition{From: "deprecated", To: "retired", Permission: simpul.WriteLIDs})
	}},
	"nobody is retired": {"spec.steps", func(m *lifecycle.Model) { m.Steps[10].State = lifecycle.Deprecated }},
}

func TestAWrongModelIsRefusedAtItsPlace(t *testing.T) {
	r := newRoom(t, testkit.SQLite(t))
	for name, c := range wrongModels {
		_, err := r.Models().Put(t.Context(), operator, "2027-01-04", model(t, c.change), false)
		if e := checkRefusal(t, err, simpul.CodeInvalid); e.Place != c.place {
			t.Errorf("%s: at %s, want %s", name, e.Place, c.place)
		}
	}
}

func TestAModelIsInForceFromItsDay(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		next := model(t, func(m *lifecycle.Model) {
			m.Note, m.Steps[2].Title, m.Steps[2].Timer = "Uji lebih cepat", lifecycle.Names{ID: "Uji"}, &lifecycle.Timer{Length: 2, Unit: lifecycle.Working}
		})
		stored, err := r.Models().Put(t.Context(), operator, "2026-11-30", next, false)
		if err != nil || !stored.Created {
			t.Fatalf("%+v, %v", stored, err)
		}
		if due := r.Due("testing", r.now); due.Format("01-02") != "12-02" {
			t.Errorf("before its day: %s", due)
		}
		r.now = r.now.AddDate(0, 0, 5) // Monday, the 30th
		if due := r.Due("testing", r.now); due.Format("01-02") != "12-02" {
			t.Errorf("on its day: %s", due)
		}
		if v := r.Model("2026-11-29"); v.From != "2026-01-01" || v.Model.Steps[2].Title.ID != "Uji kelaikan" {
			t.Errorf("the earlier model is %s with %q", v.From, v.Model.Steps[2].Title.ID)
		}
		if due := r.Due("mana", r.now); !due.IsZero() {
			t.Errorf("a step that there is not is due at %s", due)
		}

		// In force, it stays as it is; the same again is no change.
		again, err := r.Models().Put(t.Context(), operator, "2026-11-30", next, false)
		if err != nil || again.Created || again.Times != stored.Times {
			t.Errorf("the same model again: %+v, %v", again.Times, err)
		}
		_, err = r.Models().Put(t.Context(), operator, "2026-11-30", lifecycle.FirstModel(), false)
		checkRefusal(t, err, simpul.CodeConflict)
		checkRefusal(t, r.Models().Delete(t.Context(), operator, "2026-11-30"), simpul.CodeConflict)
		_, err = r.Models().Put(t.Context(), operator, "2026-11-29", next, false)
		if e := checkRefusal(t, err, simpul.CodeInvalid); e.Place != "metadata.id" {
			t.Errorf("a day that is over: at %s", e.Place)
		}

		// What has not begun can be mended and withdrawn.
		for range 2 {
			next.Note += "!"
			if _, err := r.Models().Put(t.Context(), operator, "2027-01-04", next, false); err != nil {
				t.Error(err)
			}
		}
		if err := r.Models().Delete(t.Context(), operator, "2027-01-04"); err != nil {
			t.Error(err)
		}
		all, err := r.Models().List(t.Context(), provider, everyone)
		if err != nil || len(all) != 2 || all[1].ID != "2026-11-30" {
			t.Errorf("%d versions, %v", len(all), err)
		}
		want := []string{"lifecycle.put 11 steps, 21 transitions"}
		if got := r.events(t, "2026-11-30"); !slices.Equal(got, want) {
			t.Errorf("trail %q", got)
		}
	})
}

func TestNoLIDLosesTheStepInWhichItStands(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		r.must(t, provider, lifecycle.Move{To: lifecycle.Draft})
		r.must(t, provider, lifecycle.Move{Step: "developing"})
		without := model(t, func(m *lifecycle.Model) {
			m.Steps = slices.Delete(m.Steps, 1, 2)
			m.Transitions = slices.DeleteFunc(m.Transitions, func(t lifecycle.Transition) bool { return t.From == "developing" || t.To == "developing" })
			m.Transitions = append(m.Transitions, lifecycle.Transition{From: "planned", To: "testing", Permission: simpul.WriteLIDs})
		})
		_, err := r.Models().Put(t.Context(), operator, "2026-12-01", without, false)
		if e := checkRefusal(t, err, simpul.CodeConflict); !strings.Contains(e.Message.ID, "developing") {
			t.Errorf("it does not name the step: %s", e.Message.ID)
		}
		other := model(t, func(m *lifecycle.Model) {
			m.Steps[1].State = lifecycle.Published
		})
		_, err = r.Models().Put(t.Context(), operator, "2026-12-01", other, false)
		checkRefusal(t, err, simpul.CodeConflict)
		r.must(t, provider, lifecycle.Move{Step: "testing"})
		if _, err = r.Models().Put(t.Context(), operator, "2026-12-01", without, true); err != nil {
			t.Errorf("with nobody there: %v", err)
		}
		if all, _ := r.Models().List(t.Context(), operator, everyone); len(all) != 1 {
			t.Errorf("a rehearsal stored %d versions", len(all))
		}
	})
}

func TestOnlyTheNationWritesModelAndCalendar(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		local := provider
		local.Permissions = simpul.AllPermissions()
		_, err := r.Models().Put(t.Context(), local, "2027-01-04", lifecycle.FirstModel(), false)
		checkRefusal(t, err, simpul.CodeDenied)
		checkRefusal(t, r.Models().Delete(t.Context(), local, "2026-01-01"), simpul.CodeDenied)
		_, err = r.Holidays().Put(t.Context(), local, "2028", year("2028-01-01"), false)
		checkRefusal(t, err, simpul.CodeDenied)
		checkRefusal(t, r.Holidays().Delete(t.Context(), local, "2026"), simpul.CodeDenied)
		for _, p := range []simpul.Principal{local, stranger, {}} {
			if _, err := r.Models().Get(t.Context(), p, "2026-01-01"); err != nil {
				t.Errorf("everybody reads the model: %v", err)
			}
			if all, err := r.Holidays().List(t.Context(), p, everyone); err != nil || len(all) != 3 {
				t.Errorf("everybody reads the calendar: %d, %v", len(all), err)
			}
		}
	})
}

func year(days ...lifecycle.Day) lifecycle.HolidaySpec {
	s := lifecycle.HolidaySpec{Source: "SKB"}
	for _, d := range days {
		s.Days = append(s.Days, lifecycle.Holiday{Date: d, Name: lifecycle.Names{ID: "Libur"}, Kind: lifecycle.National})
	}
	return s
}

func TestTheFirstDataIsWrittenOnce(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		all, err := r.Holidays().List(t.Context(), operator, everyone)
		if err != nil || len(all) != 3 {
			t.Fatalf("%d years, %v", len(all), err)
		}
		for i, want := range []struct{ national, collective int }{{17, 11}, {17, 8}, {18, 8}} {
			n := map[lifecycle.HolidayKind]int{}
			for _, d := range all[i].Spec.Days {
				n[d.Kind]++
			}
			if n[lifecycle.National] != want.national || n[lifecycle.Collective] != want.collective {
				t.Errorf("%s has %v, its decree %+v", all[i].ID, n, want)
			}
			if _, err := r.Holidays().Put(t.Context(), operator, all[i].ID, all[i].Spec, false); err != nil {
				t.Error(err)
			}
		}
		if err := r.Holidays().Delete(t.Context(), operator, "2027"); err != nil {
			t.Fatal(err)
		}
		if err := r.Seed(t.Context()); err != nil {
			t.Fatal(err)
		}
		if all, _ := r.Holidays().List(t.Context(), operator, httpapi.Page{Limit: 9, After: "2025"}); len(all) != 1 || all[0].ID != "2026" {
			t.Errorf("what was deleted came back: %+v", all)
		}
	})
}

// What a hub does not offer, its first model does not ask for.
func TestTheFirstModelFitsTheHub(t *testing.T) {
	db := testkit.SQLite(t)
	r := &room{db: db, lids: map[simpul.Address]lid{}}
	r.Service = lifecycle.New(db, r, r, fixed, r.condition("metadata"))
	if err := r.Seed(t.Context()); err != nil {
		t.Fatal(err)
	}
	stored, err := r.Models().Get(t.Context(), operator, "2026-01-01")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Models().Put(t.Context(), operator, "2027-01-01", stored.Spec, false); err != nil {
		t.Error(err)
	}
}
