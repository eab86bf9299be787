package simpul

import "slices"

// Permission is one kind of act on the control plane. Every operation and every
// screen that is not public needs exactly one; which roles have it is data.
type Permission string

// The permissions. "Read" is to see, "write" to create, change and delete.
const (
	OwnAccount        Permission = "self" // one's own account, sessions and inbox; every person has it
	ReadAgencies      Permission = "agency.read"
	WriteAgencies     Permission = "agency.write"   // profile, units, addresses, onboarding forms
	ApproveAgencies   Permission = "agency.approve" // admit, give operational approval, suspend
	ReadApplications  Permission = "application.read"
	WriteApplications Permission = "application.write" // with their credentials
	ReadIssuers       Permission = "issuer.read"
	WriteIssuers      Permission = "issuer.write" // whose tokens of others the gateway believes; national
	TryLIDs           Permission = "lid.try"      // call LIDs by hand as an application of one's agency; real data may be shown
	ReadLIDs          Permission = "lid.read"
	WriteLIDs         Permission = "lid.write"
	RegisterLIDs      Permission = "lid.register"    // enter LIDs into the national catalogue; national
	WaiveLIDs         Permission = "lid.waive"       // sign for a LID that did not pass its feasibility test; national
	WriteLifecycle    Permission = "lifecycle.write" // the steps of a LID's life and the calendar; national
	HarvestCatalogs   Permission = "catalog.harvest" // take in entries of other catalogues
	ReadGrants        Permission = "grant.read"
	WriteGrants       Permission = "grant.write"
	ReadExchanges     Permission = "exchange.read"
	CountAnew         Permission = "metering.rebuild" // see how far metering is, and have it count anew; national
	TendViews         Permission = "evidence.rebuild" // see how far what is derived from the journals is, and have it built anew; national
	HandleIncidents   Permission = "incident.handle"  // learn which persons an application affected, and write the notice
	ReadAccounts      Permission = "account.read"     // people, their roles and devices
	WriteAccounts     Permission = "account.write"    // invite, give roles, recover, close
	WriteRoles        Permission = "role.write"       // what a role may do
	ReadAudit         Permission = "audit.read"
	ReadProposals     Permission = "proposal.read"   // what waits for a second person
	DecideProposals   Permission = "proposal.decide" // be that second person
	ReadRetention     Permission = "retention.read"
	WriteRetention    Permission = "retention.write" // how long things are kept
	ExportPeople      Permission = "account.export"  // what the hub knows of a person
	ErasePeople       Permission = "account.erase"
	ExportKeys        Permission = "key.export"     // the hub's own keys
	TracePeople       Permission = "tracker.look"   // see who looked at a person's data, for the person who stands at the counter
	AnswerPeople      Permission = "tracker.answer" // answer people who ask why one's agency looked at their data
	DelayDisclosure   Permission = "tracker.delay"  // have accesses of a case shown to the person later
	KeepTracker       Permission = "tracker.keep"   // keys, deadlines and counting anew of the access tracker; national
	EnrolHubs         Permission = "hub.enrol"
	ReadStandards     Permission = "standard.read"
	WriteStandards    Permission = "standard.write"   // standards, reference codes, metadata and bindings of one's agency
	ApproveStandards  Permission = "standard.approve" // as the authority of a field; national
	BreakGlass        Permission = "emergency.begin"  // take another role in an emergency, for a short time
)

// AllPermissions lists every permission.
func AllPermissions() []Permission {
	return []Permission{
		OwnAccount, ReadAgencies, WriteAgencies, ApproveAgencies, ReadApplications, WriteApplications, ReadLIDs, WriteLIDs,
		ReadIssuers, WriteIssuers, TryLIDs,
		RegisterLIDs, WaiveLIDs, WriteLifecycle, HarvestCatalogs,
		ReadGrants, WriteGrants, ReadExchanges, CountAnew, TendViews, HandleIncidents, ReadAccounts, WriteAccounts, WriteRoles, ReadAudit, ReadProposals, DecideProposals,
		ReadRetention, WriteRetention, ExportPeople, ErasePeople, ExportKeys, EnrolHubs,
		TracePeople, AnswerPeople, DelayDisclosure, KeepTracker,
		ReadStandards, WriteStandards, ApproveStandards, BreakGlass,
	}
}

// ParsePermission accepts the name of a permission.
func ParsePermission(s string) (Permission, error) {
	if slices.Contains(AllPermissions(), Permission(s)) {
		return Permission(s), nil
	}
	return "", Invalid("permission",
		Text{"Izin \"" + s + "\" tidak dikenal.", "Permission \"" + s + "\" is unknown."},
		Text{"Gunakan izin dari daftar peran bawaan, misalnya application.write.", "Use a permission of the standard roles, such as application.write."})
}
