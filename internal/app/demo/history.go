package demo

import (
	"context"
	"fmt"
	"time"

	"simpul"
	"simpul/internal/exchange/tracker"
	"simpul/internal/platform/clock"
	"simpul/internal/registry/agency"
	"simpul/internal/registry/grant"
)

// Applications that looked at the data of the demo's citizens.
const (
	InsuranceApplication simpul.ApplicationID = "kepesertaan@bpjs-kesehatan.go.id"
	TaxApplication       simpul.ApplicationID = "perpajakan@kemenkeu.go.id"
	PoliceApplication    simpul.ApplicationID = "penyidikan@polri.go.id"
)

// heldBack is the case whose accesses the citizens do not see yet.
const heldBack = "LP/B/118/XI/2026"

// lookers are the applications that check NIKs, with the grant of each.
func lookers() map[simpul.ApplicationID]struct {
	app   agency.ApplicationSpec
	id    string
	grant grant.Spec
} {
	until := clock.System().AddDate(1, 0, 0)
	spec := func(of simpul.ApplicationID, purpose, basis string, fields ...string) grant.Spec {
		return grant.Spec{LID: checkAddress, Application: of, Fields: fields, Purpose: purpose, LegalBasis: basis + " (contoh untuk demo)", RatePerMinute: 600, Until: &until}
	}
	type looker = struct {
		app   agency.ApplicationSpec
		id    string
		grant grant.Spec
	}
	return map[simpul.ApplicationID]looker{
		InsuranceApplication: {agency.ApplicationSpec{Name: "Kepesertaan JKN", Description: "Pendaftaran peserta jaminan kesehatan di fasilitas kesehatan."}, "jkn-ceknik",
			spec(InsuranceApplication, "Mencocokkan data peserta saat mendaftar jaminan kesehatan", "Perpres 82/2018 pasal 12", "nama", "jenis_kelamin", "tanggal_lahir")},
		TaxApplication: {agency.ApplicationSpec{Name: "Administrasi Pajak", Description: "Pemadanan NIK dengan nomor pokok wajib pajak."}, "pajak-ceknik",
			spec(TaxApplication, "Memadankan NIK dengan nomor pokok wajib pajak", "UU 7/2021 pasal 2", "nama", "tanggal_lahir")},
		PoliceApplication: {agency.ApplicationSpec{Name: "Penyidikan", Description: "Pemeriksaan identitas dalam perkara."}, "penyidikan-ceknik",
			spec(PoliceApplication, "Memastikan identitas dalam perkara yang sedang disidik", "KUHAP pasal 7 ayat (1)", "nama", "kode_wilayah_terbit")},
	}
}

func (p provisioner) lookers(ctx context.Context) error {
	for id, l := range lookers() {
		if err := keep(ctx, p, p.hub.Applications, string(id), l.app); err != nil {
			return err
		}
		if err := keep(ctx, p, p.hub.Grants, l.id, l.grant); err != nil {
			return err
		}
	}
	return nil
}

// trackedCitizens are the people whose trackers visitors may open.
func trackedCitizens(all Citizens) []tracker.Citizen {
	first, ok := all.Find("3273016609849962") // the example of the contract
	if !ok || len(all) < 2 {
		return nil
	}
	second := all[len(all)/2]
	return []tracker.Citizen{{Key: "pertama", Name: first.Name, NIK: first.NIK}, {Key: "kedua", Name: second.Name, NIK: second.NIK}}
}

// past is one access that the demo invents.
type past struct {
	days        int // ago
	hour, min   int // in Jakarta
	application simpul.ApplicationID
	citizen     int
	number      string      // of the case
	status      int         // 200 where it is 0
	outcome     simpul.Code // of a failure
}

// pasts are the accesses of the last weeks, so that the page looks as one will that
// has been in use.
func pasts() []past {
	return []past{
		{days: 1, hour: 9, min: 12, application: AidApplication, citizen: 0, number: "BNBA-2026/11/0441"},
		{days: 1, hour: 9, min: 13, application: AidApplication, citizen: 1, number: "BNBA-2026/11/0441"},
		{days: 2, hour: 14, min: 5, application: InsuranceApplication, citizen: 0},
		{days: 2, hour: 14, min: 47, application: InsuranceApplication, citizen: 0, status: 504, outcome: simpul.CodeTimeout},
		{days: 3, hour: 10, min: 31, application: TaxApplication, citizen: 0},
		{days: 4, hour: 16, min: 20, application: PoliceApplication, citizen: 0, number: heldBack},
		{days: 6, hour: 8, min: 55, application: AidApplication, citizen: 0, number: "BNBA-2026/11/0397"},
		{days: 8, hour: 11, min: 2, application: InsuranceApplication, citizen: 1},
		{days: 9, hour: 13, min: 40, application: PoliceApplication, citizen: 0, number: "LP/B/102/XI/2026"},
		{days: 13, hour: 9, min: 9, application: InsuranceApplication, citizen: 0, status: 429, outcome: simpul.CodeLimited},
		{days: 15, hour: 15, min: 26, application: TaxApplication, citizen: 1},
		{days: 20, hour: 10, min: 0, application: AidApplication, citizen: 0, number: "BNBA-2026/10/0312"},
		{days: 33, hour: 9, min: 41, application: AidApplication, citizen: 0, number: "BNBA-2026/10/0127"},
		{days: 40, hour: 13, min: 18, application: InsuranceApplication, citizen: 0},
	}
}

// invent writes the accesses of the last weeks into an empty journal. They never
// happened: a demo that has just begun has no past of its own.
func (p provisioner) invent(ctx context.Context, citizens []tracker.Citizen) error {
	if !p.hub.Unused() || len(citizens) < 2 {
		return nil
	}
	for _, one := range pasts() {
		if err := p.hub.Invent(ctx, one.exchange(clock.System()), citizens[one.citizen].NIK); err != nil {
			return fmt.Errorf("invent a past: %w", err)
		}
	}
	return p.holdBack(ctx)
}

func (o past) exchange(now time.Time) simpul.Exchange {
	jakarta := time.FixedZone("WIB", 7*60*60)
	day := now.In(jakarta).AddDate(0, 0, -o.days)
	at := time.Date(day.Year(), day.Month(), day.Day(), o.hour, o.min, 0, 0, jakarta).UTC()
	g, id := o.grant()
	x := simpul.Exchange{
		ID: simpul.NewExchangeID(at), OpenedAt: at, Consumer: simpul.Consumer{Application: o.application, Credential: "demo"},
		Address: checkAddress, Version: contractVersion, Class: simpul.Terbatas, Provider: ProviderAgency, Operation: simpul.Operation{Method: "POST", Path: "/"},
		Grant: simpul.GrantID(id), Purpose: g.Purpose, Basis: g.LegalBasis, Case: o.number,
		Status: o.status, Outcome: o.outcome, RequestBytes: 26, Latency: 18 * time.Millisecond,
	}
	for i, field := range g.Fields {
		if i > 0 {
			x.Fields += " "
		}
		x.Fields += field
	}
	if x.Status == 0 {
		x.Status, x.ResponseBytes, x.Upstream = 200, 71, 15*time.Millisecond
	}
	return x
}

func (o past) grant() (grant.Spec, string) {
	if l, ok := lookers()[o.application]; ok {
		return l.grant, l.id
	}
	return aidGrant(), "bansos-ceknik"
}

// holdBack has two people of the police decide that the accesses of one case are
// shown later, so that visitors see what everybody may know of that.
func (p provisioner) holdBack(ctx context.Context) error {
	officer := simpul.Acting("penyidik-contoh", simpul.RoleDPO, PoliceApplication.Agency())
	chief := simpul.Acting("atasan-contoh", simpul.RoleDPO, PoliceApplication.Agency())
	id, err := p.hub.Tracker.Delay(ctx, officer, tracker.Wish{
		Kind: tracker.ByCase, Subject: heldBack, Basis: "KUHAP pasal 38; surat perintah penyidikan (contoh untuk demo)", ShownFrom: clock.System().AddDate(0, 0, 60),
	}, "Perkara masih berjalan")
	if err == nil {
		_, err = p.hub.Proposals.Approve(ctx, chief, id, "Surat perintahnya sudah diperiksa")
	}
	if simpul.CodeOf(err) == simpul.CodeDenied {
		return nil // a hub on which programs may not decide has no such example
	}
	return err
}
