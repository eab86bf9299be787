package traffic

import (
	"cmp"
	"context"
	"slices"
	"time"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
)

// Use is how much of one limit is used now, over all nodes.
type Use struct {
	ID    string     `json:"id" doc:"Of the subject" example:"grant/izin-bandung"`
	What  What       `json:"what" enum:"rate,day,month,concurrent"`
	Limit int64      `json:"limit"`
	Used  int64      `json:"used" doc:"rate: calls let through in the last minute, smoothed; day, month: calls since the period began; concurrent: most calls at one time of late"`
	Ends  *time.Time `json:"endsAt,omitempty" doc:"When a quota begins anew"`

	Subject simpul.Subject `json:"-"`
	Title   string         `json:"-"`
	Note    string         `json:"-"`
	Parties `json:"-"`
}

// Ratio is how much is used, of 1.
func (u Use) Ratio() float64 { return float64(u.Used) / float64(u.Limit) }

// mostUses is how many limits are shown at once.
const mostUses = 1000

// Uses returns what is used of every limit that the principal set or is held to,
// the nearest to its limit first. What nodes know is told every few seconds.
func (s *Service) Uses(ctx context.Context, p simpul.Principal) ([]Use, error) {
	now := s.now()
	var asked map[simpul.Subject]demand
	var taken map[simpul.Subject]map[Window]int64
	err := s.db.Read(ctx, simpul.NationScope(), func(tx *sqldb.Tx) (err error) {
		if asked, err = demands(ctx, tx, "", now.Add(-deadAfter)); err != nil {
			return err
		}
		taken, err = spent(ctx, tx, now)
		return err
	})
	if err != nil {
		return nil, err
	}
	subjects, err := s.limited(ctx, p, asked)
	if err != nil {
		return nil, err
	}
	var all []Use
	for _, one := range subjects {
		all = append(all, one.uses(asked[one.Subject], taken[one.Subject], s.calendar, now)...)
	}
	slices.SortFunc(all, func(a, b Use) int {
		return cmp.Or(cmp.Compare(b.Ratio(), a.Ratio()), cmp.Compare(a.ID, b.ID), cmp.Compare(a.What, b.What))
	})
	return all[:min(len(all), mostUses)], nil
}

// subjectRules is one subject with what limits it, from wherever.
type subjectRules struct {
	Declared
	rules rules
	note  string
}

// limited joins the Limits that the principal sees with what grants and LIDs
// bring.
func (s *Service) limited(ctx context.Context, p simpul.Principal, asked map[simpul.Subject]demand) (map[simpul.Subject]subjectRules, error) {
	inUse := make([]simpul.Subject, 0, len(asked))
	for subject := range asked {
		inUse = append(inUse, subject)
	}
	var rows []row
	err := s.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) (err error) {
		rows, err = listLimits(ctx, tx, httpapi.Page{Limit: mostUses})
		return err
	})
	if err != nil {
		return nil, err
	}
	declared, err := s.registry.Declared(ctx, p, inUse)
	if err != nil {
		return nil, err
	}
	all := map[simpul.Subject]subjectRules{}
	for _, d := range declared {
		all[d.Subject] = subjectRules{Declared: d, rules: rulesOf(Spec{}, d.RatePerMin, d.Origins)}
	}
	for _, r := range rows {
		one, known := all[r.Subject]
		if !known {
			one.Subject, one.Parties = r.Subject, r.Parties
		}
		one.rules, one.note = rulesOf(r.Spec, one.RatePerMin, one.Origins), r.Spec.Note
		all[r.Subject] = one
	}
	return all, nil
}

// uses are the limits of one subject.
func (s subjectRules) uses(d demand, taken map[Window]int64, c Calendar, now time.Time) (all []Use) {
	add := func(what What, limit, used int64, ends *time.Time) {
		if limit > 0 {
			all = append(all, Use{ID: s.Subject.String(), What: what, Limit: limit, Used: used, Ends: ends,
				Subject: s.Subject, Title: s.Title, Note: s.note, Parties: s.Parties})
		}
	}
	until := func(w Window) *time.Time {
		_, ends := c.span(w, now.UnixNano())
		at := time.Unix(0, ends).UTC()
		return &at
	}
	add(Rate, int64(s.rules.perMinute), int64(d.used+0.5), nil)
	add(PerDay, s.rules.perDay, max(0, taken[Day]-int64(d.day)), until(Day))
	add(PerMonth, s.rules.perMonth, max(0, taken[Month]-int64(d.month)), until(Month))
	add(Concurrent, s.rules.concurrent, int64(d.peak+0.5), nil)
	return all
}

// UseOf returns what is used of the limits of one subject.
func (s *Service) UseOf(ctx context.Context, p simpul.Principal, id string) (one []Use, err error) {
	all, err := s.Uses(ctx, p)
	for _, u := range all {
		if u.ID == id {
			one = append(one, u)
		}
	}
	if err == nil && one == nil {
		err = simpul.NotFound(kindLimit, id)
	}
	return one, err
}
