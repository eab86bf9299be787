package simpul

import (
	"cmp"
	"slices"
)

// Principal is whoever calls the control plane, once authenticated: a person
// with an account, or a program with a token.
type Principal struct {
	ID          string    // of the token, never the token itself; of an account, its name
	Account     AccountID // empty for a program
	Agency      AgencyID  // that the principal acts for; empty for a national token
	National    bool      // acts for every tenant
	Roles       []Role
	Permissions []Permission // of all roles together
}

// hubID is no form that an account's name or a token's ID can have.
const hubID = "hub"

// TheHub is the principal of what the hub does by itself, such as setting up the
// demo nation. No credential stands for it and no request carries it: only code
// of the hub that was not asked by anybody acts as it.
func TheHub() Principal {
	return Principal{ID: hubID, National: true, Permissions: AllPermissions()}
}

// IsHub reports whether the principal is the hub itself.
func (p Principal) IsHub() bool { return p.ID == hubID && p.Account == "" && len(p.Roles) == 0 }

// Acting is the principal that acts in one standard role: national where the
// role reaches the nation, or may and names no agency. A role that is not
// standard may do nothing.
func Acting(id string, role Role, agency AgencyID) Principal {
	spec := StandardRoles()[role]
	return Principal{
		ID: id, Agency: agency, Roles: []Role{role}, Permissions: spec.Permissions,
		National: spec.Reach == ReachNation || spec.Reach == ReachEither && agency == "",
	}
}

// Scope returns the tenants that the principal may touch. One that acts neither
// for the nation nor for an agency gets the public scope: deny by default.
func (p Principal) Scope() Scope {
	switch {
	case p.National:
		return NationScope()
	case p.Agency != "":
		return AgencyScope(p.Agency)
	}
	return PublicScope()
}

// Can reports whether one of the principal's roles contains the permission.
func (p Principal) Can(permission Permission) bool {
	return permission != "" && slices.Contains(p.Permissions, permission)
}

// Lacking is the cause of a refusal by [Principal.Need]: the permission that it
// takes. Screens say in words what that is.
type Lacking Permission

func (l Lacking) Error() string { return "lacks the permission " + string(l) }

// Need refuses with a denied error unless the principal has the permission. Programs
// and the command line read its name.
func (p Principal) Need(permission Permission) error {
	if p.Can(permission) {
		return nil
	}
	name := cmp.Or(string(permission), "–")
	return &Error{
		Code:    CodeDenied,
		Err:     Lacking(permission),
		Message: Text{"Peran Anda tidak mencakup izin " + name + ".", "Your roles do not include the permission " + name + "."},
		Remedy:  Text{"Minta admin instansi Anda memberi peran yang mencakupnya, atau minta rekan yang memilikinya.", "Ask your agency's administrator for a role that includes it, or ask a colleague who has one."},
	}
}

// Same reports whether two principals are one: the same account, or the same
// token. Whoever is the same may not be the second of two people.
func (p Principal) Same(other Principal) bool { return p.ID == other.ID && p.Account == other.Account }
