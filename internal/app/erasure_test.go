package app

import (
	"context"
	"sync"
	"testing"
	"time"

	"simpul"
	"simpul/internal/exchange/tracker"
	"simpul/internal/platform/sqldb"
)

// The rows go with the key, although nothing follows the journal then. The keys in memory
// may still hold the key when the view is made anew: nothing here follows the revision log.
func TestWhatTheTrackerOpenedGoesWithTheKey(t *testing.T) {
	h, _ := openScreens(t)
	key := withPastKey(t, h)
	now := time.Now().UTC()
	for _, at := range []time.Time{now.AddDate(0, -2, 1-now.Day()), now} {
		x := simpul.Exchange{
			ID: simpul.NewExchangeID(at), OpenedAt: at, Consumer: simpul.Consumer{Application: "bansos@kemensos.go.id", Credential: "k"},
			Address: "kependudukan/CekNIK", Class: simpul.Tertutup, Provider: "kemendagri.go.id", Operation: simpul.Operation{Method: "POST", Path: "/"}, Status: 200,
		}
		if err := h.Invent(t.Context(), x, "3273016609849962"); err != nil {
			t.Fatal(err)
		}
	}
	follow := func() (stop func()) {
		ctx, cancel := context.WithCancel(t.Context())
		var running sync.WaitGroup
		running.Go(func() { h.followTracker(ctx) })
		return func() { cancel(); running.Wait() }
	}
	stop := follow()
	wantAccesses(t, h, 2)
	stop()
	err := h.db.Write(t.Context(), simpul.NationScope(), func(tx *sqldb.Tx) error {
		return h.keys.DestroyApproved(t.Context(), tx, simpul.TheHub(), []byte(`{"key":"`+key+`","reason":"Putusan 7/2026"}`))
	})
	if err != nil {
		t.Fatal(err)
	}
	wantAccesses(t, h, 1)
	if err := h.db.Write(t.Context(), simpul.NationScope(), func(tx *sqldb.Tx) error { return h.Tracker.ReadAgain(t.Context(), tx) }); err != nil {
		t.Fatal(err)
	}
	defer follow()()
	wantAccesses(t, h, 1)
}

// wantAccesses waits until the tracker has so many accesses.
func wantAccesses(t *testing.T, h *Hub, want int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), waitMost)
	defer cancel()
	for n := -1; n != want; {
		n = 0
		err := h.Tracker.Affected(ctx, simpul.NationScope(), "", time.Time{}, time.Now().AddDate(1, 0, 0), func(tracker.Access) error { n++; return nil })
		if err != nil {
			t.Fatalf("%d accesses, want %d: %v", n, want, err)
		}
	}
}
