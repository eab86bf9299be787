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

// Sources are what answers are read from.
type Sources struct {
	Accesses  Accesses
	Exchanges Exchanges
	Keys      Keys
	Lags      Lags // nil: nothing is ever behind
}

// Service is the use cases on incidents.
type Service struct {
	db   *sqldb.DB
	from Sources
	now  clock.Clock
	turn chan struct{} // holds one gathering at a time: each may need 400 MB
}

// New returns the use cases on the database.
func New(db *sqldb.DB, from Sources, now clock.Clock) *Service {
	return &Service{db, from, now, make(chan struct{}, 1)}
}

// kindIncident is what an unknown case, and one of somebody else, is called.
func notFound(err error, id string) error {
	return sqldb.Coded(err, simpul.Text{ID: "Insiden", EN: "Incident"}, id)
}

// Note notes an incident and answers its question. The term counts from the
// moment that the wish names.
func (s *Service) Note(ctx context.Context, p simpul.Principal, w Wish) (Case, error) {
	q, err := w.question()
	if err != nil {
		return Case{}, err
	}
	now := s.now()
	noted, err := w.noted(q.Zone, now)
	if err != nil {
		return Case{}, err
	}
	c := Case{ID: newID(), Question: q, NotedAt: noted, NotedBy: p.ID, CreatedAt: now}
	if !p.National {
		c.Agency = p.Agency
	}
	if c.Answer, err = s.answer(ctx, c); err != nil {
		return c, err
	}
	err = s.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		if err := insertCase(ctx, tx, c); err != nil {
			return err
		}
		return trail.Append(ctx, tx, c.event(p, "incident.note", q.words()))
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

// gather reads the accesses of a case. No two gather at the same time.
func (s *Service) gather(ctx context.Context, c Case) (*gathering, error) {
	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	g := newGathering(c.Question)
	err := s.from.Accesses.Affected(ctx, c.scope(), c.Question.Application, c.Question.From, c.Question.Until, g.add)
	return g, err
}

// answer gathers, and looks what there was besides.
func (s *Service) answer(ctx context.Context, c Case) (Answer, error) {
	g, err := s.gather(ctx, c)
	if err != nil {
		return Answer{}, err
	}
	q := c.Question
	all, err := s.from.Exchanges.Delivered(ctx, c.scope(), q.Application, q.From, q.Until)
	if err != nil {
		return Answer{}, err
	}
	return g.done(all, s.behind(ctx), s.now()), nil
}

func (s *Service) behind(ctx context.Context) []Lag {
	if s.from.Lags == nil {
		return nil
	}
	return s.from.Lags(ctx)
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

// Remark adds what somebody wrote about a case that is open.
func (s *Service) Remark(ctx context.Context, p simpul.Principal, id, text string) error {
	text, err := words("text", text)
	if err != nil {
		return err
	}
	return s.change(ctx, p, id, "incident.remark", func(tx *sqldb.Tx, c Case) error {
		return insertNote(ctx, tx, c, Note{s.now(), p.ID, text})
	})
}

// Close ends a case, with a word on how.
func (s *Service) Close(ctx context.Context, p simpul.Principal, id, text string) error {
	text, err := words("text", text)
	if err != nil {
		return err
	}
	return s.change(ctx, p, id, "incident.close", func(tx *sqldb.Tx, c Case) error {
		if err := closeCase(ctx, tx, id, p.ID, s.now()); err != nil {
			return err
		}
		return insertNote(ctx, tx, c, Note{s.now(), p.ID, text})
	})
}

// change changes an open case and tells the trail.
func (s *Service) change(ctx context.Context, p simpul.Principal, id, verb string, change func(*sqldb.Tx, Case) error) error {
	err := s.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		c, err := getCase(ctx, tx, id)
		if err != nil {
			return err
		}
		if c.Closed() {
			return hasEnded()
		}
		if err := change(tx, c); err != nil {
			return err
		}
		return trail.Append(ctx, tx, c.event(p, verb, ""))
	})
	return notFound(err, id)
}

func hasEnded() error {
	return &simpul.Error{
		Code:    simpul.CodeConflict,
		Message: simpul.Text{ID: "Insiden ini sudah ditutup.", EN: "This incident has been closed."},
		Remedy:  simpul.Text{ID: "Catat insiden baru bila ada yang harus dikerjakan lagi.", EN: "Note a new incident if there is something to do again."},
	}
}

// Match finds which persons of a list are among the affected of a case. The list
// is read once and kept nowhere.
func (s *Service) Match(ctx context.Context, p simpul.Principal, id string, list io.Reader) (m Match, g *gathering, err error) {
	c, err := s.with(ctx, p, id, "incident.match", "")
	if err != nil {
		return m, nil, err
	}
	if g, err = s.gather(ctx, c); err != nil {
		return m, nil, err
	}
	months, _ := g.months()
	var names []string
	for _, month := range months {
		names = append(names, month.Month)
	}
	of, gone, err := s.from.Keys.Pseudonymizer(ctx, names)
	if err != nil {
		return m, nil, err
	}
	if m, err = g.find(list, of); err != nil {
		return m, nil, err
	}
	m.Missing = slices.Sorted(slices.Values(gone))
	detail := fmt.Sprintf("%d NIK, %d cocok", m.NIKs, len(m.Found))
	_, err = s.with(ctx, p, id, "incident.matched", detail)
	return m, g, err
}

// Export gathers the affected of a case for a file, and tells the trail.
func (s *Service) Export(ctx context.Context, p simpul.Principal, id string, f Format) (Case, *gathering, error) {
	c, err := s.with(ctx, p, id, "incident.export", string(f))
	if err != nil {
		return c, nil, err
	}
	g, err := s.gather(ctx, c)
	return c, g, err
}
