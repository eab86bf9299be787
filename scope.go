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
