package maturity

import (
	"context"
	"time"

	"simpul"
)

// Registry knows agencies and their LIDs.
type Registry interface {
	// Agency returns an agency and where it stands; not found for one that the
	// principal may not see so closely.
	Agency(ctx context.Context, p simpul.Principal, id simpul.AgencyID) (Agency, Approval, error)
	// LIDs returns every LID of the agency, drafts and retired ones too.
	LIDs(ctx context.Context, scope simpul.Scope, id simpul.AgencyID) ([]LID, error)
}

// Ledger knows who may call what, and which exchanges there were.
type Ledger interface {
	Grants(ctx context.Context, scope simpul.Scope, id simpul.AgencyID) (Grants, error)
	Trace
}

// Trace knows the exchanges of an agency.
type Trace interface {
	// Counts adds up the exchanges that were opened from the one time up to, but
	// not including, the other. The months of what it returns are empty.
	Counts(ctx context.Context, scope simpul.Scope, id simpul.AgencyID, from, until time.Time) ([]Count, error)
	// Samples returns the newest delivered exchanges of the time, at most so many.
	Samples(ctx context.Context, scope simpul.Scope, id simpul.AgencyID, from, until time.Time, most int) ([]Sample, error)
	// Kept is the time before which records have been dropped; zero for none.
	Kept(ctx context.Context) (time.Time, error)
}

// Shelf knows which standards and lists an agency keeps and follows.
type Shelf interface {
	Norms(ctx context.Context, scope simpul.Scope, id simpul.AgencyID) (Norms, error)
}
