package derived

import (
	"errors"
	"testing"
	"time"

	"simpul"
	"simpul/internal/platform/testkit"
)

func TestTheLagOfAnAnswer(t *testing.T) {
	now := noon
	shelf := &shelf{name: "index", positions: positions()}
	s := New(testkit.SQLite(t), shelf, func() time.Time { return now }, shelf)
	want := func(behind uint64, until time.Time) {
		t.Helper()
		lag, err := s.Lag(t.Context(), "index")
		if err != nil || lag.Behind != behind || (lag.CompleteUntil == nil) != until.IsZero() || lag.CompleteUntil != nil && !lag.CompleteUntil.Equal(until) {
			t.Errorf("%+v until %v, %v; want %d until %v", lag, lag.CompleteUntil, err, behind, until)
		}
	}
	want(3, noon.Add(-10*time.Second))
	shelf.positions[0].Sequence = 10
	want(2, noon.Add(-10*time.Second)) // looked at a moment ago, and promises less
	now = now.Add(lagHolds)
	want(2, noon.Add(-11*time.Second))
	shelf.positions[1].Seen = 7
	want(4, time.Time{}) // what another process holds, it alone knows
	shelf.positions[0].Sequence, shelf.positions[1].Seen = 12, 5
	want(0, now)

	if _, err := s.Lag(t.Context(), "nothing"); simpul.CodeOf(err) != simpul.CodeNotFound {
		t.Errorf("a view that is none: %v", err)
	}
	shelf.fails = errors.New("the database is away")
	if _, err := s.Lag(t.Context(), "index"); err == nil {
		t.Error("a lag was made up")
	}
}
