package simpul

import "slices"

// Role names a set of permissions that an account or a token may hold. What a
// role contains is data of the hub; the standard roles are what it begins with.
type Role string

// The standard roles.
const (
	RoleOperator  Role = "operator"  // the national operator: every tenant
	RoleAdmin     Role = "admin"     // administers one agency and its people
	RoleProvider  Role = "provider"  // Penyedia: publishes LIDs of one agency and decides on grants
	RoleConsumer  Role = "consumer"  // Pemanfaat: runs applications of one agency
	RoleSteward   Role = "steward"   // Walidata: keeps the agency's data in order and its LIDs described
	RoleProducer  Role = "producer"  // Produsen Data: makes the data
	RoleAuthority Role = "authority" // Pembina Data: sets standards across agencies
	RoleAuditor   Role = "auditor"   // reads, also the audit; of one agency, or of all
	RoleDPO       Role = "dpo"       // data-protection officer (UU 27/2022 art. 53)
)

// Reach says for which tenants a role may be held.
type Reach string

const (
	ReachAgency Reach = "agency" // the holder's own agency
	ReachNation Reach = "nation" // every agency
	ReachEither Reach = "either" // as it is given
)

// RoleSpec is what a role contains.
type RoleSpec struct {
	Title       Text
	Reach       Reach
	Permissions []Permission
}

// Allows reports whether the role contains the permission.
func (r RoleSpec) Allows(p Permission) bool { return slices.Contains(r.Permissions, p) }

// StandardRoles returns the roles that a hub begins with.
func StandardRoles() map[Role]RoleSpec {
	look := []Permission{OwnAccount, ReadAgencies, ReadApplications, ReadLIDs, ReadGrants, ReadExchanges, ReadStandards}
	with := func(more ...Permission) []Permission { return slices.Concat(look, more) }
	return map[Role]RoleSpec{
		RoleOperator: {Text{"Operator nasional", "National operator"}, ReachNation,
			slices.DeleteFunc(AllPermissions(), func(p Permission) bool {
				return p == ErasePeople || p == ExportPeople || p == ApproveStandards || p == TracePeople
			})},
		RoleAdmin: {Text{"Admin instansi", "Agency administrator"}, ReachAgency,
			with(WriteAgencies, WriteApplications, TryLIDs, WriteLIDs, WriteGrants, WriteStandards, ReadAccounts, WriteAccounts, ReadAudit, ReadProposals, DecideProposals, ReadRetention, BreakGlass, HandleIncidents, AnswerPeople, DelayDisclosure)},
		RoleProvider: {Text{"Penyedia", "Provider"}, ReachAgency,
			with(WriteApplications, TryLIDs, WriteLIDs, WriteGrants, ReadProposals, DecideProposals)},
		RoleConsumer:  {Text{"Pemanfaat", "Consumer"}, ReachAgency, with(WriteApplications, TryLIDs)},
		RoleSteward:   {Text{"Walidata", "Data steward"}, ReachAgency, with(WriteLIDs, ReadProposals, DecideProposals, WriteStandards)},
		RoleProducer:  {Text{"Produsen Data", "Data producer"}, ReachAgency, with(WriteStandards)},
		RoleAuthority: {Text{"Pembina Data", "Data authority"}, ReachNation, with(ApproveStandards)},
		RoleAuditor:   {Text{"Auditor", "Auditor"}, ReachEither, with(ReadAccounts, ReadAudit, ReadProposals, ReadRetention)},
		RoleDPO: {Text{"Pejabat Pelindungan Data Pribadi", "Data-protection officer"}, ReachEither,
			with(ReadAccounts, ReadAudit, ReadProposals, DecideProposals, ReadRetention, ExportPeople, ErasePeople, HandleIncidents, TracePeople, AnswerPeople, DelayDisclosure)},
	}
}

// ParseRole accepts the name of a role: a DNS label. Whether there is such a
// role is the hub's to know.
func ParseRole(s string) (Role, error) {
	if isSlug(s) {
		return Role(s), nil
	}
	return "", Invalid("role",
		Text{"Nama peran \"" + s + "\" tidak sah.", "Role name \"" + s + "\" is not valid."},
		Text{"Gunakan huruf kecil, angka dan tanda hubung, misalnya operator, admin, provider, consumer atau auditor.", "Use lower-case letters, digits and hyphens, such as operator, admin, provider, consumer or auditor."})
}
