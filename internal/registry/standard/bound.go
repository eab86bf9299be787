package standard

import (
	"context"
	"maps"
	"sync"
	"sync/atomic"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// Bound is the view in memory of which fields of which LIDs are bound, for
// whoever asks about many LIDs at once. Reading it takes no lock and no SQL. It
// follows the revision log: Load once, then Refresh for each change.
type Bound struct {
	db   *sqldb.DB
	now  atomic.Pointer[map[simpul.Address][]string]
	turn sync.Mutex // one refresh at a time
}

// NewBound returns a view in which nothing is bound yet.
func NewBound(db *sqldb.DB) *Bound {
	b := &Bound{db: db}
	b.now.Store(&map[simpul.Address][]string{})
	return b
}

// Bound returns the bound fields of a LID, in order. The caller may not change
// them.
func (b *Bound) Bound(address simpul.Address) []string { return (*b.now.Load())[address] }

// Load replaces the view by what is stored.
func (b *Bound) Load(ctx context.Context) error {
	b.turn.Lock()
	defer b.turn.Unlock()
	next := map[simpul.Address][]string{}
	err := b.db.Read(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		return eachBound(ctx, tx, "", func(address simpul.Address, field string) { next[address] = append(next[address], field) })
	})
	if err == nil {
		b.now.Store(&next)
	}
	return err
}

// Refresh reads again the LIDs whose bindings the revisions name.
func (b *Bound) Refresh(ctx context.Context, changes []sqldb.Revision) error {
	b.turn.Lock()
	defer b.turn.Unlock()
	var next map[simpul.Address][]string
	err := b.db.Read(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		for _, c := range changes {
			if c.Kind != revisionBinding {
				continue
			}
			if next == nil {
				next = maps.Clone(*b.now.Load())
			}
			address := simpul.Address(c.ID)
			delete(next, address)
			if err := eachBound(ctx, tx, address, func(_ simpul.Address, field string) { next[address] = append(next[address], field) }); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil && next != nil {
		b.now.Store(&next)
	}
	return err
}
