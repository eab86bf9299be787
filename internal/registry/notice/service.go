package notice

import (
	"context"
	"fmt"
	"slices"
	"time"

	"simpul"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/sqldb"
)

// Holders knows who may do what.
type Holders interface {
	// Holders returns the active accounts of the agency, or of the nation where
	// it is empty, whose roles contain the permission.
	Holders(ctx context.Context, tx *sqldb.Tx, agency simpul.AgencyID, permission simpul.Permission) ([]simpul.AccountID, error)
}

// Sealer seals what is about people. A value opens for its place only.
type Sealer interface {
	Seal(plaintext []byte, table, row, column string) ([]byte, error)
	Open(sealed []byte, table, row, column string) ([]byte, error)
}

// Service is the use cases on notices.
type Service struct {
	db      *sqldb.DB
	seal    Sealer
	holders Holders
	now     clock.Clock
}

// New returns the use cases on the database.
func New(db *sqldb.DB, seal Sealer, holders Holders, now clock.Clock) *Service {
	return &Service{db, seal, holders, now}
}

// Notify puts the notice into the inbox of everybody whom it is for, and a copy
// into the outbox, in the transaction of the change that it tells of. Somebody
// who has a notice with its key already does not get it again. A notice for
// nobody is no error.
func (s *Service) Notify(ctx context.Context, tx *sqldb.Tx, n simpul.Notice) error {
	if err := check(n); err != nil {
		return err
	}
	to, err := s.recipients(ctx, tx, n)
	if err != nil {
		return err
	}
	for _, account := range to {
		if err := s.put(ctx, tx, account, n); err != nil {
			return fmt.Errorf("notify of %s: %w", n.Topic, err)
		}
	}
	return nil
}

// Done closes the entries with the key in every inbox: somebody has acted. It
// holds for good, also for those who are told of the key later, so a key names
// one thing to do and is not used again.
func (s *Service) Done(ctx context.Context, tx *sqldb.Tx, key string) error {
	if key == "" {
		return nil
	}
	return insertDone(ctx, tx, key, s.now())
}

// recipients are the accounts that the notice names and those that hold its
// permission, each once.
func (s *Service) recipients(ctx context.Context, tx *sqldb.Tx, n simpul.Notice) ([]simpul.AccountID, error) {
	all := slices.Clone(n.Accounts)
	if n.Holding != "" {
		holders, err := s.holders.Holders(ctx, tx, n.Agency, n.Holding)
		if err != nil {
			return nil, fmt.Errorf("holders of %s: %w", n.Holding, err)
		}
		all = append(all, holders...)
	}
	all = slices.DeleteFunc(all, func(a simpul.AccountID) bool { return a == "" || a == n.Except }) // a program that acted has no inbox
	slices.Sort(all)
	return slices.Compact(all), nil
}

func (s *Service) put(ctx context.Context, tx *sqldb.Tx, account simpul.AccountID, n simpul.Notice) error {
	e := Entry{ID: newID(), Topic: n.Topic, Title: n.Title, Body: n.Body, Link: n.Link, Due: n.Due, Urgent: n.Urgent, State: Unread, At: s.now()}
	sealed, err := s.sealEntry(e)
	if err != nil {
		return err
	}
	fresh, err := insertEntry(ctx, tx, account, n.Key, e, sealed)
	if err != nil || !fresh {
		return err
	}
	return insertMail(ctx, tx, parcel{
		ID: newID(), Agency: account.Agency(), Account: account, Entry: e.ID, Kind: copyOfNotice, Topic: e.Topic, Urgent: e.Urgent,
		next: e.At, At: e.At, ends: e.At.Add(patience),
	})
}

func newID() string { return simpul.NewSecret("n-").Reveal()[:22] }

func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func timeOf(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}
