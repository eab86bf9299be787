package traffic

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"simpul"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/sqldb"
)

// Config is what a limiter is built from.
type Config struct {
	DB       *sqldb.DB
	Calendar Calendar
	Calls    int    // under way at one time that this process can take
	Node     string // name of this process among those on the database
	Clock    clock.Clock
	Log      *slog.Logger
}

// Limiter holds calls to the limits of their grant, application, agency and LID.
// Admitting reads memory only, takes no lock once a grant was called before, and
// allocates nothing. It follows the revision log: Load once, then Refresh for
// each change; Run keeps it in step with other nodes.
type Limiter struct {
	db       *sqldb.DB
	calendar Calendar
	node     string
	clock    clock.Clock
	log      *slog.Logger
	crowd    *crowd
	late     func() time.Duration

	rules  atomic.Pointer[rulebook]
	passes passes
	hungry chan struct{} // a lease should be filled up now

	turn     sync.Mutex // one look at a time
	mu       sync.Mutex // of all below: compiling, and the background
	counters map[simpul.Subject]*counter
	tenants  map[simpul.AgencyID]*tenant
	told     map[simpul.Subject]told
	nodes    int // that share the limits, this one included
	looked   time.Time
	beat     time.Time
	heard    time.Time // when the database answered last
	careful  time.Time // until when it was away so recently that others may not have booked yet
}

// rulebook is one immutable state of the declared limits.
type rulebook struct{ specs map[simpul.Subject]Spec }

// New returns a limiter without limits.
func New(c Config) *Limiter {
	l := &Limiter{
		db: c.DB, calendar: c.Calendar, node: c.Node, clock: c.Clock, log: c.Log, crowd: newCrowd(c.Calls), late: newLateness().since,
		hungry: make(chan struct{}, 1), counters: map[simpul.Subject]*counter{}, tenants: map[simpul.AgencyID]*tenant{},
		told: map[simpul.Subject]told{}, nodes: 1, looked: c.Clock(), heard: c.Clock(),
	}
	l.rules.Store(&rulebook{})
	return l
}

// Call is what a limiter needs to know of one call.
type Call struct {
	Grant       simpul.GrantID
	Application simpul.ApplicationID
	RatePerMin  int  // of the grant
	Sandbox     bool // counts against the application and its agency alone: it needs no grant, and no provider sees it
	Route       *simpul.Route
	At          time.Time
}

func (c Call) key() key {
	if c.Sandbox {
		return key{application: c.Application}
	}
	k := key{application: c.Application, address: c.Route.Address, perMinute: c.RatePerMin}
	if c.Route.Delivery != nil {
		k.origins = c.Route.Delivery.MaxConcurrent
	}
	return k
}

// Admit counts a call against every limit that applies to it, or refuses it and
// counts nothing. A call that was admitted is under way until its pass is
// released, once. The pass beside an error only announces.
func (l *Limiter) Admit(c Call) (*Pass, error) {
	p := l.pass(c)
	if !l.crowd.enter(p.tenant) {
		return p, overloaded(c, p.tenant.inside.Load(), l.crowd.fair())
	}
	now := c.At.UnixNano()
	for i := range p.holds {
		v := p.holds[i].take(now)
		if v.low {
			l.hunger()
		}
		if v.what != "" {
			for j := range i {
				p.holds[j].undo(now)
			}
			l.crowd.leave(p.tenant)
			return p, l.reached(c, &p.holds[i], v)
		}
	}
	return p, nil
}

// Foresee tells how Admit would refuse, and counts nothing. What it says is what
// this process has seen.
func (l *Limiter) Foresee(c Call) error {
	p, now := l.pass(c), c.At.UnixNano()
	for i := range p.holds {
		if v := p.holds[i].foresee(now); v.what != "" {
			return l.reached(c, &p.holds[i], v)
		}
	}
	return nil
}

// hunger wakes the background.
func (l *Limiter) hunger() {
	select {
	case l.hungry <- struct{}{}:
	default:
	}
}

// pass finds the compiled pass of a grant, and compiles it where anything changed
// that it was compiled from.
func (l *Limiter) pass(c Call) *Pass {
	k, place := c.key(), c.Grant
	switch {
	case c.Sandbox:
		place = sandboxOf(c.Application)
	case place == "":
		return l.compile(k, "")
	}
	s := l.passes.find(place)
	if s == nil {
		s = l.passes.add(place)
	}
	if p := s.Load(); p != nil && p.key == k && p.rules == l.rules.Load() {
		return p
	}
	p := l.compile(k, c.Grant)
	s.Store(p)
	return p
}

// sandboxOf is where the pass of an application's sandbox is kept, among those of
// grants: no grant is called so.
func sandboxOf(id simpul.ApplicationID) simpul.GrantID { return simpul.GrantID("sandbox " + id) }

// compile collects the counters of all subjects that have limits.
func (l *Limiter) compile(k key, grant simpul.GrantID) *Pass {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.clock().UnixNano()
	p := &Pass{key: k, limiter: l, rules: l.rules.Load(), tenant: l.tenant(k.application.Agency())}
	for _, s := range k.subjects(grant) {
		perMinute, origins := 0, 0
		switch s.Kind {
		case simpul.SubjectGrant:
			perMinute = k.perMinute
		case simpul.SubjectLID:
			origins = k.origins
		}
		if r := rulesOf(p.rules.specs[s], perMinute, origins); !r.none() && s.ID != "" {
			p.holds = append(p.holds, hold{l.counter(s, r, now), r})
		}
	}
	p.writePolicy()
	return p
}

func (l *Limiter) tenant(id simpul.AgencyID) *tenant {
	t, known := l.tenants[id]
	if !known {
		t = &tenant{}
		l.tenants[id] = t
	}
	return t
}

// counter is the one that a subject has, under these rules from now on.
func (l *Limiter) counter(s simpul.Subject, r rules, now int64) *counter {
	c, known := l.counters[s]
	if !known {
		c = newCounter(s, l.calendar)
		c.part = part{partOf(1, 0, 0, l.nodes), partOf(1, 0, 0, l.nodes)}
		l.counters[s] = c
	}
	if !known || c.rules != r {
		c.rule(r, l.nodes, now)
	}
	return c
}

// Load replaces the limits by what is stored, and leases of every quota.
func (l *Limiter) Load(ctx context.Context) error {
	specs := map[simpul.Subject]Spec{}
	err := l.db.Read(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		all, err := allLimits(ctx, tx)
		for _, one := range all {
			specs[one.Subject] = one.Spec
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("load limits: %w", err)
	}
	l.follow(specs)
	return l.look(ctx)
}

// revisionLimit is the kind of revision by which limits change.
const revisionLimit = "Limit"

// Refresh reads the limits again that changed.
func (l *Limiter) Refresh(ctx context.Context, changes []sqldb.Revision) error {
	var changed []simpul.Subject
	for _, c := range changes {
		if c.Kind != revisionLimit {
			continue
		}
		if s, err := simpul.ParseSubject(c.ID); err == nil {
			changed = append(changed, s)
		}
	}
	if len(changed) == 0 {
		return nil
	}
	specs := map[simpul.Subject]Spec{}
	for s, spec := range l.rules.Load().specs {
		specs[s] = spec
	}
	err := l.db.Read(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		for _, s := range changed {
			row, err := getLimit(ctx, tx, s)
			found, err := sqldb.Exists(row, err)
			if err != nil {
				return err
			}
			delete(specs, s)
			if found {
				specs[s] = row.Spec
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("refresh limits: %w", err)
	}
	l.follow(specs)
	return l.look(ctx)
}

// follow makes a state of the limits the present one. A subject with a quota gets
// its counter now, so that the first call finds a lease.
func (l *Limiter) follow(specs map[simpul.Subject]Spec) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.clock().UnixNano()
	l.rules.Store(&rulebook{specs})
	for s, spec := range specs {
		if spec.PerDay == 0 && spec.PerMonth == 0 {
			continue
		}
		perMinute, origins := 0, 0
		if c, known := l.counters[s]; known && s.Kind == simpul.SubjectGrant {
			perMinute = c.rules.perMinute // the grant's own, which the next call brings again
		}
		l.counter(s, rulesOf(spec, perMinute, origins), now)
	}
}
