package catalog

import (
	"context"
	"fmt"
	"time"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
)

// Holders are those who hold grants on LIDs. What these methods do within a
// transaction happens with it or not at all.
type Holders interface {
	// InEffect counts the grants under which a LID can be called now.
	InEffect(ctx context.Context, tx *sqldb.Tx, lid simpul.Address) (int, error)
	// Agencies lists the agencies under whose grants a LID can be called now, but for
	// its own.
	Agencies(ctx context.Context, tx *sqldb.Tx, lid simpul.Address) ([]simpul.AgencyID, error)
	// Pin holds the grants on a LID that follow its newest version, and have not
	// ended, to a major version. announce makes it known to the gateways; it is to
	// be called when no further row changes.
	Pin(ctx context.Context, tx *sqldb.Tx, lid simpul.Address, version string) (announce func() error, err error)
	// Tell sends a notice to every agency with a grant on a LID that has not
	// ended; where a major version is named, one that builds on it.
	Tell(ctx context.Context, tx *sqldb.Tx, lid simpul.Address, version string, n simpul.Notice) error
}

// Connect tells the room who holds grants, and how long the steps of a life
// cycle take; nil leaves what is customary. Without it nobody holds any.
func (s *Service) Connect(h Holders, t Timers) {
	s.holders = h
	if t != nil {
		s.timers = t
	}
}

// nobody holds a grant.
type nobody struct{}

func (nobody) InEffect(context.Context, *sqldb.Tx, simpul.Address) (int, error) { return 0, nil }

func (nobody) Agencies(context.Context, *sqldb.Tx, simpul.Address) ([]simpul.AgencyID, error) {
	return nil, nil
}

func (nobody) Pin(context.Context, *sqldb.Tx, simpul.Address, string) (func() error, error) {
	return func() error { return nil }, nil
}

func (nobody) Tell(context.Context, *sqldb.Tx, simpul.Address, string, simpul.Notice) error {
	return nil
}

// turn is what storing a LID means for those who call it.
type turn struct {
	address simpul.Address
	before  *Spec // nil for a new LID
	spec    Spec
	callers int // grants in effect
	now     time.Time
	sunset  time.Time // of the version before, where the spec supersedes it
}

// carryOut stores a LID and does what that means for those who call it: the version
// before is kept and their grants pinned to it, nobody is left alone before the
// day that they were told, and everybody hears what changes. Rows change before
// the revision log, so that writers wait for each other in one order.
func (s *Service) carryOut(ctx context.Context, tx *sqldb.Tx, p simpul.Principal, m Move) (httpapi.Times, error) {
	t, err := s.turnOf(ctx, tx, p, m)
	if err != nil {
		return httpapi.Times{}, err
	}
	if err := t.keepOlder(ctx, tx); err != nil {
		return httpapi.Times{}, err
	}
	times, err := storeLID(ctx, tx, t.address, t.spec, t.now)
	if err != nil {
		return times, err
	}
	if err := markEnd(ctx, tx, t); err != nil {
		return times, err
	}
	if err := s.revise(ctx, tx, t); err != nil {
		return times, err
	}
	if next := t.spec.successor(); next != "" && (t.before == nil || t.before.successor() != next) {
		if err := checkSuccessor(ctx, tx, t.address, next); err != nil {
			return times, err
		}
	}
	return times, s.tell(ctx, tx, t)
}

// turnOf finds out what the move means, and refuses what it must not.
func (s *Service) turnOf(ctx context.Context, tx *sqldb.Tx, p simpul.Principal, m Move) (turn, error) {
	t := turn{address: m.Address, spec: m.Spec, now: s.now()}
	found, err := ownLID(ctx, tx, string(m.Address))
	if err != nil {
		return t, err
	}
	t.before = found.spec
	if t.before == nil || !t.before.State.Live() {
		return t, t.check(ctx, tx, s.timers)
	}
	if t.callers, err = s.holders.InEffect(ctx, tx, m.Address); err != nil {
		return t, err
	}
	if !p.National {
		if err := t.mayLeave(s.timers); err != nil {
			return t, err
		}
	}
	return t, t.check(ctx, tx, s.timers)
}

// mayLeave refuses to take a LID away from those who call it, unless the day has
// come that they were told.
func (t turn) mayLeave(timers Timers) error {
	if t.spec.State.Live() || t.callers == 0 {
		return nil
	}
	d := t.before.Deprecation
	deprecated := t.before.State == Deprecated && d != nil
	if deprecated && t.spec.State == Retired && !t.now.Before(d.sunset()) {
		return nil
	}
	lid, n := string(t.address), t.callers
	e := &simpul.Error{
		Code: simpul.CodeConflict, Place: "spec.state",
		Message: simpul.Text{
			ID: fmt.Sprintf("%s masih dipanggil: %d izin berlaku.", lid, n),
			EN: fmt.Sprintf("%s is still called: %d grants are in effect.", lid, n)},
	}
	if deprecated {
		day := dayWords(d.sunset())
		e.Remedy = simpul.Text{
			ID: "Pensiunkan pada " + day.ID + " atau sesudahnya, atau sesudah semua izinnya berakhir.",
			EN: "Retire it on " + day.EN + " or later, or once all of its grants have ended."}
		return e
	}
	day := dayWords(leastSunset(timers, t.now))
	e.Remedy = simpul.Text{
		ID: "Tandai dahulu sebagai deprecated, dengan sunset paling cepat " + day.ID + ", supaya semua pemakai tahu kapan LID ini berakhir.",
		EN: "Deprecate it first, with a sunset on " + day.EN + " at the earliest, so that everybody who calls it knows when it ends."}
	return e
}

// leastSunset is when a LID ends at the earliest that is deprecated at the time.
func leastSunset(timers Timers, from time.Time) time.Time {
	due := timers.Due(stepDeprecated, dayOf(from))
	if due.IsZero() {
		due = customary{}.Due(stepDeprecated, dayOf(from))
	}
	if day := dayOf(due); day.Equal(due) {
		return day
	}
	return dayOf(due.AddDate(0, 0, 1))
}

// check refuses an end that is nearer than those who call may expect, and a
// version that was superseded.
func (t *turn) check(ctx context.Context, tx *sqldb.Tx, timers Timers) error {
	if err := t.checkSunset(timers); err != nil {
		return err
	}
	if !t.spec.State.Live() {
		return nil
	}
	return t.checkVersion(ctx, tx)
}

// checkSunset lets an end that was announced stay or move away; any other day
// takes the whole time from now.
func (t turn) checkSunset(timers Timers) error {
	d := t.spec.Deprecation
	if t.spec.State != Deprecated || d == nil {
		return nil
	}
	if b := t.before; b != nil && b.State == Deprecated && b.Deprecation != nil && !d.sunset().Before(b.Deprecation.sunset()) {
		return nil
	}
	from := t.now
	if d.since().After(from) {
		from = d.since()
	}
	if least := leastSunset(timers, from); d.sunset().Before(least) {
		return tooSoon("spec.deprecation.sunset", least)
	}
	return nil
}

// checkVersion refuses to go back to a major version that was superseded.
func (t turn) checkVersion(ctx context.Context, tx *sqldb.Tx) error {
	if b := t.before; b != nil && b.State.Live() && compareMajors(t.spec.Version, b.Version) < 0 {
		return goesBack(t.address, simpul.Major(t.spec.Version))
	}
	all, err := versionsOf(ctx, tx, t.address)
	for _, k := range all {
		if o, rerr := k.read(); rerr == nil && compareMajors(t.spec.Version, o.Version) <= 0 {
			return goesBack(t.address, simpul.Major(t.spec.Version))
		}
	}
	return err
}

// keepOlder keeps the version that is superseded, or moves the end of the last
// one that was.
func (t *turn) keepOlder(ctx context.Context, tx *sqldb.Tx) (err error) {
	if t.spec.supersedes(t.before) {
		if t.sunset, err = t.spec.olderSunset(t.now, t.callers); err != nil {
			return err
		}
		return keepVersion(ctx, tx, t.address, *t.before, t.now, t.sunset)
	}
	if t.before == nil || t.spec.OlderUntil == "" || t.spec.OlderUntil == t.before.OlderUntil || !t.spec.State.Live() {
		return nil
	}
	all, err := versionsOf(ctx, tx, t.address)
	if err != nil || len(all) == 0 {
		return err
	}
	sunset, err := t.spec.olderSunset(t.now, t.callers)
	if err != nil {
		return err
	}
	return moveSunset(ctx, tx, t.address, all[0].major, sunset)
}

// revise makes the change known to the gateways: the pins before the version
// that they hold from, so that no call goes on to what it was not built for.
func (s *Service) revise(ctx context.Context, tx *sqldb.Tx, t turn) error {
	if t.spec.supersedes(t.before) {
		announce, err := s.holders.Pin(ctx, tx, t.address, simpul.Major(t.before.Version))
		if err != nil {
			return err
		}
		if err := announce(); err != nil {
			return err
		}
	}
	return tx.Revise(ctx, revisionLID, string(t.address))
}
