package evidence

import (
	"cmp"
	"context"
	"slices"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// DeliveredCount is how many answers of a LID an application got.
type DeliveredCount struct {
	Address   simpul.Address
	Class     simpul.LIDClass
	Delivered int64
}

// CountOfApplication counts what an application was delivered from the one time
// up to, but not including, the other, by LID, as far as the scope sees it. Calls
// of the sandbox do not count.
func (e *Exchanges) CountOfApplication(ctx context.Context, scope simpul.Scope, application simpul.ApplicationID, from, until time.Time) (all []DeliveredCount, err error) {
	err = e.db.Read(ctx, scope, func(tx *sqldb.Tx) error {
		floor, err := storedFloor(ctx, tx)
		if err != nil {
			return err
		}
		if from.Before(floor) {
			from = floor
		}
		rows, err := deliveredRows(ctx, tx, application, from, until)
		if err != nil {
			return err
		}
		pages, err := deliveredPages(ctx, tx, application, from, until)
		if err != nil {
			return err
		}
		parts, err := deliveredParts(ctx, tx, application, from.UnixMilli(), until.UnixMilli())
		all = together(slices.Concat(rows, pages, parts))
		return err
	})
	return all, err
}

// deliveredParts counts what lies between the times on pages that do so only in part.
func deliveredParts(ctx context.Context, tx *sqldb.Tx, application simpul.ApplicationID, from, until int64) (parts []DeliveredCount, err error) {
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
		if x.Consumer.Application != application || x.Address == "" || whole || x.Rehearsed() {
			continue
		}
		if n := p.count(from, until); n > 0 {
			parts = append(parts, DeliveredCount{x.Address, x.Class, n})
		}
	}
	return parts, nil
}

// together adds up what is of the same LID, in the order of LIDs.
func together(counts []DeliveredCount) (all []DeliveredCount) {
	slices.SortFunc(counts, func(a, b DeliveredCount) int {
		return cmp.Or(cmp.Compare(a.Address, b.Address), cmp.Compare(a.Class, b.Class))
	})
	for _, c := range counts {
		if n := len(all); n > 0 && all[n-1].Address == c.Address && all[n-1].Class == c.Class {
			all[n-1].Delivered += c.Delivered
			continue
		}
		all = append(all, c)
	}
	return all
}
