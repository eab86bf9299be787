package evidence

import (
	"cmp"
	"context"
	"slices"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// Count is how many exchanges one LID had on one side of an agency.
type Count struct {
	Address   simpul.Address
	Provided  bool // the agency provides the LID; otherwise it called it
	Sealed    int64
	Delivered int64 // of them, those that the provider answered
}

// CountByLID counts the exchanges of an agency that were opened from the one
// time up to, but not including, the other. It reads each of them.
func (e *Exchanges) CountByLID(ctx context.Context, scope simpul.Scope, agency simpul.AgencyID, from, until time.Time) (all []Count, err error) {
	err = e.db.Read(ctx, scope, func(tx *sqldb.Tx) error {
		all, err = countByLID(ctx, tx, agency, from, until)
		return err
	})
	return all, err
}

// countByLID adds up rows, whole pages, and the parts of those that lie across
// one of the two times or the floor.
func countByLID(ctx context.Context, tx *sqldb.Tx, agency simpul.AgencyID, from, until time.Time) ([]Count, error) {
	floor, err := storedFloor(ctx, tx)
	if err != nil {
		return nil, err
	}
	if from.Before(floor) {
		from = floor
	}
	rows, err := countRows(ctx, tx, agency, from, until)
	if err != nil {
		return nil, err
	}
	pages, err := countPages(ctx, tx, agency, from, until)
	if err != nil {
		return nil, err
	}
	parts, err := countParts(ctx, tx, agency, from.UnixMilli(), until.UnixMilli())
	return added(slices.Concat(rows, pages, parts)), err
}

// countParts counts what lies between the times on pages that do so only in part.
func countParts(ctx context.Context, tx *sqldb.Tx, agency simpul.AgencyID, from, until int64) (parts []Count, err error) {
	first, err := pagesAround(ctx, tx, from)
	if err != nil {
		return nil, err
	}
	last, err := pagesAround(ctx, tx, until)
	if err != nil {
		return nil, err
	}
	last = slices.DeleteFunc(last, func(p page) bool { return p.from() <= from }) // they are among the first
	for _, p := range slices.Concat(first, last) {
		x := &p.shared
		whole := from <= p.from() && p.until() < until
		if x.Address == "" || whole || x.Rehearsed() || x.Provider != agency && x.Consumer.Application.Agency() != agency {
			continue
		}
		if n := p.count(from, until); n > 0 {
			parts = append(parts, Count{Address: x.Address, Provided: x.Provider == agency, Sealed: n, Delivered: n})
		}
	}
	return parts, nil
}

// added adds up what belongs to the same side of a LID, in the order of LIDs.
func added(counts []Count) []Count {
	slices.SortFunc(counts, func(a, b Count) int {
		return cmp.Or(cmp.Compare(a.Address, b.Address), cmp.Compare(a.side(), b.side()))
	})
	all := []Count{}
	for _, c := range counts {
		if n := len(all); n > 0 && all[n-1].Address == c.Address && all[n-1].side() == c.side() {
			all[n-1].Sealed += c.Sealed
			all[n-1].Delivered += c.Delivered
			continue
		}
		all = append(all, c)
	}
	return all
}

// side is 1 for what the agency provides, and 0 for what it calls.
func (c Count) side() int {
	if c.Provided {
		return 1
	}
	return 0
}

// Floor returns the time before which records have been dropped; the Unix epoch
// where none was.
func (e *Exchanges) Floor(ctx context.Context) (at time.Time, err error) {
	err = e.db.Read(ctx, simpul.PublicScope(), func(tx *sqldb.Tx) error {
		at, err = storedFloor(ctx, tx)
		return err
	})
	return at, err
}
