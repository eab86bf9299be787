package app

import (
	"context"
	"errors"
	"net/url"
	"time"

	"simpul"
	"simpul/internal/exchange/evidence"
	"simpul/internal/exchange/gateway"
	"simpul/internal/exchange/tracker"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/sqldb"
	"simpul/internal/registry/lifecycle"
)

// openTracker builds the room that remembers whose data were looked at.
func (h *Hub) openTracker() {
	h.trackerKeys = tracker.NewKeys(h.db, sealer{h.vault}, clock.System)
	h.following = tracker.NewFollower(h.db, personsFeed{evidence.NewFeed(h.journal), unsealer{h.keys}}, h.log, clock.System)
	own := h.following
	if !h.indexes() {
		own = nil
	}
	h.Tracker = tracker.New(tracker.Doors{
		DB: h.db, Keys: h.trackerKeys, Sealer: sealer{h.vault}, Proposals: h.Proposals, Notices: h.Notices,
		Calendar: workdays{h.Lifecycle}, Proofs: h.citizensProofs(), Follower: own, Now: clock.System,
	})
	h.keys.OnDestroy(func(ctx context.Context, tx *sqldb.Tx, key evidence.KeyLine) error { // what was opened with the key goes with it
		return h.Tracker.Erase(ctx, tx, key.ID, key.Month, key.Until)
	})
}

// watching gives the gateway the eyes of the tracker.
type watching struct{ watcher *tracker.Watcher }

func (w watching) Watch(x *simpul.Exchange, route *simpul.Route, below *url.URL) (gateway.Sight, error) {
	sight, err := w.watcher.Watch(x, route, below)
	if sight == nil {
		return nil, err
	}
	return sight, err
}

// personsFeed hands the exchanges of the journal that name persons to the tracker.
type personsFeed struct {
	*evidence.Feed
	opener unsealer
}

// unsealer completes exchanges with what is sealed in their records.
type unsealer struct{ keys *evidence.Keys }

// Open completes the exchange, and names the key that sealed its record. Of a record whose
// key is destroyed it says that it is gone.
func (u unsealer) Open(payload []byte, x *simpul.Exchange) (key string, err error) {
	r, err := evidence.DecodeRecord(payload)
	if err == nil {
		err = u.keys.Open(&r)
	}
	if err == nil {
		*x = r.Exchange
	}
	return r.Personal.Key, err
}

// Forget reads the keys again, so that a view that is made anew for a key that was
// destroyed is not made with it once more.
func (f personsFeed) Forget(ctx context.Context) error { return f.opener.keys.Load(ctx) }

func (f personsFeed) Persons(after uint64, most int, sealed func(uint64, string, *simpul.Exchange)) (uint64, error) {
	return f.Whole(after, most, evidence.Naming, func(e evidence.Entry, x *simpul.Exchange) error {
		key, err := f.opener.Open(e.Payload, x)
		if simpul.CodeOf(err) == simpul.CodeGone {
			return nil // erased: nobody knows whom it was about
		}
		if err == nil && len(x.Persons)+x.Unnamed > 0 {
			sealed(e.Sequence, key, x)
		}
		return err
	})
}

// workdays is the calendar of the life cycle.
type workdays struct{ lifecycle *lifecycle.Service }

func (w workdays) After(t time.Time, days int) time.Time {
	return w.lifecycle.WorkingDays().After(t, days)
}

// followTracker keeps the view of accesses up to date until ctx ends.
func (h *Hub) followTracker(ctx context.Context) { h.following.Run(ctx) }

// Unused reports whether nothing has ever passed this hub.
func (h *Hub) Unused() bool { return h.journal.Last() == 0 }

// Invent writes an exchange that never happened, about the data of the persons, for
// a demonstration that needs a past. The hub need not serve yet.
func (h *Hub) Invent(ctx context.Context, x simpul.Exchange, persons ...simpul.NIK) error {
	err := errors.Join(h.trackerKeys.Name(ctx, &x, persons...), h.keys.Load(ctx), h.keys.MakeFor(ctx, x.OpenedAt, x.Class)) // the hub does not serve yet
	if err != nil {
		return err
	}
	return evidence.NewRecorder(h.journal, h.keys, h.timekeeper).Seal(ctx, &x)
}
