package identity

import (
	"context"
	"errors"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// attempt is what somebody tried.
type attempt struct {
	by      simpul.Principal
	on      string // an account's or a role's name, as it was given
	action  string // noun.verb, as the event of its success
	concern simpul.AccountID
}

// note keeps a refusal in the audit trail, in a transaction of its own since
// that of the attempt is undone, and returns the error. Only refusals are kept:
// mistakes are nobody's business.
func (s *Service) note(ctx context.Context, a attempt, err error) error {
	fault, ok := errors.AsType[*simpul.Error](err)
	if !ok || fault.Code != simpul.CodeDenied {
		return err
	}
	e := about(a.by, a.concern, a.action, "")
	e.Subject, e.Outcome, e.Agency = a.on, fault.Code, a.by.Agency
	if a.by.Scope().Covers(a.concern.Agency()) {
		e.Agency = a.concern.Agency()
	} else {
		e.Account = a.by.Account // a neighbour's trail is not theirs to write
	}
	scope := a.by.Scope()
	if !scope.Covers(e.Agency) {
		return err // acts for nobody, and so leaves no trail of any agency
	}
	if failed := s.db.Write(ctx, scope, func(tx *sqldb.Tx) error { return s.record(ctx, tx, e) }); failed != nil {
		return errors.Join(err, failed)
	}
	return err
}
