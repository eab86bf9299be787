package identity

import (
	"net/url"

	"simpul"
)

// Addresses of the screens about people and roles.
const (
	AccountsPath  = "/pengguna"
	InvitePath    = "/pengguna/baru"
	RolesPath     = "/peran"
	EmergencyPath = "/darurat"
	// AuditPath is the page of the audit trail, which takes actor and account.
	AuditPath = "/audit"
)

func accountPath(id simpul.AccountID) string { return AccountsPath + "/" + url.PathEscape(string(id)) }
