package lifecycle_test

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"simpul/internal/registry/lifecycle"
)

var wib = time.FixedZone("WIB", 7*60*60)

func TestWorkingDaysSkipWeekendsAndHolidays(t *testing.T) {
	days := lifecycle.NewWorkingDays(
		lifecycle.HolidaySpec{Days: []lifecycle.Holiday{{Date: "2026-12-24"}, {Date: "2026-12-25"}}},
		lifecycle.HolidaySpec{Days: []lifecycle.Holiday{{Date: "2027-01-01"}}})
	for _, c := range []struct {
		from string
		n    int
		want string
	}{
		{"2026-11-25T10:00:00", 0, "2026-11-25T10:00:00"},
		{"2026-11-25T10:00:00", 3, "2026-11-30T10:00:00"}, // over a weekend
		{"2026-12-23T10:00:00", 1, "2026-12-28T10:00:00"}, // over collective leave, Christmas and a weekend
		{"2026-12-30T23:30:00", 2, "2027-01-04T23:30:00"}, // over a year
		{"2026-11-28T10:00:00", 1, "2026-11-30T23:59:59"}, // a Saturday counts from its end
		{"2026-12-24T08:00:00", 5, "2027-01-04T23:59:59"}, // so does a holiday
	} {
		from, _ := time.ParseInLocation("2006-01-02T15:04:05", c.from, wib)
		if got := days.After(from, c.n).In(wib).Format("2006-01-02T15:04:05"); got != c.want {
			t.Errorf("%d working days after %s: %s, want %s", c.n, c.from, got, c.want)
		}
	}
	if days.Knows(2028) || !days.Knows(2027) {
		t.Error("it does not know which years it knows")
	}
}

func TestTimersCountWhatTheySay(t *testing.T) {
	days := lifecycle.NewWorkingDays(lifecycle.HolidaySpec{Days: []lifecycle.Holiday{{Date: "2026-11-26"}}})
	from := time.Date(2026, 11, 25, 3, 0, 0, 0, time.UTC)
	for want, timer := range map[string]*lifecycle.Timer{
		"2026-11-27": {Length: 1, Unit: lifecycle.Working},
		"2027-02-23": {Length: 90, Unit: lifecycle.Days},
		"2027-11-25": {Length: 1, Unit: lifecycle.Years},
		"0001-01-01": nil,
	} {
		if got := days.Due(from, timer).Format(time.DateOnly); got != want {
			t.Errorf("%+v: %s, want %s", timer, got, want)
		}
	}
}

// TestWorkingDayArithmetic: for any calendar, later never becomes earlier, what
// is due is due on a day that is worked on, and counting in two goes is counting
// in one.
func TestWorkingDayArithmetic(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		begin := time.Date(2026, 1, 1, 0, 0, 0, 0, wib)
		spec := lifecycle.HolidaySpec{}
		for i, n := range rapid.SliceOfN(rapid.IntRange(0, 400), 0, 60).Draw(t, "holidays") {
			spec.Days = append(spec.Days, lifecycle.Holiday{Date: lifecycle.DayOf(begin.AddDate(0, 0, n)), Name: lifecycle.Names{ID: fmt.Sprint(i)}})
		}
		days := lifecycle.NewWorkingDays(spec)
		at := func(name string) time.Time {
			return begin.Add(time.Duration(rapid.IntRange(0, 400*24*60).Draw(t, name)) * time.Minute)
		}
		from, later := at("from"), at("later")
		if later.Before(from) {
			from, later = later, from
		}
		a, b := rapid.IntRange(0, 30).Draw(t, "a"), rapid.IntRange(0, 30).Draw(t, "b")

		due := days.After(from, a)
		if days.After(later, a).Before(due) {
			t.Fatalf("what began later is due earlier")
		}
		if days.After(from, a+b).Before(due) {
			t.Fatalf("%d days end before %d", a+b, a)
		}
		if a > 0 && !days.Works(lifecycle.DayOf(due)) {
			t.Fatalf("due on %s, which is not worked on", lifecycle.DayOf(due))
		}
		if !days.After(due, b).Equal(days.After(from, a+b)) {
			t.Fatalf("%d and then %d days are not %d days", a, b, a+b)
		}
		if got := days.Between(lifecycle.DayOf(from), lifecycle.DayOf(due)); got != a {
			t.Fatalf("between lie %d working days, not %d", got, a)
		}
		if got := days.Between(lifecycle.DayOf(due), lifecycle.DayOf(from)); got != -a {
			t.Fatalf("backwards lie %d working days, not %d", got, -a)
		}
	})
}
