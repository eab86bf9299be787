package metering

import (
	"cmp"
	"slices"
	"time"

	"simpul"
)

// View is from which side somebody looks at exchanges.
type View string

const (
	AsProvider View = "provider" // of the LIDs of an agency
	AsConsumer View = "consumer" // of the applications of an agency
	AsNation   View = "nation"   // all; for those who act for the nation
)

// Question says what usage somebody asks about.
type Question struct {
	View   View
	Agency simpul.AgencyID // of the view; empty for the nation's
	Period Period
	LID    simpul.Address // only of this one; empty for all
}

// Usage is the answer.
type Usage struct {
	Question
	From, Until time.Time // Until is the end of the part that is under way
	All         Sums
	Outcomes    Outcomes
	Parts       []Part
	Causes      []Caused // the most frequent first, without Delivered
	LIDs        []Party  // the most called first
	Agencies    []Party  // consumers, those that called most first
	Apps        []Party  // their applications, likewise
	Grants      map[simpul.GrantID]int64
}

// Outcomes are calls by whose matter it was that they failed.
type Outcomes struct{ Delivered, Consumer, Provider, Hub int64 }

func (o *Outcomes) add(side simpul.Side, calls int64) {
	switch side {
	case simpul.ConsumerSide:
		o.Consumer += calls
	case simpul.ProviderSide:
		o.Provider += calls
	case simpul.HubSide:
		o.Hub += calls
	default:
		o.Delivered += calls
	}
}

// Failed are all that were not delivered.
func (o Outcomes) Failed() int64 { return o.Consumer + o.Provider + o.Hub }

// Part is one column of a chart over time.
type Part struct {
	From time.Time
	Outcomes
	Latency Histogram // of delivered exchanges
}

// Caused counts exchanges that failed for one reason.
type Caused struct {
	Side  simpul.Side
	Cause Cause
	Calls int64
}

// Party is what one agency, application or LID had of it.
type Party struct {
	ID       string
	Provider simpul.AgencyID // of a LID
	Calls    int64
	Failed   int64
	Bytes    int64
	Upstream time.Duration // that providers worked for it
}

// gatherer adds rows up to a usage.
type gatherer struct {
	usage  *Usage
	steps  steps
	causes map[Caused]int64
	lids   map[string]*Party
	agency map[string]*Party
	apps   map[string]*Party
}

func newGatherer(q Question, now time.Time) *gatherer {
	s := q.Period.steps(now)
	parts := len(s.bounds) - 1
	u := &Usage{Question: q, From: s.start(0), Until: s.start(parts), Parts: make([]Part, parts), Grants: map[simpul.GrantID]int64{}}
	for i := range u.Parts {
		u.Parts[i].From = s.start(i)
	}
	return &gatherer{u, s, map[Caused]int64{}, map[string]*Party{}, map[string]*Party{}, map[string]*Party{}}
}

func (g *gatherer) add(r *row) {
	u := g.usage
	u.All.Merge(&r.Sums)
	u.Outcomes.add(r.side, r.Calls)
	part := &u.Parts[g.steps.part(r.at)]
	part.add(r.side, r.Calls)
	if r.side == "" {
		part.Latency.Merge(&r.Latency)
	} else {
		g.causes[Caused{Side: r.side, Cause: r.cause}] += r.Calls
	}
	if r.grant != "" {
		u.Grants[r.grant] += r.Calls
	}
	note(g.lids, string(r.address), r).Provider = r.provider
	note(g.agency, string(r.consumer), r)
	note(g.apps, string(r.application), r)
}

// note adds a row to what one party had.
func note(parties map[string]*Party, id string, r *row) *Party {
	p := parties[id]
	if p == nil {
		p = &Party{ID: id}
		parties[id] = p
	}
	p.Calls += r.Calls
	if r.side != "" {
		p.Failed += r.Calls
	}
	p.Bytes += r.Bytes()
	p.Upstream += r.UpstreamTime
	return p
}

// done orders what was added up.
func (g *gatherer) done() *Usage {
	u := g.usage
	for c, calls := range g.causes {
		c.Calls = calls
		u.Causes = append(u.Causes, c)
	}
	slices.SortFunc(u.Causes, func(a, b Caused) int {
		return cmp.Or(cmp.Compare(b.Calls, a.Calls), cmp.Compare(a.Side, b.Side), cmp.Compare(a.Cause, b.Cause))
	})
	u.LIDs, u.Agencies, u.Apps = ordered(g.lids), ordered(g.agency), ordered(g.apps)
	return u
}

// ordered puts who called most first; what the record does not name comes last.
func ordered(parties map[string]*Party) []Party {
	all := make([]Party, 0, len(parties))
	for id, p := range parties {
		if id != "" {
			all = append(all, *p)
		}
	}
	slices.SortFunc(all, func(a, b Party) int { return cmp.Or(cmp.Compare(b.Calls, a.Calls), cmp.Compare(a.ID, b.ID)) })
	return all
}
