package identity

import (
	"context"
	"slices"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// roles is what every role may do, at one moment.
type roles map[simpul.Role]simpul.RoleSpec

// Load puts the standard roles into the database where they are missing. It may
// run on several nodes at once.
func (s *Service) Load(ctx context.Context) error {
	return s.db.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error { return seedRoles(ctx, tx, s.now()) })
}

// seedRoles leaves a role that is there as it is, so what the operator made of
// it stays.
func seedRoles(ctx context.Context, tx *sqldb.Tx, now time.Time) error {
	present, err := listRoles(ctx, tx)
	if err != nil {
		return err
	}
	for name, spec := range simpul.StandardRoles() {
		if _, ok := present[name]; ok {
			continue
		}
		if err := insertRole(ctx, tx, name, spec, now); err != nil {
			return err
		}
	}
	return nil
}

// ofToken is the principal for whom a token stands. It acts for the nation where
// its role reaches the nation, or may and the token names no agency.
func (r roles) ofToken(t Token) simpul.Principal {
	spec := r[t.Role]
	return simpul.Principal{
		ID: t.ID, Agency: t.Agency, Roles: []simpul.Role{t.Role}, Permissions: spec.Permissions,
		National: spec.Reach == simpul.ReachNation || spec.Reach == simpul.ReachEither && t.Agency == "",
	}
}

// ofAccount is the principal that a person is by the roles that they hold. Who
// acts for the nation does so in national roles only: what somebody may do in
// one agency must not become what they may do in all.
func (r roles) ofAccount(a Account) simpul.Principal {
	p := simpul.Principal{ID: string(a.ID), Account: a.ID, Agency: a.Agency(), National: a.National()}
	if p.National {
		p.Agency = ""
	}
	p.Permissions = []simpul.Permission{simpul.OwnAccount}
	for _, h := range a.Holdings {
		if h.National == p.National {
			p = r.with(p, h.Role)
		}
	}
	return p
}

// with adds a role to the principal.
func (r roles) with(p simpul.Principal, role simpul.Role) simpul.Principal {
	p.Roles = append(slices.Clone(p.Roles), role)
	p.Permissions = slices.Clone(p.Permissions)
	for _, permission := range r[role].Permissions {
		if !slices.Contains(p.Permissions, permission) {
			p.Permissions = append(p.Permissions, permission)
		}
	}
	return p
}

// having are the roles that contain the permission.
func (r roles) having(permission simpul.Permission) (names []simpul.Role) {
	for name, spec := range r {
		if spec.Allows(permission) {
			names = append(names, name)
		}
	}
	return names
}
