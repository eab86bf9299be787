package evidence

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
)

// underWay records exchanges of which many are open at any time, and some for ever.
func underWay(t *testing.T, j *Journal, n int) {
	t.Helper()
	r := NewRecorder(j, nil, nil)
	var open []*simpul.Exchange
	for i, x := range traffic(n, 21) {
		x.Outcome, x.Status, x.Class = "", 200, simpul.Tertutup
		x.OpenedAt = delivery(0).OpenedAt.Add(x.Latency)
		x.ID = simpul.NewExchangeID(x.OpenedAt)
		begun := opening(x)
		if err := r.Open(t.Context(), &begun); err != nil {
			t.Fatal(err)
		}
		if i%17 != 0 {
			open = append(open, x)
		}
		for len(open) > 30 || i == n-1 && len(open) > 0 {
			if err := r.Seal(t.Context(), open[0]); err != nil {
				t.Fatal(err)
			}
			open = open[1:]
		}
	}
}

// What is under way where a batch ends waits for the next batch, and is written
// at the latest with that one. A process that dies meanwhile loses none of it.
func TestWhatIsUnderWayWaitsForOneBatch(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		j := openTest(t, t.TempDir(), Options{})
		underWay(t, j, 300)
		v := &view{known: map[simpul.ExchangeID]Indexed{}}
		v.add(j, recordsOf(t, j))
		for _, most := range []int{7, 40, 1000} {
			t.Run(fmt.Sprint(most), func(t *testing.T) {
				emptied(t, db)
				for dies := 0; dies < 1000; dies++ {
					x := NewIndex(db, j, quiet)
					x.most = most
					if !batches(t, x, 1+dies%3) {
						break
					}
				}
				v.compare(t, newRandom(3), NewExchanges(db, nil), 1)
			})
		}
	})
}

// batches has the index read so many batches, as a process does that then dies;
// false once nothing is left.
func batches(t *testing.T, x *Index, n int) (more bool) {
	t.Helper()
	at, err := x.resume(t.Context())
	if err == nil {
		err = x.restore(t.Context(), at)
	}
	if err != nil {
		t.Fatal(err)
	}
	r := x.journal.Read(at + 1)
	defer r.Close()
	for range n {
		records, end, err := x.read(r, at)
		overdue := at
		if end == at {
			overdue = end
		}
		records = x.giveUp(records, overdue)
		if err == nil && len(records) == 0 && end == at {
			return false
		}
		if err := errors.Join(err, x.write(context.Background(), at, end, records)); err != nil {
			t.Fatal(err)
		}
		at = end
	}
	return true
}

// Of exchanges that end within two batches none becomes a row first.
func TestWhatEndsInTheNextBatchGoesOntoAPage(t *testing.T) {
	db := testkit.SQLite(t)
	j := openTest(t, t.TempDir(), Options{})
	underWay(t, j, 300)
	x := NewIndex(db, j, quiet)
	x.most = 100
	for batches(t, x, 1000) {
	}
	open := 0
	for _, state := range dump(t, db, "evidence_exchange", "state || id") {
		if state[:len(Opened)] == string(Opened) {
			open++
		}
	}
	if want := (300 + 16) / 17; open != want {
		t.Errorf("%d exchanges are under way for ever, and %d are in the view", want, open)
	}
	checkPages(t, db)
}
