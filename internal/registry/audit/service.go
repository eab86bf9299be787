package audit

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"simpul"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/trail"
)

// Service is the use cases on the trail.
type Service struct {
	db  *sqldb.DB
	now clock.Clock
}

// New returns the use cases on the database.
func New(db *sqldb.DB, now clock.Clock) *Service { return &Service{db, now} }

// List returns the events that the principal's scope covers, newest first, and
// where the next page begins; 0 on the last.
func (s *Service) List(ctx context.Context, p simpul.Principal, f trail.Filter, before int64, limit int) (page []trail.Event, next int64, err error) {
	return s.list(ctx, p.Scope(), f, before, limit)
}

// Own returns the events that concern the principal, of whichever tenant: those
// of a person by account, those of a program by its token.
func (s *Service) Own(ctx context.Context, p simpul.Principal, f trail.Filter, before int64, limit int) (page []trail.Event, next int64, err error) {
	if p.Account == "" && p.ID == "" {
		return nil, 0, nil
	}
	f.Account = p.Account
	if p.Account == "" {
		f.Actor = p.ID
	}
	return s.list(ctx, simpul.NationScope(), f, before, limit)
}

func (s *Service) list(ctx context.Context, scope simpul.Scope, f trail.Filter, before int64, limit int) (page []trail.Event, next int64, err error) {
	err = s.db.Read(ctx, scope, func(tx *sqldb.Tx) error {
		page, err = trail.List(ctx, tx, f, before, limit+1)
		return err
	})
	if len(page) > limit {
		page = page[:limit]
		next = page[limit-1].Seq
	}
	return page, next, err
}

const (
	exportPage = 500
	mostExport = 50_000 // events in one export
)

// Export returns all events of the filter, newest first, and notes that they
// were taken out.
func (s *Service) Export(ctx context.Context, p simpul.Principal, f trail.Filter) (all []trail.Event, err error) {
	for before := int64(0); ; {
		page, next, err := s.List(ctx, p, f, before, exportPage)
		if err != nil {
			return nil, err
		}
		all = append(all, page...)
		if next == 0 {
			break
		}
		if len(all) >= mostExport {
			return nil, tooMany()
		}
		before = next
	}
	return all, s.note(ctx, p, "audit.export", "", strconv.Itoa(len(all))+" events")
}

// Verification is what reading the whole trail found.
type Verification struct {
	At     time.Time
	Intact bool
	Events int64       // that were read; 0 for a tenant, whom the number does not concern
	Fault  simpul.Text // where it stops being intact
}

// Verify reads the whole trail, of all tenants, since it is one chain.
func (s *Service) Verify(ctx context.Context, p simpul.Principal) (Verification, error) {
	v := Verification{At: s.now().UTC(), Intact: true}
	err := s.db.Read(ctx, simpul.NationScope(), func(tx *sqldb.Tx) (err error) {
		v.Events, err = trail.Verify(ctx, tx)
		return err
	})
	var outcome simpul.Code
	if fault, ok := errors.AsType[*simpul.Error](err); ok {
		v.Intact, v.Fault, outcome, err = false, fault.Message, fault.Code, nil
	}
	if err != nil {
		return Verification{}, fmt.Errorf("verify audit trail: %w", err)
	}
	if !p.National {
		v.Events = 0
	}
	return v, s.note(ctx, p, "audit.verify", outcome, "")
}

// note adds an event about the trail itself to that of the principal's agency.
func (s *Service) note(ctx context.Context, p simpul.Principal, action string, outcome simpul.Code, detail string) error {
	agency := p.Agency
	if p.National {
		agency = ""
	}
	return s.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		e := trail.By(p, agency, action, "")
		e.Outcome, e.Detail = outcome, detail
		return trail.Append(ctx, tx, e)
	})
}

func tooMany() error {
	return &simpul.Error{
		Code: simpul.CodeTooLarge, Place: "query",
		Message: simpul.Text{ID: "Lebih dari 50.000 peristiwa cocok.", EN: "More than 50,000 events match."},
		Remedy:  simpul.Text{ID: "Persempit masanya dengan since dan until, lalu ekspor berurutan.", EN: "Narrow the period with since and until, and export one after the other."},
	}
}
