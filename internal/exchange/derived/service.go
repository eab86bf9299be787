package derived

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"simpul"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/trail"
)

// Service is the use cases on views.
type Service struct {
	db      *sqldb.DB
	journal Journal
	now     clock.Clock
	views   []View

	mu   sync.Mutex
	seen map[string]lagSeen // by view
}

// New returns the use cases on the views, in the order in which people see them.
func New(db *sqldb.DB, journal Journal, now clock.Clock, views ...View) *Service {
	return &Service{db: db, journal: journal, now: now, views: views, seen: map[string]lagSeen{}}
}

// All says how far every view is. It is for whoever tends them.
func (s *Service) All(ctx context.Context) (all []Standing, err error) {
	for _, v := range s.views {
		one, err := s.standing(ctx, v)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, nil
}

// Journal says how the journal of this process does.
func (s *Service) Journal() (State, error) { return s.journal.State() }

// standing completes positions by what the journal of this process says.
func (s *Service) standing(ctx context.Context, v View) (Standing, error) {
	one := Standing{Name: v.Name(), Title: v.Title()}
	if kept, ok := v.(Kept); ok {
		one.Kept = kept.Kept()
	}
	var err error
	if one.Positions, err = v.Positions(ctx); err != nil {
		return one, fmt.Errorf("view %s: %w", v.Name(), err)
	}
	for i := range one.Positions {
		p := &one.Positions[i]
		if !p.Here || p.Behind() == 0 {
			continue
		}
		if p.Oldest, err = s.journal.TimeOf(p.Sequence + 1); err != nil {
			return one, fmt.Errorf("view %s: %w", v.Name(), err)
		}
	}
	return one, nil
}

// Get says how far one view is.
func (s *Service) Get(ctx context.Context, name string) (Standing, error) {
	v, err := s.named(name)
	if err != nil {
		return Standing{}, err
	}
	return s.standing(ctx, v)
}

func (s *Service) named(name string) (View, error) {
	i := slices.IndexFunc(s.views, func(v View) bool { return v.Name() == name })
	if i < 0 {
		return nil, simpul.NotFound(simpul.Text{ID: "Tampilan", EN: "View"}, name)
	}
	return s.views[i], nil
}

// Rebuild has a view dropped and built anew from the journals.
func (s *Service) Rebuild(ctx context.Context, p simpul.Principal, name string) error {
	v, err := s.named(name)
	if err != nil {
		return err
	}
	if !p.National {
		return simpul.NotFound(simpul.Text{ID: "Tampilan", EN: "View"}, name)
	}
	return s.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		if err := v.Rebuild(ctx, tx); err != nil {
			return fmt.Errorf("rebuild %s: %w", name, err)
		}
		return trail.Append(ctx, tx, trail.By(p, "", "view.rebuild", name))
	})
}

// Late are the views that are behind by more records than a moment explains.
func (s *Service) Late(ctx context.Context, more uint64) (late []Standing) {
	all, err := s.All(ctx)
	if err != nil {
		return nil // whoever asks says figures, and the figures fail by themselves
	}
	for _, one := range all {
		if one.Behind() > more {
			late = append(late, one)
		}
	}
	return late
}
