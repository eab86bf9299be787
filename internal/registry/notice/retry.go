package notice

import "time"

// Delays between attempts grow threefold, so that a relay that asks to come back
// in a minute is soon obliged and one that is down for a day is not harassed.
const (
	firstDelay = time.Minute
	lastDelay  = 6 * time.Hour
)

// delay is the pause after so many attempts.
func delay(attempts int64) time.Duration {
	d := firstDelay
	for range min(attempts, 10) - 1 {
		d *= 3
	}
	return min(d, lastDelay)
}
