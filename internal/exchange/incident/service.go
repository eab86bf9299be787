package incident

import (
	"context"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"simpul"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/trail"
)

// Sources are what answers are read from, and what the room asks of others.
type Sources struct {
	Accesses  Accesses
	Exchanges Exchanges
	Keys      Keys
	Lags      Lags                                        // nil: nothing is ever behind or elsewhere
	Zone      func(context.Context, simpul.AgencyID) Zone // of an agency's office, of the hub's for the nation; nil: WIB
	Notices   Notifier
}

// Notifier tells people. See simpul.Notice.
type Notifier interface {
	Notify(ctx context.Context, tx *sqldb.Tx, n simpul.Notice) error
	// Done closes the notices with a key, for good.
	Done(ctx context.Context, tx *sqldb.Tx, key string) error
}

// atOnce is how many gather at the same time: each reads in a transaction for as
// long as its answer is written.
const atOnce = 2

// Service is the use cases on incidents.
type Service struct {
	db   *sqldb.DB
	from Sources
	now  clock.Clock
	turn chan struct{} // holds who gathers
}

// New returns the use cases on the database.
func New(db *sqldb.DB, from Sources, now clock.Clock) *Service {
	return &Service{db, from, now, make(chan struct{}, atOnce)}
}

// Office is the zone of an agency's office, or of the hub's.
func (s *Service) Office(ctx context.Context, agency simpul.AgencyID) Zone {
	if s.from.Zone == nil {
		return WIB
	}
	return s.from.Zone(ctx, agency)
}

// agencyOf is whose a case is that the principal notes.
func agencyOf(p simpul.Principal) simpul.AgencyID {
	if p.National {
		return ""
	}
	return p.Agency
}

// notFound says what an unknown case, and one of somebody else, is called.
func notFound(err error, id string) error {
	return sqldb.Coded(err, simpul.Text{ID: "Insiden", EN: "Incident"}, id)
}

// Note notes an incident, answers its question, and tells of the term, which
// counts from the moment that the wish names.
func (s *Service) Note(ctx context.Context, p simpul.Principal, w Wish) (Case, error) {
	q, err := w.question(s.Office(ctx, agencyOf(p)))
	if err != nil {
		return Case{}, err
	}
	now := s.now()
	noted, err := w.noted(q.Zone, now)
	if err != nil {
		return Case{}, err
	}
	c := Case{ID: newID(), Agency: agencyOf(p), Question: q, NotedAt: noted, NotedBy: p.ID, Handler: p.Account, CreatedAt: now}
	c.told = c.stage(now)
	if c.Answer, err = s.answer(ctx, c); err != nil {
		return c, err
	}
	err = s.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		if err := insertCase(ctx, tx, c); err != nil {
			return err
		}
		if err := trail.Append(ctx, tx, c.event(p, "incident.note", q.words())); err != nil {
			return err
		}
		return s.tell(ctx, tx, c, c.told)
	})
	return c, err
}

// newID makes an identifier that is short enough to be read out.
func newID() string { return simpul.NewSecret("i-").Reveal()[:14] }

// event tells the trail of what somebody did with a case.
func (c Case) event(p simpul.Principal, verb, detail string) trail.Event {
	e := trail.By(p, c.Agency, verb, c.ID)
	e.Detail = detail
	return e
}

// words are the question in one line, for the trail.
func (q Question) words() string {
	text := string(q.Application)
	if q.LID != "" {
		text += " " + string(q.LID)
	}
	return text + " " + q.From.UTC().Format("2006-01-02T15:04Z") + " " + q.Until.UTC().Format("2006-01-02T15:04Z")
}

// gather reads the accesses of a case, and calls fn while they can be read again.
func (s *Service) gather(ctx context.Context, c Case, fn func(*gathering) error) error {
	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
	case <-ctx.Done():
		return ctx.Err()
	}
	q := c.Question
	return s.from.Accesses.Affected(ctx, c.scope(), q.Application, q.From, q.Until, func(read Reading) error {
		g, err := newGathering(q, read)
		if err != nil {
			return err
		}
		return fn(g)
	})
}

// answer gathers, and looks what there was besides.
func (s *Service) answer(ctx context.Context, c Case) (a Answer, err error) {
	var counted *gathering
	if err := s.gather(ctx, c, func(g *gathering) error { counted = g; return g.tally() }); err != nil {
		return a, err
	}
	q := c.Question
	all, err := s.from.Exchanges.Delivered(ctx, c.scope(), q.Application, q.From, q.Until)
	if err != nil {
		return a, err
	}
	a = counted.done(all, s.now())
	return a, s.unknown(ctx, q, &a)
}

// unknown completes an answer by what the hub cannot know.
func (s *Service) unknown(ctx context.Context, q Question, a *Answer) error {
	floor, err := s.from.Accesses.KeptSince(ctx)
	if err != nil {
		return err
	}
	if q.From.Before(floor) {
		a.Dropped = floor
	}
	if _, a.Gone, err = s.from.Keys.Pseudonymizer(ctx, q.months()); err != nil {
		return err
	}
	slices.Sort(a.Gone)
	if s.from.Lags == nil {
		return nil
	}
	behind, elsewhere := s.from.Lags(ctx)
	a.Behind = behind
	for _, e := range elsewhere {
		if e.Known.Before(q.Until) {
			a.Elsewhere = append(a.Elsewhere, e)
		}
	}
	return nil
}

// List returns a page of the cases that the principal's scope covers, the newest
// first, and the cursor of the next one.
func (s *Service) List(ctx context.Context, p simpul.Principal, limit int, cursor string) (all []Case, next string, err error) {
	at, id, err := parseCursor(cursor)
	if err != nil {
		return nil, "", err
	}
	err = s.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		all, err = listCases(ctx, tx, at, id, limit+1)
		return err
	})
	if err == nil && len(all) > limit {
		all = all[:limit]
		last := all[limit-1]
		next = httpapi.EncodeCursor(strconv.FormatInt(last.CreatedAt.UnixMilli(), 10) + " " + last.ID)
	}
	return all, next, err
}

func parseCursor(cursor string) (at int64, id string, err error) {
	key, err := httpapi.DecodeCursor(cursor)
	if err != nil || key == "" {
		return math.MaxInt64, "", err
	}
	ms, id, _ := strings.Cut(key, " ")
	if at, err = strconv.ParseInt(ms, 10, 64); err != nil {
		return 0, "", simpul.Invalid("query.cursor",
			simpul.Text{ID: "Kursor ini bukan milik daftar insiden.", EN: "This cursor does not belong to the list of incidents."},
			simpul.Text{ID: "Gunakan nilai next dari halaman sebelumnya, atau hilangkan cursor.", EN: "Use the value of next from the page before, or leave cursor out."})
	}
	return at, id, nil
}

// Look returns a case with its notes, and tells the trail.
func (s *Service) Look(ctx context.Context, p simpul.Principal, id string) (c Case, err error) {
	return s.with(ctx, p, id, "incident.read", "")
}

// with reads a case and tells the trail what for.
func (s *Service) with(ctx context.Context, p simpul.Principal, id, verb, detail string) (c Case, err error) {
	err = s.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		if c, err = getCase(ctx, tx, id); err != nil {
			return err
		}
		if c.Notes, err = notesOf(ctx, tx, id); err != nil {
			return err
		}
		return trail.Append(ctx, tx, c.event(p, verb, detail))
	})
	return c, notFound(err, id)
}

// Count answers the question of a case anew.
func (s *Service) Count(ctx context.Context, p simpul.Principal, id string) (Case, error) {
	c, err := s.with(ctx, p, id, "incident.count", "")
	if err != nil {
		return c, err
	}
	if c.Answer, err = s.answer(ctx, c); err != nil {
		return c, err
	}
	err = s.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error { return setAnswer(ctx, tx, id, c.Answer) })
	return c, notFound(err, id)
}

// Match finds which persons of a list are among the affected of a case. The list
// is kept nowhere.
func (s *Service) Match(ctx context.Context, p simpul.Principal, id string, from io.Reader) (m Match, err error) {
	c, err := s.with(ctx, p, id, "incident.match", "")
	if err != nil {
		return m, err
	}
	l, err := readList(from)
	if err != nil {
		return m, err
	}
	of, gone, err := s.from.Keys.Pseudonymizer(ctx, c.Question.months())
	if err != nil {
		return m, err
	}
	if err := s.gather(ctx, c, func(g *gathering) error { m, err = g.match(l, of); return err }); err != nil {
		return m, err
	}
	m.Missing = slices.Sorted(slices.Values(gone))
	detail := fmt.Sprintf("%d NIK, %d cocok", m.NIKs, len(m.Found))
	_, err = s.with(ctx, p, id, "incident.matched", detail)
	return m, err
}

// Export tells the trail, and writes a case in the format to what begin returns.
// Once begin has been called, a failure leaves a part of the file.
func (s *Service) Export(ctx context.Context, p simpul.Principal, id string, f File, begin func(Case) io.Writer) error {
	c, err := s.with(ctx, p, id, "incident.export", string(f.Format))
	if err != nil {
		return err
	}
	if l, ok := f.letter(s.now()); ok {
		file, err := l.Write(c)
		if err != nil {
			return err
		}
		_, err = begin(c).Write(file)
		return err
	}
	return s.gather(ctx, c, func(g *gathering) error { return f.write(begin(c), c, g) })
}
