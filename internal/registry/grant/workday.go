package grant

import "time"

// Steps of a request that have a deadline.
const (
	StepRequested = "requested" // until somebody of the provider opens it
	StepDeciding  = "deciding"  // until the provider decides
)

// Deadlines says until when a step should be done.
type Deadlines interface {
	// Due returns the moment at which a step that begins at from is late.
	Due(step string, from time.Time) time.Time
}

// Weekends are the deadlines of a hub that knows no calendar: one working day to
// open a request and five to decide, from Monday to Friday.
type Weekends struct{}

// Due implements Deadlines.
func (Weekends) Due(step string, from time.Time) time.Time {
	if step == StepRequested {
		return dueAfter(from, 1)
	}
	return dueAfter(from, 5)
}

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
