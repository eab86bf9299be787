package provider

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/trail"
)

// Notifier tells people.
type Notifier interface {
	Notify(ctx context.Context, tx *sqldb.Tx, n simpul.Notice) error
}

// Shelf knows the LIDs.
type Shelf interface {
	// Own returns how a LID that the principal keeps is called now: nil for one
	// that is not published. A LID of others is not found.
	Own(ctx context.Context, p simpul.Principal, id string) (*simpul.Route, error)
}

// Canaries takes canaries out that fail, everywhere and until their provider
// changes them, and tells how origins do. It follows the revision log: Load once,
// then Refresh for each change.
type Canaries struct {
	db      *sqldb.DB
	caller  *Caller
	shelf   Shelf
	notices Notifier
	page    func(simpul.Address) string // where a provider reads of it
	log     *slog.Logger
}

// NewCanaries returns the use cases on the database.
func NewCanaries(db *sqldb.DB, caller *Caller, shelf Shelf, notices Notifier, page func(simpul.Address) string, log *slog.Logger) *Canaries {
	return &Canaries{db, caller, shelf, notices, page, log}
}

// Load replaces the view by what is stored.
func (s *Canaries) Load(ctx context.Context) error {
	next := map[trialKey]Fall{}
	err := s.db.Read(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		all, err := everyFall(ctx, tx)
		for _, f := range all {
			next[trialKey{f.Address, f.Print}] = f
		}
		return err
	})
	if err == nil {
		s.caller.takeOut(next)
	}
	return err
}

// Refresh reads again what the revisions name.
func (s *Canaries) Refresh(ctx context.Context, changes []sqldb.Revision) error {
	var next map[trialKey]Fall
	err := s.db.Read(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		for _, change := range changes {
			if change.Kind != revisionCanary {
				continue
			}
			if next == nil {
				next = maps.Clone(*s.caller.fallen.Load())
			}
			if err := reread(ctx, tx, next, simpul.Address(change.ID)); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil && next != nil {
		s.caller.takeOut(next)
	}
	return err
}

func reread(ctx context.Context, tx *sqldb.Tx, view map[trialKey]Fall, address simpul.Address) error {
	maps.DeleteFunc(view, func(k trialKey, _ Fall) bool { return k.lid == address })
	all, err := fallsOf(ctx, tx, address)
	for _, f := range all {
		view[trialKey{f.Address, f.Print}] = f
	}
	return err
}

// takeOut acts by what is stored: a canary that fell gets no call, and one whose
// fall is no longer stored begins anew.
func (c *Caller) takeOut(next map[trialKey]Fall) {
	before := *c.fallen.Swap(&next)
	c.trials.Range(func(key, t any) bool {
		k := key.(trialKey)
		if _, is := next[k]; is {
			t.(*trial).state.Store(int32(out))
		} else if _, was := before[k]; was {
			t.(*trial).again()
		}
		return true
	})
}

const storeInterval = 5 * time.Second // after which what could not be stored is tried again

// Run stores what fell here, until ctx ends. No call waits for it.
func (s *Canaries) Run(ctx context.Context) {
	tick := time.NewTicker(storeInterval)
	defer tick.Stop()
	for {
		for _, fall := range s.caller.Falls() {
			if err := s.RollBack(ctx, fall); err != nil && ctx.Err() == nil {
				s.log.Error("the end of a canary is not stored and will be tried again", "address", fall.Address, "error", err)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-s.caller.felled:
		case <-tick.C:
		}
	}
}

// RollBack stores that a canary fell, so that no node calls it, and tells its
// provider.
func (s *Canaries) RollBack(ctx context.Context, f Fall) error {
	err := s.db.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		first, err := insertFall(ctx, tx, f)
		if err != nil || !first {
			return err
		}
		if err := tx.Revise(ctx, revisionCanary, string(f.Address)); err != nil {
			return err
		}
		event := trail.By(simpul.TheHub(), f.Owner, "canary.rollback", string(f.Address))
		event.Detail = fmt.Sprintf("%d of %d calls failed", f.Failed, f.Calls)
		if err := trail.Append(ctx, tx, event); err != nil {
			return err
		}
		return s.notices.Notify(ctx, tx, s.fell(f))
	})
	if err == nil {
		s.caller.stored(trialKey{f.Address, f.Print})
	}
	return err
}

// stored notes that a fall needs no storing any more.
func (c *Caller) stored(key trialKey) {
	if t, ok := c.trials.Load(key); ok {
		t.(*trial).state.CompareAndSwap(int32(fallen), int32(out))
	}
}

func (s *Canaries) fell(f Fall) simpul.Notice {
	lid := string(f.Address)
	return simpul.Notice{
		Topic: "canary.fell", Key: fmt.Sprintf("canary.fell/%s/%s/%d", lid, f.Print, f.At.UnixMilli()),
		Agency: f.Owner, Holding: simpul.WriteLIDs, Urgent: true, Link: s.page(f.Address),
		Title: simpul.Text{ID: "Canary " + lid + " dihentikan karena gagal", EN: "The canary of " + lid + " was stopped because it failed"},
		Body: simpul.Text{
			ID: fmt.Sprintf("%d dari %d panggilan kepadanya gagal. Semua panggilan kini kembali ke layanan yang lama. Benahi versi barunya, lalu mulai lagi atau akhiri canary itu.", f.Failed, f.Calls),
			EN: fmt.Sprintf("%d of %d calls to it failed. All calls go to the former service again. Mend the new version, then let the canary begin anew or end it.", f.Failed, f.Calls)},
	}
}

var kindCanary = simpul.Text{ID: "Canary", EN: "Canary"}

// Again lets the canary of a LID of the principal's begin anew, after it fell.
func (s *Canaries) Again(ctx context.Context, p simpul.Principal, id string) error {
	route, err := s.shelf.Own(ctx, p, id)
	if err != nil {
		return err
	}
	if route == nil || route.Delivery == nil || route.Delivery.Canary == nil {
		return simpul.NotFound(kindCanary, id)
	}
	err = s.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		agency, err := deleteFall(ctx, tx, route.Address, PrintOf(*route.Delivery.Canary))
		if err != nil {
			return err
		}
		if err := tx.Revise(ctx, revisionCanary, id); err != nil {
			return err
		}
		return trail.Append(ctx, tx, trail.By(p, agency, "canary.restart", id))
	})
	return sqldb.Coded(err, kindCanary, id)
}

// Present is how the origins of a LID do, as this process sees it.
type Present struct {
	Live    bool
	Origins []OriginState
	Canary  *CanaryState // nil: the LID has none
}

// Present tells how the origins of a LID of the principal's do.
func (s *Canaries) Present(ctx context.Context, p simpul.Principal, id string) (Present, error) {
	route, err := s.shelf.Own(ctx, p, id)
	if err != nil || route == nil {
		return Present{}, err
	}
	now := Present{Live: true}
	now.Origins, now.Canary = s.caller.State(route)
	return now, nil
}
