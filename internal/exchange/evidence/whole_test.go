package evidence

import (
	"errors"
	"testing"
	"time"

	"simpul"
	"simpul/internal/platform/testkit"
)

func TestAFeedHandsOverWholeRecords(t *testing.T) {
	j := openTest(t, t.TempDir(), Options{})
	keys := loadedKeys(t, testkit.SQLite(t), time.Now())
	recorder := NewRecorder(j, keys, nil)
	whole := func(e Entry) simpul.Exchange {
		r, err := DecodeRecord(e.Payload)
		if err := errors.Join(err, keys.Open(&r)); err != nil {
			t.Fatal(err)
		}
		return r.Exchange
	}
	for i, x := range []simpul.Exchange{
		{ID: simpul.NewExchangeID(time.Now()), Consumer: simpul.Consumer{Application: "a@b.go.id"}, Class: simpul.Terbuka},
		{ID: simpul.NewExchangeID(time.Now()), Consumer: simpul.Consumer{Application: "a@b.go.id"}, Class: simpul.Terbatas, Persons: []simpul.Pseudonym{"2026-11:x"}, Purpose: "p", Case: "c"},
		{ID: simpul.NewExchangeID(time.Now()), Consumer: simpul.Consumer{Application: "a@b.go.id"}, Class: simpul.Terbatas, Persons: []simpul.Pseudonym{"2026-11:y"}},
	} {
		x.OpenedAt = time.Now()
		if err := errors.Join(recorder.Open(t.Context(), &x), recorder.Seal(t.Context(), &x)); err != nil {
			t.Fatal(i, err)
		}
	}
	if err := j.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	f := NewFeed(j)
	defer f.Close()
	var seen []simpul.Exchange
	end, err := f.Whole(0, 100, Naming, func(e Entry, x *simpul.Exchange) error { seen = append(seen, whole(e)); return nil })
	if err != nil || end != j.Last() || len(seen) != 2 || seen[0].Case != "c" || seen[0].Purpose != "p" || seen[1].Persons[0] != "2026-11:y" {
		t.Errorf("up to %d of %d, %v: %+v", end, j.Last(), err, seen)
	}
	stop := errors.New("stop")
	end, err = f.Whole(0, 100, Naming, func(e Entry, x *simpul.Exchange) error {
		if whole(e).Persons[0] == "2026-11:y" {
			return stop
		}
		return nil
	})
	if !errors.Is(err, stop) || end != j.Last()-1 {
		t.Errorf("stopped after %d, %v", end, err)
	}
	n := 0
	if end, err = f.Whole(end, 100, Naming, func(Entry, *simpul.Exchange) error { n++; return nil }); err != nil || n != 1 || end != j.Last() {
		t.Errorf("went on to %d with %d, %v", end, n, err)
	}
}
