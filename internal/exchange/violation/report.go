package violation

import (
	"context"
	"time"

	"simpul"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/sqldb"
)

// Report is what was not as the contract says, in the last days.
type Report struct {
	LID     simpul.Address `json:"lid"`
	Checks  simpul.Checks  `json:"checks" doc:"What is held to the contract now"`
	Version string         `json:"version" doc:"The contract's newest version"`
	Own     bool           `json:"own" doc:"The report is of all calls; else it is of the requests of one's own agency only"`
	Days    int            `json:"days"`
	Total   int64          `json:"total" doc:"Violations; one message can have several"`
	Groups  []Group        `json:"groups" doc:"By kind, the most frequent first; at most 100"`
	ByDay   []Day          `json:"byDay" doc:"Each day of the time, the oldest first"`
	Callers []Caller       `json:"callers" doc:"Applications whose requests are not as the contract says; at most 20"`

	Title string          `json:"-"`
	Owner simpul.AgencyID `json:"-"`
}

// Group is one kind of violation.
type Group struct {
	Method       string    `json:"method"`
	Path         string    `json:"path" doc:"As the contract writes it"`
	Direction    Direction `json:"direction" enum:"request,response"`
	Place        string    `json:"place" doc:"A JSON Pointer below body, with * for elements, or a parameter" example:"body/items/*/kode"`
	Keyword      string    `json:"keyword" doc:"Of JSON Schema that is not met, or a word of the hub such as mediaType" example:"pattern"`
	Expected     Words     `json:"expected"`
	Count        int64     `json:"count"`
	Refused      int64     `json:"refused" doc:"Of them, those whose message was not passed on"`
	Applications int64     `json:"applications" doc:"That sent or received it"`
	FirstVersion string    `json:"firstVersion,omitempty" doc:"The version of the contract under which it was met first"`
	FirstHour    time.Time `json:"firstHour" doc:"The hour in which it was met first, as far as that is kept"`
	LastHour     time.Time `json:"lastHour"`
	Examples     []Example `json:"examples" doc:"The latest exchanges that are kept as examples; at most 3"`
}

// Words is a text in both languages.
type Words struct {
	ID string `json:"id"`
	EN string `json:"en"`
}

// Example is one exchange that met a kind of violation.
type Example struct {
	Exchange    simpul.ExchangeID    `json:"exchange"`
	At          time.Time            `json:"at"`
	Application simpul.ApplicationID `json:"application,omitempty" doc:"The application that called"`
	Version     string               `json:"version,omitempty"`
}

type example struct {
	Kind
	Example
}

// Day counts one day, by the time of Jakarta.
type Day struct {
	Date      string `json:"date" example:"2026-11-25"`
	Requests  int64  `json:"requests"`
	Responses int64  `json:"responses"`
}

// Caller is an application and what its requests did.
type Caller struct {
	Application simpul.ApplicationID `json:"application"`
	Count       int64                `json:"count"`
}

// LID is what the catalogue tells of one.
type LID struct {
	Title   string
	Owner   simpul.AgencyID
	Version string
	Checks  simpul.Checks
}

// Catalogue knows the LIDs. One that the principal may not see is not found.
type Catalogue interface {
	Find(ctx context.Context, p simpul.Principal, address simpul.Address) (LID, error)
}

// Pending is what this process has noted and not written.
type Pending interface {
	Flush(ctx context.Context) error
}

// Service is the use cases.
type Service struct {
	db        *sqldb.DB
	catalogue Catalogue
	pending   Pending
	now       clock.Clock
}

// New returns the use cases on the database. What is pending is written before a
// report is read, so that whoever has just called finds it there.
func New(db *sqldb.DB, catalogue Catalogue, pending Pending, now clock.Clock) *Service {
	return &Service{db, catalogue, pending, now}
}

// Days that a report may be of.
const (
	usualDays = 7
	mostDays  = 90
)

// exampleCount is how many examples a group shows.
const exampleCount = 3

// Report tells of the last days, today included, what the principal may see: all
// of a LID of its agency, and else what the requests of its agency did.
func (s *Service) Report(ctx context.Context, p simpul.Principal, address simpul.Address, last int) (Report, error) {
	lid, err := s.catalogue.Find(ctx, p, address)
	if err != nil {
		return Report{}, err
	}
	if err := s.pending.Flush(ctx); err != nil {
		return Report{}, err
	}
	if last <= 0 {
		last = usualDays
	}
	last = min(last, mostDays)
	r := Report{
		LID: address, Checks: lid.Checks, Version: lid.Version, Days: last, Own: p.Scope().Covers(lid.Owner), Title: lid.Title, Owner: lid.Owner,
		Groups: []Group{}, Callers: []Caller{},
	}
	err = s.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) error { return s.fill(ctx, tx, &r) })
	return r, err
}

func (s *Service) fill(ctx context.Context, tx *sqldb.Tx, r *Report) error {
	today := s.now().In(jakarta)
	begin := time.Date(today.Year(), today.Month(), today.Day()-r.Days+1, 0, 0, 0, 0, jakarta)
	groups, err := groupsSince(ctx, tx, r.LID, begin)
	if err != nil || len(groups) == 0 {
		r.ByDay = everyDay(begin, r.Days, nil)
		return err
	}
	r.Groups = groups
	counted, err := days(ctx, tx, r.LID, begin)
	if err != nil {
		return err
	}
	r.ByDay = everyDay(begin, r.Days, counted)
	for _, d := range counted {
		r.Total += d.Requests + d.Responses
	}
	if r.Callers, err = callers(ctx, tx, r.LID, begin); err != nil {
		return err
	}
	begun, err := firsts(ctx, tx, r.LID)
	if err != nil {
		return err
	}
	kept, err := examples(ctx, tx, r.LID)
	if err != nil {
		return err
	}
	for i := range r.Groups {
		r.Groups[i].trace(begun, kept)
	}
	return nil
}

// everyDay has a day for each, also for those in which nothing happened.
func everyDay(begin time.Time, n int, counted []Day) []Day {
	all := make([]Day, n)
	for i := range all {
		all[i].Date = begin.AddDate(0, 0, i).Format(time.DateOnly)
		for _, d := range counted {
			if d.Date == all[i].Date {
				all[i] = d
			}
		}
	}
	return all
}

func (g *Group) is(k Kind) bool {
	return g.Method == k.Operation.Method && g.Path == k.Operation.Path && g.Direction == k.Direction && g.Place == k.Place && g.Keyword == k.Keyword
}

// trace adds since when there is the group, and examples of it.
func (g *Group) trace(begun []first, kept []example) {
	for _, f := range begun {
		if g.is(f.Kind) {
			g.FirstVersion, g.FirstHour = f.version, f.hour
			break
		}
	}
	g.Examples = []Example{}
	for _, e := range kept {
		if g.is(e.Kind) && len(g.Examples) < exampleCount {
			g.Examples = append(g.Examples, e.Example)
		}
	}
}
