package lifecycle

import (
	"context"
	"sync/atomic"

	"simpul"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/sqldb"
)

// Notifier tells people, in the transaction of what it tells of.
type Notifier interface {
	Notify(ctx context.Context, tx *sqldb.Tx, n simpul.Notice) error
	// Done closes the notices with the key: somebody has acted.
	Done(ctx context.Context, tx *sqldb.Tx, key string) error
}

// Catalogue knows the LIDs that a scope sees, also those that were stored before
// there was a course.
type Catalogue interface {
	State(ctx context.Context, scope simpul.Scope, address simpul.Address) (simpul.AgencyID, State, error)
}

// Service is the use cases on courses.
type Service struct {
	db         *sqldb.DB
	notices    Notifier
	lids       Catalogue
	now        clock.Clock
	conditions []Condition
	view       atomic.Pointer[view]
}

// New returns the use cases on the database. The conditions are those that a
// model can name. Seed and Load come before the first question.
func New(db *sqldb.DB, notices Notifier, lids Catalogue, now clock.Clock, conditions ...Condition) *Service {
	s := &Service{db: db, notices: notices, lids: lids, now: now, conditions: conditions}
	s.view.Store(&view{days: NewWorkingDays()})
	return s
}

// Conditions lists what a model can ask for.
func (s *Service) Conditions() []Condition { return s.conditions }

func (s *Service) offered() (names []string) {
	for _, c := range s.conditions {
		names = append(names, c.Name)
	}
	return names
}

func (s *Service) condition(name string) (Condition, bool) {
	for _, c := range s.conditions {
		if c.Name == name {
			return c, true
		}
	}
	return Condition{}, false
}

// title of a condition; its name where the hub does not know it any more.
func (s *Service) title(condition string) simpul.Text {
	if c, ok := s.condition(condition); ok {
		return c.Title
	}
	return simpul.Text{ID: condition, EN: condition}
}
