package evidence

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
)

// Indexed is an exchange as the index knows it: times to the millisecond,
// durations to the microsecond, without the credential.
type Indexed struct {
	Exchange simpul.Exchange
	State    Kind
	Journal  string // that holds the record, and its place in it
	Sequence uint64
}

// Outcome is how an exchange ended, in one word: the code of the error, or
// Delivered, or "" while it has not ended.
type Outcome string

const (
	Delivered Outcome = "delivered"
	Failed    Outcome = "failed" // in a Filter: any code
)

// Outcome returns how the exchange ended.
func (i Indexed) Outcome() Outcome {
	if i.State == Sealed && i.Exchange.Outcome == "" {
		return Delivered
	}
	return Outcome(i.Exchange.Outcome)
}

// Filter narrows a list. A zero field does not.
type Filter struct {
	Address     simpul.Address
	Application simpul.ApplicationID
	Grant       simpul.GrantID
	Outcome     Outcome
	Since       time.Time // opened at or after
	Until       time.Time // opened before
}

// Totals are the figures of a home page.
type Totals struct {
	Sealed    int64         // exchanges that ended
	Delivered int64         // of them, those that were answered by the provider
	Agencies  int           // that took part in one
	Median    time.Duration // latency of the last 500 delivered exchanges; 0 without any
}

// medianOf is how many exchanges the median latency looks at.
const medianOf = 500

// freshWithin bounds how long Get waits for the index to catch up.
const freshWithin = 5 * time.Second

// Exchanges answers questions about the exchanges that a scope may see: those
// that the agency consumed or provided, or all for the nation.
type Exchanges struct {
	db    *sqldb.DB
	index *Index
}

// NewExchanges reads from the database. The index is the one that this process
// runs, nil where another process does: an exchange that has just ended is then
// found only after a moment.
func NewExchanges(db *sqldb.DB, index *Index) *Exchanges { return &Exchanges{db, index} }

// Get returns one exchange, also one that was sealed a moment ago. What is not
// in the scope is not found.
func (e *Exchanges) Get(ctx context.Context, scope simpul.Scope, id simpul.ExchangeID) (Indexed, error) {
	found, err := e.find(ctx, scope, id)
	known := err == nil
	if errors.Is(err, sqldb.ErrNoRows) {
		if err := e.tooOld(ctx, scope, id); err != nil {
			return found, err
		}
	}
	if known && found.State == Sealed || e.index == nil || !known && !errors.Is(err, sqldb.ErrNoRows) {
		return found, coded(err, id)
	}
	fresh, cancel := context.WithTimeout(ctx, freshWithin)
	defer cancel()
	switch late := e.index.CatchUp(fresh); {
	case late != nil && known:
		return found, nil
	case late != nil:
		return found, behind(late)
	}
	found, err = e.find(ctx, scope, id)
	return found, coded(err, id)
}

func (e *Exchanges) find(ctx context.Context, scope simpul.Scope, id simpul.ExchangeID) (found Indexed, err error) {
	err = e.db.Read(ctx, scope, func(tx *sqldb.Tx) (err error) {
		found, err = getExchange(ctx, tx, id)
		return err
	})
	return found, err
}

func coded(err error, id simpul.ExchangeID) error {
	return sqldb.Coded(err, simpul.Text{ID: "Pertukaran", EN: "Exchange"}, string(id))
}

// List returns at most limit exchanges that match, the newest first, and the
// cursor of the next page, "" on the last. A cursor that List did not make is
// refused as invalid.
func (e *Exchanges) List(ctx context.Context, scope simpul.Scope, f Filter, limit int, cursor string) (page []Indexed, next string, err error) {
	after, err := parsePlace(cursor)
	if err != nil {
		return nil, "", err
	}
	err = e.db.Read(ctx, scope, func(tx *sqldb.Tx) (err error) {
		page, err = listExchanges(ctx, tx, f, after, limit+1)
		return err
	})
	if err != nil || len(page) <= limit {
		return page, "", err
	}
	page = page[:limit]
	last := page[limit-1].Exchange
	return page, place{last.OpenedAt.UnixMilli(), last.ID}.String(), nil
}

// Totals returns the figures since the full hour at or before the time, which
// is midnight in every time zone of Indonesia if it is midnight there.
func (e *Exchanges) Totals(ctx context.Context, scope simpul.Scope, since time.Time) (t Totals, err error) {
	err = e.db.Read(ctx, scope, func(tx *sqldb.Tx) (err error) {
		if t, err = addUp(ctx, tx, hourOf(since)); err != nil {
			return err
		}
		t.Median, err = medianLatency(ctx, tx, medianOf)
		return err
	})
	return t, err
}

// place is where a page ends: the time and the ID of its last exchange.
type place struct {
	openedAt int64
	id       simpul.ExchangeID
}

// String writes the place as a cursor.
func (p place) String() string {
	return httpapi.EncodeCursor(strconv.FormatInt(p.openedAt, 10) + " " + string(p.id))
}

func parsePlace(cursor string) (place, error) {
	key, err := httpapi.DecodeCursor(cursor)
	if err != nil || key == "" {
		return place{}, err
	}
	ms, id, _ := strings.Cut(key, " ")
	openedAt, err := strconv.ParseInt(ms, 10, 64)
	if err == nil {
		_, err = simpul.ParseExchangeID(id)
	}
	if err != nil {
		return place{}, simpul.Invalid("query.cursor",
			simpul.Text{ID: "Kursor ini bukan milik daftar pertukaran.", EN: "This cursor does not belong to the list of exchanges."},
			simpul.Text{ID: "Gunakan nilai next dari halaman sebelumnya, atau hilangkan cursor.", EN: "Use the value of next from the page before, or leave cursor out."})
	}
	return place{openedAt, simpul.ExchangeID(id)}, nil
}
