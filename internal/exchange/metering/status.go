package metering

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"simpul"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/sqldb"
)

func sortGranted(all []Granted) {
	slices.SortFunc(all, func(a, b Granted) int { return cmp.Or(a.Since.Compare(b.Since), cmp.Compare(a.ID, b.ID)) })
}

// State is how something does, as far as the hub can tell.
type State string

const (
	Unknown  State = "unknown"  // too few calls to say without telling who calls
	Good     State = "good"     // at least 99.5 % of what should have been answered was
	Impaired State = "impaired" // at least 95 %
	Failing  State = "failing"  // less
)

// What the public page of a LID tells must not tell who uses it: a day or a
// figure with few calls says nothing, and no count is ever shown.
const (
	fewInADay = 10  // calls; below it a day, or a moment, has no state
	fewInAll  = 100 // calls; below it there is no share over the whole time
	fewTimes  = 30  // calls; below it there are no times
	mishaps   = 3   // failures; fewer are no trouble, however few calls there were
)

// stripDays is how many days the public page looks back.
const stripDays = 90

// Health tells what the hub knows of a LID's origin from watching it.
type Health interface {
	Health(address simpul.Address) (State, bool)
}

// Watch lets the status of a LID tell what is known of its origin.
func (s *Service) Watch(origin Health) { s.origin = origin }

// DayState is one day of Jakarta.
type DayState struct {
	Day   time.Time
	State State
}

// LIDStatus is what everybody may know of how a LID does.
type LIDStatus struct {
	Address   simpul.Address
	Now       State         // by the last one to two hours
	Origin    State         // by watching the origin; Unknown where nobody does
	Days      []DayState    // the oldest first, today last
	Available float64       // share over all days that have calls, 0 to 1; below 0 where too few
	P50, P95  time.Duration // of today, delivered exchanges; 0 where too few
	At        time.Time     // as of
}

// statusAge is how old a public status may be: strangers cost one look a minute.
const statusAge = time.Minute

// Status tells how a published LID does. Whether it is published is the caller's
// to know.
func (s *Service) Status(ctx context.Context, address simpul.Address) (LIDStatus, error) {
	return s.recent.get(address, func() (LIDStatus, error) { return s.look(ctx, address) })
}

func (s *Service) look(ctx context.Context, address simpul.Address) (LIDStatus, error) {
	now := s.now()
	status := LIDStatus{Address: address, Origin: Unknown, At: now, Available: -1}
	var recent []health
	var strip []health
	var today Histogram
	err := s.db.Read(ctx, simpul.NationScope(), func(tx *sqldb.Tx) (err error) {
		if recent, err = hours.eachHealth(ctx, tx, hourOf(now)-1, hourOf(now)+1, address); err != nil {
			return err
		}
		if strip, err = days.eachHealth(ctx, tx, dayOf(now)-stripDays+1, dayOf(now)+1, address); err != nil {
			return err
		}
		return days.each(ctx, tx, dayOf(now), dayOf(now)+1, ` AND address = $4 AND side = ''`, []any{address}, func(r *row) { today.Merge(&r.Latency) })
	})
	status.Now = together(recent).state()
	status.Days, status.Available = stripOf(strip, now)
	if today.Count() >= fewTimes {
		status.P50, status.P95 = today.Quantile(.5), today.Quantile(.95)
	}
	if s.origin != nil {
		if state, known := s.origin.Health(address); known {
			status.Origin = state
		}
	}
	return status, err
}

// stripOf lays counts out over the days, and gives the share of all of them.
func stripOf(counts []health, now time.Time) (strip []DayState, available float64) {
	first := dayOf(now) - stripDays + 1
	strip = make([]DayState, stripDays)
	for i := range strip {
		strip[i] = DayState{startOfDay(first + int64(i)), Unknown}
	}
	for _, h := range counts {
		strip[h.at-first].State = h.state()
	}
	all := together(counts)
	if all.asked() < fewInAll {
		return strip, -1
	}
	return strip, all.share()
}

func together(counts []health) (all health) {
	for _, h := range counts {
		all.delivered, all.provider, all.hub = all.delivered+h.delivered, all.provider+h.provider, all.hub+h.hub
	}
	return all
}

// asked is how many calls should have been answered: what a consumer did wrong
// says nothing of the LID.
func (h health) asked() int64 { return h.delivered + h.provider + h.hub }

func (h health) share() float64 { return float64(h.delivered) / float64(max(h.asked(), 1)) }

func (h health) state() State {
	switch share := h.share(); {
	case h.asked() < fewInADay:
		return Unknown
	case share >= .995, h.provider+h.hub < mishaps:
		return Good
	case share >= .95:
		return Impaired
	}
	return Failing
}

// Troubles returns the LIDs that fail or are impaired by the last one to two hours.
func (s *Service) Troubles(ctx context.Context) (all map[simpul.Address]State, err error) {
	now, counts := s.now(), []health(nil)
	err = s.db.Read(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		counts, err = hours.eachHealth(ctx, tx, hourOf(now)-1, hourOf(now)+1, "")
		return err
	})
	by := map[simpul.Address]health{}
	for _, h := range counts {
		by[h.address] = together([]health{by[h.address], h})
	}
	all = map[simpul.Address]State{}
	for address, h := range by {
		if state := h.state(); state == Impaired || state == Failing {
			all[address] = state
		}
	}
	return all, err
}

// shelf keeps what was just told to the public.
type shelf struct {
	now  clock.Clock
	mu   sync.Mutex
	told map[simpul.Address]LIDStatus
}

// mostTold bounds the shelf.
const mostTold = 4096

func newShelf(now clock.Clock) *shelf {
	return &shelf{now: now, told: map[simpul.Address]LIDStatus{}}
}

func (s *shelf) get(address simpul.Address, look func() (LIDStatus, error)) (LIDStatus, error) {
	s.mu.Lock()
	known, ok := s.told[address]
	s.mu.Unlock()
	if ok && s.now().Sub(known.At) < statusAge {
		return known, nil
	}
	status, err := look()
	if err != nil {
		return status, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.told) >= mostTold {
		clear(s.told)
	}
	s.told[address] = status
	return status, nil
}
