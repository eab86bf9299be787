package maturity

import (
	"time"

	"simpul"
)

// wib is the time of Jakarta (UTC+7), by which days and months are counted.
var wib = time.FixedZone("WIB", 7*60*60)

// mostMonths bounds a period, since each of its exchanges is counted.
const mostMonths = 24

// Period is a span of days, both of them in it.
type Period struct {
	From  string `json:"from" example:"2026-01-01"`
	Until string `json:"until" example:"2026-12-31"`
}

// ParsePeriod reads the days. An empty until is today, an empty from the day
// after the one a year before until.
func ParsePeriod(from, until string, now time.Time) (Period, error) {
	last, err := parseDay("until", until, now.In(wib))
	if err != nil {
		return Period{}, err
	}
	first, err := parseDay("from", from, last.AddDate(-1, 0, 1))
	if err != nil {
		return Period{}, err
	}
	switch today := startOfDay(now.In(wib)); {
	case last.After(today):
		return Period{}, badPeriod("until", "Akhir periode belum tiba.", "The end of the period has not come yet.")
	case first.After(last):
		return Period{}, badPeriod("from", "Awal periode ada sesudah akhirnya.", "The period begins after its end.")
	case first.AddDate(0, mostMonths, 0).Before(last):
		return Period{}, badPeriod("from", "Periode lebih panjang dari 24 bulan.", "The period is longer than 24 months.")
	}
	return Period{first.Format(time.DateOnly), last.Format(time.DateOnly)}, nil
}

func badPeriod(place, id, en string) error {
	return simpul.Invalid("query."+place, simpul.Text{ID: id, EN: en},
		simpul.Text{ID: "Pilih awal dan akhir yang sudah lewat, paling lama 24 bulan.", EN: "Choose a beginning and an end in the past, 24 months at most."})
}

func parseDay(place, text string, fallback time.Time) (time.Time, error) {
	if text == "" {
		return startOfDay(fallback), nil
	}
	t, err := time.ParseInLocation(time.DateOnly, text, wib)
	if err != nil || t.Year() < 2000 {
		return t, simpul.Invalid("query."+place,
			simpul.Text{ID: "\"" + text + "\" bukan tanggal.", EN: "\"" + text + "\" is not a date."},
			simpul.Text{ID: "Tulis tahun-bulan-hari, misalnya 2026-01-31.", EN: "Write year-month-day, such as 2026-01-31."})
	}
	return t, nil
}

func startOfDay(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, wib)
}

// bounds are the first moment of the period and the first after it.
func (p Period) bounds() (from, until time.Time) {
	from, _ = time.ParseInLocation(time.DateOnly, p.From, wib) // was parsed once
	until, _ = time.ParseInLocation(time.DateOnly, p.Until, wib)
	return from, until.AddDate(0, 0, 1)
}

// month is the part of a period that lies in one month.
type month struct {
	name        string
	from, until time.Time
}

func (p Period) months() (all []month) {
	from, until := p.bounds()
	for from.Before(until) {
		next := time.Date(from.Year(), from.Month()+1, 1, 0, 0, 0, 0, wib)
		end := next
		if until.Before(end) {
			end = until
		}
		all = append(all, month{from.Format("2006-01"), from, end})
		from = next
	}
	return all
}
