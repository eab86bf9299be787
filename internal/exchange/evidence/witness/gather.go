package witness

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"simpul"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/sqldb"
)

// Log is the transparency log of this process.
type Log interface {
	Origin() string
	Size() uint64 // entries; costs nothing
	Checkpoint(ctx context.Context) ([]byte, error)
	Consistency(ctx context.Context, from, to uint64) ([][]byte, error)
}

// Notifier tells people, in the transaction of what it tells of.
type Notifier interface {
	Notify(ctx context.Context, tx *sqldb.Tx, n simpul.Notice) error
}

// pace says when witnesses are asked, and for how long.
type pace struct {
	look     time.Duration // whether the log has grown
	pause    time.Duration // between two rounds at least, however fast it grows
	interval time.Duration // between two rounds at most, so that cosignatures are fresh
	deadline time.Duration // of one visit, retries included
	startup  time.Duration // in which nobody is told of silence: witnesses have just been asked
}

func usualPace() pace {
	return pace{look: time.Second, pause: 5 * time.Second, interval: time.Minute, deadline: 10 * time.Second, startup: 2 * time.Minute}
}

// How long a witness that failed is left in peace: first, and at most.
const (
	firstBackoff = 15 * time.Second
	mostBackoff  = 15 * time.Minute
)

// Gatherer gathers cosignatures of one log. Each witness is visited by a goroutine
// of its own: one that hangs holds up nobody, and nothing that carries exchanges
// ever waits for any of this.
type Gatherer struct {
	log     Log
	db      *sqldb.DB
	notices Notifier
	client  *http.Client
	now     clock.Clock
	logger  *slog.Logger
	peers   func() []Peer
	pace    pace

	mu      sync.RWMutex
	watches []*watch // from begin on

	told silence // of which silence people were told
}

// watch is one witness as its goroutine knows it.
type watch struct {
	Peer
	next chan round // holds the newest one

	mu        sync.Mutex
	standing  Standing
	newest    sealed // the newest cosignature that is stored; zero: none
	hint      uint64 // size at which the witness said that it is
	notBefore time.Time
	shorter   time.Time // since when the log is shorter than what the witness saw; zero: it is not
}

// round is one checkpoint that goes to every witness.
type round struct {
	Checkpoint
	note []byte
	text string
}

// NewGatherer returns a gatherer for the log. peers are asked for when it runs; the
// transport is that of the process, nil for the usual one.
func NewGatherer(db *sqldb.DB, log Log, peers func() []Peer, notices Notifier, transport http.RoundTripper, now clock.Clock, logger *slog.Logger) *Gatherer {
	return &Gatherer{log: log, db: db, peers: peers, notices: notices, now: now, logger: logger, pace: usualPace(), client: &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// all are the witnesses once they are known.
func (g *Gatherer) all() []*watch {
	g.mu.RLock()
	defer g.mu.RUnlock()
	return g.watches
}

// Run gathers until ctx ends.
func (g *Gatherer) Run(ctx context.Context) {
	if err := g.begin(ctx); err != nil {
		g.fail(ctx, "what witnesses said before is not known", err)
		return
	}
	var all sync.WaitGroup
	for _, w := range g.all() {
		all.Go(func() { g.attend(ctx, w) })
	}
	g.beat(ctx)
	all.Wait()
}

// beat begins a round each minute and when the log has grown.
func (g *Gatherer) beat(ctx context.Context) {
	tick := time.NewTicker(g.pace.look)
	defer tick.Stop()
	began := g.now()
	var last time.Time
	var size uint64
	for {
		now := g.now()
		grown := g.log.Size() != size
		if since := now.Sub(last); last.IsZero() || since >= g.pace.interval || grown && since >= g.pace.pause {
			last, size = now, g.log.Size()
			g.hand(ctx)
			if now.Sub(began) >= g.pace.startup {
				g.hush(ctx)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// hand gives every witness the newest checkpoint; one that is still busy with an
// older gets this one next.
func (g *Gatherer) hand(ctx context.Context) {
	if g.log.Size() == 0 {
		return // there is nothing yet to vouch for
	}
	r, err := g.round(ctx)
	if err != nil {
		g.fail(ctx, "the log gives no checkpoint", err)
		return
	}
	for _, w := range g.all() {
		select {
		case <-w.next:
		default:
		}
		w.next <- r // has room: nobody else sends
	}
}

// round takes the newest checkpoint.
func (g *Gatherer) round(ctx context.Context) (r round, err error) {
	if r.note, err = g.log.Checkpoint(ctx); err != nil {
		return r, err
	}
	if r.text, err = readNote(r.note); err != nil {
		return r, fmt.Errorf("read checkpoint: %w", err)
	}
	if r.Checkpoint, err = ParseCheckpoint(r.text); err != nil {
		return r, err
	}
	if r.Origin != g.log.Origin() {
		return r, fmt.Errorf("the checkpoint is of %q", r.Origin)
	}
	return r, nil
}

// attend visits one witness with each checkpoint, unless it is left in peace for
// a while after failures.
func (g *Gatherer) attend(ctx context.Context, w *watch) {
	for {
		select {
		case <-ctx.Done():
			return
		case r := <-w.next:
			if g.now().Before(w.notBefore) {
				continue
			}
			if err := g.visit(ctx, w, r); err != nil && ctx.Err() == nil {
				g.fail(ctx, "what a witness said could not be stored", err)
			}
		}
	}
}

// visit asks one witness and stores what came of it.
func (g *Gatherer) visit(ctx context.Context, w *watch, r round) error {
	within, cancel := context.WithTimeout(ctx, g.pace.deadline)
	o := g.ask(within, w, r)
	cancel()
	if ctx.Err() != nil {
		return nil // the hub is stopping; that says nothing of the witness
	}
	if o.cause != nil {
		g.logger.DebugContext(ctx, "a witness did not cosign", "witness", w.Name, "state", o.state, "reason", o.reason, "error", o.cause)
	}
	if o.nothing || !g.certain(w, o) {
		return nil
	}
	next := w.standing.after(o, g.now())
	if next.State != w.standing.State {
		g.logger.Log(ctx, levelOf(next.State), "a witness stands elsewhere now", "witness", w.Name, "log", next.Origin, "before", w.standing.State, "now", next.State, "reason", next.Reason)
	}
	w.notBefore = g.now().Add(backoff(next.Failures))
	if err := g.settle(ctx, w, next, o); err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.standing = next
	if o.sealed != nil {
		w.newest, w.hint = *o.sealed, o.sealed.Size
	}
	return nil
}

// building is how many records behind its journal a log is at least that is being
// built again.
const building = 10_000

// certain holds back that a witness has seen a larger tree, until that is so for a
// minute and the log has caught up with its journal: one that is built again
// from the journal is shorter for a while and nothing is wrong. A log that
// cannot say how far it is behind is taken to have caught up.
func (g *Gatherer) certain(w *watch, o outcome) bool {
	if o.state != Later {
		w.shorter = time.Time{}
		return true
	}
	now := g.now()
	if w.shorter.IsZero() {
		w.shorter = now
	}
	behind, says := g.log.(interface{ Behind() uint64 })
	return w.standing.State.Disputes() || now.Sub(w.shorter) >= g.pace.interval && !(says && behind.Behind() >= building)
}

// levelOf is how loudly a change is logged.
func levelOf(s State) slog.Level {
	switch {
	case s.Disputes():
		return slog.LevelError
	case s == Cosigned:
		return slog.LevelInfo
	}
	return slog.LevelWarn
}

// backoff is how long a witness is left in peace: twice as long after each
// failure, and a fifth more or less, so that hubs do not come at the same moment.
func backoff(failures int) time.Duration {
	if failures == 0 {
		return 0
	}
	d := min(firstBackoff<<min(failures-1, 10), mostBackoff)
	return time.Duration(float64(d) * (0.8 + 0.4*rand.Float64()))
}

func (g *Gatherer) fail(ctx context.Context, what string, err error) {
	if ctx.Err() == nil {
		g.logger.ErrorContext(ctx, what, "log", g.log.Origin(), "error", err)
	}
}

// Report is where the log stands with its witnesses, from memory.
func (g *Gatherer) Report() Report {
	var peers []Peer
	var standings []Standing
	for _, w := range g.all() {
		w.mu.Lock()
		peers, standings = append(peers, w.Peer), append(standings, w.standing)
		w.mu.Unlock()
	}
	return reportOf(g.log.Origin(), peers, standings, g.now())
}
