package simpul

// Scope is the set of tenants whose rows somebody may touch. The zero Scope is
// the public: it sees what is published and nothing else.
type Scope struct{ tenant string }

// NationScope sees every tenant. It belongs to the national operator and to
// the hub's own background work.
func NationScope() Scope { return Scope{"*"} }

// AgencyScope sees one tenant and what is published.
func AgencyScope(id AgencyID) Scope { return Scope{string(id)} }

// PublicScope sees only what is published.
func PublicScope() Scope { return Scope{} }

// Key is "*" for the nation, the agency's domain for an agency, and "" for the
// public. It is what the storage compares with a row's tenant.
func (s Scope) Key() string { return s.tenant }

// Covers reports whether the scope includes the agency.
func (s Scope) Covers(id AgencyID) bool { return s.tenant == "*" || s.tenant == string(id) && id != "" }

// Role is what somebody may do on the control plane.
type Role string

const (
	RoleOperator Role = "operator" // the national operator: every tenant
	RoleAdmin    Role = "admin"    // administers one agency
	RoleProvider Role = "provider" // publishes LIDs of one agency and decides on grants
	RoleConsumer Role = "consumer" // runs applications of one agency
	RoleAuditor  Role = "auditor"  // reads; of one agency, or of all without one
)

// Principal is whoever calls the control plane, once authenticated.
type Principal struct {
	ID     string // of the credential that was shown, never the credential
	Role   Role
	Agency AgencyID // empty for the operator and for a national auditor
}

// Scope returns the tenants that the principal may touch. A role that belongs
// to an agency but names none gets the public scope: deny by default.
func (p Principal) Scope() Scope {
	switch {
	case p.Role == RoleOperator:
		return NationScope()
	case p.Role == RoleAuditor && p.Agency == "":
		return NationScope()
	case p.Agency != "":
		return AgencyScope(p.Agency)
	}
	return PublicScope()
}

// ParseRole accepts a role name.
func ParseRole(s string) (Role, error) {
	switch r := Role(s); r {
	case RoleOperator, RoleAdmin, RoleProvider, RoleConsumer, RoleAuditor:
		return r, nil
	}
	return "", Invalid("role",
		Text{"Peran \"" + s + "\" tidak dikenal.", "Role \"" + s + "\" is unknown."},
		Text{"Pilih operator, admin, provider, consumer, atau auditor.", "Choose operator, admin, provider, consumer or auditor."})
}
