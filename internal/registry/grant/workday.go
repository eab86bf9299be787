package grant

import "time"

// workdays is how long a provider takes at most, in the usual case.
const workdays = 5

// wib is western Indonesian time, in which the hub's working days begin and end.
var wib = time.FixedZone("WIB", 7*60*60)

// dueAfter is the same hour some working days later. Saturdays and Sundays do
// not count; what is submitted on one counts from Monday.
func dueAfter(t time.Time, days int) time.Time {
	due := t.In(wib)
	for days > 0 {
		due = due.AddDate(0, 0, 1)
		if due.Weekday() != time.Saturday && due.Weekday() != time.Sunday {
			days--
		}
	}
	return due.UTC()
}
