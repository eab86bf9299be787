package tracker

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
)

// Filter narrows a person's history. A zero field does not.
type Filter struct {
	Month  Month // of Jakarta's time, in which the person lives
	Agency simpul.AgencyID
}

// between is the time that the filter leaves, in ms; the end is not included.
func (f Filter) between() (from, until int64) {
	if f.Month == "" {
		return 0, 1<<63 - 1
	}
	begin := f.Month.Begin()
	return begin.Add(-jakartaAhead).UnixMilli(), begin.AddDate(0, 1, 0).Add(-jakartaAhead).UnixMilli()
}

// jakartaAhead is how far Jakarta's clock is ahead of UTC.
const jakartaAhead = 7 * time.Hour

// place is where a page of a history ends.
type place struct {
	at       int64
	exchange simpul.ExchangeID
}

func placeOf(a Access) place { return place{a.At.UnixMilli(), a.Exchange} }

// cursor writes the place so that it can be asked for. It names no person.
func (p place) cursor() string {
	return httpapi.EncodeCursor(strconv.FormatInt(p.at, 10) + " " + string(p.exchange))
}

func parsePlace(cursor string) (place, error) {
	text, err := httpapi.DecodeCursor(cursor)
	if err != nil || text == "" {
		return place{}, err
	}
	ms, id, _ := strings.Cut(text, " ")
	at, err := strconv.ParseInt(ms, 10, 64)
	if err == nil {
		_, err = simpul.ParseExchangeID(id)
	}
	if err != nil {
		return place{}, simpul.Invalid("cursor",
			simpul.Text{ID: "Penanda halaman ini bukan milik jejak akses.", EN: "This cursor does not belong to the access tracker."},
			simpul.Text{ID: "Mulai lagi dari halaman pertama.", EN: "Begin again at the first page."})
	}
	return place{at, simpul.ExchangeID(id)}, nil
}

// Page is a part of a person's history, the newest first.
type Page struct {
	Accesses []Access
	Looks    []Look            // of offices in the same time, on the first page
	Agencies []simpul.AgencyID // that looked at any time, by name
	Months   []Month           // in which somebody looked, the newest first
	Next     string            // cursor; "" on the last page
}

// pageLength is how many accesses a page has.
const pageLength = 50

// Of is the history of a person. It is the person's right to see all of it,
// whichever agencies took part, so whoever calls must have made sure that they act
// for the person.
func (s *Service) Of(ctx context.Context, nik simpul.NIK, f Filter, cursor string) (page Page, err error) {
	after, err := parsePlace(cursor)
	if err != nil {
		return page, err
	}
	s.freshen(ctx)
	tags, now := s.Keys.pseudonyms(nik), s.Now()
	err = s.DB.Read(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		if page.Accesses, err = history(ctx, tx, tags, f, after, now, pageLength+1); err != nil {
			return err
		}
		if cursor == "" {
			if page.Looks, err = looksAt(ctx, tx, tags, f); err != nil {
				return err
			}
		}
		page.Agencies, page.Months, err = choices(ctx, tx, tags, now)
		return err
	})
	if len(page.Accesses) > pageLength {
		page.Accesses = page.Accesses[:pageLength]
		page.Next = placeOf(page.Accesses[pageLength-1]).cursor()
	}
	slices.SortFunc(page.Months, func(a, b Month) int { return cmp.Compare(b, a) })
	return page, err
}

// Find is one access of a person's history. What is not theirs, and what is kept
// from them yet, is told in the same words as what does not exist.
func (s *Service) Find(ctx context.Context, nik simpul.NIK, id simpul.ExchangeID) (a Access, err error) {
	s.freshen(ctx)
	tags := s.Keys.pseudonyms(nik)
	err = s.DB.Read(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		a, err = accessOf(ctx, tx, tags, id, s.Now())
		return err
	})
	return a, sqldb.Coded(err, simpul.Text{ID: "Akses", EN: "Access"}, string(id))
}

// Newest are the newest accesses to a person's data, at most so many; see Of.
func (s *Service) Newest(ctx context.Context, nik simpul.NIK, most int) (all []Access, err error) {
	s.freshen(ctx)
	tags := s.Keys.pseudonyms(nik)
	err = s.DB.Read(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		all, err = history(ctx, tx, tags, Filter{}, place{}, s.Now(), most)
		return err
	})
	return all, err
}
