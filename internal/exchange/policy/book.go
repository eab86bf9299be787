package policy

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
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
// once, then Refresh for each grant that changed, which costs what it changes.
type Book struct {
	source    Source
	suspended func(simpul.AgencyID) bool
	log       *slog.Logger
	now       atomic.Pointer[page]
	turn      sync.Mutex // one refresh at a time; guards byID
	byID      map[simpul.GrantID]*rule
}

type pair struct {
	application simpul.ApplicationID
	lid         simpul.Address
}

// rule is one grant, compiled.
type rule struct {
	simpul.Grant
	fields simpul.FieldSet
	paths  string // the same, as it is recorded
}

func (r *rule) pair() pair { return pair{r.Consumer, r.LID} }

// NewBook returns an empty book, which allows nothing. suspended tells whether
// the operator has suspended an agency.
func NewBook(source Source, suspended func(simpul.AgencyID) bool, log *slog.Logger) *Book {
	b := &Book{source: source, suspended: suspended, log: log}
	b.now.Store(newPage(0))
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
	next := newPage(len(grants)).edit()
	b.byID = make(map[simpul.GrantID]*rule, len(grants))
	for _, g := range grants {
		b.put(next, g)
	}
	b.now.Store(next.page)
	return nil
}

// Refresh reads the grants again, all of them before the first takes effect.
func (b *Book) Refresh(ctx context.Context, ids []simpul.GrantID) error {
	if len(ids) == 0 {
		return nil
	}
	b.turn.Lock()
	defer b.turn.Unlock()
	read := make([]found, len(ids))
	for i, id := range ids {
		g, ok, err := b.source.Find(ctx, id)
		if err != nil {
			return fmt.Errorf("refresh grant %s: %w", id, err)
		}
		read[i] = found{id, g, ok}
	}
	next := b.now.Load().edit()
	for _, f := range read {
		b.remove(next, f.id)
		if f.ok {
			b.put(next, f.grant)
		}
	}
	b.now.Store(next.page)
	return nil
}

// found is what the source says of a grant; not ok where there is none.
type found struct {
	id    simpul.GrantID
	grant simpul.Grant
	ok    bool
}

// remove takes a grant out of the book, if it is there. The pair stays with
// whoever has taken it since.
func (b *Book) remove(next *edition, id simpul.GrantID) {
	old, known := b.byID[id]
	if !known {
		return
	}
	delete(b.byID, id)
	if next.find(old.pair()) == old {
		next.drop(old.pair())
	}
}

// put adds a grant to the book. One that cannot be compiled allows nothing, is
// reported, and does not keep the others from being enforced.
func (b *Book) put(next *edition, g simpul.Grant) {
	r, err := next.compile(g)
	if err != nil {
		b.log.Error("grant cannot be enforced", "grant", g.ID, "error", err)
		return
	}
	next.set(r)
	b.byID[g.ID] = r
}

// compile makes a rule of a grant.
func (e *edition) compile(g simpul.Grant) (*rule, error) {
	fields, err := e.fields(g.Fields)
	if err != nil {
		return nil, fmt.Errorf("compile grant %s: %w", g.ID, err)
	}
	return &rule{Grant: g, fields: fields, paths: strings.Join(g.Fields, " ")}, nil
}
