package traffic

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// How often the background does what.
const (
	lookEvery   = time.Second
	restFor     = 20 * time.Millisecond // between two looks for leases that are used up
	breathEvery = 100 * time.Millisecond
	beatEvery   = 2 * time.Second
	tellEvery   = 2 * time.Second // a node that is alone, or whose demand is much the same, says so
	bookEvery   = 5 * time.Second // a lease that is well is booked again, to learn what others took
)

// A node that was not heard of for so long is taken for dead, and its part of the
// rates goes to the others.
const (
	awayAfter = 3 * time.Second // the database is taken for away
	deadAfter = 6 * time.Second
	goneAfter = time.Minute // and what it said is forgotten
	quietFor  = 10 * time.Minute
)

// told is what a node said of a demand, and when.
type told struct {
	demand demand
	at     time.Time
}

// glance is one look at the database: what this node says, and what it hears.
type glance struct {
	at     time.Time
	beat   bool // say that this node lives
	say    []voice
	loans  []*loan
	nodes  int
	shares []*share
}

// share is the part of one subject that this node gets.
type share struct {
	counter *counter
	demand  demand
	limits  rules
	part    part
	carried float64 // calls that other nodes used and this one makes up for
}

// voice is what one node says of a subject.
type voice struct {
	subject simpul.Subject
	demand  demand
	loans   []*loan // that change what it has of quotas
}

// settled is the demand once its loans are granted.
func (v voice) settled() demand {
	d := v.demand
	for _, one := range v.loans {
		if one.window == Day {
			d.day += float64(one.granted)
		} else {
			d.month += float64(one.granted)
		}
	}
	return d
}

// look brings this node in step with the others: it says what it was asked for,
// hears the same of others, and fills up its leases. Memory is locked before and
// after, never while the database is asked.
func (l *Limiter) look(ctx context.Context) error {
	l.turn.Lock()
	defer l.turn.Unlock()
	g := l.observe()
	if !g.beat && len(g.say) == 0 && len(g.loans) == 0 && g.nodes == 1 {
		return nil
	}
	err := l.db.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error { return l.ask(ctx, tx, g) })
	l.conclude(g, err)
	if err != nil {
		return fmt.Errorf("share limits among nodes: %w", err)
	}
	return nil
}

// observe collects what there is to say and to ask.
func (l *Limiter) observe() *glance {
	l.mu.Lock()
	defer l.mu.Unlock()
	g := &glance{at: l.clock(), nodes: l.nodes}
	g.beat = g.at.Sub(l.beat) >= beatEvery
	elapsed := g.at.Sub(l.looked)
	if l.nodes > 1 && g.at.Sub(l.heard) >= awayAfter {
		l.careful = g.at.Add(2 * lookEvery)
	}
	for s, c := range l.counters {
		if elapsed >= time.Second/2 {
			c.demand = c.demand.seen(c.asked.Swap(0), c.refused.Swap(0), c.peak.Swap(c.underway.Load()), elapsed.Minutes())
		}
		if l.nodes > 1 && c.rules.perMinute > 0 {
			c.demand.missing = c.rate.used(g.at.UnixNano())
		}
		c.demand.day, c.demand.month = c.day.unused(), c.month.unused()
		loans := c.loans(g.at, l.nodes, g.at.Before(l.careful))
		if len(loans) > 0 || l.worthSaying(s, c.demand, g.at) {
			g.say = append(g.say, voice{s, c.demand, loans})
		}
		g.shares = append(g.shares, &share{counter: c, demand: c.demand, limits: c.rules, part: whole})
		g.loans = append(g.loans, loans...)
	}
	if elapsed >= time.Second/2 {
		l.looked = g.at
		l.sweep(g.at)
	}
	slices.SortFunc(g.say, func(a, b voice) int { return cmp.Compare(a.subject.String(), b.subject.String()) })
	slices.SortFunc(g.shares, func(a, b *share) int {
		return cmp.Compare(a.counter.subject.String(), b.counter.subject.String())
	})
	slices.SortFunc(g.loans, func(a, b *loan) int {
		return cmp.Or(cmp.Compare(a.subject.String(), b.subject.String()), cmp.Compare(a.window, b.window))
	})
	return g
}

// worthSaying reports whether others should hear of a demand: at once when it
// changed and there are others, and now and then in any case, for the screens.
func (l *Limiter) worthSaying(s simpul.Subject, d demand, now time.Time) bool {
	before, said := l.told[s]
	switch {
	case d == demand{}:
		return said
	case !said || d != before.demand && now.Sub(before.at) >= tellEvery:
		return true
	}
	return l.nodes > 1 && d.far(before.demand)
}

// loans are what the quotas of a subject need.
func (c *counter) loans(now time.Time, nodes int, careful bool) (all []*loan) {
	for _, q := range c.quotas() {
		lease := q.quota.at(now.UnixNano())
		booked := lease.booked.limit == q.limit && (nodes == 1 || now.Sub(lease.booked.at) < bookEvery)
		if need := lease.needed(q.limit, c.demand.perMinute, nodes, booked); need != nil {
			need.subject, need.window, need.careful = c.subject, q.quota.window, careful
			all = append(all, need)
		}
	}
	return all
}

// sweep forgets the counters of grants that nobody uses: their buckets are full
// again long since.
func (l *Limiter) sweep(now time.Time) {
	for s, c := range l.counters {
		switch {
		case c.demand != demand{}:
			c.used = now
		case s.Kind == simpul.SubjectGrant && c.rules.perDay == 0 && c.rules.perMonth == 0 && c.underway.Load() == 0 && now.Sub(c.used) > quietFor:
			delete(l.counters, s)
			l.passes.drop(simpul.GrantID(s.ID))
		}
	}
}

// ask speaks to the database.
func (l *Limiter) ask(ctx context.Context, tx *sqldb.Tx, g *glance) (err error) {
	if g.beat {
		if err := beat(ctx, tx, l.node, g.at); err != nil {
			return err
		}
	}
	if g.nodes, err = livingNodes(ctx, tx, l.node, g.at.Add(-deadAfter)); err != nil {
		return err
	}
	if g.nodes > 1 {
		if err := l.divide(ctx, tx, g); err != nil {
			return err
		}
	}
	for _, one := range g.loans {
		if err := lend(ctx, tx, one, g.nodes); err != nil {
			return err
		}
	}
	for _, v := range g.say {
		if err := tell(ctx, tx, l.node, v.subject, v.settled(), g.at); err != nil {
			return err
		}
	}
	return nil
}

// conclude makes count what was heard, or what follows from silence.
func (l *Limiter) conclude(g *glance, failed error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if failed != nil {
		l.goOn(g)
		return
	}
	l.heard, l.nodes = g.at, g.nodes
	if g.beat {
		l.beat = g.at
	}
	for _, v := range g.say {
		l.told[v.subject] = told{v.settled(), g.at}
		if v.settled() == (demand{}) {
			delete(l.told, v.subject)
		}
	}
	for _, one := range g.loans {
		one.settle(g.nodes)
		one.lease.booked = booking{one.limit, g.at}
	}
	for _, s := range g.shares {
		s.settle(g.nodes, g.at.UnixNano())
	}
}

// goOn is what happens while the database is away: rates stay divided as they
// were, and each quota goes on within this node's part of what was left.
func (l *Limiter) goOn(g *glance) {
	if g.at.Sub(l.heard) < awayAfter {
		return
	}
	for _, c := range l.counters {
		for _, q := range c.quotas() {
			lease := q.quota.at(g.at.UnixNano())
			if lease.booked.at.IsZero() { // a period that began meanwhile
				lease.rest.Store(q.limit)
			}
			lease.away(l.nodes)
		}
	}
}

// divide finds this node's part of each limit by what is asked of all nodes, and
// carries what is missing from buckets along with the parts.
func (l *Limiter) divide(ctx context.Context, tx *sqldb.Tx, g *glance) error {
	others, err := demands(ctx, tx, l.node, g.at.Add(-deadAfter))
	if err != nil {
		return err
	}
	pots, err := pots(ctx, tx)
	if err != nil {
		return err
	}
	for _, s := range g.shares {
		subject := s.counter.subject
		other, pot := others[subject], pots[subject]
		s.part = part{
			rate:       partOf(float64(s.limits.perMinute), s.demand.perMinute, other.perMinute, g.nodes),
			concurrent: partOf(float64(s.limits.concurrent), s.demand.peak, other.peak, g.nodes),
		}
		if s.limits.perMinute == 0 {
			continue
		}
		calls := carried(s.part.rate, s.demand.missing, other.missing, pot, float64(s.limits.burst))
		if s.carried, err = carry(ctx, tx, subject, calls); err != nil {
			return err
		}
	}
	return nil
}

// settle makes a part count.
func (s *share) settle(nodes int, now int64) {
	c := s.counter
	if s.part != c.part {
		c.part = s.part
		c.apply(now)
	}
	if s.carried != 0 {
		c.rate.shift(s.carried, now)
	}
	for _, q := range c.quotas() {
		q.quota.initial.Store(credit(q.limit, q.limit, nodes))
	}
}

// Run keeps the limiter in step until ctx ends, and then gives back what it
// leased and did not use.
func (l *Limiter) Run(ctx context.Context) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	rested := time.NewTimer(0) // after a look for a hungry lease
	defer rested.Stop()
	var hungry <-chan struct{} // nil while it rests
	for working := true; ; {
		select {
		case <-ctx.Done():
			l.giveUp(context.WithoutCancel(ctx))
			return
		case <-rested.C:
			hungry = l.hungry
			continue
		case <-hungry:
			hungry = nil
			rested.Reset(restFor)
		case <-tick.C:
		}
		working = l.report(ctx, l.within(ctx), working)
	}
}

// Breathe fits how many calls this process takes to how busy it is, until ctx
// ends.
func (l *Limiter) Breathe(ctx context.Context) {
	tick := time.NewTicker(breathEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			l.crowd.adapt(l.late())
		}
	}
}

// patience is how long the database may take to answer.
const patience = 5 * time.Second

func (l *Limiter) within(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return l.look(ctx)
}

// report logs when the database stops answering, and when it answers again.
func (l *Limiter) report(ctx context.Context, err error, worked bool) (works bool) {
	switch {
	case ctx.Err() != nil:
		return worked
	case err != nil && worked:
		l.log.ErrorContext(ctx, "limits are held by this node alone until the database answers", "error", err)
	case err == nil && !worked:
		l.log.InfoContext(ctx, "limits are shared with other nodes again")
	}
	return err == nil
}

// giveUp gives back every lease and tells the others that this node is gone. What
// cannot be given back counts as used.
func (l *Limiter) giveUp(ctx context.Context) {
	l.turn.Lock()
	defer l.turn.Unlock()
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	loans := l.allLoans()
	err := l.db.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		for _, one := range loans {
			if err := lend(ctx, tx, one, 1); err != nil {
				return err
			}
		}
		return forget(ctx, tx, l.node)
	})
	if err != nil {
		l.log.ErrorContext(ctx, "what was leased of quotas counts as used", "error", err)
		return
	}
	for _, one := range loans {
		one.settle(1)
	}
}

// allLoans ask to give back everything.
func (l *Limiter) allLoans() (all []*loan) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, c := range l.counters {
		for _, q := range c.quotas() {
			if lease := q.quota.lease.Load(); lease != nil {
				all = append(all, &loan{subject: c.subject, window: q.quota.window, lease: lease, limit: q.limit, left: lease.left.Load()})
			}
		}
	}
	slices.SortFunc(all, func(a, b *loan) int {
		return cmp.Or(cmp.Compare(a.subject.String(), b.subject.String()), cmp.Compare(a.window, b.window))
	})
	return all
}
