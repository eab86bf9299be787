package lifecycle

import (
	"time"

	"simpul"
)

// wib is western Indonesian time (UTC+7), in which days begin and end.
var wib = time.FixedZone("WIB", 7*60*60)

// Day is a day of the calendar, "2026-11-30". Days sort as text.
type Day string

// ParseDay accepts a day of a year from 1900 to 2999.
func ParseDay(s string) (Day, error) {
	if t, err := time.Parse(time.DateOnly, s); err == nil && t.Year() >= 1900 && t.Year() < 3000 {
		return Day(s), nil
	}
	return "", simpul.Invalid("date",
		simpul.Text{ID: "\"" + clip(s, 40) + "\" bukan tanggal.", EN: "\"" + clip(s, 40) + "\" is not a date."},
		simpul.Text{ID: "Tulis tahun-bulan-hari, misalnya 2027-01-04.", EN: "Write year-month-day, such as 2027-01-04."})
}

// DayOf is the day of a time in western Indonesia.
func DayOf(t time.Time) Day { return Day(t.In(wib).Format(time.DateOnly)) }

// begin is the first moment of the day. Days are parsed where they come in.
func (d Day) begin() time.Time {
	t, _ := time.ParseInLocation(time.DateOnly, string(d), wib)
	return t
}

func (d Day) add(days int) Day { return DayOf(d.begin().AddDate(0, 0, days)) }

// clip shortens what somebody wrote to what a message can hold.
func clip(s string, most int) string {
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return s
}
