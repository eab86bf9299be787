// Package clock is the door to the time of day. Whoever decides by the time
// takes a [Clock], so that a test can hold it.
package clock

import "time"

// Clock tells the present time.
type Clock func() time.Time

// System is the machine's clock, in UTC.
func System() time.Time { return time.Now().UTC() }

// Fixed always tells the same time.
func Fixed(t time.Time) Clock { return func() time.Time { return t } }
