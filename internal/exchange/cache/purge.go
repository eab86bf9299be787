package cache

import (
	"context"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/trail"
)

// Forget makes what is kept of a LID void, and returns how many answers that were.
func (c *Cache) Forget(address simpul.Address) int {
	c.epochs.endLID(address)
	return c.memory.sweep(func(e *entry) bool { return e.address == address })
}

// ForgetGrants makes what is kept for grants void.
func (c *Cache) ForgetGrants(ids []simpul.GrantID) {
	for _, id := range ids {
		c.epochs.endGrant(id)
	}
}

// Kinds of the revision log that make kept answers void.
const (
	revisionPurge = "CachePurge"
	revisionGrant = "Grant"
)

// Refresh forgets what the revisions make void. A LID that was stored again is
// known by its route, and needs nothing here.
func (c *Cache) Refresh(changes []sqldb.Revision) {
	for _, r := range changes {
		switch r.Kind {
		case revisionPurge:
			c.Forget(simpul.Address(r.ID))
		case revisionGrant:
			c.epochs.endGrant(simpul.GrantID(r.ID))
		}
	}
}

// Owners knows whose a LID is.
type Owners interface {
	// Owner returns the agency of a LID of the principal's own. Any other is not
	// found.
	Owner(ctx context.Context, p simpul.Principal, address simpul.Address) (simpul.AgencyID, error)
}

// Purges let providers have what is kept of their LIDs forgotten, on every node.
type Purges struct {
	db     *sqldb.DB
	owners Owners
}

// NewPurges returns the use case on the database.
func NewPurges(db *sqldb.DB, owners Owners) *Purges { return &Purges{db, owners} }

// Purge has everything that is kept of a LID of the principal's own forgotten. Every
// node does so as soon as it learns of it, as of any change.
func (u *Purges) Purge(ctx context.Context, p simpul.Principal, id string) error {
	address, err := simpul.ParseAddress(id)
	if err != nil {
		return simpul.NotFound(simpul.Text{ID: "LID", EN: "LID"}, id)
	}
	owner, err := u.owners.Owner(ctx, p, address)
	if err != nil {
		return err
	}
	return u.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		if err := tx.Revise(ctx, revisionPurge, string(address)); err != nil {
			return err
		}
		return trail.Append(ctx, tx, trail.By(p, owner, "lid.purge", string(address)))
	})
}
