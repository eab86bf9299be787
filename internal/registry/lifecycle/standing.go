package lifecycle

import (
	"cmp"
	"context"
	"errors"
	"math"
	"strconv"
	"strings"
	"time"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
)

// Standing is where a LID stands.
type Standing struct {
	Address simpul.Address
	Agency  simpul.AgencyID
	Step    Step
	State   State
	Since   time.Time // zero where it was stored before there was a course
	Due     time.Time // zero without a timer
	Mover   string    // empty where the reader may not know
	Late    bool
}

// Phase is where a step is in the life of a LID.
type Phase string

const (
	Done    Phase = "done"
	Current Phase = "current"
	Coming  Phase = "coming"
)

// Entry is one step in the life of a LID: it was, it is, or it will usually be.
type Entry struct {
	Phase  Phase
	Step   Step
	Since  time.Time // when the LID came there; zero for what is coming, or not known
	Until  time.Time // when it went on; zero unless done
	Due    time.Time // of the present step; zero without a timer
	Late   bool
	Mover  string // who took it there; empty where the reader may not know
	Second string // who approved it, where it took two people
	Note   string
	Needs  []simpul.Text // what must be met to come there, of what is coming
}

// Standing tells where a LID stands that the scope sees.
func (s *Service) Standing(ctx context.Context, scope simpul.Scope, address simpul.Address) (Standing, error) {
	agency, state, err := s.lids.State(ctx, scope, address)
	if err != nil {
		return Standing{}, err
	}
	var c course
	err = s.db.Read(ctx, scope, func(tx *sqldb.Tx) error {
		c, err = getCourse(ctx, tx, address)
		return err
	})
	if err != nil && !errors.Is(err, sqldb.ErrNoRows) {
		return Standing{}, err
	}
	c.Address, c.Agency, c.State = address, agency, state
	return s.shown(c, scope), nil
}

// shown is a course by the model and calendar of today. One that today's model
// does not know stands at the first step of its state.
func (s *Service) shown(c course, scope simpul.Scope) Standing {
	model := s.Model("").Model
	step, ok := model.Step(c.Step)
	if !ok || step.State != c.State {
		step, c.Since, c.Mover = model.fitting(c.State), time.Time{}, ""
	}
	v := Standing{Address: c.Address, Agency: c.Agency, Step: step, State: c.State, Since: c.Since}
	if !c.Since.IsZero() {
		v.Due = s.WorkingDays().Due(c.Since, step.Timer)
		v.Late = !v.Due.IsZero() && v.Due.Before(s.now())
	}
	if scope.Covers(c.Agency) {
		v.Mover = c.Mover
	}
	return v
}

// Timeline is the life of a LID that the scope sees: what was, what is, and what
// will usually come.
func (s *Service) Timeline(ctx context.Context, scope simpul.Scope, address simpul.Address) ([]Entry, error) {
	now, err := s.Standing(ctx, scope, address)
	if err != nil {
		return nil, err
	}
	var past []entry
	err = s.db.Read(ctx, scope, func(tx *sqldb.Tx) error {
		past, err = entriesOf(ctx, tx, address)
		return err
	})
	if err != nil {
		return nil, err
	}
	model := s.Model("").Model
	entries := done(model, past, scope.Covers(now.Agency))
	current := Entry{Step: now.Step}
	if n := len(entries); n > 0 && entries[n-1].Step.Code == now.Step.Code {
		current, entries = entries[n-1], entries[:n-1]
	}
	current.Phase, current.Until, current.Due, current.Late = Current, time.Time{}, now.Due, now.Late
	entries = append(entries, current)
	return append(entries, s.coming(now.Step)...), nil
}

// done is what was, each step until the next. A step that today's model does not
// know any more is called as it was then.
func done(model Model, past []entry, own bool) (entries []Entry) {
	for i, e := range past {
		step, ok := model.Step(e.Step)
		if !ok {
			step = Step{Code: e.Step, Title: Names(e.Title), Subject: OfLID, State: e.State}
		}
		one := Entry{Phase: Done, Step: step, Since: e.At}
		if i+1 < len(past) {
			one.Until = past[i+1].At
		}
		if own {
			one.Mover, one.Second, one.Note = e.Mover, e.Second, e.Note
		}
		entries = append(entries, one)
	}
	return entries
}

// coming is the usual way from a step to the end.
func (s *Service) coming(at Step) (entries []Entry) {
	for _, way := range s.Ways(at) {
		entries = append(entries, Entry{Phase: Coming, Step: way.Step, Needs: way.Needs})
	}
	return entries
}

// Standings lists where the scope's own LIDs stand, by address; those that were
// stored before there was a course are missing until they move.
func (s *Service) Standings(ctx context.Context, scope simpul.Scope, page httpapi.Page) (all []Standing, err error) {
	err = s.db.Read(ctx, scope, func(tx *sqldb.Tx) error {
		found, err := ownCourses(ctx, tx, page)
		for _, c := range found {
			all = append(all, s.shown(c, scope))
		}
		return err
	})
	return all, err
}

// Late lists what of the scope's own is late, the oldest first, at most 500.
func (s *Service) Late(ctx context.Context, scope simpul.Scope) ([]Standing, error) {
	all, _, err := s.DueUntil(ctx, scope, s.now(), httpapi.Page{Limit: batch})
	return all, err
}

// DueUntil lists what of the scope's own is due up to a time, that which is due
// first at the beginning, with the key of the next page.
func (s *Service) DueUntil(ctx context.Context, scope simpul.Scope, until time.Time, page httpapi.Page) (all []Standing, next string, err error) {
	err = s.db.Read(ctx, scope, func(tx *sqldb.Tx) error {
		found, err := dueCourses(ctx, tx, until, parsePlace(page.After), page.Limit+1)
		if len(found) > page.Limit {
			found = found[:page.Limit]
			next = placeOf(found[page.Limit-1]).key()
		}
		for _, c := range found {
			all = append(all, s.shown(c, scope))
		}
		return err
	})
	return all, next, err
}

// place is where a page of what is due ends.
type place struct {
	due     int64
	address string
}

func placeOf(c course) place { return place{millis(c.Due), string(c.Address)} }

func (p place) key() string { return strconv.FormatInt(p.due, 10) + "/" + p.address }

// parsePlace reads where a page begins. What it does not understand is the
// beginning.
func parsePlace(key string) place {
	number, address, ok := strings.Cut(key, "/")
	due, err := strconv.ParseInt(number, 10, 64)
	if !ok || err != nil {
		return place{math.MinInt64, ""}
	}
	return place{due, address}
}

// stepName is a step as people call it.
func stepName(s Step, l simpul.Language) string { return cmp.Or(s.Title.Text().In(l), s.Code) }

// Way is a step that usually follows, and who goes there.
type Way struct {
	Step  Step
	Who   simpul.Text       // who acts in the step before
	Need  simpul.Permission // to go there
	Needs []simpul.Text     // what must be met
}

// Ways lists the usual way from a step to the end, by the model of today.
func (s *Service) Ways(from Step) (all []Way) {
	model := s.Model("").Model
	for at := from; ; {
		t, ok := model.onwards(at.Code)
		if !ok {
			return all
		}
		way := Way{Who: ownerWords(at.Owner), Need: t.Permission}
		at, _ = model.Step(t.To)
		way.Step = at
		for _, c := range t.Conditions {
			way.Needs = append(way.Needs, s.title(c))
		}
		all = append(all, way)
	}
}
