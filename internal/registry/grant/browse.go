package grant

import (
	"context"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// Standing is whether a grant lets calls through, and if not, why.
type Standing string

const (
	Active  Standing = "active"
	Halted  Standing = "suspended"
	Pending Standing = "pending" // has not begun
	Ended   Standing = "ended"   // is over
)

// Standings lists the standings in the order in which people look for them.
func Standings() []Standing { return []Standing{Active, Halted, Pending, Ended} }

// Name is the standing in words.
func (s Standing) Name() simpul.Text {
	switch s {
	case Active:
		return simpul.Text{ID: "Berlaku", EN: "In effect"}
	case Halted:
		return simpul.Text{ID: "Dibekukan", EN: "Suspended"}
	case Pending:
		return simpul.Text{ID: "Belum mulai", EN: "Not begun"}
	case Ended:
		return simpul.Text{ID: "Berakhir", EN: "Ended"}
	}
	return simpul.Text{ID: string(s), EN: string(s)}
}

// Standing is where the grant stands at a time.
func (s Spec) Standing(now time.Time) Standing {
	switch {
	case s.Suspended:
		return Halted
	case s.Until != nil && !now.Before(*s.Until):
		return Ended
	case s.From != nil && now.Before(*s.From):
		return Pending
	}
	return Active
}

// GrantFilter narrows a list of grants. A zero part does not.
type GrantFilter struct {
	Provider simpul.AgencyID
	Consumer simpul.AgencyID
	Standing Standing
	LID      string // a part of its address
	Party    string // a part of the application's or the provider's name
	Ending   bool   // only what will end, the soonest first, instead of the newest
}

// Held is a grant as both parties look at it.
type Held struct {
	ID           string
	Spec         Spec
	Provider     simpul.AgencyID
	CreatedAt    time.Time
	UpdatedAt    time.Time
	Request      string      // that led to it; empty for one that was written directly
	SuspendedWhy simpul.Text // as far as somebody said why
	ByTheHub     bool        // the hub suspended it, for want of use
	UnusedAt     *time.Time  // when both parties heard that nobody uses it; nil for never
}

func (r row) held() Held {
	h := Held{
		ID: r.ID, Spec: r.Spec, Provider: r.Provider, CreatedAt: r.Times.CreatedAt, UpdatedAt: r.Times.UpdatedAt, Request: r.Request,
		SuspendedWhy: simpul.Text{ID: r.SuspendedWhy, EN: r.SuspendedWhy}, ByTheHub: r.Spec.Suspended && !r.takenByAPerson(), UnusedAt: r.UnusedAt,
	}
	if h.ByTheHub {
		h.SuspendedWhy = unusedForLong()
	}
	return h
}

// Browse returns a part of the grants that the scope gave or was given.
func (s *Service) Browse(ctx context.Context, p simpul.Principal, f GrantFilter, offset, limit int) (all []Held, err error) {
	err = s.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		rows, err := browseGrants(ctx, tx, f, s.now(), offset, limit)
		for _, r := range rows {
			all = append(all, r.held())
		}
		return err
	})
	return all, err
}

// Count returns how many grants there are of each standing, of those that the
// scope gave or was given, whatever standing the filter asks for.
func (s *Service) Count(ctx context.Context, p simpul.Principal, f GrantFilter) (counts map[Standing]int, err error) {
	err = s.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		tallied, err := countGrants(ctx, tx, f, s.now())
		counts = counted[Standing](tallied)
		return err
	})
	return counts, err
}

// InEffect counts the grants on a LID, of an agency that the transaction covers,
// that somebody builds on: all that are not over. One that is suspended or has not
// begun may still let calls through.
func (s *Service) InEffect(ctx context.Context, tx *sqldb.Tx, address simpul.Address) (int, error) {
	return notOver(ctx, tx, address, s.now())
}

// Look returns one grant that the scope gave or was given, with what only people
// want to know.
func (s *Service) Look(ctx context.Context, p simpul.Principal, id string) (Held, error) {
	var r row
	err := s.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) (err error) {
		r, err = getGrant(ctx, tx, id)
		return err
	})
	return r.held(), sqldb.Coded(err, kindGrant, id)
}

// Browse returns a part of the requests that the scope made or was made to, what
// waits for a decision first, and how many there are in each state whatever state
// the filter asks for.
func (a *Access) Browse(ctx context.Context, p simpul.Principal, f Filter, offset, limit int) (all []Request, counts map[State]int, err error) {
	err = a.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		rows, tallied, err := browseRequests(ctx, tx, f, offset, limit)
		all, counts = rows, counted[State](tallied)
		return err
	})
	return all, counts, err
}

func counted[K ~string](tallied map[string]int) map[K]int {
	counts := make(map[K]int, len(tallied))
	for kind, n := range tallied {
		counts[K(kind)] = n
	}
	return counts
}
