package identity

import (
	"context"
	"slices"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// Suspend keeps somebody out for now: their sessions end at once, and so does
// what they took in an emergency.
func (s *Service) Suspend(ctx context.Context, p simpul.Principal, id string) (Account, error) {
	return s.act(ctx, p, id, "account.suspend", another, func(tx *sqldb.Tx, by actor, a *Account) error {
		if a.State != Active {
			return notNow(*a)
		}
		if err := s.others.Access.EndAll(ctx, tx, a.ID); err != nil {
			return err
		}
		return s.leave(ctx, tx, by, *a, Suspended, "account.suspend")
	})
}

// Reinstate lets somebody in again.
func (s *Service) Reinstate(ctx context.Context, p simpul.Principal, id string) (Account, error) {
	return s.act(ctx, p, id, "account.reinstate", another, func(tx *sqldb.Tx, _ actor, a *Account) error {
		if a.State != Suspended {
			return notNow(*a)
		}
		if err := setState(ctx, tx, a.ID, Active, s.now()); err != nil {
			return err
		}
		return s.record(ctx, tx, about(p, a.ID, "account.reinstate", ""))
	})
}

// Close ends an account for good: every credential is dropped. People may close
// their own, unless nobody would be left to administer their agency.
func (s *Service) Close(ctx context.Context, p simpul.Principal, id string) (Account, error) {
	return s.act(ctx, p, id, "account.close", own, func(tx *sqldb.Tx, by actor, a *Account) error {
		if !slices.Contains([]State{Invited, Active, Suspended}, a.State) {
			return notNow(*a)
		}
		if by.Account == a.ID {
			if last, err := isLastAdmin(ctx, tx, *a, by.roles); err != nil || last {
				return orElse(err, somebodyMustStay())
			}
		}
		if err := s.others.Access.Forget(ctx, tx, a.ID); err != nil {
			return err
		}
		return s.leave(ctx, tx, by, *a, Closed, "account.close")
	})
}

// leave puts an account into a state in which nothing of it works.
func (s *Service) leave(ctx context.Context, tx *sqldb.Tx, by actor, a Account, state State, action string) error {
	if _, err := withdrawInvitations(ctx, tx, a.ID, s.now()); err != nil {
		return err
	}
	if err := s.endRunning(ctx, tx, by.Principal, a.ID); err != nil {
		return err
	}
	if err := setState(ctx, tx, a.ID, state, s.now()); err != nil {
		return err
	}
	return s.record(ctx, tx, about(by.Principal, a.ID, action, ""))
}

// orElse is the error, or what else stands in the way.
func orElse(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}

func somebodyMustStay() error {
	return &simpul.Error{
		Code:    simpul.CodeConflict,
		Message: simpul.Text{ID: "Anda admin aktif terakhir di instansi ini.", EN: "You are the last active administrator of this agency."},
		Remedy:  simpul.Text{ID: "Undang atau angkat admin lain dahulu, atau minta operator nasional menutup akun Anda.", EN: "First invite or appoint another administrator, or ask the national operator to close your account."},
	}
}
