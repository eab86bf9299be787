package lifecycle

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/trail"
)

// Holidays are the use cases on the calendar, one resource a year: a decree
// names the days of a year together, and is changed as a whole.
type Holidays struct{ *Service }

// Holidays returns the use cases on the calendar.
func (s *Service) Holidays() Holidays { return Holidays{s} }

// Put stores the holidays of a year: these, and no others any more. Due times
// that have not come yet follow.
func (h Holidays) Put(ctx context.Context, p simpul.Principal, id string, spec HolidaySpec, dryRun bool) (stored httpapi.Stored[HolidaySpec], err error) {
	year, err := parseYear(id)
	if err != nil {
		return stored, err
	}
	if err := spec.Validate(year); err != nil {
		return stored, err
	}
	spec.Days = slices.Clone(spec.Days)
	slices.SortFunc(spec.Days, func(a, b Holiday) int { return strings.Compare(string(a.Date), string(b.Date)) })
	err = h.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		if err := national(tx); err != nil {
			return err
		}
		before, err := getYear(ctx, tx, year)
		existed, err := sqldb.Exists(before, err)
		if err != nil {
			return err
		}
		if existed && fingerprint(before.Spec) == fingerprint(spec) {
			stored = before.stored()
			return nil
		}
		if err := putYear(ctx, tx, year, spec, h.now()); err != nil {
			return err
		}
		event := trail.By(p, "", "holiday.put", id)
		event.Detail = strconv.Itoa(len(spec.Days)) + " days"
		if err := trail.Append(ctx, tx, event); err != nil {
			return err
		}
		after, err := getYear(ctx, tx, year)
		stored = after.stored()
		stored.Created = !existed
		return sqldb.Rehearse(dryRun, err)
	})
	if err != nil || dryRun {
		return stored, sqldb.Coded(err, kindHoliday, id)
	}
	return stored, h.settle(ctx)
}

func (y storedYear) stored() httpapi.Stored[HolidaySpec] {
	return httpapi.Stored[HolidaySpec]{ID: strconv.Itoa(y.Year), Spec: y.Spec, Times: y.Times}
}

// Get returns the holidays of a year; everybody may read them.
func (h Holidays) Get(ctx context.Context, p simpul.Principal, id string) (httpapi.Stored[HolidaySpec], error) {
	year, err := parseYear(id)
	if err != nil {
		return httpapi.Stored[HolidaySpec]{}, simpul.NotFound(kindHoliday, clip(id, 40))
	}
	var found storedYear
	err = h.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		found, err = getYear(ctx, tx, year)
		return err
	})
	return found.stored(), sqldb.Coded(err, kindHoliday, id)
}

// List returns the years that have holidays, the earliest first.
func (h Holidays) List(ctx context.Context, p simpul.Principal, page httpapi.Page) ([]httpapi.Stored[HolidaySpec], error) {
	all := []httpapi.Stored[HolidaySpec]{}
	err := h.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		years, err := allYears(ctx, tx)
		for _, y := range years {
			if strconv.Itoa(y.Year) > page.After && len(all) < page.Limit {
				all = append(all, y.stored())
			}
		}
		return err
	})
	return all, err
}

// Delete forgets the holidays of a year, in which only weekends count then.
func (h Holidays) Delete(ctx context.Context, p simpul.Principal, id string) error {
	year, err := parseYear(id)
	if err != nil {
		return simpul.NotFound(kindHoliday, clip(id, 40))
	}
	err = h.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		if err := deleteYear(ctx, tx, year); err != nil {
			return err
		}
		return trail.Append(ctx, tx, trail.By(p, "", "holiday.delete", id))
	})
	if err != nil {
		return sqldb.Coded(err, kindHoliday, id)
	}
	return h.settle(ctx)
}
