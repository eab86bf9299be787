package identity

import (
	"context"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// Choice is a role that may be given to somebody.
type Choice struct {
	Assignment
	Spec simpul.RoleSpec
	Held bool
}

// Choices are the roles that the principal may give, and those that the account
// holds. Refused says why the principal may not act on the account at all, in
// words for people; nil where they may.
type Choices struct {
	Roles   []Choice
	Refused error
}

// Choices returns what the principal may do about the roles of an account; of
// one that is to be invited where a is the zero Account.
func (s *Service) Choices(ctx context.Context, p simpul.Principal, a Account) (c Choices, err error) {
	err = s.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		by, err := s.actor(ctx, tx, p)
		if err != nil {
			return err
		}
		by = by.lasting()
		if a.ID != "" {
			c.Refused = by.mayActOn(a)
		}
		c.Roles = by.choices(a)
		return nil
	})
	return c, err
}

func (a actor) choices(of Account) (all []Choice) {
	for _, name := range a.roles.names() {
		for _, national := range []bool{false, true} {
			given := Assignment{Role: name, National: national}
			held := of.has(given)
			if held || a.mayGive(given) == nil {
				all = append(all, Choice{given, a.roles[name], held})
			}
		}
	}
	return all
}

func (a Account) has(given Assignment) bool {
	for _, h := range a.Holdings {
		if given.is(h) {
			return true
		}
	}
	return false
}

// RoleSpecs returns what every role contains, and their names in the order in
// which people think of them.
func (s *Service) RoleSpecs(ctx context.Context) (specs map[simpul.Role]simpul.RoleSpec, names []simpul.Role, err error) {
	err = s.db.Read(ctx, simpul.PublicScope(), func(tx *sqldb.Tx) error {
		all, err := listRoles(ctx, tx)
		specs, names = all, all.names()
		return err
	})
	return specs, names, err
}

// Takeable returns the roles that a person may take in an emergency.
func (s *Service) Takeable(ctx context.Context, p simpul.Principal) (names []simpul.Role, specs map[simpul.Role]simpul.RoleSpec, err error) {
	if p.Account == "" {
		return nil, nil, nil
	}
	err = s.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		by, err := s.actor(ctx, tx, p)
		if err != nil {
			return err
		}
		specs = by.roles
		for _, name := range by.roles.names() {
			if by.mayTake(name) == nil {
				names = append(names, name)
			}
		}
		return nil
	})
	return names, specs, err
}
