package policy

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"sync"
	"sync/atomic"

	"simpul"
)

// Source is where grants are kept.
type Source interface {
	All(ctx context.Context) ([]simpul.Grant, error)
	Find(ctx context.Context, id simpul.GrantID) (g simpul.Grant, found bool, err error)
}

// Book is the compiled grants, in memory. Deciding by it takes no lock. Load it
// once, then Refresh for each grant that changed.
type Book struct {
	source    Source
	suspended func(simpul.AgencyID) bool
	log       *slog.Logger
	now       atomic.Pointer[page]
	turn      sync.Mutex // one refresh at a time
}

// page is one immutable state of the book.
type page struct {
	byPair map[pair]*rule
	byID   map[simpul.GrantID]*rule
}

type pair struct {
	application simpul.ApplicationID
	lid         simpul.Address
}

// rule is one grant, compiled.
type rule struct {
	simpul.Grant
	fields  simpul.FieldSet
	limiter *limiter // nil: no limit
}

func (r *rule) pair() pair { return pair{r.Consumer, r.LID} }

// NewBook returns an empty book, which allows nothing. suspended tells whether
// the operator has suspended an agency.
func NewBook(source Source, suspended func(simpul.AgencyID) bool, log *slog.Logger) *Book {
	b := &Book{source: source, suspended: suspended, log: log}
	b.now.Store(&page{})
	return b
}

// Load replaces the book by what the source holds.
func (b *Book) Load(ctx context.Context) error {
	b.turn.Lock()
	defer b.turn.Unlock()
	grants, err := b.source.All(ctx)
	if err != nil {
		return fmt.Errorf("load grants: %w", err)
	}
	next := &page{make(map[pair]*rule, len(grants)), make(map[simpul.GrantID]*rule, len(grants))}
	for _, g := range grants {
		b.put(next, g, nil)
	}
	b.now.Store(next)
	return nil
}

// Refresh reads the grants again.
func (b *Book) Refresh(ctx context.Context, ids []simpul.GrantID) error {
	if len(ids) == 0 {
		return nil
	}
	b.turn.Lock()
	defer b.turn.Unlock()
	before := b.now.Load()
	next := &page{maps.Clone(before.byPair), maps.Clone(before.byID)}
	for _, id := range ids {
		g, found, err := b.source.Find(ctx, id)
		if err != nil {
			return fmt.Errorf("refresh grant %s: %w", id, err)
		}
		old := next.remove(id)
		if !found {
			continue
		}
		b.put(next, g, old)
	}
	b.now.Store(next)
	return nil
}

// remove takes a grant off the page and returns its rule, if it was there. The
// pair stays with whoever has taken it since.
func (p *page) remove(id simpul.GrantID) *rule {
	old, known := p.byID[id]
	if !known {
		return nil
	}
	delete(p.byID, id)
	if p.byPair[old.pair()] == old {
		delete(p.byPair, old.pair())
	}
	return old
}

// put adds a grant to the page. One that cannot be compiled allows nothing, is
// reported, and does not keep the others from being enforced.
func (b *Book) put(p *page, g simpul.Grant, old *rule) {
	if err := p.put(g, old); err != nil {
		b.log.Error("grant cannot be enforced", "grant", g.ID, "error", err)
	}
}

// put compiles a grant. A grant whose rate did not change keeps what it has
// used, so that rewriting it gives no fresh allowance.
func (p *page) put(g simpul.Grant, old *rule) error {
	fields, err := simpul.ParseFields(g.Fields)
	if err != nil {
		return fmt.Errorf("compile grant %s: %w", g.ID, err)
	}
	r := &rule{Grant: g, fields: fields}
	switch {
	case g.RatePerMin <= 0:
	case old != nil && old.limiter != nil && old.RatePerMin == g.RatePerMin:
		r.limiter = old.limiter
	default:
		r.limiter = &limiter{perMinute: g.RatePerMin}
	}
	p.byPair[r.pair()], p.byID[g.ID] = r, r
	return nil
}
