package app

import (
	"simpul"
	"simpul/internal/exchange/derived"
	"simpul/internal/exchange/evidence/witness"
	"simpul/internal/exchange/incident"
	"simpul/internal/exchange/metering"
	"simpul/internal/exchange/tracker"
	"simpul/internal/exchange/traffic"
	"simpul/internal/platform/web"
	"simpul/internal/registry/catalog"
	"simpul/internal/registry/issuer"
)

// workplace is one page of the menu of whoever is signed in.
type workplace struct {
	name simpul.Text
	href string
	open func(simpul.Principal) bool
}

// needs opens a page to who has the permission.
func needs(permission simpul.Permission) func(simpul.Principal) bool {
	return func(p simpul.Principal) bool { return p.Can(permission) }
}

// workplaces lists the menu in the order of how often people need it.
func workplaces() []workplace {
	return []workplace{
		{simpul.Text{ID: "Meja kerja", EN: "Desk"}, "/", func(simpul.Principal) bool { return true }},
		{simpul.Text{ID: "LID", EN: "LIDs"}, catalog.WorkPath, needs(simpul.WriteLIDs)},
		{simpul.Text{ID: "Aplikasi", EN: "Applications"}, "/aplikasi", needs(simpul.ReadApplications)},
		{simpul.Text{ID: "Akses data", EN: "Access to data"}, "/akses", needs(simpul.ReadGrants)},
		{simpul.Text{ID: "Batas panggilan", EN: "Limits"}, traffic.Path, needs(simpul.ReadGrants)},
		{simpul.Text{ID: "Pemakaian", EN: "Usage"}, metering.UsagePath, needs(simpul.ReadExchanges)},
		{simpul.Text{ID: "Insiden", EN: "Incidents"}, incident.Path, needs(simpul.HandleIncidents)},
		{simpul.Text{ID: "Pertanyaan warga", EN: "Questions of people"}, tracker.QuestionsPath, needs(simpul.AnswerPeople)},
		{simpul.Text{ID: "Tenggat LID", EN: "Due dates"}, "/tenggat", needs(simpul.ReadLIDs)},
		{simpul.Text{ID: "Instansi saya", EN: "My agency"}, "/instansi", func(p simpul.Principal) bool { return p.Agency != "" && p.Can(simpul.ReadAgencies) }},
		{simpul.Text{ID: "Bukti SPBE", EN: "SPBE evidence"}, "/bukti-spbe", func(p simpul.Principal) bool { return (p.National || p.Agency != "") && p.Can(simpul.ReadLIDs) }},
		{simpul.Text{ID: "Pendaftaran instansi", EN: "Agencies applying"}, "/pendaftaran/masuk", needs(simpul.ApproveAgencies)},
		{simpul.Text{ID: "Penerbit token", EN: "Issuers of tokens"}, issuer.ListPath, func(p simpul.Principal) bool { return p.National && p.Can(simpul.ReadIssuers) }},
		{simpul.Text{ID: "Pengguna", EN: "People"}, "/pengguna", needs(simpul.ReadAccounts)},
		{simpul.Text{ID: "Peran", EN: "Roles"}, "/peran", needs(simpul.ReadAccounts)},
		{simpul.Text{ID: "Persetujuan", EN: "Approvals"}, "/persetujuan", needs(simpul.ReadProposals)},
		{simpul.Text{ID: "Saksi", EN: "Witnesses"}, witness.PagePath, func(p simpul.Principal) bool { return p.National && p.Can(simpul.ReadExchanges) }},
		{simpul.Text{ID: "Jejak audit", EN: "Audit trail"}, "/audit", needs(simpul.ReadAudit)},
		{simpul.Text{ID: "Catatan dan tampilan", EN: "Records and views"}, derived.Path, func(p simpul.Principal) bool { return p.National && p.Can(simpul.TendViews) }},
		{simpul.Text{ID: "Masa simpan", EN: "Retention"}, "/retensi", needs(simpul.ReadRetention)},
		{simpul.Text{ID: "Akses darurat", EN: "Emergency access"}, "/darurat", needs(simpul.BreakGlass)},
		{simpul.Text{ID: "Akun saya", EN: "My account"}, "/akun", func(p simpul.Principal) bool { return p.Account != "" }},
	}
}

// menuOf is the part of the menu that a principal may open.
func menuOf(p simpul.Principal) (menu []web.NavItem) {
	for _, w := range workplaces() {
		if w.open(p) {
			menu = append(menu, web.NavItem{Label: w.name, Href: w.href})
		}
	}
	return menu
}
