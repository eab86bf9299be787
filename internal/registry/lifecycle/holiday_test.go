package lifecycle_test

import (
	"testing"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
	"simpul/internal/registry/lifecycle"
)

func fixed() time.Time { return wednesday }

func TestAWrongCalendarIsRefusedAtItsPlace(t *testing.T) {
	r := newRoom(t, testkit.SQLite(t))
	for place, c := range map[string]struct {
		id     string
		change func(*lifecycle.HolidaySpec)
	}{
		"metadata.id":          {"28", func(*lifecycle.HolidaySpec) {}},
		"spec.source":          {"2028", func(s *lifecycle.HolidaySpec) { s.Source = " " }},
		"spec.sourceUrl":       {"2028", func(s *lifecycle.HolidaySpec) { s.SourceURL = "javascript:alert(1)" }},
		"spec.note":            {"2028", func(s *lifecycle.HolidaySpec) { s.Note = "\x00" }},
		"spec.days[0].date":    {"2028", func(s *lifecycle.HolidaySpec) { s.Days[0].Date = "2027-12-31" }},
		"spec.days[1].date":    {"2028", func(s *lifecycle.HolidaySpec) { s.Days[1].Date = s.Days[0].Date }},
		"spec.days[0].kind":    {"2028", func(s *lifecycle.HolidaySpec) { s.Days[0].Kind = "pesta" }},
		"spec.days[0].name.id": {"2028", func(s *lifecycle.HolidaySpec) { s.Days[0].Name.ID = "" }},
		"spec.days[0].name":    {"2028", func(s *lifecycle.HolidaySpec) { s.Days[0].Name.EN = "a\x07" }},
	} {
		s := year("2028-01-01", "2028-02-30")
		s.Days[1].Date = "2028-02-28"
		c.change(&s)
		_, err := r.Holidays().Put(t.Context(), operator, c.id, s, false)
		if e := checkRefusal(t, err, simpul.CodeInvalid); e.Place != place {
			t.Errorf("at %s, want %s", e.Place, place)
		}
	}
	s := year("2028-02-30")
	_, err := r.Holidays().Put(t.Context(), operator, "2028", s, false)
	checkRefusal(t, err, simpul.CodeInvalid)
}

// A new holiday puts off what is due after it, also what began before.
func TestDueTimesFollowTheCalendar(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		r.must(t, provider, lifecycle.Move{To: lifecycle.Draft})
		r.must(t, provider, lifecycle.Move{Step: "testing"})
		due := func() string {
			all, _, err := r.DueUntil(t.Context(), provider.Scope(), r.now.AddDate(1, 0, 0), everyone)
			if err != nil || len(all) != 1 {
				t.Fatalf("%+v, %v", all, err)
			}
			return all[0].Due.Format(time.DateOnly)
		}
		if got := due(); got != "2026-12-02" {
			t.Fatalf("due %s", got)
		}
		with, err := r.Holidays().Get(t.Context(), operator, "2026")
		if err != nil {
			t.Fatal(err)
		}
		with.Spec.Days = append(with.Spec.Days, lifecycle.Holiday{Date: "2026-11-27", Name: lifecycle.Names{ID: "Pilkada"}, Kind: lifecycle.National})
		if _, err := r.Holidays().Put(t.Context(), operator, "2026", with.Spec, false); err != nil {
			t.Fatal(err)
		}
		if got := due(); got != "2026-12-03" {
			t.Errorf("with one more holiday due %s", got)
		}
		if got, _ := r.Holidays().Get(t.Context(), operator, "2026"); got.Spec.Days[23].Date != "2026-11-27" {
			t.Errorf("days are not in order: %+v", got.Spec.Days[23])
		}
		_, err = r.Holidays().Get(t.Context(), operator, "2031")
		checkRefusal(t, err, simpul.CodeNotFound)
		checkRefusal(t, r.Holidays().Delete(t.Context(), operator, "2031"), simpul.CodeNotFound)
	})
}
