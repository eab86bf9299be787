package notice

import (
	"context"
	"errors"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// Letter is what became of one letter. It tells neither address nor text.
type Letter struct {
	ID       string
	Account  simpul.AccountID // empty for an invitation
	Kind     Kind
	Topic    string
	State    string // queued, sending, gathered (for a digest), sent, dropped (not needed any more), dead
	Attempts int64
	At       time.Time
	Next     time.Time // of the next attempt; zero when there is none
	Ended    time.Time
	Reason   simpul.Text // why it did not go, so far
}

func letterOf(p parcel) Letter {
	l := Letter{ID: p.ID, Account: p.Account, Kind: p.Kind, Topic: p.Topic, State: p.State, Attempts: p.Attempts, At: p.At, Ended: p.Ended, Reason: p.Reason}
	if p.State == stateQueued || p.State == stateGathered {
		l.Next = p.next
	}
	return l
}

// Outbox returns letters to people of the principal's scope, newest first; of
// one state, or of all where it is empty.
func (s *Service) Outbox(ctx context.Context, p simpul.Principal, state, cursor string, limit int) (page []Letter, next string, err error) {
	if err := p.Need(simpul.ReadAccounts); err != nil {
		return nil, "", err
	}
	before, err := parsePlace(cursor)
	if err != nil {
		return nil, "", err
	}
	err = s.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		all, err := listMail(ctx, tx, state, before, limit+1)
		if err != nil {
			return err
		}
		for _, one := range all {
			page = append(page, letterOf(one))
		}
		return nil
	})
	if len(page) > limit {
		page = page[:limit]
		next = place{page[limit-1].At.UnixMilli(), page[limit-1].ID}.String()
	}
	return page, next, err
}

// Undelivered returns the newest letter to the principal that could not go; ok
// is false where every one went.
func (s *Service) Undelivered(ctx context.Context, p simpul.Principal) (l Letter, ok bool, err error) {
	account, err := owner(p)
	if err != nil {
		return l, false, err
	}
	err = s.within(ctx, account, func(tx *sqldb.Tx) error {
		dead, err := lastDead(ctx, tx, account)
		if errors.Is(err, sqldb.ErrNoRows) {
			return nil
		}
		l, ok = letterOf(dead), err == nil
		return err
	})
	return l, ok, err
}
