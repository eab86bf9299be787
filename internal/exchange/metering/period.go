package metering

import (
	"sort"
	"time"

	"simpul"
)

// Period is a span of time up to now that people look at.
type Period string

const (
	Day    Period = "24h"
	Week   Period = "7d"
	Month  Period = "30d"
	Months Period = "12m"
)

// ParsePeriod accepts the names; an empty one is a week.
func ParsePeriod(s string) (Period, error) {
	switch p := Period(s); p {
	case "":
		return Week, nil
	case Day, Week, Month, Months:
		return p, nil
	}
	return "", simpul.Invalid("query.period",
		simpul.Text{ID: "Periode \"" + s + "\" tidak dikenal.", EN: "Period \"" + s + "\" is unknown."},
		simpul.Text{ID: "Pilih 24h, 7d, 30d, atau 12m.", EN: "Choose 24h, 7d, 30d or 12m."})
}

// wib is the time of Jakarta, by which days and months are counted.
var wib = time.FixedZone("WIB", wibAhead*60*60)

// steps are the beginnings of a period's parts, and the end of the last, in the
// units of the table that tells of it.
type steps struct {
	table  table
	bounds []int64 // one more than there are parts
}

// steps divides the period that ends with the hour or the day of now.
func (p Period) steps(now time.Time) steps {
	hour, day := hourOf(now), dayOf(now)
	switch p {
	case Day:
		return steps{hours, spaced(hour+1, 1, 24)}
	case Month:
		return steps{days, spaced(day+1, 1, 30)}
	case Months:
		return steps{days, months(now.In(wib), 12)}
	}
	const part = 6 // hours; the last part is the one that is under way, by the clock of Jakarta
	end := hour + wibAhead
	return steps{hours, spaced(end-end%part+part-wibAhead, part, 28)}
}

// spaced returns the bounds of n parts of a length, up to the end.
func spaced(end, length int64, n int) []int64 {
	all := make([]int64, n+1)
	for i := range all {
		all[i] = end - length*int64(n-i)
	}
	return all
}

// months returns the first days of n months up to that of the day, and of the one
// after it.
func months(now time.Time, n int) []int64 {
	all := make([]int64, n+1)
	for i := range all {
		all[i] = dayOf(time.Date(now.Year(), now.Month()+time.Month(i+1-n), 1, 0, 0, 0, 0, wib))
	}
	return all
}

func (s steps) first() int64 { return s.bounds[0] }
func (s steps) end() int64   { return s.bounds[len(s.bounds)-1] }

// part returns which part a unit lies in.
func (s steps) part(at int64) int {
	return sort.Search(len(s.bounds), func(i int) bool { return s.bounds[i] > at }) - 1
}

// start is when a part begins.
func (s steps) start(i int) time.Time {
	if s.table == hours {
		return startOfHour(s.bounds[i])
	}
	return startOfDay(s.bounds[i])
}
