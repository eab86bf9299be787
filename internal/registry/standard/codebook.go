package standard

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"sync/atomic"

	"simpul"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/sqldb"
)

// Codebook is the view in memory of the published lists by which answers are
// recoded while they pass. Reading it takes no lock and no SQL. It holds the lists
// that were wanted, and follows the revision log: Load once, then Refresh for each
// change.
type Codebook struct {
	db     *sqldb.DB
	clock  clock.Clock
	now    atomic.Pointer[map[ListID]*volume]
	turn   sync.Mutex // one refresh at a time
	asking sync.Mutex
	wanted map[ListID]bool
}

// volume is one list: when its codes are valid, and what followed them.
type volume struct {
	periods map[string][]Validity
	follows map[string][]Succession // by the code before, in the order of days
}

// NewCodebook returns a view that holds nothing yet.
func NewCodebook(db *sqldb.DB, now clock.Clock) *Codebook {
	c := &Codebook{db: db, clock: now, wanted: map[ListID]bool{}}
	c.now.Store(&map[ListID]*volume{})
	return c
}

// Want has a list held from the next Load or Refresh on.
func (c *Codebook) Want(list string) {
	c.asking.Lock()
	defer c.asking.Unlock()
	c.wanted[ListID(list)] = true
}

// Current returns the code that is valid today and that the given one is or became:
// by a replacement or a merger, however often. What was split became several, and is
// not listed. A list that is not published, or not read yet, is unavailable.
func (c *Codebook) Current(list string, code []byte) (current string, listed bool, err error) {
	v := (*c.now.Load())[ListID(list)]
	if v == nil {
		return "", false, noVolume(list)
	}
	return v.current(string(code), DayOf(c.clock()))
}

// maxFollowed bounds how often a code was followed by another.
const maxFollowed = 16

func (v *volume) current(code string, today Day) (string, bool, error) {
	for range maxFollowed {
		if slices.ContainsFunc(v.periods[code], func(p Validity) bool { return p.Holds(today) }) {
			return code, true, nil
		}
		next := ""
		for _, e := range v.follows[code] {
			if e.Day <= today && len(e.To) == 1 {
				next = e.To[0]
			} else if e.Day <= today {
				next = ""
			}
		}
		if next == "" || next == code {
			break
		}
		code = next
	}
	return "", false, nil
}

func noVolume(list string) error {
	return &simpul.Error{
		Code:    simpul.CodeUnavailable,
		Message: simpul.Text{ID: "Daftar kode " + list + " tidak terbit di hub ini, sehingga jawaban tidak dapat dikodekan ulang.", EN: "The list of codes " + list + " is not published on this hub, so the answer cannot be recoded."},
		Remedy:  simpul.Text{ID: "Minta penyedia memeriksa nama daftarnya, dan wali datanya menerbitkan daftar itu.", EN: "Ask the provider to check the name of the list, and its steward to publish it."},
	}
}

// Load replaces the view by what is stored of the lists that are wanted.
func (c *Codebook) Load(ctx context.Context) error {
	return c.read(ctx, func(ListID) bool { return true })
}

// Refresh reads again the lists that the revisions name, and those that are wanted
// since.
func (c *Codebook) Refresh(ctx context.Context, changes []sqldb.Revision) error {
	changed := map[ListID]bool{}
	for _, r := range changes {
		if r.Kind == revisionList {
			changed[ListID(r.ID)] = true
		}
	}
	return c.read(ctx, func(id ListID) bool {
		_, held := (*c.now.Load())[id]
		return !held || changed[id]
	})
}

// read reads the wanted lists that are due.
func (c *Codebook) read(ctx context.Context, due func(ListID) bool) error {
	c.turn.Lock()
	defer c.turn.Unlock()
	c.asking.Lock()
	ids := slices.Sorted(maps.Keys(c.wanted))
	c.asking.Unlock()
	if ids = slices.DeleteFunc(ids, func(id ListID) bool { return !due(id) }); len(ids) == 0 {
		return nil
	}
	next := maps.Clone(*c.now.Load())
	err := c.db.Read(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		for _, id := range ids {
			v, err := readVolume(ctx, tx, id)
			if err != nil {
				return err
			}
			next[id] = v // nil for one that is not published
		}
		return nil
	})
	if err == nil {
		c.now.Store(&next)
	}
	return err
}

func readVolume(ctx context.Context, tx *sqldb.Tx, id ListID) (*volume, error) {
	list, err := getList(ctx, tx, id)
	switch {
	case errors.Is(err, sqldb.ErrNoRows):
		return nil, nil
	case err != nil:
		return nil, err
	case list.Spec.State != ListPublished:
		return nil, nil
	}
	v := &volume{periods: make(map[string][]Validity, list.Spec.Count), follows: map[string][]Succession{}}
	err = eachCode(ctx, tx, id, func(code Code) error {
		v.periods[code.Code] = append(v.periods[code.Code], code.Validity)
		return nil
	})
	if err != nil {
		return nil, err
	}
	events, err := successions(ctx, tx, id, "")
	slices.SortStableFunc(events, func(a, b Succession) int { return cmp.Compare(a.Day, b.Day) })
	for _, e := range events {
		for _, from := range e.From {
			v.follows[from] = append(v.follows[from], e)
		}
	}
	return v, err
}
