package lifecycle

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// view is one immutable state of model and calendar.
type view struct {
	versions []Version // the earliest first
	days     *WorkingDays
	calendar string // digest of the calendar
}

// Load reads model and calendar into memory.
func (s *Service) Load(ctx context.Context) error {
	next := &view{}
	var years []storedYear
	err := s.db.Read(ctx, simpul.NationScope(), func(tx *sqldb.Tx) (err error) {
		if next.versions, err = allVersions(ctx, tx); err != nil {
			return err
		}
		years, err = allYears(ctx, tx)
		return err
	})
	if err != nil {
		return fmt.Errorf("load life cycle: %w", err)
	}
	specs := make([]HolidaySpec, len(years))
	for i, y := range years {
		specs[i] = y.Spec
	}
	next.days, next.calendar = NewWorkingDays(specs...), fingerprint(specs)
	s.view.Store(next)
	return nil
}

// Refresh reads model and calendar again where one of them changed. Both are
// small, so all of them are read.
func (s *Service) Refresh(ctx context.Context, changes []sqldb.Revision) error {
	ours := func(r sqldb.Revision) bool { return r.Kind == revisionModel || r.Kind == revisionYear }
	if !slices.ContainsFunc(changes, ours) {
		return nil
	}
	return s.Load(ctx)
}

// on is the version in force on a day: the last that has begun, or the first
// where none has.
func (v *view) on(day Day) Version {
	if len(v.versions) == 0 {
		return Version{}
	}
	found := v.versions[0]
	for _, version := range v.versions {
		if version.From <= day {
			found = version
		}
	}
	return found
}

// basis names what due times of the day are reckoned by.
func (v *view) basis(day Day) string {
	return fingerprint([]string{v.calendar, fingerprint(v.on(day).Model.Steps)})
}

// fingerprint is short: it only has to differ from those before it.
func fingerprint(value any) string {
	encoded, _ := json.Marshal(value) // of our own types, which always encode
	sum := sha256.Sum256(encoded)
	return hex.EncodeToString(sum[:8])
}

// Due is when a step that began at the time is due by the model and calendar of
// today; zero where it has no timer, or there is no such step. It reads memory
// only.
func (s *Service) Due(step string, from time.Time) time.Time {
	v := s.view.Load()
	found, _ := v.on(s.today()).Model.Step(step)
	return v.days.Due(from, found.Timer)
}

// WorkingDays is the calendar as it is now. It reads memory only.
func (s *Service) WorkingDays() *WorkingDays { return s.view.Load().days }

// Model is the version in force on a day; today's where the day is empty.
func (s *Service) Model(day Day) Version {
	if day == "" {
		day = s.today()
	}
	return s.view.Load().on(day)
}

func (s *Service) today() Day { return DayOf(s.now()) }
