package issuer

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"simpul"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/sqldb"
)

// How keys are kept fresh.
const (
	fetchEvery = time.Hour
	askPause   = time.Minute // between two fetches that tokens ask for
	firstRetry = 30 * time.Second
	lastRetry  = 15 * time.Minute
	keptFor    = 24 * time.Hour // after they were fetched last
)

// Trust is the gateway's view in memory of the issuers that are believed, with
// their keys. Reading it takes no lock. It follows the revision log, and Run keeps
// the keys fresh.
type Trust struct {
	db           *sqldb.DB
	fetcher      *fetcher
	suspensions  Suspensions
	certificates Certificates
	now          clock.Clock
	log          *slog.Logger

	state   atomic.Pointer[state]
	cache   cache
	revoked revocations
	turn    sync.Mutex    // one refresh at a time
	wake    chan struct{} // something is due
}

// state is one immutable state of the view, but for the keys of each issuer.
type state struct {
	byIssuer map[string]*trusted // by iss
}

// trusted is an issuer that is believed.
type trusted struct {
	id      string
	spec    Spec
	clients map[string]simpul.ApplicationID
	written *keySet // of the declaration itself; nil: they are fetched
	well    *well   // where they are fetched; nil: they are written
}

// keysAt returns the keys that count at the time, nil for none.
func (b *trusted) keysAt(now time.Time) *keySet {
	if b.written != nil {
		return b.written
	}
	drawn := b.well.drawn.Load()
	if drawn == nil || !now.Before(drawn.at.Add(keptFor)) {
		return nil
	}
	return drawn.keys
}

// NewTrust returns a view that believes nobody until it is loaded.
func NewTrust(db *sqldb.DB, suspensions Suspensions, certificates Certificates, now clock.Clock, log *slog.Logger) *Trust {
	t := &Trust{db: db, fetcher: newFetcher(), suspensions: suspensions, certificates: certificates, now: now, log: log, wake: make(chan struct{}, 1)}
	t.state.Store(&state{byIssuer: map[string]*trusted{}})
	return t
}

// Load replaces the view by what is stored.
func (t *Trust) Load(ctx context.Context) error {
	t.turn.Lock()
	defer t.turn.Unlock()
	return t.reread(ctx)
}

// Refresh reads again what is declared, where the revisions concern it. There are
// few issuers, and they change seldom, so all are read.
func (t *Trust) Refresh(ctx context.Context, changes []sqldb.Revision) error {
	t.turn.Lock()
	defer t.turn.Unlock()
	for _, c := range changes {
		if c.Kind == revisionIssuer || c.Kind == revisionApplication && t.names(simpul.ApplicationID(c.ID)) {
			return t.reread(ctx)
		}
	}
	return nil
}

// names reports whether a client is mapped to the application, which may have
// been deleted.
func (t *Trust) names(application simpul.ApplicationID) bool {
	for _, by := range t.state.Load().byIssuer {
		for _, mapped := range by.clients {
			if mapped == application {
				return true
			}
		}
	}
	return false
}

func (t *Trust) reread(ctx context.Context) error {
	var all []stored
	var ended []revocation
	err := t.db.Read(ctx, simpul.NationScope(), func(tx *sqldb.Tx) (err error) {
		if all, err = allIssuers(ctx, tx); err != nil {
			return err
		}
		ended, err = revocationsAfter(ctx, tx, t.now())
		return err
	})
	if err != nil {
		return err
	}
	before, next := t.state.Load(), &state{byIssuer: map[string]*trusted{}}
	for _, s := range all {
		next.byIssuer[s.spec.Issuer] = t.trust(s, before.byIssuer[s.spec.Issuer])
	}
	for _, r := range ended {
		t.revoked.add(r.issuer, r.digest, r.until)
	}
	t.state.Store(next)
	t.stir()
	return nil
}

// trust makes the view of one issuer. Keys that were fetched from the same place
// stay.
func (t *Trust) trust(s stored, before *trusted) *trusted {
	by := &trusted{id: s.id, spec: s.spec, clients: map[string]simpul.ApplicationID{}}
	for _, c := range s.spec.Clients {
		by.clients[c.Client] = c.Application
	}
	from := s.spec.from()
	switch {
	case from == "":
		by.written = t.writtenKeys(s, before)
	case before != nil && before.well != nil && before.well.from == from:
		by.well = before.well
	default:
		by.well = &well{from: from}
		by.well.remember(s.kept)
	}
	return by
}

// writtenKeys reads the keys of a declaration, which was checked when it was
// stored. Keys that are the same stay the same, and what they verified with them.
func (t *Trust) writtenKeys(s stored, before *trusted) *keySet {
	if before != nil && before.written != nil && string(before.spec.Keys.Inline) == string(s.spec.Keys.Inline) {
		return before.written
	}
	set, err := parseKeys(s.spec.Keys.Inline)
	if err != nil {
		t.log.Error("the written keys of an issuer cannot be read", "issuer", s.id, "error", err)
		return &keySet{}
	}
	return set
}

// stir wakes Run without waiting for it.
func (t *Trust) stir() {
	select {
	case t.wake <- struct{}{}:
	default:
	}
}

// ask has the keys of an issuer fetched soon, but not more often than askPause.
func (t *Trust) ask(by *trusted) {
	if by.well == nil || by.well.asked.Swap(true) {
		return
	}
	t.stir()
}

// Run fetches keys when they are due, until ctx ends.
func (t *Trust) Run(ctx context.Context) {
	tick := time.NewTicker(firstRetry / 2)
	defer tick.Stop()
	for {
		t.Tend(ctx)
		t.revoked.forget(t.now())
		select {
		case <-ctx.Done():
			return
		case <-t.wake:
		case <-tick.C:
		}
	}
}

// Tend fetches the keys of every issuer for which that is due, at the same time,
// so that none waits for one that does not answer.
func (t *Trust) Tend(ctx context.Context) {
	var all sync.WaitGroup
	for _, by := range t.state.Load().byIssuer {
		if by.well != nil && by.well.due(t.now()) {
			all.Go(func() { t.draw(ctx, by) })
		}
	}
	all.Wait()
}

func (t *Trust) draw(ctx context.Context, by *trusted) {
	keys, document, err := t.fetcher.fetch(ctx, &by.spec)
	now := t.now()
	if err != nil {
		by.well.failed(now, err)
		if ctx.Err() == nil {
			t.log.WarnContext(ctx, "the keys of an issuer cannot be fetched", "issuer", by.id, "error", err)
		}
		return
	}
	if !by.well.succeeded(now, keys, document) {
		return
	}
	err = t.db.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		return putKeys(ctx, tx, by.id, keptKeys{source: by.well.from, document: string(document), at: now})
	})
	if err != nil && ctx.Err() == nil {
		t.log.WarnContext(ctx, "the keys of an issuer cannot be kept for a restart", "issuer", by.id, "error", err)
	}
}

// Health is how it stands with the keys of an issuer in this process.
type Health struct {
	Written bool
	Keys    []string  // their names
	Fetched time.Time // zero: never
	Until   time.Time // when they stop to count unless they are fetched again
	Failure simpul.Text
}

// Health tells how it stands with the keys of the issuer, by iss.
func (t *Trust) Health(issuer string) (h Health) {
	by := t.state.Load().byIssuer[issuer]
	switch {
	case by == nil:
		return h
	case by.written != nil:
		return Health{Written: true, Keys: by.written.ids()}
	}
	if drawn := by.well.drawn.Load(); drawn != nil {
		h = Health{Keys: drawn.keys.ids(), Fetched: drawn.at, Until: drawn.at.Add(keptFor)}
	}
	h.Failure = by.well.failure()
	return h
}
