package metering

import (
	"testing"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
)

// ended makes n exchanges with one LID that ended so.
func ended(n int, at time.Time, outcome simpul.Code) (all []simpul.Exchange) {
	for range n {
		all = append(all, simpul.Exchange{Address: "master/Kota", Provider: kemendagri, OpenedAt: at, Outcome: outcome, Status: 200,
			Consumer: simpul.Consumer{Application: "layanan@bandungkota.go.id"}, Latency: 20 * time.Millisecond, Upstream: 10 * time.Millisecond})
	}
	return all
}

func TestStatusTellsStatesAndNoCounts(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		day := func(n int) time.Time { return noon.AddDate(0, 0, -n) }
		var all []simpul.Exchange
		for _, some := range [][]simpul.Exchange{
			ended(200, day(1), ""),
			ended(9, day(2), simpul.CodeTimeout), // too few to say
			ended(95, day(3), ""), ended(5, day(3), simpul.CodeUpstream),
			ended(10, day(4), simpul.CodeTimeout),
			ended(18, day(7), ""), ended(2, day(7), simpul.CodeTimeout), // mishaps
			ended(10, day(5), ""), ended(90, day(5), simpul.CodeDenied), // the consumer's own fault
			ended(10, day(89), ""), ended(10, day(90), simpul.CodeTimeout), // the last day that is shown, and one before
			ended(40, noon, ""),
		} {
			all = append(all, some...)
		}
		s := counted(t, db, noon, all...)
		status, err := s.Status(t.Context(), "master/Kota")
		if err != nil {
			t.Fatal(err)
		}
		if len(status.Days) != stripDays || status.Now != Good || status.Origin != Unknown {
			t.Errorf("got %+v", status)
		}
		for ago, want := range map[int]State{0: Good, 1: Good, 2: Unknown, 3: Impaired, 4: Failing, 5: Good, 6: Unknown, 7: Good, 89: Good} {
			if got := status.Days[stripDays-1-ago].State; got != want {
				t.Errorf("%d days ago: %s, want %s", ago, got, want)
			}
		}
		if want := 373. / 399; status.Available != want {
			t.Errorf("available %v, want %v", status.Available, want)
		}
		if status.P50 == 0 || status.P95 == 0 {
			t.Error("no times")
		}
		if other, err := s.Status(t.Context(), "pajak/Npwp"); err != nil || other.Now != Unknown || other.Available >= 0 || other.P50 != 0 {
			t.Errorf("of a LID that nobody calls: %+v, %v", other, err)
		}
		if troubles, err := s.Troubles(t.Context()); err != nil || len(troubles) != 0 {
			t.Errorf("troubles %v, %v", troubles, err)
		}
	})
}

func TestTroublesAreOfNow(t *testing.T) {
	db := testkit.SQLite(t)
	s := counted(t, db, noon, append(ended(20, noon.Add(-time.Minute), simpul.CodeTimeout), ended(20, noon.Add(-5*time.Hour), "")...)...)
	if troubles, err := s.Troubles(t.Context()); err != nil || troubles["master/Kota"] != Failing {
		t.Errorf("got %v, %v", troubles, err)
	}
}

func TestStrangersCostOneLookAMinute(t *testing.T) {
	now, looks := noon, 0
	s := newShelf(func() time.Time { return now })
	look := func() (LIDStatus, error) { looks++; return LIDStatus{At: now}, nil }
	for range 5 {
		s.get("master/Kota", look)
	}
	now = now.Add(statusAge)
	s.get("master/Kota", look)
	if looks != 2 {
		t.Errorf("%d looks", looks)
	}
	for i := range mostTold + 10 {
		s.get(simpul.Address(rune(i)), look)
	}
	if len(s.told) > mostTold {
		t.Errorf("%d are kept", len(s.told))
	}
}

type watcher State

func (w watcher) Health(simpul.Address) (State, bool) { return State(w), true }

func TestAWatchedOriginIsShown(t *testing.T) {
	s := counted(t, testkit.SQLite(t), noon)
	s.Watch(watcher(Failing))
	if status, err := s.Status(t.Context(), "master/Kota"); err != nil || status.Origin != Failing {
		t.Errorf("got %+v, %v", status, err)
	}
}
