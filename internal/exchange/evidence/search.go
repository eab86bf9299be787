package evidence

import (
	"cmp"
	"context"
	"errors"
	"math"
	"slices"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// listExchanges returns the newest that match after a place, at most so many.
func listExchanges(ctx context.Context, tx *sqldb.Tx, f Filter, after place, limit int) ([]Indexed, error) {
	return newest(ctx, tx, rowsOfExchanges, f, after, limit)
}

// medianLatency looks at the last so many delivered exchanges; zero without any.
func medianLatency(ctx context.Context, tx *sqldb.Tx, last int) (time.Duration, error) {
	all, err := newest(ctx, tx, rowsOfLatency, Filter{Outcome: Delivered}, place{}, last)
	if err != nil || len(all) == 0 {
		return 0, err
	}
	slices.SortFunc(all, func(a, b Indexed) int { return cmp.Compare(a.Exchange.Latency, b.Exchange.Latency) })
	return all[len(all)/2].Exchange.Latency, nil
}

// newest merges rows and pages. What is older than the floor is on its way out:
// it is left out also where a younger exchange on its page keeps it in the table.
func newest(ctx context.Context, tx *sqldb.Tx, rows source[Indexed], f Filter, after place, limit int) ([]Indexed, error) {
	floor, err := storedFloor(ctx, tx)
	if err != nil {
		return nil, err
	}
	if f.Since.Before(floor) {
		f.Since = floor
	}
	found, err := newestFirst(ctx, tx, rows, f.ofRows(after), limit)
	if err != nil || f.Outcome != "" && f.Outcome != Delivered {
		return found, err
	}
	return withPages(ctx, tx, found, f, after, limit)
}

// How many pages are read at once: at first, and at most.
const (
	fewPages  = 4
	manyPages = 64
)

// withPages completes the newest rows with what is on pages. It reads them from
// the latest end backwards, until nothing on a page that it has not read can be
// among the newest: no such page ends later than the last one that it has read.
func withPages(ctx context.Context, tx *sqldb.Tx, found []Indexed, f Filter, after place, limit int) ([]Indexed, error) {
	r := f.reach(after)
	last := place{}
	for most := fewPages; ; most = min(2*most, manyPages) {
		if len(found) == limit {
			r.since = max(r.since, openedAt(&found[limit-1])) // what is older has no place any more
		}
		pages, err := newestPages(ctx, tx, f, r, last, most)
		if err != nil {
			return nil, err
		}
		for i := range pages {
			found = append(found, pages[i].newest(r, limit)...)
		}
		found = newestOf(found, limit)
		if len(pages) < most {
			return found, nil
		}
		last = pages[most-1].end()
		if len(found) == limit && openedAt(&found[limit-1]) > last.openedAt {
			return found, nil
		}
	}
}

// newestOf returns the newest, at most so many. Of an exchange that is there
// twice it keeps the later record.
func newestOf(all []Indexed, limit int) []Indexed {
	inOrder := make([]*Indexed, len(all)) // they are large to move
	for i := range all {
		inOrder[i] = &all[i]
	}
	slices.SortFunc(inOrder, func(a, b *Indexed) int {
		return cmp.Or(cmp.Compare(openedAt(b), openedAt(a)), cmp.Compare(b.Exchange.ID, a.Exchange.ID), cmp.Compare(b.Sequence, a.Sequence))
	})
	inOrder = slices.CompactFunc(inOrder, func(a, b *Indexed) bool { return a.Exchange.ID == b.Exchange.ID })
	newest := make([]Indexed, min(len(inOrder), limit))
	for i := range newest {
		newest[i] = *inOrder[i]
	}
	return newest
}

// openedAt is in ms, as it is stored.
func openedAt(i *Indexed) int64 { return i.Exchange.OpenedAt.UnixMilli() }

// getExchange returns the row, or the entry of a page. The identifier says when
// the exchange was opened, and so on which pages it can be.
func getExchange(ctx context.Context, tx *sqldb.Tx, id simpul.ExchangeID) (Indexed, error) {
	found, err := getRow(ctx, tx, id)
	if !errors.Is(err, sqldb.ErrNoRows) {
		return found, err
	}
	uuid, ok := uuidOf(id)
	if !ok {
		return Indexed{}, sqldb.ErrNoRows
	}
	floor, err := storedFloor(ctx, tx)
	if err != nil {
		return Indexed{}, err
	}
	at := millisecondOf(uuid)
	if at < floor.UnixMilli() {
		return Indexed{}, sqldb.ErrNoRows
	}
	pages, err := pagesAround(ctx, tx, at)
	if err != nil {
		return Indexed{}, err
	}
	for i := range pages {
		if found, ok := pages[i].find(uuid); ok {
			return found, nil
		}
	}
	return Indexed{}, sqldb.ErrNoRows
}

// reach bounds by time what a search can find on pages, in ms.
type reach struct {
	since, last int64 // opened_at, both included
	after       place // older than this one, unless it is nowhere
}

func (f Filter) reach(after place) reach {
	r := reach{since: f.Since.UnixMilli(), last: math.MaxInt64 - pageSpan, after: after}
	if !f.Until.IsZero() {
		r.last = f.Until.UnixMilli() - 1
	}
	if after.id != "" {
		r.last = min(r.last, after.openedAt)
	}
	return r
}

func (r reach) has(e *entry) bool {
	at := e.openedAt()
	return r.since <= at && at <= r.last && (r.after.id == "" || at < r.after.openedAt || idOf(e.id) < r.after.id)
}
