package allowance

import (
	"strconv"
	"testing"
	"time"
)

var monday = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

func TestWhatIsSpentComesBackEvenly(t *testing.T) {
	now := monday
	a := New(3, time.Minute, func() time.Time { return now })
	take := func(place string, want bool) {
		t.Helper()
		if got := a.Take(place); got != want {
			t.Errorf("%s at %s: %v", place, now.Format(time.TimeOnly), got)
		}
	}
	for range 3 {
		take("here", true)
	}
	take("here", false)
	take("there", true)
	now = now.Add(19 * time.Second)
	take("here", false)
	now = now.Add(time.Second)
	take("here", true)
	take("here", false)
	now = now.Add(-time.Hour) // a clock that was set back gives nothing
	take("here", false)
}

func TestPlacesThatOweNothingAreForgotten(t *testing.T) {
	now := monday
	a := New(1, time.Minute, func() time.Time { return now })
	for i := range 5 * leastTidied {
		a.Take(strconv.Itoa(i))
		now = now.Add(time.Second)
	}
	if len(a.spent) > leastTidied {
		t.Errorf("%d places are kept", len(a.spent))
	}
}
