package standard

import (
	"time"

	"simpul"
)

// Day is a calendar day as ISO 8601 writes it, "2022-07-25"; "" is open: the
// beginning or the end of time. Days of four-digit years sort as text.
type Day string

// openEnd is how an open end is stored, so that it sorts after every day.
const openEnd Day = "9999-12-31"

// ParseDay accepts a day of the calendar, or "".
func ParseDay(s string) (Day, error) {
	if s == "" {
		return "", nil
	}
	if t, err := time.Parse(time.DateOnly, s); err == nil && t.Year() > 0 && Day(s) < openEnd {
		return Day(s), nil
	}
	return "", simpul.Invalid("date",
		simpul.Text{ID: "\"" + s + "\" bukan tanggal.", EN: "\"" + s + "\" is not a date."},
		simpul.Text{ID: "Tulis tahun-bulan-hari, misalnya 2022-07-25.", EN: "Write year-month-day, such as 2022-07-25."})
}

// DayOf is the day of a time in Jakarta (WIB, UTC+7), where laws take effect.
func DayOf(t time.Time) Day {
	return Day(t.In(time.FixedZone("WIB", 7*60*60)).Format(time.DateOnly))
}

// before returns the day before; of an open one, itself.
func (d Day) before() Day {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return d
	}
	return Day(t.AddDate(0, 0, -1).Format(time.DateOnly))
}

// Validity is a period of days: From is in it, Until is not. An empty From or
// Until is open.
type Validity struct {
	From  Day `json:"from,omitempty" pattern:"^[0-9]{4}-[0-9]{2}-[0-9]{2}$" doc:"First day; absent: since ever" example:"2022-07-25"`
	Until Day `json:"until,omitempty" pattern:"^[0-9]{4}-[0-9]{2}-[0-9]{2}$" doc:"First day on which it is no longer valid; absent: until further notice"`
}

// Holds reports whether the day is in the period.
func (v Validity) Holds(d Day) bool { return v.From <= d && d < v.end() }

// Overlaps reports whether some day is in both periods.
func (v Validity) Overlaps(w Validity) bool { return v.From < w.end() && w.From < v.end() }

func (v Validity) end() Day {
	if v.Until == "" {
		return openEnd
	}
	return v.Until
}

// String writes the period as a person reads it: "2022-07-25 – …".
func (v Validity) String() string {
	from, until := string(v.From), string(v.Until)
	if from == "" {
		from = "…"
	}
	if until == "" {
		until = "…"
	}
	return from + " – " + until
}

// check refuses a period with days that do not exist, or without any day.
func (v Validity) check(place func(field string) string) error {
	if _, err := ParseDay(string(v.From)); err != nil {
		return simpul.At(place("from"), err)
	}
	if _, err := ParseDay(string(v.Until)); err != nil {
		return simpul.At(place("until"), err)
	}
	if v.From >= v.end() {
		return simpul.Invalid(place("until"),
			simpul.Text{ID: "Masa berlaku " + v.String() + " tidak memuat satu hari pun.", EN: "The period " + v.String() + " holds no day."},
			simpul.Text{ID: "Tanggal akhir adalah hari pertama yang tidak berlaku lagi, jadi harus sesudah tanggal awal.", EN: "The end is the first day that is no longer valid, so it must come after the beginning."})
	}
	return nil
}
