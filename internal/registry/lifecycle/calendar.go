package lifecycle

import "time"

// WorkingDays knows which days are worked on. It does not change; a change of
// the calendar makes a new one. The zero WorkingDays knows weekends only.
type WorkingDays struct {
	off   map[Day]bool
	years map[int]bool
}

// NewWorkingDays reads the holidays of all years that there are.
func NewWorkingDays(years ...HolidaySpec) *WorkingDays {
	w := &WorkingDays{map[Day]bool{}, map[int]bool{}}
	for _, y := range years {
		for _, h := range y.Days {
			w.off[h.Date] = true
			w.years[h.Date.begin().Year()] = true
		}
	}
	return w
}

// Works reports whether the day is neither of a weekend nor a holiday.
func (w *WorkingDays) Works(d Day) bool {
	weekday := d.begin().Weekday()
	return weekday != time.Saturday && weekday != time.Sunday && !w.off[d]
}

// Knows reports whether the holidays of a year are known. Of another, only the
// weekends count.
func (w *WorkingDays) Knows(year int) bool { return w.years[year] }

// After is the same hour so many working days later. What begins on a day that
// is not worked on begins at its end, so that who comes later is never due
// earlier.
func (w *WorkingDays) After(t time.Time, days int) time.Time {
	due, day := t.In(wib), DayOf(t)
	if days > 0 && !w.Works(day) {
		due = day.add(1).begin().Add(-time.Millisecond)
	}
	for days > 0 {
		due = due.AddDate(0, 0, 1)
		if w.Works(DayOf(due)) {
			days--
		}
	}
	return due.UTC()
}

// Between counts the working days after one day, up to and with another; it is
// negative where that day is over.
func (w *WorkingDays) Between(from, to Day) int {
	if to < from {
		return -w.Between(to, from)
	}
	n := 0
	for d := from; d < to; {
		d = d.add(1)
		if w.Works(d) {
			n++
		}
	}
	return n
}

// Due is when a timer that began at the time is over; zero without a timer.
func (w *WorkingDays) Due(t time.Time, timer *Timer) time.Time {
	if timer == nil {
		return time.Time{}
	}
	switch timer.Unit {
	case Days:
		return t.In(wib).AddDate(0, 0, timer.Length).UTC()
	case Years:
		return t.In(wib).AddDate(timer.Length, 0, 0).UTC()
	}
	return w.After(t, timer.Length)
}
