package signin

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"simpul"
	"simpul/internal/platform/allowance"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/trail"
)

// Service is the use cases of signing in.
type Service struct {
	db       *sqldb.DB
	accounts Accounts
	notifier Notifier
	sealer   Sealer
	hasher   Hasher
	limits   Limits
	now      clock.Clock
	log      *slog.Logger
	begun    *allowance.Allowance // steps of strangers that the hub remembers
	site     atomic.Pointer[site] // nil until announced
}

// New returns the use cases on the database.
func New(db *sqldb.DB, accounts Accounts, notifier Notifier, sealer Sealer, hasher Hasher, limits Limits, now clock.Clock, log *slog.Logger) *Service {
	return &Service{db: db, accounts: accounts, notifier: notifier, sealer: sealer, hasher: hasher, limits: limits, now: now, log: log,
		begun: allowance.New(mostBegun, begunWithin, now)}
}

// How often people begin to sign in from one place: a whole office at nine
// o'clock, and one a second in the long run.
const (
	mostBegun   = 300
	begunWithin = 5 * time.Minute
)

// mayBegin bounds what strangers make the hub remember, and have it ask of the
// providers of agencies.
func (s *Service) mayBegin(ctx context.Context) error {
	if s.begun.Take(trail.Neighbourhood(ctx)) {
		return nil
	}
	return &simpul.Error{
		Code: simpul.CodeLimited, Retry: time.Second,
		Message: simpul.Text{ID: "Terlalu banyak orang mulai masuk dari alamat ini.", EN: "Too many people begin to sign in from this address."},
		Remedy:  simpul.Text{ID: "Tunggu satu menit, lalu coba lagi.", EN: "Wait a minute, then try again."},
	}
}

// write runs a change of one person's own things in the scope of the hub: who
// they are was proved before, and every statement names them.
func (s *Service) write(ctx context.Context, fn func(*sqldb.Tx) error) error {
	return s.db.Write(ctx, simpul.NationScope(), fn)
}

func (s *Service) read(ctx context.Context, fn func(*sqldb.Tx) error) error {
	return s.db.Read(ctx, simpul.NationScope(), fn)
}

// event begins an event that concerns the account.
func (s *Service) event(account simpul.AccountID, action, subject string) trail.Event {
	return trail.Event{At: s.now(), Agency: account.Agency(), Account: account, Actor: string(account), Action: action, Subject: subject}
}
