package tracker

import (
	"context"
	"strconv"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/trail"
)

// Policy is what the nation has decided of the tracker.
type Policy struct {
	AnswerDays int `json:"answerDays" minimum:"1" maximum:"30" doc:"Working days within which an agency answers a person who asks why"`
	DelayDays  int `json:"delayDays" minimum:"1" maximum:"730" doc:"Most days for which one decision may keep an access from the person; an extension is another decision"`
}

// defaultPolicy holds until the nation decides otherwise. Five working days are the
// middle one of the clocks that public complaints have (2, 5, 14, 60).
func defaultPolicy() Policy { return Policy{AnswerDays: 5, DelayDays: 180} }

// Names of what is stored.
const (
	answerDays = "answer-days"
	delayDays  = "delay-days"
)

func (p Policy) check() error {
	for _, one := range []struct {
		place     string
		n, longer int
	}{{"answerDays", p.AnswerDays, 30}, {"delayDays", p.DelayDays, 730}} {
		if one.n < 1 || one.n > one.longer {
			most := strconv.Itoa(one.longer)
			return simpul.Invalid("body."+one.place,
				simpul.Text{ID: "Jumlah hari ini di luar batasnya.", EN: "This number of days is out of its range."},
				simpul.Text{ID: "Tulis 1 sampai " + most + ".", EN: "Write 1 to " + most + "."})
		}
	}
	return nil
}

// Policy is what holds today.
func (s *Service) Policy(ctx context.Context) (p Policy, err error) {
	err = s.DB.Read(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		p, err = policies(ctx, tx)
		return err
	})
	return p, err
}

// Decide changes what holds from now on; what runs already keeps its time.
func (s *Service) Decide(ctx context.Context, who simpul.Principal, p Policy) error {
	if err := who.Need(simpul.KeepTracker); err != nil {
		return err
	}
	if err := p.check(); err != nil {
		return err
	}
	err := s.DB.Write(ctx, who.Scope(), func(tx *sqldb.Tx) error {
		if err := putPolicy(ctx, tx, p, s.Now()); err != nil {
			return err
		}
		if err := tx.Revise(ctx, revisionTracker, "policy"); err != nil {
			return err
		}
		e := trail.By(who, "", "tracker.policy", "tracker")
		e.Detail = strconv.Itoa(p.AnswerDays) + " working days to answer, " + strconv.Itoa(p.DelayDays) + " days of delay"
		return trail.Append(ctx, tx, e)
	})
	return sqldb.Coded(err, simpul.Text{ID: "Aturan jejak akses", EN: "Policy of the access tracker"}, "tracker")
}
