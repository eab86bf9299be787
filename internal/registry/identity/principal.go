package identity

import (
	"context"
	"errors"
	"slices"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// PrincipalOf returns whom an active account stands for, with what its roles
// contain at this moment, and the role that the person took in an emergency. An
// account that is not active is refused as one that does not exist.
func (s *Service) PrincipalOf(ctx context.Context, id simpul.AccountID) (p simpul.Principal, err error) {
	err = s.db.Read(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		p, err = principalOf(ctx, tx, id, s.now())
		return err
	})
	return p, knownAccount(err)
}

// TokenHolder returns whom the token with the ID stands for.
func (s *Service) TokenHolder(ctx context.Context, tokenID string) (p simpul.Principal, err error) {
	err = s.db.Read(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		t, err := tokenByID(ctx, tx, tokenID)
		if err != nil {
			return err
		}
		p, err = holderOf(ctx, tx, t)
		return err
	})
	return p, known(err)
}

// Person returns what other rooms may know of an account.
func (s *Service) Person(ctx context.Context, id simpul.AccountID) (p Person, err error) {
	err = s.db.Read(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		a, err := s.account(ctx, tx, id)
		p = Person{ID: a.ID, Name: a.Personal.Name, Email: a.Personal.Email, Language: a.Language, State: a.State, Roles: a.Roles()}
		return err
	})
	return p, sqldb.Coded(err, kindAccount, string(id))
}

// Address returns where to write to a person, and how. Like Holders it asks
// outside of a transaction that does not cover them.
func (s *Service) Address(ctx context.Context, tx *sqldb.Tx, id simpul.AccountID) (email, name string, l simpul.Language, err error) {
	read := func(tx *sqldb.Tx) error {
		a, err := s.account(ctx, tx, id)
		email, name, l = a.Personal.Email, a.Personal.Name, a.Language
		return err
	}
	if tx.Scope().Covers(id.Agency()) {
		err = read(tx)
	} else {
		err = s.db.Read(ctx, simpul.NationScope(), read)
	}
	return email, name, l, sqldb.Coded(err, kindAccount, string(id))
}

// Holders returns the active people whose roles contain the permission: those of
// an agency, or, for "", those who act for the nation. Where the transaction
// does not cover them it asks outside of it, and so sees what was stored before.
func (s *Service) Holders(ctx context.Context, tx *sqldb.Tx, agency simpul.AgencyID, permission simpul.Permission) (all []simpul.AccountID, err error) {
	if tx.Scope().Covers(agency) {
		return holders(ctx, tx, agency, permission)
	}
	err = s.db.Read(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		all, err = holders(ctx, tx, agency, permission)
		return err
	})
	return all, err
}

func holders(ctx context.Context, tx *sqldb.Tx, agency simpul.AgencyID, permission simpul.Permission) ([]simpul.AccountID, error) {
	all, err := listRoles(ctx, tx)
	if err != nil {
		return nil, err
	}
	found := []simpul.AccountID{}
	names := all.having(permission)
	err = eachActiveHolding(ctx, tx, agency, func(account simpul.AccountID, role simpul.Role) {
		if slices.Contains(names, role) && !slices.Contains(found, account) {
			found = append(found, account)
		}
	})
	return found, err
}

func holderOf(ctx context.Context, tx *sqldb.Tx, t Token) (simpul.Principal, error) {
	all, err := listRoles(ctx, tx)
	return all.ofToken(t), err
}

// principalOf adds the role of a running emergency to what standing gives.
func principalOf(ctx context.Context, tx *sqldb.Tx, id simpul.AccountID, now time.Time) (simpul.Principal, error) {
	p, all, err := standing(ctx, tx, id)
	if err != nil {
		return simpul.Principal{}, err
	}
	return withEmergency(ctx, tx, p, all, now)
}

// withEmergency leaves out what was taken for a reach that the person has no
// more.
func withEmergency(ctx context.Context, tx *sqldb.Tx, p simpul.Principal, all roles, now time.Time) (simpul.Principal, error) {
	e, err := runningEmergency(ctx, tx, p.Account, now)
	switch {
	case errors.Is(err, sqldb.ErrNoRows) || err == nil && e.National != p.National:
		return p, nil
	case err != nil:
		return simpul.Principal{}, err
	}
	return all.with(p, e.Role), nil
}

// standing is what an active account may do by the roles that it holds.
func standing(ctx context.Context, tx *sqldb.Tx, id simpul.AccountID) (simpul.Principal, roles, error) {
	a, err := getAccount(ctx, tx, id)
	if err != nil {
		return simpul.Principal{}, nil, err
	}
	if a.State != Active {
		return simpul.Principal{}, nil, sqldb.ErrNoRows
	}
	all, err := listRoles(ctx, tx)
	return all.ofAccount(a.Account), all, err
}

// knownAccount refuses accounts that do not exist and such that are not active
// in the same words.
func knownAccount(err error) error {
	if !errors.Is(err, sqldb.ErrNoRows) {
		return err
	}
	return &simpul.Error{
		Code:    simpul.CodeUnauthenticated,
		Message: simpul.Text{ID: "Akun tidak dikenal atau tidak aktif.", EN: "The account is unknown or not active."},
		Remedy:  simpul.Text{ID: "Periksa nama akun, atau hubungi admin instansi Anda.", EN: "Check the account's name, or ask your agency's administrator."},
	}
}
